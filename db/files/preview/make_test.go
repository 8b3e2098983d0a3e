package preview

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"testing"
)

// made makes a preview, looks at what holds of every one, and decodes it.
func made(t *testing.T, file []byte) (Preview, image.Image) {
	t.Helper()
	p, err := Make(t.Context(), bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	return p, checked(t, p)
}

func checked(t *testing.T, p Preview) image.Image {
	t.Helper()
	picture, format, err := image.Decode(bytes.NewReader(p.Data))
	switch {
	case err != nil:
		t.Fatal(err)
	case format != "png" && format != "jpeg":
		t.Errorf("it is a %s", format)
	case picture.Bounds() != image.Rect(0, 0, p.Width, p.Height):
		t.Errorf("it says %d×%d, and is %v", p.Width, p.Height, picture.Bounds())
	case p.Width > box || p.Height > box || len(p.Data) > maxBytes:
		t.Errorf("it has %d×%d pixels and %d bytes", p.Width, p.Height, len(p.Data))
	}
	return picture
}

// refused asks for no preview.
func refused(t *testing.T, name string, file []byte) {
	t.Helper()
	p, err := Make(t.Context(), bytes.NewReader(file), int64(len(file)))
	if !errors.Is(err, ErrNoPreview) || p.Data != nil {
		t.Errorf("%s: got %d bytes, %v", name, len(p.Data), err)
	}
}

var palette = color.Palette{red, lime, blue, black}

func TestG7_EveryKindOfPictureHasAPreview(t *testing.T) {
	t.Parallel()
	area := image.Rect(0, 0, 64, 48)
	colours := [4]color.RGBA{red, lime, blue, black}
	grays := [4]color.RGBA{{76, 76, 76, 255}, {150, 150, 150, 255}, {29, 29, 29, 255}, black}
	for name, c := range map[string]struct {
		file []byte
		want [4]color.RGBA
	}{
		"gray PNG":                {asPNG(t, paint(image.NewGray(area))), grays},
		"16-bit gray PNG":         {asPNG(t, paint(image.NewGray16(area))), grays},
		"paletted PNG":            {asPNG(t, paint(image.NewPaletted(area, palette))), colours},
		"PNG":                     {asPNG(t, paint(image.NewRGBA(area))), colours},
		"16-bit PNG":              {asPNG(t, paint(image.NewRGBA64(area))), colours},
		"PNG with alpha":          {asPNG(t, paint(image.NewNRGBA(area))), colours},
		"16-bit PNG with alpha":   {asPNG(t, paint(image.NewNRGBA64(area))), colours},
		"interlaced PNG":          {testdata(t, "interlaced.png"), colours},
		"JPEG":                    {asJPEG(t, paint(image.NewRGBA(area))), colours},
		"gray JPEG":               {asJPEG(t, paint(image.NewGray(area))), grays},
		"progressive JPEG":        {testdata(t, "progressive.jpg"), colours},
		"RGB JPEG":                {testdata(t, "rgb.jpg"), colours},
		"CMYK JPEG":               {testdata(t, "cmyk.jpg"), colours},
		"GIF":                     {asGIF(t, 64, 48, 1), colours},
		"animated GIF":            {asGIF(t, 64, 48, maxFrames), colours},
		"lossy WebP":              {testdata(t, "lossy.webp"), colours},
		"lossless WebP":           {testdata(t, "lossless.webp"), colours},
		"lossy WebP, see-through": {testdata(t, "alpha.webp"), [4]color.RGBA{{128, 0, 0, 128}, {0, 128, 0, 128}, {0, 0, 128, 128}, {0, 0, 0, 128}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, picture := made(t, c.file)
			if p.Width != 64 || p.Height != 48 {
				t.Errorf("it has %d×%d pixels", p.Width, p.Height)
			}
			for i, got := range corners(picture) {
				if !near(got, c.want[i]) {
					t.Errorf("corner %d is %v, not %v", i, got, c.want[i])
				}
			}
		})
	}
}

func TestG7_APreviewFitsTheBoxAndIsNeverLarger(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ width, height, wantWidth, wantHeight int }{
		{1, 1, 1, 1}, {640, 640, 640, 640}, {641, 640, 640, 639}, {640, 480, 640, 480}, {1280, 960, 640, 480},
		{1000, 1500, 426, 640}, {1281, 1280, 640, 639}, {1, maxSide, 1, 640}, {maxSide, 1, 640, 1}, {5, maxSide, 1, 640},
		{maxSide, 40, 640, 2}, {3, 700, 2, 640},
	} {
		p, picture := made(t, asPNG(t, paint(image.NewPaletted(image.Rect(0, 0, c.width, c.height), palette))))
		if p.Width != c.wantWidth || p.Height != c.wantHeight {
			t.Errorf("%d×%d becomes %d×%d", c.width, c.height, p.Width, p.Height)
		}
		if got := corners(picture); min(p.Width, p.Height) > 4 && !near(got[1], lime) {
			t.Errorf("%d×%d: above on the right it is %v", c.width, c.height, got[1])
		}
	}
}

func TestG7_APictureIsTurnedAsItsEXIFSays(t *testing.T) {
	t.Parallel()
	plain := asJPEG(t, paint(image.NewRGBA(image.Rect(0, 0, 64, 48))))
	upright := [4]color.RGBA{red, lime, blue, black}
	for orientation, want := range map[uint16][4]color.RGBA{
		0: upright, 1: upright, 9: upright, 2: {lime, red, black, blue}, 3: {black, blue, lime, red}, 4: {blue, black, red, lime},
		5: {red, blue, lime, black}, 6: {blue, red, black, lime}, 7: {black, lime, blue, red}, 8: {lime, black, red, blue},
	} {
		for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
			p, picture := made(t, insert(plain, 2, exif(order, orientation)))
			if sideways := orientation >= 5 && orientation <= 8; sideways != (p.Height == 64) {
				t.Errorf("orientation %d: it has %d×%d pixels", orientation, p.Width, p.Height)
			}
			for i, got := range corners(picture) {
				if !near(got, want[i]) {
					t.Errorf("orientation %d, %v: corner %d is %v", orientation, order, i, got)
				}
			}
		}
	}
}

func TestG7_NothingThatAFileSaysOfItselfGoesIntoItsPreview(t *testing.T) {
	t.Parallel()
	secret := []byte("SECRET 52.5200N 13.4050E")
	area := image.Rect(0, 0, 64, 48)
	gifFile := asGIF(t, 64, 48, 1)
	webpFile := append(testdata(t, "alpha.webp"), append([]byte("EXIF\x18\x00\x00\x00"), secret...)...)
	binary.LittleEndian.PutUint32(webpFile[4:], uint32(len(webpFile)-8))
	for name, file := range map[string][]byte{
		"JPEG": insert(asJPEG(t, paint(image.NewRGBA(area))), 2,
			segment(app1, append([]byte("Exif\x00\x00II*\x00\x08\x00\x00\x00\x00\x00"), secret...)),
			segment(app1, append([]byte("http://ns.adobe.com/xap/1.0/\x00"), secret...)),
			segment(0xe2, append([]byte("ICC_PROFILE\x00\x01\x01"), secret...)), segment(comment, secret)),
		"PNG": insert(asPNG(t, paint(image.NewNRGBA(area))), 33, chunk("tEXt", append([]byte("Author\x00"), secret...)),
			chunk("eXIf", secret), chunk("iCCP", secret)),
		"see-through PNG": insert(asPNG(t, image.NewNRGBA(area)), 33, chunk("tEXt", append([]byte("Author\x00"), secret...))),
		"GIF":             insert(gifFile, 13+colorTable(gifFile[10]), []byte{0x21, 0xfe, byte(len(secret))}, secret, []byte{0}),
		"WebP":            webpFile,
	} {
		if !bytes.Contains(file, secret) {
			t.Fatalf("%s: the test's file has no secret", name)
		}
		p, _ := made(t, file)
		for _, word := range [][]byte{secret[:6], []byte("Exif"), []byte("ICC"), []byte("adobe"), []byte("tEXt"), []byte("Author")} {
			if bytes.Contains(p.Data, word) {
				t.Errorf("the preview of a %s holds %q", name, word)
			}
		}
	}
}

func TestG7_EvenNoiseHasASmallPreview(t *testing.T) {
	t.Parallel()
	random := rand.NewChaCha8([32]byte{1})
	for name, opaque := range map[string]bool{"opaque": true, "see-through": false} {
		noise := image.NewNRGBA(image.Rect(0, 0, box, box))
		if _, err := random.Read(noise.Pix); err != nil {
			t.Fatal(err)
		}
		for i := 3; opaque && i < len(noise.Pix); i += 4 {
			noise.Pix[i] = 255
		}
		p, _ := made(t, asPNG(t, noise))
		t.Logf("%s noise takes %d bytes", name, len(p.Data))
	}
}

func TestG7_ASeeThroughPictureStaysSo(t *testing.T) {
	t.Parallel()
	p, picture := made(t, asPNG(t, image.NewNRGBA(image.Rect(0, 0, 900, 900))))
	if _, err := png.Decode(bytes.NewReader(p.Data)); err != nil {
		t.Error(err)
	}
	if _, _, _, alpha := picture.At(300, 300).RGBA(); alpha != 0 {
		t.Errorf("its alpha is %d", alpha)
	}
}

func TestG7_ACancelledPreviewIsNoDamagedFile(t *testing.T) {
	t.Parallel()
	file := asPNG(t, paint(image.NewRGBA(image.Rect(0, 0, 64, 48))))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Make(ctx, bytes.NewReader(file), int64(len(file))); !errors.Is(err, context.Canceled) || errors.Is(err, ErrNoPreview) {
		t.Errorf("got %v", err)
	}
}
