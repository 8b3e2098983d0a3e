package web

import (
	"io"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"deskbell/db/model"
)

// Pace is how slow a client may be: the one place that says how long a connection may hold a request. A slow
// client holds its connection and some memory, and neither a transaction nor anybody else.
type Pace struct {
	Form     time.Duration // until a form without files is there
	Answer   time.Duration // from then until the answer is taken, unless it is a file
	Pause    time.Duration // of a file that comes or goes: without a byte
	Transfer time.Duration // of a file that comes or goes: in all
}

// UsualPace is fit for a telephone on a bad connection.
func UsualPace() Pace {
	return Pace{Form: 30 * time.Second, Answer: 30 * time.Second, Pause: 60 * time.Second, Transfer: 30 * time.Minute}
}

// KeepPace ends the connection of a client that takes longer than a form may. Who sends or takes a file gets
// more time as long as something moves.
func (k *Kit) KeepPace(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		conn, now := http.NewResponseController(c.Response()), time.Now()
		conn.SetReadDeadline(now.Add(k.Pace.Form)) // a connection without deadlines needs none
		conn.SetWriteDeadline(now.Add(k.Pace.Form + k.Pace.Answer))
		if r := c.Request(); r.Body == nil || r.Body == http.NoBody {
			whole(conn)
		} else {
			r.Body = &paced{ReadCloser: r.Body, conn: conn}
		}
		return next(c)
	}
}

// whole says that a request is there. Why: the server goes on reading, to notice that the client left, and
// takes the end of the time for that.
func whole(conn *http.ResponseController) { conn.SetReadDeadline(time.Time{}) }

// paced is a request's body that knows when it is there.
type paced struct {
	io.ReadCloser
	conn *http.ResponseController
}

func (p *paced) Read(b []byte) (int, error) {
	n, err := p.ReadCloser.Read(b)
	if err == io.EOF {
		whole(p.conn)
	}
	return n, err
}

// patient lets a request's body take its time, as long as something comes.
func (k *Kit) patient(c echo.Context) {
	bounded, ok := c.Request().Body.(*body)
	if !ok {
		return
	}
	conn := http.NewResponseController(c.Response())
	end := time.Now().Add(k.Pace.Transfer)
	bounded.progress = k.progress(func() {
		deadline := earlier(time.Now().Add(k.Pace.Pause), end)
		conn.SetReadDeadline(deadline)
		conn.SetWriteDeadline(deadline.Add(k.Pace.Answer))
	})
}

// extendWrites lets an answer take its time, as long as something goes.
func (k *Kit) extendWrites(c echo.Context) progress {
	conn := http.NewResponseController(c.Response())
	end := time.Now().Add(k.Pace.Transfer)
	return k.progress(func() { conn.SetWriteDeadline(earlier(time.Now().Add(k.Pace.Pause), end)) })
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// progress calls extend before a read or write, but not for each.
type progress struct {
	extend func() // nil: nothing is extended
	every  time.Duration
	last   time.Time
}

func (k *Kit) progress(extend func()) progress {
	return progress{extend: extend, every: min(time.Second, k.Pace.Pause/10)}
}

func (p *progress) step() {
	if now := time.Now(); p.extend != nil && now.Sub(p.last) > p.every {
		p.last = now
		p.extend()
	}
}

// tooSlow is the failure of a form that did not come in time.
func tooSlow() error {
	return model.Fail(model.TooSlow, "The form took too long to arrive. Go back and send it again, where the connection is better.")
}
