package preview

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"testing"

	_ "golang.org/x/image/webp"
)

// tryAny makes a preview of any bytes: one that holds what is promised, or none.
func tryAny(t *testing.T, file []byte) {
	t.Helper()
	p, err := Make(t.Context(), bytes.NewReader(file), int64(len(file)))
	switch {
	case err == nil:
		checked(t, p)
	case !errors.Is(err, ErrNoPreview):
		t.Fatal(err)
	}
}

// seeds adds one small file of each kind.
func seeds(f *testing.F) {
	f.Helper()
	for _, name := range []string{"interlaced.png", "progressive.jpg", "cmyk.jpg", "rgb.jpg", "lossy.webp", "lossless.webp", "alpha.webp", "animated.webp"} {
		f.Add(testdata(f, name))
	}
	photo := asJPEG(f, paint(image.NewRGBA(image.Rect(0, 0, 16, 16))))
	f.Add(asPNG(f, paint(image.NewNRGBA64(image.Rect(0, 0, 8, 8)))))
	f.Add(asGIF(f, 8, 8, 3))
	f.Add(insert(photo, 2, exif(binary.BigEndian, 6)))
	f.Add(insert(photo, 2, []byte{0xff, 0xd0}))
	f.Add(gifOf(9, 9, 5, 5, 5, 5, 2, 0x44, 1))
	f.Add(flatJPEG(0xc2, 40, 40, 0x22, 0x11, 0x11))
	f.Add(losslessWebP(40, 40, flat))
	f.Add([]byte{})
}

func FuzzMake(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, file []byte) { tryAny(t, file) })
}

// FuzzInspect looks for a file in which we see another picture than the decoder.
func FuzzInspect(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, file []byte) {
		head, err := inspect(bytes.NewReader(file), int64(len(file)))
		if err != nil {
			return
		}
		if head.orientation < 0 || head.orientation > 8 || head.frames > maxFrames+1 || head.pixelBits < 1 {
			t.Fatalf("it says %+v", head)
		}
		config, format, err := image.DecodeConfig(bytes.NewReader(file))
		if err == nil && (format != head.format || config.Width != head.width || config.Height != head.height) {
			t.Fatalf("we see %+v, and the decoder %s %d × %d", head, format, config.Width, config.Height)
		}
	})
}

func FuzzExif(f *testing.F) {
	for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
		f.Add(exif(order, 6)[4:])
	}
	f.Add([]byte("Exif\x00\x00II*\x00\xff\xff\xff\xff"))
	f.Add([]byte("Exif\x00\x00MM\x00*\x00\x00\x00\x08\xff\xff"))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, segment []byte) {
		if orientation, err := exifOrientation(bytes.NewReader(segment)); err != nil || orientation < 0 || orientation > 8 {
			t.Fatalf("got %d, %v", orientation, err)
		}
	})
}
