package preview

import (
	"bytes"
	"encoding/binary"
	"io"
)

// orientationTag is that of the way in which a picture is to be turned (EXIF 2.32, 4.6.4).
const orientationTag = 0x0112

// exifOrientation reads the orientation, 1 to 8, from a JPEG's APP1 segment; 0 where it says nothing
// that makes sense. Why not a library: this one number of one table is all that is wanted.
func exifOrientation(segment io.Reader) (int, error) {
	data, err := io.ReadAll(segment) // a segment has at most 64 KB
	if err != nil {
		return 0, err
	}
	tiff, ok := bytes.CutPrefix(data, []byte("Exif\x00\x00"))
	if !ok || len(tiff) < 8 {
		return 0, nil
	}
	var order binary.ByteOrder = binary.LittleEndian
	if string(tiff[:2]) == "MM" {
		order = binary.BigEndian
	}
	at := int64(order.Uint32(tiff[4:]))
	if at < 8 || at+2 > int64(len(tiff)) {
		return 0, nil
	}
	entries := tiff[at+2:]
	for range order.Uint16(tiff[at:]) {
		if len(entries) < 12 {
			return 0, nil
		}
		if order.Uint16(entries) == orientationTag {
			if value := int(order.Uint16(entries[8:])); value >= 1 && value <= 8 {
				return value, nil
			}
			return 0, nil
		}
		entries = entries[12:]
	}
	return 0, nil
}
