package preview

import (
	"bufio"
	"encoding/binary"
	"io"
)

// inspectGIF reads a GIF block by block and counts its frames (GIF89a). It decodes none.
func inspectGIF(r *bufio.Reader) (header, error) {
	head, err := r.Peek(13)
	if err != nil {
		return header{}, err
	}
	h := header{
		format: "gif", pixelBits: 16,
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
