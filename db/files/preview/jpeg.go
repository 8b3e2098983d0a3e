package preview

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
)

// Markers of a JPEG (ITU T.81, table B.1).
const (
	startOfFrame0 = 0xc0 // baseline
	startOfFrame2 = 0xc2 // progressive
	huffmanTables = 0xc4
	quantTables   = 0xdb
	restarts      = 0xdd
	app0          = 0xe0
	app1          = 0xe1
	app15         = 0xef
	comment       = 0xfe
)

// inspectJPEG reads the markers of a JPEG up to its frame (ITU T.81, B.1.1), and the orientation in the
// EXIF before it.
func inspectJPEG(r *bufio.Reader) (header, error) {
	h := header{format: "jpeg", frames: 1}
	if _, err := r.Discard(2); err != nil {
		return h, err
	}
	for {
		marker, segment, err := nextSegment(r)
		if err != nil {
			return h, err
		}
		if marker >= startOfFrame0 && marker <= startOfFrame2 {
			return h, h.readFrame(segment, marker == startOfFrame2)
		}
		if marker == app1 && h.orientation == 0 {
			if h.orientation, err = exifOrientation(segment); err != nil {
				return h, err
			}
		}
		if _, err := io.Copy(io.Discard, segment); err != nil {
			return h, err
		}
	}
}

// nextSegment reads a marker and the length behind it. Only what may stand before a frame passes:
// the decoder skips stray bytes and markers without a length, and who read a length there would go on
// elsewhere than the decoder.
func nextSegment(r *bufio.Reader) (byte, io.Reader, error) {
	marker, err := nextMarker(r)
	if err != nil {
		return 0, nil, err
	}
	switch {
	case marker >= startOfFrame0 && marker <= startOfFrame2, marker >= app0 && marker <= app15:
	case marker == huffmanTables, marker == quantTables, marker == restarts, marker == comment:
	default:
		return 0, nil, errFormat
	}
	var length [2]byte
	if _, err := io.ReadFull(r, length[:]); err != nil {
		return 0, nil, err
	}
	n := int64(binary.BigEndian.Uint16(length[:])) - 2
	if n < 0 {
		return 0, nil, errFormat
	}
	return marker, io.LimitReader(r, n), nil
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
	if h.pixelBits = samples; progressive { // a coefficient of four bytes for each sample
		h.pixelBits += 4 * samples
	}
	if components > 1 {
		// RGB and CMYK are made into one more picture; what says that a picture is RGB may stand
		// behind its frame.
		h.pixelBits += 32
	}
	return nil
}

// readSamples returns how many bits the samples of each pixel take, by how the components are sampled:
// 12 of a usual photo.
func readSamples(segment io.Reader, components int) (int, error) {
	parts := make([]byte, 3*components)
	if _, err := io.ReadFull(segment, parts); err != nil {
		return 0, err
	}
	total, most := 0, 0
	for i := range components {
		across, down := int(parts[3*i+1]>>4), int(parts[3*i+1]&15)
		if across < 1 || down < 1 {
			return 0, errFormat
		}
		total += across * down
		most = max(most, across*down)
	}
	return (8*total + most - 1) / most, nil
}
