package web

import (
	"testing"

	"deskbell/db/model"
)

func TestH1_FormsInFlightAreCountedForEachClient(t *testing.T) {
	t.Parallel()
	var f inFlight
	var ends []func()
	for range maxInFlight {
		done, err := f.begin("a")
		if err != nil {
			t.Fatal(err)
		}
		ends = append(ends, done)
	}
	if _, err := f.begin("a"); model.KindOf(err) != model.Limited {
		t.Errorf("one more than possible: %v", err)
	}
	other, err := f.begin("b")
	if err != nil {
		t.Errorf("another client: %v", err)
	}
	ends[0]()
	again, err := f.begin("a")
	if err != nil {
		t.Errorf("once one has ended: %v", err)
	}
	for _, end := range append(ends[1:], other, again) {
		end()
	}
	if len(f.forms) != 0 {
		t.Errorf("%v are still counted", f.forms)
	}
}
