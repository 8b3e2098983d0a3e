package handlers

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"deskbell/db/model"
	"deskbell/handlers/web"
)

// readiness keeps the last answer of /readyz for a moment: each check writes durably, and anybody
// may ask.
type readiness struct {
	mu   sync.Mutex
	at   time.Time
	last condition
}

// condition is what one look found: what is wrong, and what is.
type condition struct{ problems, facts []string }

const (
	readyFor     = time.Second
	readyTimeout = 5 * time.Second
	minFreeBytes = 64 << 20
)

// readyz says whether the database writes, the disk has room and the replica follows (A9), a line each.
// Migrations are done before the server listens.
func (s *server) readyz(c echo.Context) error {
	found := s.ready.check(func() condition { return s.condition(c.Request().Context()) })
	c.Response().Header().Set(echo.HeaderCacheControl, "no-store")
	facts := strings.Join(append(found.facts, ""), "\n")
	if len(found.problems) > 0 {
		return c.String(http.StatusServiceUnavailable, "not ready: "+strings.Join(found.problems, "; ")+"\n"+facts)
	}
	return c.String(http.StatusOK, "ready\n"+facts)
}

func (r *readiness) check(look func() condition) condition {
	r.mu.Lock()
	defer r.mu.Unlock()
	if time.Since(r.at) > readyFor {
		r.last = look()
		r.at = time.Now()
	}
	return r.last
}

func (s *server) condition(ctx context.Context) condition {
	// Not the asker's own context: the answer is for those who ask within a second too.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), readyTimeout)
	defer cancel()
	var found condition
	if err := s.Kit.DB.CheckWrites(ctx); err != nil {
		s.Kit.Log.Error("readiness", "error", err)
		found.problems = append(found.problems, "the database does not write")
	}
	found.disk(s.DataDir)
	found.replica(s.Replica(ctx), s.began)
	return found
}

func (found *condition) disk(folder string) {
	free, err := web.FreeBytes(folder)
	switch {
	case err != nil:
		found.problems = append(found.problems, "the data folder cannot be read")
	case free < minFreeBytes:
		found.problems = append(found.problems, fmt.Sprintf("the disk has only %d MB left", free>>20))
	default:
		found.facts = append(found.facts, "disk: "+model.HumanSize(free)+" free")
	}
}

// replica counts as a problem only once it had time to follow since the start.
func (found *condition) replica(r model.Replica, began time.Time) {
	now := time.Now()
	switch {
	case !r.Set:
		found.facts = append(found.facts, "replica: none is set")
	case r.Late(now, began) && r.Problem != "":
		found.problems = append(found.problems, "the replica's age is unknown, because Litestream does not say it")
	case r.Late(now, began):
		found.problems = append(found.problems, fmt.Sprintf("the replica is %s behind", now.Sub(r.SyncedAt).Round(time.Second)))
	case r.SyncedAt.IsZero():
		found.facts = append(found.facts, "replica: begins")
	default:
		found.facts = append(found.facts, fmt.Sprintf("replica: had everything %d s ago", int(now.Sub(r.SyncedAt).Seconds())))
	}
}
