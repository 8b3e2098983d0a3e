package preview

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"

	"golang.org/x/image/draw"
)

// Bounds of what comes out.
const (
	box      = 640       // pixels of a preview's longer side
	maxBytes = 192 << 10 // of a preview
)

// qualities of a JPEG, from the one that is wanted to one that makes even noise small.
var qualities = []int{82, 65, 40, 15}

// shrink fits a picture into a box. It is never made larger.
func shrink(picture image.Image, box image.Point) *image.RGBA {
	from := picture.Bounds()
	width, height := from.Dx(), from.Dy()
	switch wide := width*box.Y > height*box.X; {
	case wide && width > box.X:
		width, height = box.X, max(1, height*box.X/width)
	case !wide && height > box.Y:
		width, height = max(1, width*box.Y/height), box.Y
	}
	small := image.NewRGBA(image.Rect(0, 0, width, height))
	if from.Dx() > 2*width && from.Dy() > 2*height { // first roughly, then well: much quicker, of bounded memory, and as good
		rough := image.NewRGBA(image.Rect(0, 0, 2*width, 2*height))
		draw.ApproxBiLinear.Scale(rough, rough.Bounds(), picture, from, draw.Src, nil)
		picture, from = rough, rough.Bounds()
	}
	draw.CatmullRom.Scale(small, small.Bounds(), picture, from, draw.Src, nil)
	return small
}

// upright turns a picture as its EXIF orientation says: 1 to 8, as TIFF 6.0 numbers them.
func upright(from *image.RGBA, orientation int) *image.RGBA {
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
		return from
	}
	size := image.Pt(width, height)
	if orientation >= 5 {
		size = image.Pt(height, width)
	}
	turned := image.NewRGBA(image.Rectangle{Max: size})
	for y := range size.Y {
		for x := range size.X {
			turned.SetRGBA(x, y, from.RGBAAt(source(x, y)))
		}
	}
	return turned
}

// encode writes a picture anew: as a PNG where it is see-through and small, else as a JPEG over white.
func encode(picture *image.RGBA) (Preview, error) {
	made := Preview{Width: picture.Rect.Dx(), Height: picture.Rect.Dy()}
	var out bytes.Buffer
	if !picture.Opaque() {
		if err := png.Encode(&out, picture); err != nil {
			return made, err
		}
		if out.Len() <= maxBytes {
			made.Data = out.Bytes()
			return made, nil
		}
		picture = onWhite(picture)
	}
	for _, quality := range qualities {
		out.Reset()
		if err := jpeg.Encode(&out, picture, &jpeg.Options{Quality: quality}); err != nil {
			return made, err
		}
		if out.Len() <= maxBytes {
			made.Data = out.Bytes()
			return made, nil
		}
	}
	return Preview{}, errors.New("its preview is too large")
}

// onWhite lays a picture on white ground.
func onWhite(picture *image.RGBA) *image.RGBA {
	white := image.NewRGBA(picture.Rect)
	draw.Draw(white, white.Rect, image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.Draw(white, white.Rect, picture, image.Point{}, draw.Over)
	return white
}
