// Package handlers is the HTTP server: every path, who may go there, and how errors become pages.
package handlers

import (
	"cmp"
	"context"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"time"

	"github.com/labstack/echo/v4"

	"deskbell/db"
	"deskbell/db/files"
	"deskbell/db/model"
	"deskbell/handlers/admin"
	"deskbell/handlers/desk"
	"deskbell/handlers/oauth"
	"deskbell/handlers/portal"
	"deskbell/handlers/web"
	"deskbell/static"
	"deskbell/views"
	"deskbell/views/mail"
)

// Config is what the server needs from outside.
type Config struct {
	DB              *db.DB
	Views           *views.Views
	Assets          *static.Assets
	Files           files.Store
	Keys            model.Keys
	Base            model.BaseURL
	Log             *slog.Logger
	TrustedProxies  []netip.Prefix // whose forwarded headers count (H3)
	NoMailServer    bool
	DataDir         string                       // whose disk /readyz looks at
	Apps            map[model.Provider]model.App // by which reporters sign in (E2)
	Outside         http.RoundTripper            // to Discord and Slack; nil: as the environment says
	Patience        time.Duration                // with an answer of theirs; 0: the usual one
	Pace            web.Pace                     // how slow a client may be; zero: the usual one
	SecurityContact string                       // URI for who found a hole; empty: the page of the host
	Version         string
	Jobs            func() model.JobRuns                // how the jobs are
	Replica         func(context.Context) model.Replica // how the replica is
	Dev             bool                                // serves the gallery of components
	Observe         func(Answered)                      // is told of each request, where somebody counts; nil: nobody does
}

// Answered is one request that was answered, without anything of who asked for what.
type Answered struct {
	Method string // of the route
	Route  string // its pattern; "none" for an address that has no page
	Status int
	Took   time.Duration
}

type server struct {
	*web.Kit
	Config
	portal *portal.Portal
	desk   *desk.Desk
	admin  *admin.Admin
	oauth  *oauth.OAuth
	ready  readiness
	began  time.Time // when this process began to serve
	known  map[routeKey]bool
}

// New returns the router with every route.
func New(config Config) *echo.Echo {
	kit := &web.Kit{
		DB: config.DB, Views: config.Views, Assets: config.Assets, Files: config.Files,
		Keys: config.Keys, Base: config.Base, Log: config.Log, Apps: config.Apps, Pace: cmp.Or(config.Pace, web.UsualPace()),
	}
	s := &server{
		Kit: kit, Config: config, known: map[routeKey]bool{}, portal: portal.New(kit), began: time.Now(),
		admin: &admin.Admin{Kit: kit, Installation: admin.Installation{
			Version: config.Version, DataDir: config.DataDir, NoMailServer: config.NoMailServer, Jobs: config.Jobs, Replica: config.Replica,
		}},
		oauth: oauth.New(kit, config.Outside, config.Patience),
		desk:  &desk.Desk{Kit: kit, Mail: mail.Writer{Keys: config.Keys, Base: config.Base}, NoServer: config.NoMailServer},
	}
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.HTTPErrorHandler = s.handleError
	e.IPExtractor = clientAddress(config.TrustedProxies)
	s.middleware(e)
	s.routes(e)
	for _, route := range e.Routes() {
		s.known[routeKey{route.Method, route.Path}] = true
	}
	return e
}

// Limits of a connection, until the request is known: then web.Pace counts. The head that the server itself
// reads is larger than what maxHead takes, so that who sends a little too much gets a page that says so.
const (
	headerTimeout = 10 * time.Second
	readTimeout   = 60 * time.Second
	writeTimeout  = 60 * time.Second
	idleTimeout   = 120 * time.Second
	maxHeader     = 64 << 10 // bytes that are read
	maxHead       = 32 << 10 // bytes that are taken, of all headers together
	maxURL        = 16 << 10 // bytes
)

// Server returns an HTTP server around the router, with its limits set.
func Server(handler http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler: handler, ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout,
		WriteTimeout: writeTimeout, IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeader,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
}

// clientAddress takes the connection's address, or that which a trusted proxy forwards.
func clientAddress(trusted []netip.Prefix) echo.IPExtractor {
	if len(trusted) == 0 {
		return echo.ExtractIPDirect()
	}
	options := []echo.TrustOption{echo.TrustLoopback(false), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false)}
	for _, p := range trusted {
		options = append(options, echo.TrustIPRange(&net.IPNet{
			IP: p.Masked().Addr().AsSlice(), Mask: net.CIDRMask(p.Bits(), p.Addr().BitLen()),
		}))
	}
	return echo.ExtractIPFromXFFHeader(options...)
}
