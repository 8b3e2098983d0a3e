package model

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
)

// Color is a colour in sRGB.
type Color struct{ R, G, B uint8 }

// ProductColor is Deskbell's own, for workspaces that have none. The stylesheet starts from it.
var ProductColor = Color{0x17, 0x60, 0x5c}

var colorText = regexp.MustCompile(`^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$`)

// ParseColor reads a colour as people write it for the web: "#1d5fa8", with or without the "#", or
// "#fff" with each digit standing for two.
func ParseColor(text string) (c Color, ok bool) {
	found := colorText.FindStringSubmatch(text)
	if found == nil {
		return c, false
	}
	digits := found[1]
	if len(digits) == 3 {
		r, g, b := digits[:1], digits[1:2], digits[2:]
		digits = r + r + g + g + b + b
	}
	n, err := strconv.ParseUint(digits, 16, 32)
	return Color{uint8(n >> 16), uint8(n >> 8), uint8(n)}, err == nil
}

// String is the colour as it is stored: "#" and six small digits.
func (c Color) String() string { return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B) }

// Palette is what pages and mails make of one colour, so that everything on them can be read,
// whatever the colour. Light and Dark are the kinds of page.
type Palette struct {
	Brand     Color // as it was chosen: the ground of buttons
	Text      Color // black or white, on Brand
	InkLight  Color // links and small things
	InkDark   Color
	EdgeLight Color // around what has Brand as its ground
	EdgeDark  Color
}

// The grounds on which ink must be readable, as the stylesheet has them: of page and surface the one
// that leaves less contrast.
var (
	black       = Color{}
	white       = Color{0xff, 0xff, 0xff}
	lightGround = Color{0xf5, 0xf6, 0xf8}
	darkGround  = Color{0x1b, 0x21, 0x25}
)

// Contrasts that WCAG 2.2 wants are 4.5 for text (1.4.3) and 3 for what must be recognised (1.4.11).
// The contrast of ink leaves room above the first: ink also stands on a tint of itself.
const (
	inkContrast  = 5.5
	edgeContrast = 3
)

// Palette returns the colours that go with a colour.
func (c Color) Palette() Palette {
	p := Palette{
		Brand: c, Text: white, EdgeLight: c, EdgeDark: c,
		InkLight: c.until(lightGround, black), InkDark: c.until(darkGround, white),
	}
	if c.contrast(black) > c.contrast(white) {
		p.Text = black
	}
	if c.contrast(lightGround) < edgeContrast {
		p.EdgeLight = p.InkLight
	}
	if c.contrast(darkGround) < edgeContrast {
		p.EdgeDark = p.InkDark
	}
	return p
}

// until moves a colour towards black or white until it stands out from a ground.
func (c Color) until(ground, towards Color) Color {
	moved := c
	for percent := 1; percent <= 100 && moved.contrast(ground) < inkContrast; percent++ {
		mix := func(a, b uint8) uint8 { return uint8((int(a)*(100-percent) + int(b)*percent) / 100) }
		moved = Color{mix(c.R, towards.R), mix(c.G, towards.G), mix(c.B, towards.B)}
	}
	return moved
}

// contrast is the contrast ratio of WCAG 2.2, from 1 to 21.
func (c Color) contrast(other Color) float64 {
	a, b := c.luminance(), other.luminance()
	return (max(a, b) + 0.05) / (min(a, b) + 0.05)
}

// luminance is the relative luminance of WCAG 2.2, from 0 to 1.
func (c Color) luminance() float64 {
	linear := func(v uint8) float64 {
		s := float64(v) / 255
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
}
