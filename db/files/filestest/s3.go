// Package filestest gives tests a bucket on a real S3 server, in its own process on this machine.
package filestest

import (
	"crypto/rand"
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// S3 returns the URL of a new, empty bucket, keys included. Tests that run at the same time share
// one server, which ends with the last of them.
func S3(t testing.TB) string {
	t.Helper()
	server, err := servers.acquire()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := servers.release(); err != nil {
			t.Error(err)
		}
	})
	bucket := "test-" + strings.ToLower(rand.Text())
	if err := os.Mkdir(filepath.Join(server.folder, "buckets", bucket), 0o700); err != nil {
		t.Fatal(err)
	}
	return server.url(bucket)
}

func (s *server) url(bucket string) string {
	u := url.URL{Scheme: "s3", User: url.UserPassword(s.key, s.secret), Host: bucket,
		RawQuery: url.Values{"region": {"us-east-1"}, "endpoint": {"http://" + s.address}}.Encode()}
	return u.String()
}

// binary finds what `make bin/versitygw` builds, from whichever package is tested.
func binary() (string, error) {
	folder, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for !exists(filepath.Join(folder, "go.mod")) {
		if folder == filepath.Dir(folder) {
			return "", fmt.Errorf("no go.mod above the test")
		}
		folder = filepath.Dir(folder)
	}
	path := filepath.Join(folder, "bin", "versitygw")
	if !exists(path) {
		return "", fmt.Errorf("%s is missing, the S3 server of the tests: `make bin/versitygw` builds it", path)
	}
	return path, nil
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// lastPort is the port that FreeAddress gave last. It begins anywhere, so that test binaries that run at the
// same time rarely try the same.
var lastPort = func() *atomic.Uint32 {
	var port atomic.Uint32
	port.Store(mathrand.Uint32())
	return &port
}()

// FreeAddress is an address of this machine on which nobody listens, for a program that has to be told one.
// Its port is none that the system gives to connections (Linux: 32768 and up), or one of the many that the
// tests open could take it before the program does.
func FreeAddress() (string, error) {
	const first, after = 10_000, 32_768
	for range 100 {
		address := fmt.Sprintf("127.0.0.1:%d", first+lastPort.Add(1)%(after-first))
		if listener, err := net.Listen("tcp", address); err == nil {
			return address, listener.Close()
		}
	}
	return "", errors.New("no free port found")
}

// answers asks until the server answers, or has ended.
func (s *server) answers() error {
	client := &http.Client{Timeout: time.Second}
	again := time.NewTicker(10 * time.Millisecond)
	defer again.Stop()
	late := time.After(30 * time.Second)
	for {
		if answer, err := client.Get("http://" + s.address + "/"); err == nil {
			return answer.Body.Close()
		}
		select {
		case <-s.ended:
			return errors.New("the S3 server ended at its start")
		case <-late:
			return fmt.Errorf("the S3 server does not answer at %s", s.address)
		case <-again.C:
		}
	}
}
