package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"

	"deskbell/db"
	"deskbell/db/model"
	"deskbell/handlers"
)

// TLS is how Deskbell gets its certificates by itself; without a domain something before it does.
type TLS struct {
	Domain    string // the base host
	Redirect  string // address that leads from http to https; empty: none
	Directory string // URL of the authority's ACME directory (RFC 8555)
}

// tlsAddress is where a server with certificates of its own listens, unless it is told otherwise.
const tlsAddress = ":443"

// checkTLS refuses what cannot work together.
func checkTLS(c Config) error {
	t := c.TLS
	switch {
	case t.Domain == "" && t.Redirect != "":
		return errors.New("DESKBELL_TLS_REDIRECT_ADDR: it leads to the https of Deskbell itself, so set DESKBELL_TLS_DOMAIN too, or leave both to the proxy before it")
	case t.Domain == "":
		return nil
	case !c.Base.Secure():
		return errors.New("DESKBELL_TLS_DOMAIN: with certificates pages are reached over https, so write DESKBELL_BASE_URL with https://")
	case t.Domain != c.Base.Host:
		return errors.New("DESKBELL_TLS_DOMAIN: write the host name that stands in DESKBELL_BASE_URL; page domains get their certificates by themselves")
	case !certifiable(t.Domain):
		return errors.New("DESKBELL_TLS_DOMAIN: no authority certifies an address or a name of this machine alone; use a name that others can reach, like desk.example.com")
	case len(c.TrustedProxies) > 0:
		return errors.New("DESKBELL_TLS_DOMAIN: DESKBELL_TRUSTED_PROXIES says that a proxy stands before Deskbell; let it have the certificates, or take it away")
	case t.Redirect == c.Addr:
		return errors.New("DESKBELL_TLS_REDIRECT_ADDR: this is the address of https itself (DESKBELL_ADDR); use another one, usually :80")
	}
	return nil
}

// certifiable says whether an authority may certify a name.
func certifiable(host string) bool {
	_, err := netip.ParseAddr(host)
	return err != nil && strings.Contains(host, ".") && !(model.BaseURL{Host: host}).Loopback()
}

func checkDirectory(address string) error {
	if !strings.HasPrefix(address, "https://") {
		return errors.New("write the https address of an ACME directory")
	}
	return nil
}

// certificates fetches, keeps and renews a certificate for each name that this installation serves.
type certificates struct {
	autocert.Manager
	log *slog.Logger
}

func newCertificates(c Config, data *db.DB, log *slog.Logger) *certificates {
	return &certificates{log: log, Manager: autocert.Manager{
		Prompt: autocert.AcceptTOS, Cache: autocert.DirCache(certificatesFolder(c)),
		Client:     &acme.Client{DirectoryURL: c.TLS.Directory, UserAgent: "Deskbell/" + version},
		HostPolicy: func(ctx context.Context, host string) error { return served(ctx, data, c.TLS.Domain, host) },
	}}
}

// certificateFile is where the base host's certificate is kept; empty where Deskbell has none of its own.
func certificateFile(c Config) string {
	if c.TLS.Domain == "" {
		return ""
	}
	return filepath.Join(certificatesFolder(c), c.TLS.Domain)
}

func certificatesFolder(c Config) string { return filepath.Join(c.Data, "certificates") }

// served fails for a host name that is neither the base host nor a page domain: for those nothing is asked of an
// authority, whoever connects under their name.
func served(ctx context.Context, data *db.DB, domain, host string) error {
	if host == domain {
		return nil
	}
	if _, err := data.WorkspaceByHost(ctx, host); err != nil {
		return fmt.Errorf("no page domain: %w", err)
	}
	return nil
}

// config is that of the listener: HTTP/2, the authority's challenge, and certificates.
func (m *certificates) config() *tls.Config {
	t := m.TLSConfig()
	t.MinVersion = tls.VersionTLS12
	t.GetCertificate = func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
		found, err := m.GetCertificate(hello)
		if err != nil && m.HostPolicy(hello.Context(), hello.ServerName) == nil {
			m.log.Error("there is no certificate", "host", hello.ServerName, "error", err)
		}
		return found, err
	}
	return t
}

// fetch gets the base host's certificate before anybody waits for it, and says early what is wrong.
func (m *certificates) fetch(domain string) {
	began := time.Now()
	_, err := m.GetCertificate(&tls.ClientHelloInfo{
		ServerName: domain, SupportedCurves: []tls.CurveID{tls.CurveP256}, SupportedVersions: []uint16{tls.VersionTLS13, tls.VersionTLS12},
		SignatureSchemes: []tls.SignatureScheme{tls.ECDSAWithP256AndSHA256}, CipherSuites: []uint16{tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256},
	})
	if err != nil {
		m.log.Error("no certificate yet: the name must lead to this machine, and port 443 or 80 be reached from outside. The next visitor has it tried again", "host", domain, "error", err)
		return
	}
	m.log.Info("the certificate is there", "host", domain, "ms", time.Since(began).Milliseconds())
}

// redirector leads from http to https, on hosts that this installation serves, and answers challenges.
func (m *certificates) redirector(c Config, log *slog.Logger) *http.Server {
	return handlers.Server(m.HTTPHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host := model.HostOf(r.Host)
		w.Header().Set("Cache-Control", "no-store")
		if m.HostPolicy(r.Context(), host) != nil {
			http.Error(w, "404 Not Found", http.StatusNotFound) // an unknown host has no other answers (A10)
			return
		}
		http.Redirect(w, r, c.Base.Origin(host)+r.URL.RequestURI(), http.StatusPermanentRedirect)
	})), log)
}

// front is what listens for visitors.
type front struct {
	server   *http.Server
	listener net.Listener
	secure   bool
	redirect *http.Server // nil: none
	plain    net.Listener // of redirect
}

// openFront listens on every address for visitors, with certificates where Deskbell has its own.
func openFront(c Config, data *db.DB, server *http.Server, log *slog.Logger) (*front, error) {
	f := &front{server: server, secure: c.TLS.Domain != ""}
	var err error
	if f.listener, err = net.Listen("tcp", c.Addr); err != nil {
		return nil, fmt.Errorf("DESKBELL_ADDR: %w", err)
	}
	if !f.secure {
		return f, nil
	}
	owned := newCertificates(c, data, log)
	server.TLSConfig = owned.config()
	if c.TLS.Redirect != "" {
		if f.plain, err = net.Listen("tcp", c.TLS.Redirect); err != nil {
			return nil, errors.Join(fmt.Errorf("DESKBELL_TLS_REDIRECT_ADDR: %w", err), f.listener.Close())
		}
		f.redirect = owned.redirector(c, log)
	}
	go owned.fetch(c.TLS.Domain)
	return f, nil
}

// serve answers until the servers are shut down, or one of them fails.
func (f *front) serve() error {
	failed := make(chan error, 2)
	go func() {
		if f.secure {
			failed <- f.server.ServeTLS(f.listener, "", "")
			return
		}
		failed <- f.server.Serve(f.listener)
	}()
	if f.redirect != nil {
		go func() { failed <- f.redirect.Serve(f.plain) }()
	}
	return <-failed
}

// shutdown lets requests finish until the context ends. Redirects are cut off: they are made again.
func (f *front) shutdown(ctx context.Context) error {
	if f.redirect != nil {
		f.redirect.Close()
	}
	return f.server.Shutdown(ctx)
}

// close ends what was opened and never served.
func (f *front) close() error {
	err := f.listener.Close()
	if f.plain != nil {
		err = errors.Join(err, f.plain.Close())
	}
	return err
}
