package web

import (
	"strings"
	"testing"
)

func TestP1_ACompressedPageIsWholeAndDoesNotTellItsLength(t *testing.T) {
	t.Parallel()
	page := []byte(strings.Repeat("<p>Hello</p>", 1000))
	lengths := map[int]bool{}
	for range 200 {
		packed := compressed(page)
		lengths[len(packed)] = true
		if back, err := gunzip(packed); err != nil || string(back) != string(page) {
			t.Fatalf("what was compressed comes back as %d bytes, %v", len(back), err)
		}
	}
	if len(lengths) < paddingUpTo/2 {
		t.Errorf("200 times the same page have only %d lengths", len(lengths))
	}
}
