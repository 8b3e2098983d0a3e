package preview

import (
	"context"
	"errors"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"runtime/metrics"
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

// heapSlack is by how many bytes the process may grow while a file is decoded: what decoding may hold,
// as much again that waits to be collected, and what everything else in the process takes meanwhile.
const heapSlack = 2*maxMemory + 128<<20

var errHeap = errors.New("it takes more memory than its size tells")

// until is a file whose reads end with a context, and a decoder with them; and as soon as the process
// holds more memory than it may. Why the latter: the size of a picture says nothing of the tables that
// a lossless WebP asks for, more than a gigabyte of them in a few hundred kilobytes.
type until struct {
	io.ReadSeeker
	ctx  context.Context
	most uint64 // bytes of the heap; 0: it is not looked at
}

func (u *until) Read(p []byte) (int, error) {
	if err := u.ctx.Err(); err != nil {
		return 0, err
	}
	if u.most > 0 && heap() > u.most {
		return 0, errHeap
	}
	return u.ReadSeeker.Read(p[:min(len(p), readSize)])
}

// readSize is how much is read between two looks at time and memory, in bytes.
const readSize = 4 << 10

// heap is how many bytes of the process's heap are in use, or wait to be collected.
func heap() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}
