package preview

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/png"
	"io"
)

// Bounds of a logo: twice the size in which it is shown at most, and small enough to travel in each
// mail.
const (
	logoWidth    = 400 // pixels
	logoHeight   = 160
	maxLogoBytes = 64 << 10
)

// Logo makes a PNG of at most 400 by 160 pixels and 64 KB of a picture, by the rules of Make. What is
// see-through becomes white.
//
// Why white: most logos are made for it, and a dark one on a dark page, or in a mail client that turns
// colours around, could not be seen.
func Logo(ctx context.Context, file io.ReadSeeker, size int64) (Preview, error) {
	return remake(ctx, file, size, func(picture image.Image, orientation int) (Preview, error) {
		for box := image.Pt(logoWidth, logoHeight); box.Y > 0; box = box.Mul(3).Div(4) {
			made, err := encodeLogo(onWhite(shrink(picture, turnedBox(box, orientation))), orientation)
			if err != nil || len(made.Data) <= maxLogoBytes {
				return made, err
			}
		}
		return Preview{}, errors.New("its logo is too large")
	})
}

// turnedBox is the box of a picture that is yet to be turned.
func turnedBox(box image.Point, orientation int) image.Point {
	if orientation >= 5 {
		return image.Pt(box.Y, box.X)
	}
	return box
}

func encodeLogo(picture *image.RGBA, orientation int) (Preview, error) {
	picture = upright(picture, orientation)
	var out bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	err := encoder.Encode(&out, picture)
	return Preview{Data: out.Bytes(), Width: picture.Rect.Dx(), Height: picture.Rect.Dy()}, err
}
