// Package handlerstest starts the real server on a real file, with the demo in it, for tests that go
// through the front door: over HTTP, as a person or a client would.
package handlerstest

import (
	"context"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/labstack/echo/v4"

	"deskbell/db"
	"deskbell/db/files"
	"deskbell/db/model"
	"deskbell/db/seed"
	"deskbell/handlers"
	"deskbell/handlers/web"
	"deskbell/jobs"
	"deskbell/static"
	"deskbell/views"
	"deskbell/views/mail"
)

// Server is a running Deskbell. Its clock stands still until it is moved; its jobs run when they
// are stepped; its mail goes to a real SMTP server in this process.
type Server struct {
	T       testing.TB
	DB      *db.DB
	Keys    model.Keys
	Base    model.BaseURL
	Clock   *Clock
	Mailbox *Mailbox
	Jobs    *jobs.Runner
	Files   files.Store
	Path    string // of the database
	Log     *Log
	Routes  []*echo.Route
	Dir     string // the data folder

	Replica func() model.Replica // what the server is told of its replica; nil: none is set

	// Stop takes the server down before the test ends, as a crash or a restart does.
	Stop func()

	address string
}

// Option changes a server before it starts.
type Option func(*options)

type options struct {
	pace     web.Pace
	contact  string
	scheme   string
	empty    bool
	proxies  []netip.Prefix
	noMail   bool
	files    string
	apps     map[model.Provider]model.App
	outside  http.RoundTripper
	patience time.Duration
}

// Secure makes the server believe that it is reached over TLS.
func Secure() Option { return func(o *options) { o.scheme = "https" } }

// Empty starts without the demo.
func Empty() Option { return func(o *options) { o.empty = true } }

// TrustProxies makes forwarded headers from these networks count.
func TrustProxies(p ...netip.Prefix) Option { return func(o *options) { o.proxies = p } }

// NoMailServer starts without an SMTP server.
func NoMailServer() Option { return func(o *options) { o.noMail = true } }

// FilesAt keeps attachments at an address instead of in a folder beside the database.
func FilesAt(address string) Option { return func(o *options) { o.files = address } }

// Apps are those by which reporters sign in, of the whole installation.
func Apps(apps map[model.Provider]model.App) Option { return func(o *options) { o.apps = apps } }

// Outside reaches Discord and Slack in another way than the environment says.
func Outside(way http.RoundTripper) Option { return func(o *options) { o.outside = way } }

// Patience is how long one answer of Discord or Slack may take.
func Patience(d time.Duration) Option { return func(o *options) { o.patience = d } }

// SecurityContact is where who found a hole writes to.
func SecurityContact(uri string) Option { return func(o *options) { o.contact = uri } }

// Pace is how slow a client may be.
func Pace(p web.Pace) Option { return func(o *options) { o.pace = p } }

// Start starts a server that ends with the test.
func Start(t testing.TB, with ...Option) *Server {
	t.Helper()
	o := options{scheme: "http"}
	for _, option := range with {
		option(&o)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	s := &Server{
		T: t, Clock: NewClock(), Log: &Log{}, address: listener.Addr().String(),
		Base: model.BaseURL{Scheme: o.scheme, Host: "localhost", Port: port},
	}
	s.Keys, err = model.NewKeys([]byte("a secret key for tests, of enough bytes"))
	must(t, err)
	dir := t.TempDir()
	s.Dir = dir
	path := filepath.Join(dir, "deskbell.db")
	if !o.empty {
		copyDemo(t, dir)
	}
	if o.files == "" {
		o.files = "file://" + filepath.Join(dir, "files")
	}
	s.Path = path
	s.Files, err = files.Open(o.files, filepath.Join(dir, "incoming"))
	must(t, err)
	s.DB, err = db.Open(context.Background(), path, s.Clock.Now)
	must(t, err)
	log := slog.New(slog.NewTextHandler(s.Log, nil))
	writer := mail.Writer{Keys: s.Keys, Base: s.Base}
	s.Jobs = &jobs.Runner{DB: s.DB, Files: s.Files, Mail: writer, Log: log, History: &jobs.History{}}
	if !o.noMail {
		s.Mailbox = NewMailbox(t)
		s.Jobs.Sender = s.Mailbox.Sender(t)
	}
	look, err := pages()
	must(t, err)
	router := handlers.New(handlers.Config{
		DB: s.DB, Views: look.views, Assets: look.assets, Files: s.Files, Keys: s.Keys, Base: s.Base, Log: log,
		TrustedProxies: o.proxies, NoMailServer: o.noMail, DataDir: filepath.Dir(path), Dev: true,
		Version: "v0-test", Jobs: s.Jobs.History.Runs, Replica: s.replica,
		Apps: o.apps, Outside: o.outside, Patience: o.patience, SecurityContact: o.contact, Pace: o.pace,
	})
	s.Routes = router.Routes()
	server := handlers.Server(router, log)
	done := make(chan struct{})
	go func() { defer close(done); server.Serve(listener) }()
	s.Stop = func() { server.Close(); <-done }
	t.Cleanup(func() {
		s.Stop()
		if err := s.DB.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func (s *Server) replica(context.Context) model.Replica {
	if s.Replica == nil {
		return model.Replica{FilesFolder: filepath.Join(s.Dir, "files")}
	}
	return s.Replica()
}

// Origin is the origin of a host on this server; "" is the base host.
func (s *Server) Origin(host string) string { return s.Base.Origin(host) }

// look is what every server shows pages with. None changes it, so that all of a test binary share one.
type look struct {
	assets *static.Assets
	views  *views.Views
}

var pages = sync.OnceValues(func() (l look, err error) {
	if l.assets, err = static.New(nil); err == nil {
		l.views, err = views.New(l.assets, nil)
	}
	return l, err
})

// demoFolder is made once a test binary: filling the demo takes longer than copying it.
var demoFolder = sync.OnceValues(func() (fs.FS, error) {
	dir, err := os.MkdirTemp("", "deskbell-demo-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	ctx := context.Background()
	data, err := db.Open(ctx, filepath.Join(dir, "deskbell.db"), start)
	if err != nil {
		return nil, err
	}
	store, err := files.Open("file://"+filepath.Join(dir, "files"), "")
	if err != nil {
		return nil, err
	}
	if err := seed.Demo(ctx, data, store, seed.Render{Markdown: views.Markdown, Document: views.Document, Password: web.HashPassword}); err != nil {
		return nil, err
	}
	if err := data.Close(); err != nil {
		return nil, err
	}
	kept := fstest.MapFS{}
	return kept, fs.WalkDir(os.DirFS(dir), ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(filepath.Join(dir, path))
		kept[path] = &fstest.MapFile{Data: content, Mode: 0o600}
		return err
	})
})

func copyDemo(t testing.TB, dir string) {
	t.Helper()
	demo, err := demoFolder()
	must(t, err)
	must(t, os.CopyFS(dir, demo))
}

// start is where every test's clock begins.
func start() time.Time { return time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC) }

// Clock tells the server the time. It stands still.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// NewClock returns a clock at the tests' beginning.
func NewClock() *Clock { return &Clock{now: start()} }

// Now is the time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Move moves the clock on.
func (c *Clock) Move(by time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(by)
}

// Log keeps what the server logged.
type Log struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *Log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

// String is all that was logged.
func (l *Log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// Ticket opens a ticket in a project of a host and returns its mailed thread link, as a path.
func (s *Server) Ticket(host, project, email, title string) string {
	s.T.Helper()
	s.Visitor(host).OpenTicket(project, email, title)
	s.Jobs.Step(context.Background())
	return s.Mailbox.Last(s.T, email).Link(s.T, "/ticket/thread/")
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// transportTo reaches one address under every host name.
func transportTo(address string) *http.Transport {
	return &http.Transport{DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, network, address)
	}}
}
