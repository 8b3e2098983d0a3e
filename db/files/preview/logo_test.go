package preview

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"testing"
)

// logoOf makes a logo of a file and reads it again.
func logoOf(t *testing.T, file []byte) (Preview, image.Image) {
	t.Helper()
	made, err := Logo(t.Context(), bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	picture, err := png.Decode(bytes.NewReader(made.Data))
	if err != nil {
		t.Fatal(err)
	}
	if size := picture.Bounds().Size(); size != image.Pt(made.Width, made.Height) {
		t.Errorf("the logo is %v and says %d × %d", size, made.Width, made.Height)
	}
	return made, picture
}

func TestN_ALogoFitsItsBox(t *testing.T) {
	t.Parallel()
	for size, want := range map[image.Point]image.Point{
		{800, 320}: {400, 160}, {900, 300}: {400, 133}, {1000, 1000}: {160, 160}, {4000, 10}: {400, 1},
		{1, 3000}: {1, 160}, {30, 20}: {30, 20}, {401, 160}: {400, 159},
	} {
		made, _ := logoOf(t, asPNG(t, paint(image.NewRGBA(image.Rectangle{Max: size}))))
		if got := image.Pt(made.Width, made.Height); got != want {
			t.Errorf("%v becomes %v, want %v", size, got, want)
		}
	}
}

func TestN_ALogoIsMadeOfEachKindOfPicture(t *testing.T) {
	t.Parallel()
	files := map[string][]byte{"GIF": asGIF(t, 64, 48, 3), "JPEG": asJPEG(t, paint(image.NewRGBA(image.Rect(0, 0, 64, 48))))}
	for _, name := range []string{"interlaced.png", "progressive.jpg", "lossy.webp", "alpha.webp"} {
		files[name] = testdata(t, name)
	}
	for name, file := range files {
		if made, _ := logoOf(t, file); made.Width < 1 {
			t.Errorf("%s: nothing is left", name)
		}
	}
}

func TestN_WhatIsSeeThroughInALogoBecomesWhite(t *testing.T) {
	t.Parallel()
	drawn := image.NewNRGBA(image.Rect(0, 0, 20, 10))
	drawn.Set(0, 0, color.NRGBA{R: 200, A: 255})
	_, logo := logoOf(t, asPNG(t, drawn))
	for at, want := range map[image.Point]color.RGBA{{0, 0}: {200, 0, 0, 255}, {9, 9}: {255, 255, 255, 255}} {
		if got := color.RGBAModel.Convert(logo.At(at.X, at.Y)); got != want {
			t.Errorf("%v is %v, want %v", at, got, want)
		}
	}
}

func TestN_ALogoOfNoiseIsMadeSmallEnoughForMail(t *testing.T) {
	t.Parallel()
	noise, random := image.NewNRGBA(image.Rect(0, 0, 400, 160)), rand.New(rand.NewPCG(1, 2))
	for i := range noise.Pix {
		noise.Pix[i] = byte(random.Uint32())
	}
	made, _ := logoOf(t, asPNG(t, noise))
	if len(made.Data) > maxLogoBytes || made.Height < 40 {
		t.Errorf("it takes %d bytes and is %d pixels high", len(made.Data), made.Height)
	}
}

func TestN_ATurnedLogoStandsUpright(t *testing.T) {
	t.Parallel()
	photo := asJPEG(t, paint(image.NewRGBA(image.Rect(0, 0, 200, 800))))
	made, _ := logoOf(t, insert(photo, 2, exif(binary.BigEndian, 6)))
	if made.Width != 400 || made.Height != 100 {
		t.Errorf("it is %d × %d, want 400 × 100", made.Width, made.Height)
	}
}
