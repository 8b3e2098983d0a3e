package web

import (
	"fmt"
	"strings"
	"testing"
)

func TestI1_WhatIsKeptIsBoundedAndLosesWhatNobodyAsksFor(t *testing.T) {
	const max = 10_000
	kept := NewKept(max)
	page := []byte(strings.Repeat("x", 500))
	for i := range 100 {
		kept.put(fmt.Sprint("page ", i), page)
		if kept.get("page 0") == nil {
			t.Fatalf("the page that is always asked for is gone after %d others", i)
		}
		if kept.bytes > max {
			t.Fatalf("%d bytes are kept, more than %d", kept.bytes, max)
		}
	}
	if kept.get("page 1") != nil || kept.get("page 99") == nil {
		t.Error("an old page is kept, or a new one is not")
	}
	if n := len(kept.pages); n != kept.recent.Len() || n < 10 {
		t.Errorf("%d pages by name, %d in order", n, kept.recent.Len())
	}
	kept.put("large", make([]byte, max/2))
	if kept.get("large") != nil {
		t.Error("a page that takes half of the room is kept")
	}
	if none := NewKept(0); func() bool { none.put("a", page); return none.get("a") != nil }() {
		t.Error("a store of no bytes keeps a page")
	}
}
