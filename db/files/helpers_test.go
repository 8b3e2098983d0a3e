package files_test

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"deskbell/db/files"
	"deskbell/db/files/filestest"
)

// onBoth runs the same test on a folder and on a bucket (G9).
func onBoth(t *testing.T, test func(t *testing.T, s files.Store)) {
	t.Parallel()
	for name, rawURL := range map[string]func(testing.TB) string{"folder": folderURL, "s3": filestest.S3, "s3 prefix": prefixURL} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, open(t, rawURL(t), t.TempDir()))
		})
	}
}

func folderURL(t testing.TB) string { return "file://" + t.TempDir() }

func prefixURL(t testing.TB) string {
	return strings.Replace(filestest.S3(t), "?", "/deskbell/files/?", 1)
}

func open(t testing.TB, rawURL, temp string) files.Store {
	t.Helper()
	s, err := files.Open(rawURL, temp)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// noise is bytes that differ from one another and are the same in each run.
func noise(size int) []byte {
	b := make([]byte, size)
	_, _ = rand.NewChaCha8([32]byte{1}).Read(b)
	return b
}

func receive(t testing.TB, s files.Store, content []byte) *files.Received {
	t.Helper()
	received, err := s.Receive(t.Context(), bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := received.Close(); err != nil {
			t.Error(err)
		}
	})
	return received
}

func put(t testing.TB, s files.Store, name string, content []byte) {
	t.Helper()
	if err := s.Put(t.Context(), name, receive(t, s, content)); err != nil {
		t.Fatal(err)
	}
}

func get(t testing.TB, s files.Store, name string) []byte {
	t.Helper()
	f, err := s.Open(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	content, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	if f.Size() != int64(len(content)) {
		t.Errorf("size = %d of %d bytes", f.Size(), len(content))
	}
	return content
}

func missing(t testing.TB, s files.Store, name string) {
	t.Helper()
	f, err := s.Open(t.Context(), name)
	if err == nil {
		f.Close()
	}
	if !errors.Is(err, files.ErrMissing) {
		t.Errorf("open %s: %v, want ErrMissing", name, err)
	}
}

func list(t testing.TB, s files.Store) (names []string) {
	t.Helper()
	err := s.Each(t.Context(), func(info files.Info) error {
		names = append(names, info.Name)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(names)
	return names
}

// leftovers lists the temporary folder of a store.
func leftovers(t testing.TB, rawURL, temp string) (names []string) {
	t.Helper()
	if root, ok := strings.CutPrefix(rawURL, "file://"); ok {
		temp = filepath.Join(root, ".incoming")
	}
	entries, err := os.ReadDir(temp)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}
