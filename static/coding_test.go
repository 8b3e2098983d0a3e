package static

import (
	"net/http"
	"testing"
)

func TestP1_EachClientGetsTheCodingThatItReads(t *testing.T) {
	t.Parallel()
	for accept, want := range map[string]string{
		"": "", "gzip": "gzip", "br, GZIP": "br", "deflate, gzip": "gzip", "deflate": "", "gzip;q=0": "",
		"gzip; q=0.0, br": "br", "gzip;q=0.3": "gzip", "br;q=0.3, gzip;q=0.8": "gzip", "*": "br", "*;q=0": "",
		"br;q=0, *": "gzip", "identity": "", "identity, gzip;q=0.5": "", "gzip, identity;q=0.5": "gzip",
		"gzip;q=nonsense": "", "xgzip": "", "gzip;level=1;q=0": "", ",;q=1,, gzip": "gzip", "br;q=1e9, gzip": "br",
	} {
		if got := Prefer(http.Header{"Accept-Encoding": {accept}}, Brotli, Gzip); got != want {
			t.Errorf("%q gets %q, want %q", accept, got, want)
		}
	}
	if got := Prefer(http.Header{"Accept-Encoding": {"deflate", "gzip"}}, Brotli, Gzip); got != "gzip" {
		t.Errorf("of two headers the second one is not read: %q", got)
	}
}
