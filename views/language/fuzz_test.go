package language

import "testing"

// A browser may wish for anything: the answer is one of our languages, or none.
func FuzzMatch(f *testing.F) {
	for _, seed := range []string{"", "de", "de-AT,de;q=0.8,en;q=0.5", "*;q=0", "q=1,,;", "zh-Hant-TW-x-private", "en;q=9e999", "\x00\xff", "a-b-c-d-e-f-g-h-i-j-k"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, accept string) {
		if l := Match(accept); l != nil && !Known(l.Tag) {
			t.Errorf("%q gives %q, which is none of ours", accept, l.Tag)
		}
	})
}
