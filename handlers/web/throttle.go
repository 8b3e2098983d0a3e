package web

import (
	"sync"
	"time"

	"golang.org/x/time/rate"

	"deskbell/db/model"
)

// Throttle limits how often each client does something that happens at every key press: a bucket of
// tokens per client, in memory. A limit that must hold across a restart is one of db.Spend, which
// writes to the disk each time.
type Throttle struct {
	perSecond rate.Limit
	burst     int
	most      int // clients in a generation

	mu       sync.Mutex
	now, old map[string]*rate.Limiter
}

// NewThrottle allows each client some uses at once and then so many a second. It remembers no more
// than twice as many clients as most says: when there are more, those that have been away for longest
// begin anew.
func NewThrottle(perSecond float64, burst, most int) *Throttle {
	return &Throttle{perSecond: rate.Limit(perSecond), burst: burst, most: most, now: map[string]*rate.Limiter{}}
}

// Spend counts one use at a time. Over the limit it fails with Limited and the wait.
func (t *Throttle) Spend(client, message string, at time.Time) error {
	use := t.limiter(client).ReserveN(at, 1)
	wait := use.DelayFrom(at)
	if wait == 0 {
		return nil
	}
	use.CancelAt(at)
	return &model.Error{Kind: model.Limited, Message: message, RetryAfter: wait}
}

func (t *Throttle) limiter(client string) *rate.Limiter {
	t.mu.Lock()
	defer t.mu.Unlock()
	known := t.now[client]
	if known != nil {
		return known
	}
	if known = t.old[client]; known == nil {
		known = rate.NewLimiter(t.perSecond, t.burst)
	}
	if len(t.now) >= t.most {
		t.now, t.old = map[string]*rate.Limiter{}, t.now
	}
	t.now[client] = known
	return known
}
