package model

import "testing"

func TestN_ALogoIsShownInItsBoxAndNeverLarger(t *testing.T) {
	t.Parallel()
	for logo, want := range map[Logo][2]int{
		{Width: 400, Height: 160}: {100, 40}, {Width: 400, Height: 80}: {200, 40}, {Width: 400, Height: 40}: {200, 20},
		{Width: 160, Height: 160}: {40, 40}, {Width: 264, Height: 80}: {132, 40}, {Width: 400, Height: 133}: {120, 40},
		{Width: 30, Height: 20}: {30, 20}, {Width: 400, Height: 1}: {200, 1}, {Width: 1, Height: 160}: {1, 40},
	} {
		if width, height := logo.Shown(); width != want[0] || height != want[1] {
			t.Errorf("%d × %d is shown as %d × %d, want %v", logo.Width, logo.Height, width, height, want)
		}
	}
}
