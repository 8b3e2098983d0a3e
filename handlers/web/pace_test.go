package web

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"
)

// A request that is there may be worked on and answered for as long as its handler takes, whatever the pace of
// forms is: a long download asks the store and the database all the way.
func TestP5_TheTimeOfAFormEndsWithTheForm(t *testing.T) {
	t.Parallel()
	k := &Kit{Pace: Pace{Form: 50 * time.Millisecond, Answer: time.Minute, Pause: time.Minute, Transfer: time.Minute}}
	e := echo.New()
	e.Use(k.KeepPace)
	work := func(c echo.Context) error {
		if c.Request().Method == http.MethodPost {
			if err := limitBody(c, MaxForm); err != nil {
				return err
			}
			if _, err := ReadForm(c); err != nil {
				return err
			}
		}
		select {
		case <-c.Request().Context().Done():
			return c.NoContent(http.StatusServiceUnavailable)
		case <-time.After(5 * k.Pace.Form):
			return c.NoContent(http.StatusOK)
		}
	}
	e.GET("/", work)
	e.POST("/", work)
	server := httptest.NewServer(e)
	t.Cleanup(server.Close)
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		r, err := http.NewRequest(method, server.URL, strings.NewReader("a=b"))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", echo.MIMEApplicationForm)
		if method == http.MethodGet {
			r.Body, r.ContentLength = http.NoBody, 0
		}
		response, err := server.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != http.StatusOK {
			t.Errorf("%s: the request was given up while it was worked on", method)
		}
	}
}
