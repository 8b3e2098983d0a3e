package preview

import (
	"encoding/binary"
	"image"
	"io"

	"golang.org/x/image/webp"
)

// inspectWebP reads the size of a WebP picture. An animated one has no picture that the decoder knows.
func inspectWebP(r io.Reader, magic []byte, size int64) (header, error) {
	// The decoder makes room for as many bytes as the file names, before it reads them.
	if named := int64(binary.LittleEndian.Uint32(magic[4:])); named+8 > size {
		return header{}, io.ErrUnexpectedEOF
	}
	config, err := webp.DecodeConfig(r)
	h := header{format: "webp", width: config.Width, height: config.Height, frames: 1}
	switch string(magic[12:16]) {
	case "VP8 ":
		h.pixelBits = 16 // YCbCr 4:2:0 alone
	case "VP8L":
		h.pixelBits, h.tables = 56, losslessTables // RGBA, with half of it while a table of colours is undone
	default:
		h.pixelBits, h.tables = 80, losslessTables // a lossless picture as the alpha of a lossy one
	}
	return h, err
}

// losslessTables is what the codes of a lossless picture take, in bytes: the decoder allows 2,600 groups
// of five, and their size has nothing to do with that of the picture.
const losslessTables = 150 << 20

// decodeWebP decodes a WebP picture. The decoder returns a lossy one's samples as they are stored, of
// 16 to 235, and Go's YCbCr goes from 0 to 255: unstretched, white would be gray.
func decodeWebP(r io.Reader) (image.Image, error) {
	picture, err := webp.Decode(r)
	switch p := picture.(type) {
	case *image.YCbCr:
		stretchAll(p)
	case *image.NYCbCrA:
		stretchAll(&p.YCbCr)
	}
	return picture, err
}

// stretchAll makes samples of ITU-R BT.601's range into those of JFIF, in place.
func stretchAll(p *image.YCbCr) {
	stretch(p.Y, 16, 219, 0)
	stretch(p.Cb, 128, 224, 128)
	stretch(p.Cr, 128, 224, 128)
}

// stretch makes a range of samples around a centre 255 wide, and moves the centre.
func stretch(samples []byte, centre, width, to int) {
	var table [256]byte
	for i := range table {
		table[i] = byte(min(max((i-centre)*255/width+to, 0), 255))
	}
	for i, s := range samples {
		samples[i] = table[s]
	}
}
