package handlerstest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"sync"
	"testing"
	"time"
)

// worldHosts are the real names under which the world's servers answer.
var worldHosts = []string{"discord.com", "media.discordapp.net", "slack.com", "avatars.slack-edge.com"}

// World is what lies outside: Discord and Slack, which speak their real protocols under their real
// names, with certificates of an authority of their own, and a proxy through which they are reached. One
// world serves many tests: each registers apps of its own with it.
type World struct {
	// Address is where every name of the world answers over TLS.
	Address string
	// Key is the fingerprint of the world's certificate, as Chromium is told to trust it.
	Key string
	// Authority is the certificate authority in PEM.
	Authority []byte
	// Proxy is the address of the CONNECT proxy.
	Proxy string

	server, proxy *httptest.Server
	roots         *x509.CertPool
	discord       *discord
	slack         *slack
}

// NewWorld starts a world. Close ends it.
func NewWorld() (*World, error) {
	w := &World{roots: x509.NewCertPool()}
	certificate, err := w.certify()
	if err != nil {
		return nil, err
	}
	w.discord = newDiscord()
	if w.slack, err = newSlack(); err != nil {
		return nil, err
	}
	w.server = httptest.NewUnstartedServer(http.HandlerFunc(w.serve))
	w.server.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}}
	w.server.StartTLS()
	w.Address = w.server.Listener.Addr().String()
	w.proxy = httptest.NewServer(http.HandlerFunc(w.connect))
	w.Proxy = w.proxy.URL
	return w, nil
}

// StartWorld starts a world that ends with the test.
func StartWorld(t testing.TB) *World {
	t.Helper()
	w, err := NewWorld()
	must(t, err)
	t.Cleanup(w.Close)
	return w
}

// Close ends the world.
func (w *World) Close() {
	w.proxy.Close()
	w.server.CloseClientConnections()
	w.server.Close()
}

// Way is how a server reaches the world: through the proxy, trusting its authority.
func (w *World) Way() *http.Transport {
	proxy, _ := url.Parse(w.Proxy) // our own
	return &http.Transport{Proxy: http.ProxyURL(proxy), TLSClientConfig: &tls.Config{RootCAs: w.roots}}
}

func (w *World) serve(rw http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/favicon.ico" {
		rw.WriteHeader(http.StatusNoContent)
		return
	}
	switch r.Host {
	case "discord.com", "media.discordapp.net":
		w.discord.ServeHTTP(rw, r)
	case "slack.com", "avatars.slack-edge.com":
		w.slack.ServeHTTP(rw, r)
	default:
		http.Error(rw, "nobody of that name", http.StatusMisdirectedRequest)
	}
}

// connect is the proxy (RFC 9110, 9.3.6): it knows the world's names and no other.
func (w *World) connect(rw http.ResponseWriter, r *http.Request) {
	host, port, err := net.SplitHostPort(r.Host)
	if r.Method != http.MethodConnect || err != nil || port != "443" || !slices.Contains(worldHosts, host) {
		http.Error(rw, "no way there", http.StatusBadGateway)
		return
	}
	there, err := net.Dial("tcp", w.Address)
	if err != nil {
		http.Error(rw, "nobody answers", http.StatusBadGateway)
		return
	}
	rw.WriteHeader(http.StatusOK)
	here, buffered, err := http.NewResponseController(rw).Hijack()
	if err != nil {
		there.Close()
		return
	}
	var both sync.WaitGroup
	both.Go(func() { io.Copy(there, buffered); there.(*net.TCPConn).CloseWrite() })
	both.Go(func() { io.Copy(here, there); here.Close() })
	both.Wait()
	there.Close()
}

// certify makes the authority and one certificate for every name.
func (w *World) certify() (tls.Certificate, error) {
	root := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Test authority"}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
	}
	rootKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	rootBytes, err := x509.CreateCertificate(rand.Reader, root, root, &rootKey.PublicKey, rootKey)
	if err != nil {
		return tls.Certificate{}, err
	}
	w.Authority = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: rootBytes})
	w.roots.AppendCertsFromPEM(w.Authority)
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "Test world"}, DNSNames: worldHosts,
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		NotBefore: root.NotBefore, NotAfter: root.NotAfter,
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	bytes, err := x509.CreateCertificate(rand.Reader, leaf, root, &key.PublicKey, rootKey)
	if err != nil {
		return tls.Certificate{}, err
	}
	public, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		return tls.Certificate{}, err
	}
	sum := sha256.Sum256(public)
	w.Key = base64.StdEncoding.EncodeToString(sum[:])
	return tls.Certificate{Certificate: [][]byte{bytes, rootBytes}, PrivateKey: key}, nil
}
