package preview

import (
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"time"
)

// Bounds of what is decoded.
const (
	maxPixels = 40_000_000
	maxSide   = 12_000
	maxFrames = 200
	// maxMemory is what decoding may hold, by the file's own account: a progressive JPEG keeps every
	// coefficient, several times its pixels. One file is decoded at a time.
	maxMemory = 256 << 20
	// decodeTime is for how long one file may be decoded: a twelve-megapixel photo takes less than a
	// second. waitTime is for how long a file waits for others.
	decodeTime = 10 * time.Second
	waitTime   = 30 * time.Second
)

// ErrNoPreview says that a file has no preview: it is no picture, too large, damaged, or takes too long.
// An icon stands for it.
var ErrNoPreview = errors.New("there is no preview of this file")

// Preview is a picture that the server made: re-encoded, turned upright, without any metadata.
type Preview struct {
	Data   []byte // PNG or JPEG, at most maxBytes
	Width  int    // pixels
	Height int
}

// Make makes the preview of a PNG, JPEG, GIF or WebP file of so many bytes. Of several frames it shows
// the first. It fails with ErrNoPreview for whatever it will not or cannot decode, and with the
// context's error where that ended it.
func Make(ctx context.Context, file io.ReadSeeker, size int64) (Preview, error) {
	return remake(ctx, file, size, func(picture image.Image, orientation int) (Preview, error) {
		return encode(upright(shrink(picture, image.Pt(box, box)), orientation))
	})
}

// finish makes what comes out of a decoded picture that has an EXIF orientation.
type finish func(picture image.Image, orientation int) (Preview, error)

func remake(ctx context.Context, file io.ReadSeeker, size int64, finish finish) (Preview, error) {
	made, err := tryRemake(ctx, file, size, finish)
	switch {
	case ctx.Err() != nil:
		return Preview{}, ctx.Err()
	case err != nil:
		return Preview{}, fmt.Errorf("%w: %w", ErrNoPreview, err)
	}
	return made, nil
}

// tryRemake is remake before its errors are told apart. Why recover: a decoder that panics over a file
// which somebody made for that must not end the process.
func tryRemake(ctx context.Context, file io.ReadSeeker, size int64, finish finish) (made Preview, err error) {
	defer func() {
		if p := recover(); p != nil {
			made, err = Preview{}, fmt.Errorf("the decoder failed: %v", p)
		}
	}()
	head, err := inspect(&until{ctx: ctx, ReadSeeker: file}, size)
	if err != nil {
		return Preview{}, err
	}
	if err := head.bounded(); err != nil {
		return Preview{}, err
	}
	done, err := turn(ctx, decoding)
	if err != nil {
		return Preview{}, err
	}
	defer done()
	ctx, cancel := context.WithTimeout(ctx, decodeTime)
	defer cancel()
	picture, err := decode(&until{ctx: ctx, ReadSeeker: file}, head)
	if err != nil {
		return Preview{}, err
	}
	return finish(picture, head.orientation)
}

// bounded says whether the picture may be decoded.
func (h header) bounded() error {
	switch {
	case h.width < 1 || h.height < 1:
		return errors.New("it has no pixels")
	case h.width > maxSide || h.height > maxSide || h.width*h.height > maxPixels:
		return errors.New("it has too many pixels")
	case h.frames > maxFrames:
		return errors.New("it has too many frames")
	case h.memory() > maxMemory:
		return errors.New("it takes too much memory")
	}
	return nil
}

// decoding holds the right to decode: pictures of several people never add up in memory.
var decoding = make(chan struct{}, 1)

// turn waits for the right to decode and returns what gives it back.
func turn(ctx context.Context, decoding chan struct{}) (done func(), err error) {
	ctx, cancel := context.WithTimeout(ctx, waitTime)
	defer cancel()
	select {
	case decoding <- struct{}{}:
		return func() { <-decoding }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
