package static

import (
	"net/http/httptest"
	"testing"
)

// What has been changed since it was packed has no brotli form: who reads both codings gets the other one.
func TestP1_AnAssetThatIsNotPackedGoesOutByGzip(t *testing.T) {
	t.Parallel()
	assets, err := New(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, packed := range []bool{true, false} {
		sheet := assets.byName["app.css"]
		forms := map[string][]byte{Gzip: gzipped(sheet.body)}
		if packed {
			forms[Brotli] = []byte("packed")
		}
		sheet.coded = func() coded { return coded{forms, smaller(forms, sheet.body)} }
		assets.byURL[sheet.url] = sheet
		r, w := httptest.NewRequest("GET", sheet.url, nil), httptest.NewRecorder()
		r.Header.Set("Accept-Encoding", "gzip, deflate, br")
		assets.ServeHTTP(w, r)
		want := Gzip
		if packed {
			want = Brotli
		}
		if got := w.Header().Get("Content-Encoding"); got != want || w.Body.Len() != len(forms[want]) {
			t.Errorf("packed %v: it goes out by %q, %d bytes", packed, got, w.Body.Len())
		}
	}
}
