package web

import (
	"fmt"
	"testing"
	"time"

	"deskbell/db/model"
)

func TestH1_AThrottleRemembersABoundedNumberOfClients(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	throttle := NewThrottle(1, 2, 10)
	for range 2 {
		if err := throttle.Spend("ada", "", now); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 9 { // others, yet fewer than push anybody out
		if err := throttle.Spend(fmt.Sprint(i), "", now); err != nil {
			t.Fatal(err)
		}
	}
	if err := throttle.Spend("ada", "Wait.", now); model.KindOf(err) != model.Limited {
		t.Errorf("the third use at one moment: %v, want limited", err)
	}
	if err := throttle.Spend("ada", "", now.Add(time.Second)); err != nil {
		t.Errorf("a second later: %v", err)
	}
	for i := range 1000 {
		throttle.Spend(fmt.Sprint("other", i), "", now) // the outcome is not the point
	}
	if n := len(throttle.now) + len(throttle.old); n > 20 {
		t.Errorf("%d clients are remembered, want 20 at most", n)
	}
}
