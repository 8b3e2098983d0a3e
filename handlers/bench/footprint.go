package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"deskbell/db"
	"deskbell/db/model"
	"deskbell/handlers/web"
)

// footprintTask is what start and memory are called where only they are wanted.
const footprintTask = "footprint"

// busyClients is under how many the memory of a busy server is looked at.
const busyClients = 64

// footprint is what one start of a server gave.
type footprint struct {
	start     time.Duration // from nothing to the first answer
	fresh     int64         // bytes in memory after it, the program's own file among them
	busy      int64         // the most of them while many clients are served
	anonymous int64         // bytes of busy that lie in no file
}

// measureFootprint starts a server on each size of the database, in a process of its own, and bare Echo in turn with it.
func measureFootprint(ctx context.Context, c config, out io.Writer) error {
	rows := [][]string{{"server", "first answer ms", "fresh MB", "busy MB", "of it in no file MB", "on disk KB a ticket"}}
	for _, size := range c.tickets {
		measured, disk, err := footprintOf(ctx, c, size)
		if err != nil {
			return fmt.Errorf("with %s tickets: %w", model.Thousands(size), err)
		}
		for _, name := range []string{bareServer, deskbellServer} {
			rows = append(rows, footprintRow(fmt.Sprintf("%s, %s tickets", name, model.Thousands(size)), measured[name]))
		}
		rows[len(rows)-1][5] = fmt.Sprintf("%.1f", float64(disk)/1024/float64(size))
	}
	fmt.Fprintf(out, "\na server in a process of its own; busy is with %d clients\n\n", busyClients)
	printRows(out, rows)
	return nil
}

const (
	bareServer     = "bare Echo"
	deskbellServer = "Deskbell"
)

func footprintRow(name string, rounds []footprint) []string {
	mb := func(of func(footprint) int64) string {
		return fmt.Sprintf("%.1f", median(rounds, func(f footprint) float64 { return float64(of(f)) / model.MB }))
	}
	return []string{name, fmt.Sprintf("%.0f", median(rounds, func(f footprint) float64 { return ms(f.start) })),
		mb(func(f footprint) int64 { return f.fresh }), mb(func(f footprint) int64 { return f.busy }),
		mb(func(f footprint) int64 { return f.anonymous }), ""}
}

// footprintOf takes all the rounds on one size, and returns how large its file is before them.
func footprintOf(ctx context.Context, c config, size int) (measured map[string][]footprint, disk int64, err error) {
	dir, remove, err := c.folder(size)
	if err != nil {
		return nil, 0, err
	}
	defer func() { err = errors.Join(err, remove()) }()
	data, err := db.Open(ctx, filepath.Join(dir, "deskbell.db"), nil)
	if err != nil {
		return nil, 0, err
	}
	s := newSubject()
	s.filled, err = fill(ctx, data, dir, size)
	if err = errors.Join(err, data.Close()); err != nil {
		return nil, 0, err
	}
	file, err := os.Stat(filepath.Join(dir, "deskbell.db"))
	if err != nil {
		return nil, 0, err
	}
	measured = map[string][]footprint{}
	for range c.rounds {
		for _, server := range []struct{ name, dir string }{{bareServer, ""}, {deskbellServer, dir}} {
			f, err := s.footprintRound(ctx, c, server.dir)
			if err != nil {
				return nil, 0, err
			}
			measured[server.name] = append(measured[server.name], f)
		}
	}
	return measured, file.Size(), nil
}

// footprintRound starts a server on a folder, bare Echo without one, and lets many clients use it.
func (s *subject) footprintRound(ctx context.Context, c config, dir string) (f footprint, err error) {
	begin := time.Now()
	server, err := startChild(ctx, dir)
	if err != nil {
		return f, err
	}
	defer func() { err = errors.Join(err, server.close()) }()
	if err := s.reach(server.address); err != nil {
		return f, err
	}
	form := s.request("GET", "/ticket/"+s.Crowd.Project.PublicID, "", "")
	if response, _, err := s.once(form); err != nil || response.StatusCode != http.StatusOK {
		return f, errors.Join(err, errors.New("the form does not open"))
	}
	f.start = time.Since(begin)
	if f.fresh, _, err = server.held(); err != nil {
		return f, err
	}
	tasks := []task{{name: fixedThread, client: overHTTP(s.address, http.StatusOK, func() []byte { return form })}}
	if dir != "" {
		if err := s.signIn(); err != nil {
			return f, err
		}
		tasks = s.tasks()
	}
	for _, t := range tasks {
		if err := f.use(ctx, server, t, c.each); err != nil {
			return f, fmt.Errorf("%s: %w", t.name, err)
		}
	}
	return f, nil
}

// reach has requests go to a server in another process.
func (s *subject) reach(address string) error {
	keys, err := measuringKeys()
	s.address, s.kit = address, &web.Kit{Keys: keys, Base: model.BaseURL{Scheme: "http", Host: "localhost"}}
	return err
}

// use lets many clients do a task, and looks at the server's memory again and again.
func (f *footprint) use(ctx context.Context, server *child, t task, each time.Duration) error {
	done := make(chan error, 1)
	go func() {
		_, err := measure(ctx, t, busyClients, each)
		done <- err
	}()
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	for {
		select {
		case err := <-done:
			return err
		case <-look.C:
			all, anonymous, err := server.held()
			if err != nil {
				return errors.Join(err, <-done)
			}
			if all > f.busy {
				f.busy, f.anonymous = all, anonymous
			}
		}
	}
}

// held returns what of the process is in memory, and what of that lies in no file, in bytes (proc(5), smaps_rollup).
//
// Why not the proportional set size: this process runs the same program, and would take half of its file over.
func (c *child) held() (all, anonymous int64, err error) {
	rollup, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", c.cmd.Process.Pid))
	if err != nil {
		return 0, 0, err
	}
	figures := map[string]int64{}
	for line := range strings.Lines(string(rollup)) {
		if name, value, ok := strings.Cut(line, ":"); ok {
			kb, _ := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 10, 64) // the first line has none
			figures[name] = kb << 10
		}
	}
	if figures["Rss"] == 0 {
		return 0, 0, errors.New("the kernel says nothing of a process's memory")
	}
	return figures["Rss"], figures["Anonymous"], nil
}

// bareEcho answers everything with a word.
func bareEcho() http.Handler {
	e := echo.New()
	e.Any("/*", func(c echo.Context) error { return c.String(http.StatusOK, "well") })
	return e
}
