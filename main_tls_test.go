package main

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"deskbell/db/files/filestest"
	"deskbell/handlers/handlerstest"
)

const tlsDomain = "desk.example.test"

// certified is the program with certificates of its own, and the authority that issues them.
type certified struct {
	*process
	authority *handlerstest.Authority
	redirect  string // address
	env       []string
}

// launchCertified starts both on a folder.
func launchCertified(t *testing.T, dir string) *certified {
	t.Helper()
	c := &certified{}
	var err error
	if c.redirect, err = filestest.FreeAddress(); err != nil {
		t.Fatal(err)
	}
	pebble, err := filepath.Abs("bin/pebble")
	if err != nil {
		t.Fatal(err)
	}
	c.process = launchBy(t, func(p *process) {
		_, port, _ := net.SplitHostPort(p.address)
		_, plain, _ := net.SplitHostPort(c.redirect)
		c.authority = handlerstest.StartAuthority(t, pebble, plain, port)
		c.env = []string{
			"DESKBELL_BASE_URL=https://" + net.JoinHostPort(tlsDomain, port), "DESKBELL_TLS_DOMAIN=" + tlsDomain,
			"DESKBELL_TLS_REDIRECT_ADDR=" + c.redirect, "DESKBELL_TLS_DIRECTORY=" + c.authority.Directory, "SSL_CERT_FILE=" + c.authority.CAFile,
		}
		p.cmd.Env = append(p.cmd.Env, c.env...)
	}, dir)
	return c
}

// client reaches the program under every name, trusting the authority alone.
func (c *certified) client() *http.Client {
	transport := &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: c.authority.Roots}, ForceAttemptHTTP2: true, DisableKeepAlives: true,
		DialContext: func(ctx context.Context, network, asked string) (net.Conn, error) {
			to := c.address
			if strings.HasSuffix(asked, ":80") {
				to = c.redirect
			}
			return new(net.Dialer).DialContext(ctx, network, to)
		},
	}
	return &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

func (c *certified) get(host, path string) (*http.Response, error) {
	_, port, _ := net.SplitHostPort(c.address)
	answer, err := c.client().Get("https://" + net.JoinHostPort(host, port) + path)
	if err == nil {
		defer answer.Body.Close()
		_, err = io.Copy(io.Discard, answer.Body)
	}
	return answer, err
}

func TestO2_DeskbellGetsItsCertificatesByItself(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	c := launchCertified(t, dir)
	c.waitFor(c.logs, "the certificate is there")
	answer, err := c.get(tlsDomain, "/up")
	if err != nil {
		t.Fatal(err)
	}
	if answer.StatusCode != http.StatusOK || answer.ProtoMajor != 2 || answer.TLS.Version < tls.VersionTLS12 ||
		!strings.HasPrefix(answer.Header.Get("Strict-Transport-Security"), "max-age=") {
		t.Errorf("%s %s over TLS %x with %v", answer.Proto, answer.Status, answer.TLS.Version, answer.Header)
	}
	if code, out, errs := command(t, append(c.env, "DESKBELL_ADDR="+c.address), "health"); code != 0 || out != "up\n" {
		t.Errorf("health: %d, %q, %q", code, out, errs)
	}
	for _, name := range []string{"acme_account+key", tlsDomain} {
		info, err := os.Stat(filepath.Join(dir, "certificates", name))
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s is not kept for its owner alone: %v, %v", name, info, err)
		}
	}
	if code, _ := c.stop(); code != 0 {
		t.Errorf("a stop ends with %d\n%s", code, c.logs)
	}
}

func TestO2_ACertificateIsKeptOverAStart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	c := launchCertified(t, dir)
	c.waitFor(c.logs, "the certificate is there")
	before, err := c.get(tlsDomain, "/up")
	if err != nil {
		t.Fatal(err)
	}
	c.stop()
	c.authority.Stop()
	again := launchBy(t, func(p *process) {
		p.address = c.address
		p.cmd.Env = append(p.cmd.Env, append(c.env, "DESKBELL_ADDR="+c.address)...)
	}, dir)
	again.waitFor(again.logs, "the certificate is there")
	after, err := c.get(tlsDomain, "/up")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(before.TLS.PeerCertificates[0].Raw, after.TLS.PeerCertificates[0].Raw) {
		t.Error("the second start has another certificate")
	}
}

// Whoever connects can name any host: a certificate is asked for those that this installation serves alone.
func TestA10_CertificatesAreForPageDomainsAlone(t *testing.T) {
	t.Parallel()
	c := launchCertified(t, t.TempDir())
	c.waitFor(c.logs, "the certificate is there")
	_, port, _ := net.SplitHostPort(c.address)
	admin := handlerstest.NewBrowserOver(t, "https://"+net.JoinHostPort(tlsDomain, port), c.client())
	c.setUp(admin)
	if _, err := c.get("help.example.test", "/up"); err == nil || c.authority.Asked("help.example.test") {
		t.Errorf("an unknown name gets a certificate, or has one asked for (%v)", err)
	}
	form := admin.Get("/desk/settings/domains").Status(200).Form("/desk/settings/domains")
	form.Set("host", "help.example.test")
	admin.Follow(admin.Post("/desk/settings/domains", form)).Status(200).Has("help.example.test")
	answer, err := c.get("help.example.test", "/ticket/support")
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("the page domain does not answer: %v\n%s", err, c.logs)
	}
	if err := answer.TLS.PeerCertificates[0].VerifyHostname("help.example.test"); err != nil {
		t.Error(err)
	}
}

// setUp makes the workspace through the printed link.
func (c *certified) setUp(admin *handlerstest.Browser) {
	c.t.Helper()
	c.waitFor(c.out, "/desk/setup/")
	_, link, _ := strings.Cut(c.out.String(), "/desk/setup/")
	path := "/desk/setup/" + strings.Fields(link)[0]
	form := admin.Get(path).Status(200).Form(path)
	for field, value := range map[string]string{"workspace": "Umbrella", "project": "Umbrella Help", "name": "Ada", "email": "ada@example.org", "password": "correct horse"} {
		form.Set(field, value)
	}
	admin.Follow(admin.Post(path, form)).Status(200)
}

func TestO2_PlainHTTPLeadsToHTTPSOnKnownHostsAlone(t *testing.T) {
	t.Parallel()
	c := launchCertified(t, t.TempDir())
	for host, want := range map[string]int{tlsDomain: http.StatusPermanentRedirect, "evil.example.org": http.StatusNotFound} {
		answer, err := c.client().Get("http://" + host + "/ticket/support?" + url.Values{"form": {"a b"}}.Encode())
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		_, port, _ := net.SplitHostPort(c.address)
		location := answer.Header.Get("Location")
		if answer.StatusCode != want || (want == http.StatusPermanentRedirect) != (location == "https://"+net.JoinHostPort(tlsDomain, port)+"/ticket/support?form=a+b") {
			t.Errorf("%s: %d to %q", host, answer.StatusCode, location)
		}
	}
}

func TestO2_CertificatesAreRefusedTogetherWithNonsense(t *testing.T) {
	t.Parallel()
	good := map[string]string{"DESKBELL_TLS_DOMAIN": "desk.example.com", "DESKBELL_BASE_URL": "https://desk.example.com"}
	for name, c := range map[string]struct {
		change map[string]string
		says   string
	}{
		"plain http":     {map[string]string{"DESKBELL_BASE_URL": "http://desk.example.com"}, "write DESKBELL_BASE_URL with https"},
		"another host":   {map[string]string{"DESKBELL_BASE_URL": "https://other.example.com"}, "stands in DESKBELL_BASE_URL"},
		"an address":     {map[string]string{"DESKBELL_TLS_DOMAIN": "192.0.2.1", "DESKBELL_BASE_URL": "https://192.0.2.1"}, "no authority certifies"},
		"this machine":   {map[string]string{"DESKBELL_TLS_DOMAIN": "a.localhost", "DESKBELL_BASE_URL": "https://a.localhost"}, "no authority certifies"},
		"behind a proxy": {map[string]string{"DESKBELL_TRUSTED_PROXIES": "10.0.0.0/8"}, "a proxy stands before"},
		"one address":    {map[string]string{"DESKBELL_ADDR": ":443", "DESKBELL_TLS_REDIRECT_ADDR": ":443"}, "use another one"},
		"no domain":      {map[string]string{"DESKBELL_TLS_DOMAIN": "", "DESKBELL_TLS_REDIRECT_ADDR": ":80"}, "set DESKBELL_TLS_DOMAIN too"},
	} {
		get := func(variable string) string {
			if value, ok := c.change[variable]; ok {
				return value
			}
			return good[variable]
		}
		if _, err := readConfig(nil, get, io.Discard); err == nil || !strings.HasPrefix(err.Error(), "DESKBELL_TLS_") || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
	config, err := readConfig(nil, func(variable string) string { return good[variable] }, io.Discard)
	if err != nil || config.Addr != ":443" {
		t.Errorf("alone it listens on %q (%v)", config.Addr, err)
	}
}

func TestO1_DoctorLooksAtTheCertificate(t *testing.T) {
	t.Parallel()
	dir := stoppedDemo(t)
	look := func(says string) {
		t.Helper()
		_, out, _ := command(t, []string{"DESKBELL_DATA=" + dir, "DESKBELL_BASE_URL=https://" + tlsDomain, "DESKBELL_TLS_DOMAIN=" + tlsDomain}, "doctor")
		if !strings.Contains(out, says) {
			t.Errorf("no %q in\n%s", says, out)
		}
	}
	look("warning  certificate: There is none yet.")
	if err := os.Mkdir(filepath.Join(dir, "certificates"), 0o700); err != nil {
		t.Fatal(err)
	}
	for says, content := range map[string][]byte{
		"ok       certificate: It is good until": certificateUntil(t, 60*24*time.Hour),
		"warning  certificate: It ends on":       certificateUntil(t, 24*time.Hour),
		"problem  certificate: It ended on":      certificateUntil(t, -time.Hour),
		"problem  certificate: " + dir:           []byte("nothing of the kind"),
	} {
		if err := os.WriteFile(filepath.Join(dir, "certificates", tlsDomain), content, 0o600); err != nil {
			t.Fatal(err)
		}
		look(says)
	}
}

// certificateUntil returns a certificate that ends after a time, in PEM.
func certificateUntil(t *testing.T, left time.Duration) []byte {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	about := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-48 * time.Hour), NotAfter: time.Now().Add(left)}
	made, err := x509.CreateCertificate(rand.Reader, about, about, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: made})
}
