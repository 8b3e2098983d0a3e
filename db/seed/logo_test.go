package seed

import (
	"bytes"
	"image/png"
	"testing"
)

func TestO3_TheDemosLogoFillsItsFrame(t *testing.T) {
	t.Parallel()
	logo, err := png.Decode(bytes.NewReader(acmeLogo))
	if err != nil {
		t.Fatal(err)
	}
	frame := logo.Bounds()
	centre := logo.At((frame.Min.X+frame.Max.X)/2, (frame.Min.Y+frame.Max.Y)/2)
	if _, _, _, alpha := centre.RGBA(); alpha != 0xffff {
		t.Errorf("the middle of the logo is %v, want it opaque", centre)
	}
}
