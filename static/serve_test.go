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
		sheet.coded[Brotli], sheet.codings = []byte("packed"), []string{Brotli, Gzip}
		if !packed {
			delete(sheet.coded, Brotli)
			sheet.codings = smaller(sheet.coded, sheet.body)
		}
		assets.byURL[sheet.url] = sheet
		r, w := httptest.NewRequest("GET", sheet.url, nil), httptest.NewRecorder()
		r.Header.Set("Accept-Encoding", "gzip, deflate, br")
		assets.ServeHTTP(w, r)
		want := Gzip
		if packed {
			want = Brotli
		}
		if got := w.Header().Get("Content-Encoding"); got != want || w.Body.Len() != len(sheet.coded[want]) {
			t.Errorf("packed %v: it goes out by %q, %d bytes", packed, got, w.Body.Len())
		}
	}
}
