package preview

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/draw"
	"image/gif"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"testing"
)

// The colours of the test picture: by them a test sees which way up it is.
var (
	red   = color.RGBA{R: 255, A: 255}
	lime  = color.RGBA{G: 255, A: 255}
	blue  = color.RGBA{B: 255, A: 255}
	black = color.RGBA{A: 255}
)

// paint fills a picture: red and lime above, blue and black below.
func paint[P draw.Image](picture P) P {
	b := picture.Bounds()
	middle := b.Min.Add(b.Size().Div(2))
	for part, c := range map[image.Rectangle]color.Color{
		{b.Min, middle}: red, {image.Pt(middle.X, b.Min.Y), image.Pt(b.Max.X, middle.Y)}: lime,
		{image.Pt(b.Min.X, middle.Y), image.Pt(middle.X, b.Max.Y)}: blue, {middle, b.Max}: black,
	} {
		draw.Draw(picture, part, image.NewUniform(c), image.Point{}, draw.Src)
	}
	return picture
}

// corners are a picture's colours: above from the left, then below.
func corners(picture image.Image) [4]color.RGBA {
	b := picture.Bounds()
	at := func(x, y int) color.RGBA {
		return color.RGBAModel.Convert(picture.At(b.Min.X+x*b.Dx()/4, b.Min.Y+y*b.Dy()/4)).(color.RGBA)
	}
	return [4]color.RGBA{at(1, 1), at(3, 1), at(1, 3), at(3, 3)}
}

// near says whether two colours look the same.
func near(a, b color.RGBA) bool {
	far := func(x, y uint8) bool { return max(x, y)-min(x, y) > 12 }
	return !far(a.R, b.R) && !far(a.G, b.G) && !far(a.B, b.B) && !far(a.A, b.A)
}

func asPNG(t testing.TB, picture image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, picture); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func asJPEG(t testing.TB, picture image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := jpeg.Encode(&out, picture, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// asGIF makes a GIF of so many frames: the painted picture first, then empty ones.
func asGIF(t testing.TB, width, height, frames int) []byte {
	t.Helper()
	palette := color.Palette{color.RGBA{}, red, lime, blue, black}
	all := gif.GIF{Image: []*image.Paletted{paint(image.NewPaletted(image.Rect(0, 0, width, height), palette))}}
	for len(all.Image) < frames {
		all.Image = append(all.Image, image.NewPaletted(image.Rect(0, 0, 1, 1), palette))
	}
	all.Delay = make([]int, frames)
	var out bytes.Buffer
	if err := gif.EncodeAll(&out, &all); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func testdata(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// chunk is one of a PNG.
func chunk(name string, data []byte) []byte {
	out := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	out = append(append(out, name...), data...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[4:]))
}

// segment is one of a JPEG.
func segment(marker byte, data []byte) []byte {
	return append(binary.BigEndian.AppendUint16([]byte{0xff, marker}, uint16(len(data)+2)), data...)
}

// frame is the segment that says a JPEG's size and how its components are sampled.
func frame(marker byte, width, height int, samplings ...byte) []byte {
	data := binary.BigEndian.AppendUint16([]byte{8}, uint16(height))
	data = append(binary.BigEndian.AppendUint16(data, uint16(width)), byte(len(samplings)))
	for i, s := range samplings {
		data = append(data, byte(i+1), s, 0)
	}
	return segment(marker, data)
}

// exif is a segment with a table of the orientation alone.
func exif(order binary.AppendByteOrder, orientation uint16) []byte {
	out := []byte("Exif\x00\x00II")
	if order.String() == "BigEndian" {
		out = []byte("Exif\x00\x00MM")
	}
	out = order.AppendUint32(order.AppendUint16(out, 42), 8)
	out = order.AppendUint16(order.AppendUint16(order.AppendUint16(out, 1), orientationTag), 3)
	out = order.AppendUint16(order.AppendUint32(out, 1), orientation)
	return segment(app1, order.AppendUint32(order.AppendUint16(out, 0), 0))
}

// insert puts parts into a file.
func insert(file []byte, at int, parts ...[]byte) []byte {
	return bytes.Join([][]byte{file[:at], bytes.Join(parts, nil), file[at:]}, nil)
}
