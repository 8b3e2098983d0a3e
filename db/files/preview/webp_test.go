package preview

import (
	"encoding/binary"
	"math/bits"
)

// bitWriter writes numbers of some bits, the lowest bit first, as a lossless WebP has them.
type bitWriter struct {
	data []byte
	used int // bits
}

func (w *bitWriter) put(value uint32, count int) {
	for i := range count {
		if w.used%8 == 0 {
			w.data = append(w.data, 0)
		}
		w.data[w.used/8] |= byte(value>>i&1) << (w.used % 8)
		w.used++
	}
}

// oneSymbol writes codes of one symbol, 0, which take no bits in the picture.
func (w *bitWriter) oneSymbol(codes int) {
	for range codes {
		w.put(1, 4) // simple, with one symbol of one bit
	}
}

// lengthOrder is how the lengths of a code of lengths are ordered in the file.
var lengthOrder = []int{17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}

// lengths writes a code of the lengths that the function names, one bit each.
func (w *bitWriter) lengths(count int, has func(length int) bool) {
	w.put(0, 1) // not simple
	w.put(uint32(count-4), 4)
	for _, length := range lengthOrder[:count] {
		if has(length) {
			w.put(1, 3)
		} else {
			w.put(0, 3)
		}
	}
	w.put(0, 1) // for all symbols
}

// full writes a code that is as large as its symbols allow: some of one length, the others a bit longer.
func (w *bitWriter) full(symbols, length int) {
	w.lengths(len(lengthOrder)-3, func(l int) bool { return l == length || l == length+1 })
	for symbol := range symbols {
		longer := symbol >= 2<<length-symbols
		w.put(map[bool]uint32{true: 1}[longer], 1)
	}
}

// losslessWebP makes a file around what body writes behind the size.
func losslessWebP(width, height int, body func(w *bitWriter)) []byte {
	w := &bitWriter{}
	w.put(0x2f, 8)
	w.put(uint32(width-1), 14)
	w.put(uint32(height-1), 14)
	w.put(0, 4)
	body(w)
	for len(w.data)%2 == 1 || len(w.data) < 12 {
		w.data = append(w.data, 0)
	}
	out := binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(w.data)+12))
	out = append(out, "WEBPVP8L"...)
	return append(binary.LittleEndian.AppendUint32(out, uint32(len(w.data))), w.data...)
}

// flat is a picture of one colour out of sixteen, that takes no bits for its pixels: two to a byte at
// first, so that decoding holds it and its half.
func flat(w *bitWriter) {
	w.put(1, 1)  // a transform
	w.put(3, 2)  // by a table of colours
	w.put(15, 8) // of sixteen
	w.put(0, 1)  // without a cache
	w.oneSymbol(5)
	w.put(0, 3) // no other transform, cache or groups
	w.oneSymbol(5)
}

// manyTables asks for a table of its own for each of so many tiles, each of dozens of kilobytes.
func manyTables(tiles int) func(w *bitWriter) {
	return func(w *bitWriter) {
		w.put(0, 1)  // no transform
		w.put(1, 1)  // a cache
		w.put(11, 4) // of 2048 colours, each with a symbol
		w.put(1, 1)  // tables by tile
		w.put(0, 3)  // of 4 × 4 pixels
		w.put(0, 1)  // their picture has no cache
		for _, symbols := range []int{280, 256} {
			w.lengths(12, func(l int) bool { return l == 8 || l == 18 })
			for range 256 {
				w.put(0, 1) // 8 bits
			}
			if symbols > 256 { // the others have none
				w.put(1, 1)
				w.put(uint32(symbols-256-11), 7)
			}
		}
		w.oneSymbol(3)
		for tile := range uint16(tiles) { // the number of its table, in green and red; a code's highest bit comes first
			w.put(uint32(bits.Reverse8(byte(tile))), 8)
			w.put(uint32(bits.Reverse8(byte(tile>>8))), 8)
		}
		for range min(tiles, 2_600) { // of more, none is ever read
			w.full(256+24+2048, 11)
			for range 3 {
				w.full(256, 7)
			}
			w.full(40, 5)
		}
	}
}
