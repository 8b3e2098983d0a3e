package preview

import (
	"bytes"
	"context"
	"errors"
	"image"
	"io"
	"testing"

	"deskbell/db/files"
	"deskbell/db/model"
)

// received stores nothing yet: it is a file that came in, and what its row needs.
func received(t *testing.T, store files.Store, content []byte) (*files.Received, model.NewUpload) {
	t.Helper()
	from, err := store.Receive(t.Context(), bytes.NewReader(content), 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = from.Close() })
	file, err := Describe(from, "screenshot", "a.txt")
	if err != nil {
		t.Fatal(err)
	}
	return from, file
}

func folder(t *testing.T) files.Store {
	t.Helper()
	store, err := files.OpenFolder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return store
}

// stored are the names of all files in a store.
func stored(t *testing.T, store files.Store) (names []string) {
	t.Helper()
	err := store.Each(t.Context(), func(f files.Info) error { names = append(names, f.Name); return nil })
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func TestG7_APictureIsKeptWithItsPreview(t *testing.T) {
	t.Parallel()
	store, content := folder(t), asPNG(t, paint(image.NewRGBA(image.Rect(0, 0, 1280, 960))))
	from, file := received(t, store, content)
	if file.Type.Media != "image/png" || file.Field != "screenshot" || file.Name != "a.txt" || file.Bytes != int64(len(content)) {
		t.Errorf("it is described as %+v", file)
	}
	file, err := Keep(t.Context(), store, file, from)
	if err != nil || file.Width != 640 || file.Height != 480 {
		t.Fatalf("got %d × %d, %v", file.Width, file.Height, err)
	}
	for name, want := range map[string]bool{file.File: true, file.File + model.PreviewSuffix: false} {
		opened, err := store.Open(t.Context(), name)
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(opened)
		if err != nil || bytes.Equal(got, content) != want {
			t.Errorf("%s holds %d bytes, %v", name, len(got), err)
		}
		if err := opened.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestG7_WhatHasNoPreviewIsKeptAsItIs(t *testing.T) {
	t.Parallel()
	for name, content := range map[string][]byte{
		"text": []byte("hello"), "damaged PNG": pngHeader(30_000, 30_000, 8, 2, 0), "SVG": []byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`),
	} {
		store := folder(t)
		from, file := received(t, store, content)
		file, err := Keep(t.Context(), store, file, from)
		if err != nil || file.Width != 0 || file.Height != 0 {
			t.Errorf("%s: got %d × %d, %v", name, file.Width, file.Height, err)
		}
		if names := stored(t, store); len(names) != 1 || names[0] != file.File {
			t.Errorf("%s: %v are stored", name, names)
		}
	}
}

// full is a store with room for a preview alone.
type full struct{ files.Store }

var errNoRoom = errors.New("no room")

func (f full) Put(ctx context.Context, name string, from *files.Received) error {
	if len(name) == len(files.NewName()) {
		return errNoRoom
	}
	return f.Store.Put(ctx, name, from)
}

func TestG2_NothingStaysOfAFileThatCannotBeKept(t *testing.T) {
	t.Parallel()
	store, content := folder(t), asPNG(t, paint(image.NewRGBA(image.Rect(0, 0, 64, 48))))
	from, file := received(t, store, content)
	if _, err := Keep(t.Context(), full{store}, file, from); !errors.Is(err, errNoRoom) {
		t.Errorf("without room: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Keep(ctx, store, file, from); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if names := stored(t, store); len(names) != 0 {
		t.Errorf("%v are stored", names)
	}
}
