package preview

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"

	"golang.org/x/image/webp"
)

// header is what a picture says of itself before anything of it is decoded.
type header struct {
	format      string // png, jpeg, gif or webp
	width       int
	height      int
	frames      int
	pixelBytes  int // that decoding holds for each pixel
	orientation int // EXIF, 1 to 8; 0: it says nothing
}

func (h header) memory() int { return h.width * h.height * h.pixelBytes }

var errFormat = errors.New("it is no picture of a known format")

// inspect reads the header of a picture.
func inspect(file io.ReadSeeker) (header, error) {
	magic := make([]byte, 12)
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
	case string(magic[:4]) == "RIFF" && string(magic[8:]) == "WEBP":
		config, err := webp.DecodeConfig(r)
		// YCbCr of its own, with alpha beside it, and one more copy of it at most.
		return header{format: "webp", width: config.Width, height: config.Height, frames: 1, pixelBytes: 6}, err
	}
	return header{}, errFormat
}

func inspectPNG(r io.Reader) (header, error) {
	head := make([]byte, 29) // the signature and the whole of IHDR
	if _, err := io.ReadFull(r, head); err != nil {
		return header{}, err
	}
	h := header{
		format: "png", frames: 1, pixelBytes: 4,
		width: int(binary.BigEndian.Uint32(head[16:])), height: int(binary.BigEndian.Uint32(head[20:])),
	}
	if depth := head[24]; depth == 16 {
		h.pixelBytes = 8
	}
	if interlaced := head[28] != 0; interlaced {
		h.pixelBytes += h.pixelBytes / 2 // the last pass is held beside the whole
	}
	return h, nil
}

// inspectGIF reads a GIF block by block and counts its frames (GIF89a). It decodes none.
func inspectGIF(r *bufio.Reader) (header, error) {
	head, err := r.Peek(13)
	if err != nil {
		return header{}, err
	}
	h := header{
		format: "gif", pixelBytes: 2,
		width: int(binary.LittleEndian.Uint16(head[6:])), height: int(binary.LittleEndian.Uint16(head[8:])),
	}
	if _, err := r.Discard(13 + colorTable(head[10])); err != nil {
		return h, err
	}
	for h.frames <= maxFrames {
		block, err := r.ReadByte()
		switch {
		case err != nil || block == 0x3b: // the end, or a file without one
			return h, nil
		case block == 0x21: // an extension: its label, then its parts
			_, err = r.Discard(1)
		case block == 0x2c:
			h.frames++
			err = skipImage(r)
		default:
			return h, errFormat
		}
		if err == nil {
			err = skipParts(r)
		}
		if err != nil { // cut off behind some frame: the first may still be whole
			return h, nil
		}
	}
	return h, nil
}

// colorTable is the size of a color table in bytes, by the flags that announce it.
func colorTable(flags byte) int {
	if flags&0x80 == 0 {
		return 0
	}
	return 3 << (flags&7 + 1)
}

// skipImage skips a frame up to its parts.
func skipImage(r *bufio.Reader) error {
	descriptor := make([]byte, 9)
	if _, err := io.ReadFull(r, descriptor); err != nil {
		return err
	}
	_, err := r.Discard(colorTable(descriptor[8]) + 1) // and the size of its codes
	return err
}

func skipParts(r *bufio.Reader) error {
	for {
		n, err := r.ReadByte()
		if err != nil || n == 0 {
			return err
		}
		if _, err := r.Discard(int(n)); err != nil {
			return err
		}
	}
}

// inspectJPEG reads the markers of a JPEG up to its frame (ITU T.81, B.1.1), and the orientation in the
// EXIF before it.
func inspectJPEG(r *bufio.Reader) (header, error) {
	h := header{format: "jpeg", frames: 1}
	if _, err := r.Discard(2); err != nil {
		return h, err
	}
	for {
		marker, err := nextMarker(r)
		if err != nil {
			return h, err
		}
		var length [2]byte
		if _, err := io.ReadFull(r, length[:]); err != nil {
			return h, err
		}
		n := int(binary.BigEndian.Uint16(length[:])) - 2
		if n < 0 {
			return h, errFormat
		}
		segment := io.LimitReader(r, int64(n))
		switch {
		case marker == 0xe1 && h.orientation == 0:
			if h.orientation, err = exifOrientation(segment); err != nil {
				return h, err
			}
		case marker == 0xda || marker == 0xd9: // the picture begins, or ends, without a frame
			return h, errFormat
		case marker >= 0xc0 && marker <= 0xc2:
			return h, h.readFrame(segment, marker == 0xc2)
		}
		if _, err := io.Copy(io.Discard, segment); err != nil {
			return h, err
		}
	}
}

// nextMarker reads a marker; fill bytes may stand before it.
func nextMarker(r *bufio.Reader) (byte, error) {
	b, err := r.ReadByte()
	if err != nil || b != 0xff {
		return 0, errors.Join(err, errFormat)
	}
	for b == 0xff {
		if b, err = r.ReadByte(); err != nil {
			return 0, err
		}
	}
	return b, nil
}

// readFrame reads the size and the components of a frame.
func (h *header) readFrame(segment io.Reader, progressive bool) error {
	frame := make([]byte, 6)
	if _, err := io.ReadFull(segment, frame); err != nil {
		return err
	}
	h.height, h.width = int(binary.BigEndian.Uint16(frame[1:])), int(binary.BigEndian.Uint16(frame[3:]))
	components := int(frame[5])
	if components < 1 || components > 4 {
		return errFormat
	}
	samples, err := readSamples(segment, components)
	if err != nil {
		return err
	}
	h.pixelBytes = samples
	if progressive { // a coefficient of four bytes for each sample
		h.pixelBytes += 4 * samples
	}
	if components == 4 { // made into one more picture
		h.pixelBytes += 4
	}
	return nil
}

// readSamples returns how many samples there are for each pixel, rounded up, by how the components are
// sampled.
func readSamples(segment io.Reader, components int) (int, error) {
	parts := make([]byte, 3*components)
	if _, err := io.ReadFull(segment, parts); err != nil {
		return 0, err
	}
	total, most := 0, 1
	for i := range components {
		across, down := int(parts[3*i+1]>>4), int(parts[3*i+1]&15)
		total += across * down
		most = max(most, across*down)
	}
	return (total + most - 1) / most, nil
}
