package main

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"

	"deskbell/db"
	"deskbell/db/files"
	"deskbell/db/model"
	"deskbell/db/seed"
	"deskbell/handlers"
	"deskbell/handlers/web"
	"deskbell/static"
	"deskbell/views"
)

// subject is the real server on a filled database: what is measured.
type subject struct {
	filled
	kit     *web.Kit
	address string
	logs    *os.File
	server  *http.Server
	cookie  string // of a signed-in member
	created atomic.Int64
}

// newSubject counts creations from a number of its own: to a database that was kept, nobody comes a second time.
func newSubject() *subject {
	s := &subject{}
	s.created.Store(rand.Int64N(1 << 40))
	return s
}

func startSubject(ctx context.Context, dir string, tickets int) (*subject, error) {
	s := newSubject()
	data, err := db.Open(ctx, filepath.Join(dir, "deskbell.db"), nil)
	if err != nil {
		return nil, err
	}
	if s.filled, err = fill(ctx, data, dir, tickets); err != nil {
		return nil, errors.Join(err, data.Close())
	}
	if err := s.serve(dir, data); err != nil {
		return nil, errors.Join(err, data.Close())
	}
	if err := s.signIn(); err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

func measuringKeys() (model.Keys, error) {
	return model.NewKeys([]byte("a key for measuring, and for nothing else"))
}

// serve starts the whole server as the program does: every middleware, and a log that is written.
func (s *subject) serve(dir string, data *db.DB) error {
	keys, err := measuringKeys()
	if err != nil {
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
	folder, err := filepath.Abs(filepath.Join(dir, "files"))
	if err != nil {
		return err
	}
	store, err := files.Open((&url.URL{Scheme: "file", Path: folder}).String(), "")
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	if s.logs, err = os.Create(filepath.Join(dir, "log")); err != nil {
		return errors.Join(err, listener.Close())
	}
	s.address = listener.Addr().String()
	_, port, _ := net.SplitHostPort(s.address) // it is an address that Listen made
	s.kit = &web.Kit{
		DB: data, Views: pages, Assets: assets, Keys: keys,
		Base: model.BaseURL{Scheme: "http", Host: "localhost", Port: port},
		Log:  slog.New(slog.NewTextHandler(s.logs, nil)),
	}
	s.server = handlers.Server(handlers.New(handlers.Config{
		DB: data, Views: pages, Assets: assets, Files: store, Keys: keys, Base: s.kit.Base, Log: s.kit.Log, DataDir: dir,
		// Limits count a client's address (H1): each creation comes from another one.
		TrustedProxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
	}), s.kit.Log)
	go s.server.Serve(listener) // ends with close
	return nil
}

func (s *subject) close() error {
	return errors.Join(s.server.Close(), s.kit.DB.Close(), s.logs.Close())
}

// request is the bytes of a request to this server. Head is whole lines.
func (s *subject) request(method, path, head, body string) []byte {
	return fmt.Appendf(nil, "%s %s HTTP/1.1\r\nHost: %s\r\nSec-Fetch-Site: same-origin\r\n%sContent-Length: %d\r\n\r\n%s",
		method, path, s.kit.Base.Host, head, len(body), body)
}

const formHead = "Content-Type: application/x-www-form-urlencoded\r\n"

// once sends one request on a connection of its own and returns the answer.
func (s *subject) once(request []byte) (*http.Response, []byte, error) {
	conn, err := net.Dial("tcp", s.address)
	if err != nil {
		return nil, nil, err
	}
	defer conn.Close()
	response, err := send(conn, bufio.NewReader(conn), request)
	if err != nil {
		return nil, nil, err
	}
	body, err := io.ReadAll(response.Body)
	return response, body, err
}

func (s *subject) signIn() error {
	form := url.Values{"email": {s.Crowd.Member.Email}, "password": {seed.Password}}
	response, _, err := s.once(s.request("POST", "/desk/login", formHead, form.Encode()))
	if err != nil {
		return err
	}
	cookies := response.Cookies()
	if response.StatusCode != http.StatusSeeOther || len(cookies) == 0 {
		return fmt.Errorf("sign in: status %d with %d cookies", response.StatusCode, len(cookies))
	}
	s.cookie = cookies[0].Name + "=" + cookies[0].Value
	return nil
}

// typicalThread returns the thread whose page is of middling size, and that page.
func (s *subject) typicalThread() (db.PastThread, []byte, error) {
	type view struct {
		thread db.PastThread
		page   []byte
	}
	var views []view
	for _, t := range s.Threads[:min(200, len(s.Threads))] {
		response, page, err := s.once(s.request("GET", s.threadURL(t), "", ""))
		if err != nil || response.StatusCode != http.StatusOK {
			return t, nil, errors.Join(err, fmt.Errorf("thread page: status %d", response.StatusCode))
		}
		views = append(views, view{t, page})
	}
	slices.SortFunc(views, func(a, b view) int { return cmp.Compare(len(a.page), len(b.page)) })
	total := 0
	for _, v := range views {
		total += len(v.page)
	}
	typical := slices.MinFunc(views, func(a, b view) int {
		return cmp.Compare(distance(len(a.page), total/len(views)), distance(len(b.page), total/len(views)))
	})
	return typical.thread, typical.page, nil
}

func distance(a, b int) int { return max(a-b, b-a) }

// inboxPage returns a page of the inbox.
func (s *subject) inboxPage() ([]byte, error) {
	response, page, err := s.once(s.request("GET", "/desk?status=all", "Cookie: "+s.cookie+"\r\n", ""))
	if err == nil && (response.StatusCode != http.StatusOK || !bytes.Contains(page, []byte("</html>"))) {
		err = fmt.Errorf("inbox: status %d", response.StatusCode)
	}
	return page, err
}
