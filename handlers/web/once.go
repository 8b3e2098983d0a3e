package web

import (
	"bytes"
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"deskbell/db/model"
	"deskbell/views"
)

const (
	// clickPatience is how long after the first click of a form's button a second one does nothing. Later the
	// same form is sent again on purpose: from the page that a browser kept, say.
	clickPatience = 10 * time.Second
	// maxClicks bounds how many forms are remembered, at some kilobytes each.
	maxClicks = 1000
)

// clicks are the forms that were sent within the last seconds. Memory is enough: a restart takes longer than a
// double click.
type clicks struct {
	mu     sync.Mutex
	newest map[string]*click // of each form
}

// click is a form that was sent.
type click struct {
	typed  string        // its fields
	done   chan struct{} // closed once it is answered
	answer *answer       // after that; nil: something was wrong with it, and it may be sent again
}

type answer struct {
	status int
	header http.Header
	body   []byte
}

// Once lets a form through once, so that an impatient second click on a slow line is answered as the first was,
// where no script holds it back. It is for forms that would fail the second time, or do something twice, and have
// no key of their own; it knows them by views.OnceField, which each drawing of a page makes anew. Only a browser that
// sends a page's form can be clicked so (navigates): scripts and other programs mean each thing that they send.
func (k *Kit) Once(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		h := c.Request().Header
		if !navigates(h) || !strings.HasPrefix(h.Get(echo.HeaderContentType), echo.MIMEApplicationForm) {
			return next(c)
		}
		posted, err := ReadForm(c)
		if err != nil {
			return err
		}
		once := posted.Raw(views.OnceField)
		if once == "" || len(once) > 64 {
			return next(c)
		}
		form := strings.Join([]string{Host(c), c.Request().URL.Path, once}, "\n")
		for typed := model.Hash(posted.values.Encode()); ; {
			first, mine := k.clicks.begin(keyOf(form, c.Cookies()), typed)
			switch {
			case first == nil:
				return next(c)
			case mine:
				return k.clicks.answer(c, form, first, next)
			}
			select {
			case <-first.done:
			case <-c.Request().Context().Done():
				return c.Request().Context().Err()
			}
			if a := first.answer; a != nil {
				maps.Copy(c.Response().Header(), a.header)
				c.Response().WriteHeader(a.status)
				_, err := c.Response().Write(a.body)
				return err
			}
		}
	}
}

// navigates reports whether a browser goes to another page by this request, as it says itself: by Sec-Fetch-Mode
// (W3C Fetch Metadata) over https and to its own machine, by Upgrade-Insecure-Requests (W3C) elsewhere.
func navigates(h http.Header) bool {
	if mode := h.Get("Sec-Fetch-Mode"); mode != "" {
		return mode == "navigate"
	}
	return h.Get("Upgrade-Insecure-Requests") == "1"
}

// keyOf names a form that a browser sends. Its cookies name the browser, and who is signed in there: nobody else
// gets the answer.
func keyOf(form string, cookies []*http.Cookie) string {
	held := make([]string, 0, len(cookies))
	for _, cookie := range cookies {
		held = append(held, cookie.Name+"="+cookie.Value)
	}
	slices.Sort(held)
	return form + "\n" + strings.Join(held, "\n")
}

// after returns a browser's cookies once it has an answer's head.
func after(held, set []*http.Cookie) []*http.Cookie {
	held = slices.DeleteFunc(slices.Clone(held), func(old *http.Cookie) bool {
		return slices.ContainsFunc(set, func(s *http.Cookie) bool { return s.Name == old.Name })
	})
	return append(held, slices.DeleteFunc(set, func(s *http.Cookie) bool { return s.MaxAge < 0 })...)
}

// begin returns the click of a form with these fields, and whether it is the caller's to answer; nil where too
// many are remembered.
func (l *clicks) begin(key, typed string) (first *click, mine bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if first = l.newest[key]; first != nil && first.typed == typed {
		return first, false
	}
	if len(l.newest) >= maxClicks {
		return nil, false
	}
	if l.newest == nil {
		l.newest = map[string]*click{}
	}
	first = &click{typed: typed, done: make(chan struct{})}
	l.newest[key] = first
	return first, true
}

// answer answers a form, and keeps the answer for a while, unless something was wrong: for the browser as it was,
// and as it is once it has the answer's cookies, while the next page is still on its way.
func (l *clicks) answer(c echo.Context, form string, first *click, next echo.HandlerFunc) error {
	r := c.Response()
	copied := &copying{ResponseWriter: r.Writer}
	r.Writer = copied
	keys := []string{keyOf(form, c.Cookies())}
	defer func() { // after a panic too
		r.Writer = copied.ResponseWriter
		if r.Committed && r.Status < http.StatusBadRequest {
			header := r.Header().Clone()
			header.Del(echo.HeaderXRequestID)
			first.answer = &answer{r.Status, header, copied.body.Bytes()}
			if set := (&http.Response{Header: header}).Cookies(); len(set) > 0 {
				keys = append(keys, keyOf(form, after(c.Cookies(), set)))
				l.keep(keys[1], first)
			}
			time.AfterFunc(clickPatience, func() { l.forget(keys, first) })
		} else {
			l.forget(keys, first)
		}
		close(first.done)
	}()
	// The second click ends the first one's connection: what has begun goes on for the second.
	c.SetRequest(c.Request().WithContext(context.WithoutCancel(c.Request().Context())))
	return next(c)
}

func (l *clicks) keep(key string, which *click) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.newest[key] = which
}

func (l *clicks) forget(keys []string, which *click) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, key := range keys {
		if l.newest[key] == which {
			delete(l.newest, key)
		}
	}
}

// copying keeps a copy of what is answered.
type copying struct {
	http.ResponseWriter
	body bytes.Buffer
}

func (w *copying) Write(b []byte) (int, error) {
	w.body.Write(b)
	return w.ResponseWriter.Write(b)
}

// Unwrap is how the server's own methods are found (http.ResponseController).
func (w *copying) Unwrap() http.ResponseWriter { return w.ResponseWriter }
