package handlers

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/labstack/echo/v4"
)

// readiness keeps the last answer of /readyz for a moment: each check writes durably, and anybody
// may ask.
type readiness struct {
	mu   sync.Mutex
	at   time.Time
	last []string
}

const (
	readyFor     = time.Second
	readyTimeout = 5 * time.Second
	minFreeBytes = 64 << 20
)

// readyz says whether the database writes and the disk has room (A9). Migrations are done before
// the server listens.
func (s *server) readyz(c echo.Context) error {
	problems := s.ready.check(func() []string { return s.notReady(c.Request().Context()) })
	c.Response().Header().Set(echo.HeaderCacheControl, "no-store")
	if len(problems) > 0 {
		return c.String(http.StatusServiceUnavailable, "not ready: "+strings.Join(problems, "; ")+"\n")
	}
	return c.String(http.StatusOK, "ready\n")
}

func (r *readiness) check(look func() []string) []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	if time.Since(r.at) > readyFor {
		r.last = look()
		r.at = time.Now()
	}
	return r.last
}

func (s *server) notReady(ctx context.Context) []string {
	// Not the asker's own context: the answer is for those who ask within a second too.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), readyTimeout)
	defer cancel()
	var problems []string
	if err := s.Kit.DB.CheckWrites(ctx); err != nil {
		s.Kit.Log.Error("readiness", "error", err)
		problems = append(problems, "the database does not write")
	}
	var disk syscall.Statfs_t
	if err := syscall.Statfs(s.DataDir, &disk); err != nil {
		problems = append(problems, "the data folder cannot be read")
	} else if free := disk.Bavail * uint64(disk.Bsize); free < minFreeBytes {
		problems = append(problems, fmt.Sprintf("the disk has only %d MB left", free>>20))
	}
	return problems
}
