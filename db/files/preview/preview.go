package preview

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/draw"
	"golang.org/x/image/webp"
)

// Bounds of what is decoded and of what comes out.
const (
	maxPixels = 40_000_000
	maxSide   = 12_000
	maxFrames = 200
	// maxMemory is what decoding may hold, by the file's own account: a progressive JPEG keeps every
	// coefficient, several times its pixels. One file is decoded at a time.
	maxMemory = 256 << 20
	box       = 640 // pixels of a preview's longer side
	quality   = 82
	maxPNG    = 192 << 10 // bytes; a larger preview is a JPEG over white
)

// ErrNoPreview says that a file has no preview: it is no picture, too large, or damaged. An icon stands
// for it.
var ErrNoPreview = errors.New("there is no preview of this file")

// Preview is a picture that the server made: re-encoded, turned upright, without any metadata.
type Preview struct {
	Data   []byte // PNG or JPEG
	Width  int    // pixels
	Height int
}

// decoding holds the right to decode: pictures of several people never add up in memory.
var decoding = make(chan struct{}, 1)

// Make makes the preview of a PNG, JPEG, GIF or WebP file. Of several frames it shows the first. It
// fails with ErrNoPreview for whatever it will not or cannot decode, and with the context's error.
func Make(ctx context.Context, file io.ReadSeeker, size int64) (Preview, error) {
	head, err := inspect(file)
	if err == nil {
		err = head.bounded(size)
	}
	if err != nil {
		return Preview{}, fmt.Errorf("%w: %w", ErrNoPreview, err)
	}
	select {
	case decoding <- struct{}{}:
		defer func() { <-decoding }()
	case <-ctx.Done():
		return Preview{}, ctx.Err()
	}
	picture, err := decode(ctx, file, head)
	if ctx.Err() != nil {
		return Preview{}, ctx.Err()
	}
	if err != nil {
		return Preview{}, fmt.Errorf("%w: %w", ErrNoPreview, err)
	}
	made, err := encode(upright(shrink(picture), head.orientation))
	if err != nil {
		return Preview{}, fmt.Errorf("%w: %w", ErrNoPreview, err)
	}
	return made, nil
}

// bounded says whether the picture may be decoded.
func (h header) bounded(size int64) error {
	switch {
	case h.width < 1 || h.height < 1:
		return errors.New("it has no pixels")
	case h.width > maxSide || h.height > maxSide || h.width*h.height > maxPixels:
		return errors.New("it has too many pixels")
	case h.frames > maxFrames:
		return errors.New("it has too many frames")
	case h.memory() > maxMemory:
		return errors.New("it takes too much memory")
	case size < 1:
		return errors.New("it is empty")
	}
	return nil
}

// decode decodes the first picture of a file. Why recover: a decoder that panics over a file which
// somebody made for that must not end the process.
func decode(ctx context.Context, file io.ReadSeeker, h header) (picture image.Image, err error) {
	defer func() {
		if p := recover(); p != nil {
			picture, err = nil, fmt.Errorf("the decoder failed: %v", p)
		}
	}()
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	r := &until{ctx: ctx, r: file}
	switch h.format {
	case "png":
		picture, err = png.Decode(r)
	case "jpeg":
		picture, err = jpeg.Decode(r)
	case "gif":
		picture, err = gif.Decode(r) // the first frame alone
	case "webp":
		picture, err = webp.Decode(r)
	}
	if err == nil && (picture.Bounds().Dx() != h.width || picture.Bounds().Dy() != h.height) && h.format != "gif" {
		err = errors.New("its size is not the one it names")
	}
	return picture, err
}

// until is a reader that ends with its context, and a decoder with it.
type until struct {
	ctx context.Context
	r   io.Reader
}

func (u *until) Read(p []byte) (int, error) {
	if err := u.ctx.Err(); err != nil {
		return 0, err
	}
	return u.r.Read(p)
}

// shrink fits a picture into the box. It is never made larger.
func shrink(picture image.Image) image.Image {
	from := picture.Bounds()
	width, height := from.Dx(), from.Dy()
	if longer := max(width, height); longer > box {
		width, height = max(1, width*box/longer), max(1, height*box/longer)
	}
	small := image.NewRGBA(image.Rect(0, 0, width, height))
	if from.Dx() > 4*width { // first roughly, then well: a hundred times quicker for a photo, and as good
		rough := image.NewRGBA(image.Rect(0, 0, 2*width, 2*height))
		draw.ApproxBiLinear.Scale(rough, rough.Bounds(), picture, from, draw.Src, nil)
		picture, from = rough, rough.Bounds()
	}
	draw.CatmullRom.Scale(small, small.Bounds(), picture, from, draw.Src, nil)
	return small
}

// upright turns a picture as its EXIF orientation says: 1 to 8, as TIFF 6.0 numbers them.
func upright(picture image.Image, orientation int) image.Image {
	from := picture.(*image.RGBA)
	width, height := from.Rect.Dx(), from.Rect.Dy()
	// Where a pixel of the result comes from.
	source := map[int]func(x, y int) (int, int){
		2: func(x, y int) (int, int) { return width - 1 - x, y },
		3: func(x, y int) (int, int) { return width - 1 - x, height - 1 - y },
		4: func(x, y int) (int, int) { return x, height - 1 - y },
		5: func(x, y int) (int, int) { return y, x },
		6: func(x, y int) (int, int) { return y, height - 1 - x },
		7: func(x, y int) (int, int) { return width - 1 - y, height - 1 - x },
		8: func(x, y int) (int, int) { return width - 1 - y, x },
	}[orientation]
	if source == nil {
		return picture
	}
	if orientation >= 5 {
		width, height = height, width
	}
	turned := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			turned.SetRGBA(x, y, from.RGBAAt(source(x, y)))
		}
	}
	return turned
}

// encode writes a picture anew: as a PNG where it is see-through and small, else as a JPEG.
func encode(picture image.Image) (Preview, error) {
	made := Preview{Width: picture.Bounds().Dx(), Height: picture.Bounds().Dy()}
	var out bytes.Buffer
	if !picture.(*image.RGBA).Opaque() {
		if err := png.Encode(&out, picture); err != nil {
			return made, err
		}
		if out.Len() <= maxPNG {
			made.Data = out.Bytes()
			return made, nil
		}
		white := image.NewRGBA(picture.Bounds())
		draw.Draw(white, white.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
		draw.Draw(white, white.Bounds(), picture, image.Point{}, draw.Over)
		picture = white
		out.Reset()
	}
	err := jpeg.Encode(&out, picture, &jpeg.Options{Quality: quality})
	made.Data = out.Bytes()
	return made, err
}
