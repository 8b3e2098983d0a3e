package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strconv"
	"sync/atomic"

	"github.com/labstack/echo/v4"

	"deskbell/db"
	"deskbell/db/model"
	"deskbell/db/seed"
	"deskbell/views"
	"deskbell/views/language"
)

// The references. Their names begin with the word by which a ratio calls them.
const (
	fixedThread    = "R0 fixed page, thread's size"
	fixedInbox     = "R0i fixed page, inbox's size"
	templateThread = "R1 thread by template from memory"
	bare204        = "R2 bare 204"
	bareInsert     = "C0 same rows in process"
	insertHandler  = "C1 same rows behind bare Echo"
)

// references are what the machine and the parts can do at best: bare Echo without any middleware,
// and the rows of a creation with nothing around them.
type references struct {
	address  string
	server   *http.Server
	rows     *db.DB // of their own
	baseline *db.Baseline
	inserted atomic.Int64
}

func startReferences(ctx context.Context, dir string, s *subject) (*references, error) {
	fromMemory, err := threadFromMemory(ctx, s)
	if err != nil {
		return nil, err
	}
	_, thread, err := s.typicalThread()
	if err != nil {
		return nil, err
	}
	inbox, err := s.inboxPage()
	if err != nil {
		return nil, err
	}
	r := &references{}
	if err := r.openRows(ctx, filepath.Join(dir, "baseline.db")); err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, errors.Join(err, r.rows.Close())
	}
	r.address, r.server = listener.Addr().String(), &http.Server{Handler: r.router(s.kit.Views, fromMemory, thread, inbox)}
	go r.server.Serve(listener) // ends with close
	return r, nil
}

// openRows makes the database into which the references write.
func (r *references) openRows(ctx context.Context, path string) (err error) {
	if r.rows, err = db.Open(ctx, path, nil); err != nil {
		return err
	}
	crowd, err := seed.Many(ctx, r.rows, 0, views.Markdown, func(string) string { return "" })
	if err == nil {
		r.baseline, err = db.NewBaseline(ctx, r.rows, crowd.Workspace, crowd.Project)
	}
	if err != nil {
		return errors.Join(err, r.rows.Close())
	}
	return nil
}

// insert writes the rows of a new visitor's ticket.
func (r *references) insert(ctx context.Context, title, description string) error {
	n := r.inserted.Add(1)
	email := fmt.Sprintf("visitor%d@example.net", n)
	return r.baseline.Insert(ctx, visitorAddress(n), email, title, model.RichText{Source: description, HTML: "<p>" + description + "</p>"})
}

// router is bare Echo with the references that answer over HTTP.
func (r *references) router(pages *views.Views, fromMemory views.Thread, thread, inbox []byte) *echo.Echo {
	e := echo.New()
	e.GET("/thread", func(c echo.Context) error { return page(c, thread) })
	e.GET("/inbox", func(c echo.Context) error { return page(c, inbox) })
	e.GET("/template", func(c echo.Context) error {
		html, err := pages.Render(fromMemory, language.English())
		if err != nil {
			return err
		}
		return page(c, html)
	})
	e.GET("/nothing", func(c echo.Context) error { return c.NoContent(http.StatusNoContent) })
	e.POST("/insert", func(c echo.Context) error {
		err := r.insert(c.Request().Context(), c.FormValue("title"), c.FormValue("description"))
		if err != nil {
			return err
		}
		return c.Redirect(http.StatusSeeOther, "/")
	})
	return e
}

// page answers with HTML of a known length, which net/http writes in one piece.
func page(c echo.Context, html []byte) error {
	c.Response().Header().Set(echo.HeaderContentLength, strconv.Itoa(len(html)))
	return c.HTMLBlob(http.StatusOK, html)
}

// threadFromMemory is the typical thread's page as it is before it is rendered.
func threadFromMemory(ctx context.Context, s *subject) (views.Thread, error) {
	typical, _, err := s.typicalThread()
	if err != nil {
		return views.Thread{}, err
	}
	ws := s.Crowd.Workspace
	reader, err := s.kit.DB.ReaderByLink(ctx, ws.ID, typical.Link)
	if err != nil {
		return views.Thread{}, err
	}
	thread, err := s.kit.DB.PublicThread(ctx, ws.ID, reader, 0)
	url := s.threadURL(typical)
	page := echo.New().NewContext(httptest.NewRequest(http.MethodGet, url, nil), httptest.NewRecorder())
	return views.Thread{
		Frame: s.kit.Frame(page, ws, ""), Thread: thread, URL: url, Reader: reader.Email, Subscribed: true,
		SubscribeURL: url + "/subscribe", FormKey: "a-key-of-the-usual-length-a-key-of-the-usual-length",
	}, err
}

func (r *references) close() error { return errors.Join(r.server.Close(), r.rows.Close()) }

func (r *references) tasks() []task {
	get := func(path string) []byte { return []byte("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n") }
	over := func(path string, status int) func(context.Context) (func() error, func() error, error) {
		return overHTTP(r.address, status, inTurn([][]byte{get(path)}))
	}
	return []task{
		{name: fixedThread, client: over("/thread", http.StatusOK)},
		{name: templateThread, against: []string{fixedThread}, client: over("/template", http.StatusOK)},
		{name: fixedInbox, client: over("/inbox", http.StatusOK)},
		{name: bare204, client: over("/nothing", http.StatusNoContent)},
		{name: bareInsert, client: func(ctx context.Context) (func() error, func() error, error) {
			do := func() error { return r.insert(ctx, sampleTitle, sampleText) }
			return do, func() error { return nil }, nil
		}},
		{name: insertHandler, against: []string{bareInsert}, client: overHTTP(r.address, http.StatusSeeOther, inTurn([][]byte{insertRequest()}))},
	}
}

// insertRequest posts what a creation posts, but for what only Deskbell reads.
func insertRequest() []byte {
	form := url.Values{"title": {sampleTitle}, "description": {sampleText}}.Encode()
	return fmt.Appendf(nil, "POST /insert HTTP/1.1\r\nHost: localhost\r\n%sContent-Length: %d\r\n\r\n%s", formHead, len(form), form)
}
