package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"time"

	"deskbell/db"
	"deskbell/db/seed"
	"deskbell/handlers/web"
	"deskbell/views"
)

// filled is what is known of a filled database. Where it is kept, this lies beside it.
type filled struct {
	Crowd   seed.Crowd // without its threads
	Tickets int
	Threads []db.PastThread // that are looked at
	Took    time.Duration
}

// lookedAt bounds how many threads are looked at: many, as in a day of a busy desk.
const lookedAt = 2000

// folder makes a folder for a database, and returns what removes it in the end. One that is kept goes by its size.
func (c config) folder(size int) (dir string, remove func() error, err error) {
	if c.keep {
		dir = filepath.Join(c.dir, fmt.Sprint("kept-", size))
		return dir, func() error { return nil }, os.MkdirAll(dir, 0o700)
	}
	dir, err = os.MkdirTemp(c.dir, "bench-")
	return dir, func() error { return os.RemoveAll(dir) }, err
}

// fill writes tickets into an empty database, or returns what an earlier run wrote there.
func fill(ctx context.Context, data *db.DB, dir string, tickets int) (f filled, err error) {
	path := filepath.Join(dir, "filled.json")
	switch kept, err := os.ReadFile(path); {
	case err == nil:
		return f, json.Unmarshal(kept, &f)
	case !errors.Is(err, fs.ErrNotExist):
		return f, err
	}
	begin := time.Now()
	if f.Crowd, err = seed.Many(ctx, data, tickets, views.Markdown, web.HashPassword); err != nil {
		return f, fmt.Errorf("fill %s, which is to be empty or as an earlier run kept it: %w", dir, err)
	}
	f.Took, f.Tickets, f.Threads = time.Since(begin), tickets, slices.Clone(f.Crowd.Threads)
	f.Crowd.Threads = nil
	rand.Shuffle(len(f.Threads), func(i, j int) { f.Threads[i], f.Threads[j] = f.Threads[j], f.Threads[i] })
	f.Threads = f.Threads[:min(lookedAt, len(f.Threads))]
	kept, err := json.Marshal(f)
	if err != nil {
		return f, err
	}
	return f, os.WriteFile(path, kept, 0o600)
}
