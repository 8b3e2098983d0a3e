package web

import (
	"io"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"deskbell/db/model"
)

// MaxForm is the size of a request body without files, in bytes.
const MaxForm = 1 << 20

// LimitBody refuses a larger body while it is being received. A length that is announced is
// refused before anything is read.
func LimitBody(bytes int64) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if err := limitBody(c, bytes); err != nil {
				return tooLarge(bytes)
			}
			return next(c)
		}
	}
}

// limitBody bounds a request's body. An announced length that is too large fails at once.
func limitBody(c echo.Context, bytes int64) error {
	r := c.Request()
	if r.Body != nil && r.Body != http.NoBody {
		r.Body = &body{ReadCloser: http.MaxBytesReader(nil, r.Body, bytes), whole: r.Body}
	}
	if r.ContentLength > bytes {
		linger(c)
		return &http.MaxBytesError{Limit: bytes}
	}
	return nil
}

// body is a bounded body that knows the whole one.
type body struct {
	io.ReadCloser
	progress
	whole io.Reader
}

func (b *body) Read(p []byte) (int, error) {
	b.step()
	return b.ReadCloser.Read(p)
}

func tooLarge(limit int64) error {
	return model.Fail(model.TooLarge, "This is larger than the {0} that can be sent at once. Go back, shorten it, and send it again.",
		model.Size(limit))
}

// Bounds of what is read and thrown away behind a refusal.
const (
	lingerBytes = 64 << 20
	lingerTime  = 5 * time.Second
)

// linger reads a refused body on for a while once the answer is out, and ends the connection then.
// Why: a browser that cannot finish sending shows an error of its own instead of our page.
func linger(c echo.Context) {
	bounded, ok := c.Request().Body.(*body)
	if !ok {
		return
	}
	conn := http.NewResponseController(c.Response())
	if conn.EnableFullDuplex() != nil { // HTTP/2 and tests without a connection need none of this
		return
	}
	c.Response().Header().Set("Connection", "close")
	lingered := false
	c.Response().After(func() {
		if lingered {
			return
		}
		lingered = true
		if conn.Flush() == nil && conn.SetReadDeadline(time.Now().Add(lingerTime)) == nil {
			_, _ = io.CopyN(io.Discard, bounded.whole, lingerBytes) // its end does not matter
		}
	})
}
