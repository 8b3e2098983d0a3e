package preview

import (
	"bytes"
	"context"
	"time"

	"deskbell/db/files"
	"deskbell/db/model"
)

// Describe says of a received file what its row needs: its type by what it contains.
func Describe(from *files.Received, field, name string) (model.NewUpload, error) {
	kind, err := Sniff(from.Reader())
	return model.NewUpload{
		File: files.NewName(), Field: field, Name: name, Type: kind, Bytes: from.Size, SHA256: from.SHA256,
	}, err
}

// Keep stores a file's bytes and, of a picture, those of its preview, and returns the file with the
// preview's size. Nothing stays of what fails.
func Keep(ctx context.Context, store files.Store, file model.NewUpload, from *files.Received) (model.NewUpload, error) {
	if file.Type.Inline() {
		small, err := Make(ctx, from.Reader(), from.Size)
		switch {
		case err == nil:
			file.Width, file.Height = small.Width, small.Height
			if err := keepPreview(ctx, store, file.File, small); err != nil {
				return file, err
			}
		case ctx.Err() != nil:
			return file, err
		} // else: an icon stands in
	}
	err := store.Put(ctx, file.File, from)
	if err != nil {
		Discard(ctx, store, file)
	}
	return file, err
}

func keepPreview(ctx context.Context, store files.Store, name string, small Preview) error {
	received, err := store.Receive(ctx, bytes.NewReader(small.Data), int64(len(small.Data)))
	if err != nil {
		return err
	}
	defer received.Close()
	return store.Put(ctx, name+model.PreviewSuffix, received)
}

// Discard removes the bytes of a file that gets no row. What it misses, the sweep finds.
func Discard(ctx context.Context, store files.Store, file model.NewUpload) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	_ = store.Remove(ctx, file.File, file.File+model.PreviewSuffix)
}
