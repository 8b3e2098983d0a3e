package preview

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"testing"
)

// pngHeader is the beginning of a PNG of some size and kind, with nothing behind it.
func pngHeader(width, height int, depth, kind, interlaced byte) []byte {
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, uint32(width)), uint32(height))
	return append([]byte("\x89PNG\r\n\x1a\n"), chunk("IHDR", append(head, depth, kind, 0, 0, interlaced))...)
}

// gifOf is a GIF with a screen and one frame of it.
func gifOf(screenWidth, screenHeight, left, top, width, height int, data ...byte) []byte {
	out := []byte("GIF89a")
	for _, n := range []int{screenWidth, screenHeight} {
		out = binary.LittleEndian.AppendUint16(out, uint16(n))
	}
	out = append(out, 0x80, 0, 0, 1, 2, 3, 4, 5, 6, 0x2c)
	for _, n := range []int{left, top, width, height} {
		out = binary.LittleEndian.AppendUint16(out, uint16(n))
	}
	return append(append(append(out, 0, 2), data...), 0, 0x3b)
}

func TestG7_WhatIsTooLargeIsNotDecoded(t *testing.T) {
	t.Parallel()
	soi := []byte{0xff, 0xd8}
	for name, file := range map[string][]byte{
		"a PNG of 30,000 × 30,000":        pngHeader(30_000, 30_000, 8, 2, 0),
		"a PNG of 4 billion a side":       pngHeader(1<<32-1, 1<<32-1, 8, 2, 0),
		"a PNG of one pixel too wide":     pngHeader(maxSide+1, 1, 8, 2, 0),
		"a PNG of a few pixels too many":  pngHeader(8_000, 5_001, 8, 2, 0),
		"a PNG of 16 bits and 40 million": pngHeader(8_000, 5_000, 16, 6, 0),
		"an interlaced PNG of 40 million": pngHeader(8_000, 5_000, 8, 6, 1),
		"a JPEG of 65,535 × 65,535":       bytes.Join([][]byte{soi, frame(0xc0, 65_535, 65_535, 0x11, 0x11, 0x11)}, nil),
		"a progressive JPEG of 4:4:4":     bytes.Join([][]byte{soi, frame(0xc2, 5_000, 3_000, 0x11, 0x11, 0x11)}, nil),
		"a CMYK JPEG of 40 million":       bytes.Join([][]byte{soi, frame(0xc0, 8_000, 5_000, 0x11, 0x11, 0x11, 0x11)}, nil),
		"a GIF of 65,535 × 65,535":        gifOf(65_535, 65_535, 0, 0, 1, 1, 2, 0x44, 1),
		"a GIF of 201 frames":             asGIF(t, 8, 8, maxFrames+1),
		"a WebP of 16,000 × 16,000":       losslessWebP(16_000, 16_000, flat),
	} {
		head, err := inspect(bytes.NewReader(file), int64(len(file)))
		if err != nil || head.bounded() == nil {
			t.Errorf("%s: it says %+v, %v", name, head, err)
		}
		refused(t, name, file)
	}
}

func TestG7_ALyingOrDamagedFileHasNoPreview(t *testing.T) {
	t.Parallel()
	area := image.Rect(0, 0, 64, 48)
	photo := asJPEG(t, paint(image.NewRGBA(area)))
	at := bytes.Index(photo, []byte{0xff, 0xc0}) // its frame
	wide, flatJPEG, twelve := bytes.Clone(photo), bytes.Clone(photo), bytes.Clone(photo)
	binary.BigEndian.PutUint16(wide[at+7:], 9_999)
	binary.BigEndian.PutUint16(flatJPEG[at+5:], 0) // the height is to come behind the scan (DNL)
	twelve[at+4] = 12
	webpFile := testdata(t, "lossy.webp")
	lyingWebP, otherWebP := bytes.Clone(webpFile), bytes.Clone(testdata(t, "alpha.webp"))
	binary.LittleEndian.PutUint32(lyingWebP[4:], 1<<30)
	binary.LittleEndian.PutUint16(otherWebP[24:], 9) // the canvas is ten pixels wide, the picture is not
	for name, file := range map[string][]byte{
		"nothing":                      nil,
		"a few bytes":                  []byte("\x89PNG"),
		"a text":                       []byte("This is a text, and a longer one at that."),
		"an SVG":                       []byte(`<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>`),
		"a PNG of no width":            pngHeader(0, 10, 8, 2, 0),
		"a PNG without data":           append(pngHeader(10, 10, 8, 2, 0), chunk("IEND", nil)...),
		"a PNG with two headers":       insert(asPNG(t, image.NewGray(area)), 33, pngHeader(9_000, 4_000, 8, 2, 0)[8:]),
		"a JPEG wider than its data":   wide,
		"a JPEG of no height":          flatJPEG,
		"a JPEG of 12 bits":            twelve,
		"a JPEG without a frame":       append(photo[:2:2], photo[len(photo)-2:]...),
		"a JPEG with five components":  append(photo[:2:2], frame(0xc0, 8, 8, 1, 1, 1, 1, 1)...),
		"a JPEG with no component":     append(photo[:2:2], frame(0xc0, 8, 8)...),
		"a JPEG without samples":       append(photo[:2:2], frame(0xc0, 9_000, 4_000, 0, 0, 0)...),
		"a JPEG with a length of zero": insert(photo, 2, []byte{0xff, 0xe0, 0, 0}),
		"a JPEG with a length of one":  insert(photo, 2, []byte{0xff, 0xfe, 0, 1}),
		"a JPEG with a huge length":    insert(photo, 2, []byte{0xff, 0xe0, 0xff, 0xff}),
		"a GIF without a frame":        append(gifOf(9, 9, 0, 0, 1, 1)[:19:19], 0x3b),
		"a GIF with an empty frame":    gifOf(9, 9, 0, 0, 0, 0, 2, 0x2c, 0),
		"a GIF of no screen":           gifOf(0, 0, 0, 0, 1, 1, 2, 0x44, 1),
		"a GIF larger than its screen": gifOf(9, 9, 5, 5, 5, 5, 2, 0x44, 1),
		"a WebP with a lying length":   lyingWebP,
		"a WebP of two sizes":          otherWebP,
		"an animated WebP":             testdata(t, "animated.webp"),
	} {
		refused(t, name, file)
	}
}

// The decoder skips what stands here before a segment; who reads a length there sees other segments.
func TestG7_AJPEGCannotHideItsFrameFromUs(t *testing.T) {
	t.Parallel()
	photo := asJPEG(t, paint(image.NewRGBA(image.Rect(0, 0, 64, 48))))
	stray := [][]byte{{0xff, 0x00}, {0x00}, {0xff, 0x01}, {0xff, 0xd8}, {0xff, 0xc3}, {0xff, 0xdc}}
	for n := range byte(8) {
		stray = append(stray, []byte{0xff, 0xd0 + n})
	}
	for _, before := range stray {
		// To the decoder a large frame comes first; read as a length, its marker leads past it.
		hidden := append(bytes.Clone(before), frame(0xc2, 11_000, 11_000, 0x11, 0x11, 0x11)...)
		refused(t, fmt.Sprintf("% x", before), insert(photo, 2, hidden, make([]byte, 0xffc2)))
		refused(t, fmt.Sprintf("% x alone", before), insert(photo, 2, before))
	}
}

func TestG7_ATruncatedFileHasNoPreview(t *testing.T) {
	t.Parallel()
	area := image.Rect(0, 0, 64, 48)
	files := map[string][]byte{
		"PNG": asPNG(t, paint(image.NewRGBA(area))), "GIF": asGIF(t, 64, 48, 1), "JPEG": asJPEG(t, paint(image.NewRGBA(area))),
	}
	for _, name := range []string{"interlaced.png", "progressive.jpg", "cmyk.jpg", "rgb.jpg", "lossy.webp", "lossless.webp", "alpha.webp", "animated.webp"} {
		files[name] = testdata(t, name)
	}
	for name, file := range files {
		for tenth := range 10 {
			refused(t, fmt.Sprintf("%d0 %% of %s", tenth, name), file[:len(file)*tenth/10])
		}
	}
	animated := asGIF(t, 64, 48, 3)
	made(t, animated[:len(animated)-2]) // its first frame is whole
}

func TestG7_AnyByteMayBeWrong(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"interlaced.png", "progressive.jpg", "cmyk.jpg", "rgb.jpg", "lossy.webp", "lossless.webp", "alpha.webp"} {
		file := testdata(t, name)
		for i := range file {
			changed := bytes.Clone(file)
			changed[i] ^= 1 << (i % 8)
			if head, err := inspect(bytes.NewReader(changed), int64(len(changed))); err == nil && head.width*head.height > 1e6 {
				continue // within the bounds, but long to decode
			}
			tryAny(t, changed)
		}
	}
}
