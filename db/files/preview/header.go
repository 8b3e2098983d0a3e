package preview

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
)

// header is what a picture says of itself before anything of it is decoded.
type header struct {
	format      string // png, jpeg, gif or webp
	width       int
	height      int
	frames      int
	pixelBits   int // that decoding holds for each pixel at most
	tables      int // bytes that it holds besides
	orientation int // EXIF, 1 to 8; 0: it says nothing
}

// memory is what decoding holds at most, in bytes.
func (h header) memory() int { return h.width*h.height*h.pixelBits/8 + h.tables }

var errFormat = errors.New("it is no picture of a known format")

// inspect reads the header of a picture of so many bytes. Where it reads a format itself, it is
// stricter than the decoder: if the two could see different frames in one file, no bound would hold.
func inspect(file io.ReadSeeker, size int64) (header, error) {
	magic := make([]byte, 16)
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return header{}, err
	}
	if _, err := io.ReadFull(file, magic); err != nil {
		return header{}, err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return header{}, err
	}
	r := bufio.NewReader(file)
	switch {
	case bytes.HasPrefix(magic, []byte("\x89PNG\r\n\x1a\n")):
		return inspectPNG(r)
	case bytes.HasPrefix(magic, []byte("\xff\xd8\xff")):
		return inspectJPEG(r)
	case bytes.HasPrefix(magic, []byte("GIF8")):
		return inspectGIF(r)
	case string(magic[:4]) == "RIFF" && string(magic[8:12]) == "WEBP":
		return inspectWebP(r, magic, size)
	}
	return header{}, errFormat
}

func inspectPNG(r io.Reader) (header, error) {
	head := make([]byte, 29) // the signature and the whole of IHDR
	if _, err := io.ReadFull(r, head); err != nil {
		return header{}, err
	}
	h := header{
		format: "png", frames: 1, pixelBits: 32,
		width: int(binary.BigEndian.Uint32(head[16:])), height: int(binary.BigEndian.Uint32(head[20:])),
	}
	if depth := head[24]; depth == 16 {
		h.pixelBits = 64
	}
	if interlaced := head[28] != 0; interlaced {
		h.pixelBits *= 2 // the passes, together as large as the whole, are pictures beside it
	}
	return h, nil
}
