package static

import (
	"net/http"
	"strconv"
	"strings"
)

// ServeHTTP answers with an asset in the smallest form that the client reads, 304 to who has it, and 404 for
// a URL that no page of this program names.
func (a *Assets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	found, ok := a.byURL[r.URL.Path]
	if !ok {
		http.NotFound(w, r)
		return
	}
	header := w.Header()
	header.Set("Content-Type", found.contentType)
	if a.dev != nil {
		a.serveFromDisk(w, found)
		return
	}
	// Such answers are no pages: what the policies say about pages is two thirds of a small one.
	for _, name := range []string{"Content-Security-Policy", "Permissions-Policy", "Cross-Origin-Opener-Policy", "X-Frame-Options", "Referrer-Policy"} {
		header.Del(name)
	}
	header.Set("Cache-Control", "public, max-age=31536000, immutable")
	header.Set("Vary", "Accept-Encoding")
	body, tag := found.body, `"`+found.hash+`"`
	coded := found.coded()
	if coding := Prefer(r.Header, coded.codings...); coding != "" {
		body, tag = coded.forms[coding], `"`+found.hash+"-"+coding+`"`
		header.Set("Content-Encoding", coding)
	}
	header.Set("ETag", tag) // strong: each form of an asset has its own (RFC 9110, 8.8.3.3)
	if TagMatches(r.Header.Get("If-None-Match"), tag) {
		header.Del("Content-Encoding")
		w.WriteHeader(http.StatusNotModified)
		return
	}
	header.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method != http.MethodHead {
		w.Write(body)
	}
}

func (a *Assets) serveFromDisk(w http.ResponseWriter, found asset) {
	w.Header().Set("Cache-Control", "no-store")
	body, err := read(a.dev, found.name)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Write(body)
}

// TagMatches says whether an If-None-Match header names a tag. It compares weakly (RFC 9110, 13.1.2): caches
// between may have made tags weak.
func TagMatches(wanted, tag string) bool {
	for candidate := range strings.SplitSeq(wanted, ",") {
		candidate = strings.TrimPrefix(strings.TrimSpace(candidate), "W/")
		if candidate == strings.TrimPrefix(tag, "W/") || candidate == "*" {
			return true
		}
	}
	return false
}
