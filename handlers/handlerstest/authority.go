package handlerstest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/binary"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"deskbell/db/files/filestest"
)

// Authority is a real certificate authority that speaks RFC 8555: Let's Encrypt's Pebble, in a process of its
// own. It finds every name on this machine, and looks for challenges at the ports that it was started for.
type Authority struct {
	Directory string         // URL
	CAFile    string         // of the certificate of the directory itself, for SSL_CERT_FILE
	Roots     *x509.CertPool // of the certificates that it issues

	cmd *exec.Cmd
	log *Log
}

// StartAuthority starts an authority that ends with the test. Program is what `make bin/pebble` builds.
func StartAuthority(t testing.TB, program, httpPort, tlsPort string) *Authority {
	t.Helper()
	directory, err := filestest.FreeAddress()
	must(t, err)
	management, err := filestest.FreeAddress()
	must(t, err)
	dir := t.TempDir()
	a := &Authority{Directory: "https://" + directory + "/dir", CAFile: filepath.Join(dir, "cert.pem"), log: &Log{}}
	own := selfSigned(t, a.CAFile, filepath.Join(dir, "key.pem"))
	settings := filepath.Join(dir, "pebble.json")
	must(t, os.WriteFile(settings, fmt.Appendf(nil, `{"pebble": {"listenAddress": %q, "managementListenAddress": %q,
		"certificate": %q, "privateKey": %q, "httpPort": %s, "tlsPort": %s, "retryAfter": {"authz": 1, "order": 1}}}`,
		directory, management, a.CAFile, filepath.Join(dir, "key.pem"), httpPort, tlsPort), 0o600))
	a.cmd = exec.Command(program, "-config", settings, "-dnsserver", everyNameHere(t))
	a.cmd.Env = append(os.Environ(), "PEBBLE_VA_NOSLEEP=1")
	a.cmd.Stdout, a.cmd.Stderr = a.log, a.log
	if err := a.cmd.Start(); err != nil {
		t.Fatalf("start the authority (`make bin/pebble` builds it): %v", err)
	}
	t.Cleanup(func() {
		a.Stop()
		if t.Failed() {
			t.Logf("the authority says\n%s", a.log)
		}
	})
	a.Roots = x509.NewCertPool()
	a.Roots.AppendCertsFromPEM(a.root(t, own, "https://"+management+"/roots/0"))
	return a
}

// Stop ends the authority. Doing it twice is fine.
func (a *Authority) Stop() {
	a.cmd.Process.Kill() // it may have ended
	a.cmd.Wait()
}

// Asked says whether the authority was asked for a certificate of a name.
func (a *Authority) Asked(name string) bool { return strings.Contains(a.log.String(), name) }

// root waits until the authority answers, and returns its root certificate.
func (a *Authority) root(t testing.TB, own *x509.CertPool, url string) []byte {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: own}, DisableKeepAlives: true}}
	for end := time.Now().Add(20 * time.Second); ; {
		answer, err := client.Get(url)
		if err == nil {
			defer answer.Body.Close()
			text, err := io.ReadAll(answer.Body)
			must(t, err)
			return text
		}
		if time.Now().After(end) {
			t.Fatalf("the authority does not answer: %v\n%s", err, a.log)
		}
	}
}

// selfSigned writes a certificate of 127.0.0.1 and its key.
func selfSigned(t testing.TB, certificate, key string) *x509.CertPool {
	t.Helper()
	secret, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	about := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "The tests' directory"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
	}
	bytes, err := x509.CreateCertificate(rand.Reader, about, about, &secret.PublicKey, secret)
	must(t, err)
	secretBytes, err := x509.MarshalPKCS8PrivateKey(secret)
	must(t, err)
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: bytes})
	must(t, os.WriteFile(certificate, text, 0o600))
	must(t, os.WriteFile(key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secretBytes}), 0o600))
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(text)
	return pool
}

// everyNameHere is a name server that finds every name at 127.0.0.1. It speaks TCP alone, as the authority
// asks. It returns its address.
func everyNameHere(t testing.TB) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() { defer conn.Close(); answerNames(conn) }()
		}
	}()
	return listener.Addr().String()
}

// answerNames answers until the other side ends: each message has its length before it (RFC 1035, 4.2.2).
func answerNames(conn net.Conn) {
	for {
		var length uint16
		if binary.Read(conn, binary.BigEndian, &length) != nil {
			return
		}
		question := make([]byte, length)
		if _, err := io.ReadFull(conn, question); err != nil {
			return
		}
		answer, err := hereAnswer(question)
		if err != nil {
			return
		}
		conn.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(answer))), answer...))
	}
}

func hereAnswer(question []byte) ([]byte, error) {
	var m dnsmessage.Message
	if err := m.Unpack(question); err != nil {
		return nil, err
	}
	m.Response, m.Authoritative, m.Additionals = true, true, nil
	for _, q := range m.Questions {
		if q.Type == dnsmessage.TypeA {
			m.Answers = append(m.Answers, dnsmessage.Resource{
				Header: dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class, TTL: 1}, Body: &dnsmessage.AResource{A: [4]byte{127, 0, 0, 1}},
			})
		}
	}
	return m.Pack()
}
