package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"deskbell/db"
	"deskbell/db/files"
	"deskbell/db/model"
	"deskbell/db/seed"
	"deskbell/handlers"
	"deskbell/handlers/desk"
	"deskbell/handlers/web"
	"deskbell/jobs"
	"deskbell/static"
	"deskbell/views"
	mailviews "deskbell/views/mail"
)

// serve starts everything, and stops it clean when the context ends (O6).
func serve(ctx context.Context, c Config, out, logs io.Writer) error {
	log := newLog(c, logs)
	release, err := lock(c.Data)
	if err != nil {
		return err
	}
	defer release()
	keys, err := readKeys(c)
	if err != nil {
		return err
	}
	data, err := db.Open(ctx, filepath.Join(c.Data, "deskbell.db"), nil)
	if err != nil {
		return err
	}
	history := &jobs.History{}
	ops, err := openOperations(c, data, history, log)
	if err != nil {
		return errors.Join(err, data.Close())
	}
	defer ops.close()
	server, runner, err := wire(ctx, c, wiring{data, keys, history, ops.observe(), log})
	if err != nil {
		return errors.Join(err, data.Close())
	}
	visitors, err := openFront(c, data, server, log)
	if err != nil {
		return errors.Join(err, data.Close())
	}
	if err := announce(ctx, c, data, keys, out, log); err != nil {
		return errors.Join(err, visitors.close(), data.Close())
	}

	ctx, stop := context.WithCancel(ctx)
	defer stop()
	working := make(chan struct{})
	var work sync.WaitGroup
	work.Go(func() { checkFiles(ctx, runner.Files, log) })
	work.Go(func() { runner.Run(ctx) })
	go func() { defer close(working); work.Wait() }()
	failed := make(chan error, 1)
	go func() { failed <- visitors.serve() }()
	select {
	case err = <-failed:
	case <-ctx.Done():
	}
	stop() // the jobs too
	log.Info("stopping")
	closing, cancel := context.WithTimeout(context.Background(), stopTimeout)
	defer cancel()
	if cut := visitors.shutdown(closing); cut != nil {
		log.Warn("requests that were still running have been cut off", "error", cut)
		err = errors.Join(err, server.Close())
	}
	select {
	case <-working:
	case <-closing.Done(): // what a job holds goes back at the next start
	}
	err = errors.Join(err, data.Close())
	log.Info("stopped")
	return err
}

// stopTimeout is how long requests and jobs have to finish; closing the database comes after it.
const stopTimeout = 8 * time.Second

func newLog(c Config, to io.Writer) *slog.Logger {
	if c.JSONLog {
		return slog.New(slog.NewJSONHandler(to, nil))
	}
	return slog.New(slog.NewTextHandler(to, nil))
}

// lock takes the data folder for this process alone (O8). The system lets go of it when the process
// ends, however it ends.
func lock(dir string) (release func(), err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("DESKBELL_DATA: make the folder: %w", err)
	}
	file, err := os.OpenFile(filepath.Join(dir, "deskbell.lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("DESKBELL_DATA: %w", err)
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		file.Close()
		return nil, fmt.Errorf("DESKBELL_DATA: another Deskbell is running on %s; stop it first", dir)
	}
	return func() { file.Close() }, nil
}

// wiring is what server and jobs work with.
type wiring struct {
	data    *db.DB
	keys    model.Keys
	history *jobs.History
	observe func(handlers.Answered)
	log     *slog.Logger
}

// wire builds the server and the jobs, and fills the demo.
func wire(ctx context.Context, c Config, w wiring) (*http.Server, *jobs.Runner, error) {
	var assetsOnDisk, viewsOnDisk fs.FS
	if c.Dev {
		assetsOnDisk, viewsOnDisk = os.DirFS("static"), os.DirFS("views")
	}
	assets, err := static.New(assetsOnDisk)
	if err != nil {
		return nil, nil, err
	}
	pages, err := views.New(assets, viewsOnDisk)
	if err != nil {
		return nil, nil, err
	}
	store, err := openFiles(c)
	if err != nil {
		return nil, nil, err
	}
	runner := &jobs.Runner{DB: w.data, Files: store, Mail: mailviews.Writer{Keys: w.keys, Base: c.Base}, Log: w.log, History: w.history}
	if c.SMTP != "" {
		if runner.Sender, err = jobs.NewSender(c.SMTP, c.From); err != nil {
			return nil, nil, err
		}
	}
	if c.Demo {
		if err := seed.Demo(ctx, w.data, store, seed.Render{Markdown: views.Markdown, Document: views.Document, Password: web.HashPassword}); err != nil {
			return nil, nil, fmt.Errorf("fill the demo: %w", err)
		}
	}
	router := handlers.New(handlers.Config{
		DB: w.data, Views: pages, Assets: assets, Files: store, Keys: w.keys, Base: c.Base, Log: w.log, Observe: w.observe,
		TrustedProxies: c.TrustedProxies, NoMailServer: c.SMTP == "", DataDir: c.Data, Apps: c.Apps, Dev: c.Dev,
		SecurityContact: c.SecurityContact, Version: version, Jobs: w.history.Runs, Replica: func(ctx context.Context) model.Replica { return replicaState(ctx, c) },
	})
	return handlers.Server(router, w.log), runner, nil
}

// openFiles opens the store of attachments.
func openFiles(c Config) (files.Store, error) {
	address := c.Files
	if address == "" {
		dir, err := filepath.Abs(filepath.Join(c.Data, "files"))
		if err != nil {
			return nil, fmt.Errorf("DESKBELL_DATA: %w", err)
		}
		address = (&url.URL{Scheme: "file", Path: dir}).String()
	}
	store, err := files.Open(address, filepath.Join(c.Data, "incoming"))
	if err != nil {
		return nil, fmt.Errorf("DESKBELL_FILES_URL: %w", err)
	}
	return store, nil
}

// checkFiles says in the log when the store of attachments does not work: from the start, and not
// only when the first file comes. Tickets without files need no store, so that it stops nothing.
func checkFiles(ctx context.Context, store files.Store, log *slog.Logger) {
	if err := store.Check(ctx); err != nil && ctx.Err() == nil {
		log.Error("files cannot be kept: look at DESKBELL_FILES_URL and run deskbell doctor", "error", err)
	}
}

// announce says where to go: into the demo, or to the one-time setup page (O4).
func announce(ctx context.Context, c Config, data *db.DB, keys model.Keys, out io.Writer, log *slog.Logger) error {
	empty, err := data.IsEmpty(ctx)
	if err != nil {
		return err
	}
	log.Info("listening", "address", c.Addr, "version", version)
	if c.Replica == "" {
		log.Info("no replica is set: the database is on this disk alone, until DESKBELL_REPLICA_URL names another place")
	}
	base := c.Base.Origin("")
	switch {
	case empty:
		fmt.Fprintf(out, "\nDeskbell is new here. Open this page once to set it up:\n\n  %s%s\n\n", base, desk.SetupPath(keys))
	case c.Demo:
		fmt.Fprintf(out, demoText, base, base, c.Base.Origin("globex.localhost"), c.Base.Origin("initech.localhost"))
	}
	return nil
}

const demoText = `
Deskbell's demo is running:

  Open a ticket   %s/ticket/support
  The desk        %s/desk           admin@example.com, password deskbell-demo
  Globex          %s/ticket/help
  Initech         %s/ticket/desk

`
