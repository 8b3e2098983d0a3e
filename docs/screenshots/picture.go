package main

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/png"
)

// gap is the space between two pictures, in pixels.
const gap = 24

// sideBySide puts two pictures of the same height beside each other.
func sideBySide(left, right []byte) ([]byte, error) {
	a, err := png.Decode(bytes.NewReader(left))
	if err != nil {
		return nil, err
	}
	b, err := png.Decode(bytes.NewReader(right))
	if err != nil {
		return nil, err
	}
	width, height := a.Bounds().Dx()+gap+b.Bounds().Dx(), max(a.Bounds().Dy(), b.Bounds().Dy())
	both := image.NewRGBA(image.Rect(0, 0, width, height))
	draw.Draw(both, both.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.Draw(both, a.Bounds(), a, image.Point{}, draw.Src)
	draw.Draw(both, b.Bounds().Add(image.Pt(a.Bounds().Dx()+gap, 0)), b, image.Point{}, draw.Src)
	return encode(both)
}

// smaller writes a picture anew in fewer bytes than the browser does.
func smaller(picture []byte) ([]byte, error) {
	decoded, err := png.Decode(bytes.NewReader(picture))
	if err != nil {
		return nil, err
	}
	return encode(decoded)
}

func encode(picture image.Image) ([]byte, error) {
	var out bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	if err := encoder.Encode(&out, picture); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
