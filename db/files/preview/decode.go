package preview

import (
	"context"
	"errors"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
)

// decode decodes the first picture of a file.
func decode(file *until, h header) (image.Image, error) {
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	decoders := map[string]func(io.Reader) (image.Image, error){
		"png": png.Decode, "jpeg": jpeg.Decode, "gif": gif.Decode, "webp": decodeWebP,
	}
	picture, err := decoders[h.format](file)
	if err != nil {
		return nil, err
	}
	size := picture.Bounds().Size()
	named := size == image.Pt(h.width, h.height)
	within := h.format == "gif" && size.X <= h.width && size.Y <= h.height // a frame of its screen
	if size.X < 1 || size.Y < 1 || !named && !within {
		return nil, errors.New("its size is not the one it names")
	}
	return picture, nil
}

// until is a file whose reads end with a context, and a decoder with them.
type until struct {
	io.ReadSeeker
	ctx context.Context
}

func (u *until) Read(p []byte) (int, error) {
	if err := u.ctx.Err(); err != nil {
		return 0, err
	}
	return u.ReadSeeker.Read(p[:min(len(p), readSize)])
}

// readSize is how much is read between two looks at the time, in bytes.
const readSize = 4 << 10
