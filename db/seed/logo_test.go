package seed

import (
	"bytes"
	"image/png"
	"testing"
)

// A workspace's logo stands in a square: the demo's fills it.
func TestK3_TheDemoLogoFillsItsSquare(t *testing.T) {
	t.Parallel()
	logo, err := png.Decode(bytes.NewReader(acmeLogo))
	if err != nil {
		t.Fatal(err)
	}
	b := logo.Bounds()
	if b.Dx() != b.Dy() || b.Dx() < 72 { // twice the 36 pixels of the pages, for fine screens
		t.Errorf("the logo is %d by %d pixels", b.Dx(), b.Dy())
	}
	for _, y := range []int{b.Min.Y, b.Min.Y + b.Dy()/2, b.Max.Y - 1} {
		if _, _, _, alpha := logo.At(b.Min.X+b.Dx()/2, y).RGBA(); alpha == 0 {
			t.Errorf("the logo is empty in its middle at %d of %d", y, b.Dy())
		}
	}
}
