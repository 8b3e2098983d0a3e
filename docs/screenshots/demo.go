package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"time"

	"deskbell/db"
	"deskbell/db/files"
	"deskbell/db/model"
	"deskbell/db/seed"
	"deskbell/handlers"
	"deskbell/handlers/web"
	"deskbell/static"
	"deskbell/views"
)

const demoPassword = seed.Password

// now is the pictures' time: they change when pages do, not from day to day.
func now() time.Time { return time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC) }

// demo is a running server with the demo's workspaces.
type demo struct {
	origin string
	keys   model.Keys
	data   *db.DB
	server *http.Server
	done   chan struct{} // closed when the server has stopped
}

// startDemo fills a database in a folder and serves it on a free port of this machine.
func startDemo(ctx context.Context, dir string) (*demo, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	d := &demo{done: make(chan struct{})}
	if d.data, err = db.Open(ctx, filepath.Join(dir, "deskbell.db"), now); err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	if err := d.build(ctx, dir, listener); err != nil {
		return nil, errors.Join(err, listener.Close(), d.data.Close())
	}
	go func() {
		defer close(d.done)
		d.server.Serve(listener) // ends with ErrServerClosed when the pictures are made
	}()
	return d, nil
}

// build fills the database and makes the server.
func (d *demo) build(ctx context.Context, dir string, listener net.Listener) error {
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		return err
	}
	if d.keys, err = model.NewKeys([]byte("pictures need no secret, only a key of this length")); err != nil {
		return err
	}
	store, err := files.Open("file://"+filepath.Join(dir, "files"), "")
	if err != nil {
		return err
	}
	if err := seed.Demo(ctx, d.data, store, seed.Render{Markdown: views.Markdown, Document: views.Document, Password: web.HashPassword}); err != nil {
		return err
	}
	assets, err := static.New(nil)
	if err != nil {
		return err
	}
	pages, err := views.New(assets, nil)
	if err != nil {
		return err
	}
	log := slog.New(slog.DiscardHandler)
	base := model.BaseURL{Scheme: "http", Host: "localhost", Port: port}
	d.origin = base.Origin("")
	d.server = handlers.Server(handlers.New(handlers.Config{
		DB: d.data, Views: pages, Assets: assets, Files: store, Keys: d.keys, Base: base, Log: log, DataDir: dir,
	}), log)
	return nil
}

// thread is the path of the reporter's private link to the first ticket of the first workspace.
func (d *demo) thread(ctx context.Context) (string, error) {
	ws, err := d.data.WorkspaceOfBaseHost(ctx, "localhost")
	if err != nil {
		return "", err
	}
	link, err := d.data.LinkByForm(ctx, ws.ID, 0, "demo-1")
	if err != nil {
		return "", err
	}
	return "/ticket/thread/" + string(d.keys.Token(model.ThreadLink, link)), nil
}

func (d *demo) close() error {
	err := d.server.Close()
	<-d.done
	return errors.Join(err, d.data.Close())
}
