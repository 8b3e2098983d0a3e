package web

import (
	"bytes"
	"compress/gzip"
	"io"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/labstack/echo/v4"

	"deskbell/static"
)

// worthCompressing is the length in bytes from which on a page is compressed: what is shorter goes out in one
// packet with its head, compressed or not.
const worthCompressing = 1000

// answer writes HTML with its length, so that it goes out in one piece instead of in chunks of 2 KB.
func (k *Kit) answer(c echo.Context, status int, html []byte) error {
	if len(html) >= worthCompressing && k.takesGzip(c) {
		return k.send(c, status, compressed(html), static.Gzip)
	}
	return k.send(c, status, html, "")
}

// answerGzip answers with compressed HTML; who does not take it so gets it as it was.
func (k *Kit) answerGzip(c echo.Context, page []byte) error {
	if k.takesGzip(c) {
		return k.send(c, http.StatusOK, page, static.Gzip)
	}
	html, err := gunzip(page)
	if err != nil {
		return err
	}
	return k.send(c, http.StatusOK, html, "")
}

func (k *Kit) send(c echo.Context, status int, body []byte, coding string) error {
	header := c.Response().Header()
	header.Set("Content-Language", k.Language(c).Tag)
	header.Set(echo.HeaderContentLength, strconv.Itoa(len(body)))
	if coding != "" {
		header.Set(echo.HeaderContentEncoding, coding)
	}
	return c.HTMLBlob(status, body)
}

// takesGzip says whether a page goes out compressed: where the client reads that and the length can tell
// nobody anything. Why not brotli: for one use it costs more time than the bytes that it saves on a page.
func (k *Kit) takesGzip(c echo.Context) bool {
	c.Response().Header().Add(echo.HeaderVary, echo.HeaderAcceptEncoding)
	return !k.lengthTells(c.Request()) && static.Prefer(c.Request().Header, static.Gzip) != ""
}

// lengthTells says whether another site may have had a browser ask, with the cookies of who uses it: it could
// choose what is asked for, over and over, and somebody on the wire could read from the lengths which guess of
// its stands in the page (P1).
func (k *Kit) lengthTells(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "same-origin", "none": // this site's own pages, and what somebody opened by hand or from a mail program
		return false
	}
	return k.Base.Secure() && r.Header.Get("Cookie") != ""
}

var gzipWriters = sync.Pool{New: func() any {
	w, _ := gzip.NewWriterLevel(nil, gzip.BestSpeed) // the level is one that there is
	return w
}}

// paddingUpTo bounds the bytes by which a compressed page is longer than it need be.
const paddingUpTo = 32

// compressed returns a page by gzip. Its head has a comment of any length: it hides what the length of the
// page would tell of its text.
func compressed(html []byte) []byte {
	var out bytes.Buffer
	w := gzipWriters.Get().(*gzip.Writer)
	defer gzipWriters.Put(w)
	w.Reset(&out)
	w.Comment = strings.Repeat("-", 1+rand.IntN(paddingUpTo))
	w.Write(html) // into memory: it cannot fail
	w.Close()
	return bytes.Clone(out.Bytes()) // without the buffer's spare room
}

var gzipReaders = sync.Pool{New: func() any { return new(gzip.Reader) }}

func gunzip(page []byte) ([]byte, error) {
	r := gzipReaders.Get().(*gzip.Reader)
	defer gzipReaders.Put(r)
	if err := r.Reset(bytes.NewReader(page)); err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}
