package files_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"deskbell/db/files"
	"deskbell/db/files/filestest"
)

func TestG2_WithoutRoomNothingIsReceived(t *testing.T) {
	t.Parallel()
	rawURL := folderURL(t)
	child := newChild(t, "no-room", rawURL)
	child = exec.Command("sh", append([]string{"-c", `ulimit -f 1024; exec "$@"`, "sh"}, child.Args...)...)
	if output, err := child.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, output)
	}
	if left := leftovers(t, rawURL, ""); len(left) > 0 {
		t.Errorf("%v stays", left)
	}
}

func TestG2_AFolderThatCannotBeWrittenStoresNothing(t *testing.T) {
	t.Parallel()
	rawURL := folderURL(t)
	s := open(t, rawURL, "")
	name := files.NewName()
	inTheWay := filepath.Join(strings.TrimPrefix(rawURL, "file://"), name[:2])
	if err := os.WriteFile(inTheWay, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	received := receive(t, s, []byte("kept for another try"))
	if err := s.Put(t.Context(), name, received); err == nil {
		t.Fatal("stored")
	}
	if err := os.Remove(inTheWay); err != nil {
		t.Fatal(err)
	}
	missing(t, s, name)
	if err := s.Put(t.Context(), name, received); err != nil {
		t.Errorf("another try: %v", err)
	}
}

// A folder under a file's name is neither a file nor missing.
func TestG2_WhatIsNoFileIsNotOpened(t *testing.T) {
	t.Parallel()
	rawURL := folderURL(t)
	s := open(t, rawURL, "")
	name := files.NewName()
	if err := os.MkdirAll(filepath.Join(strings.TrimPrefix(rawURL, "file://"), name[:2], name), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Open(t.Context(), name); err == nil || errors.Is(err, files.ErrMissing) {
		t.Errorf("open: %v", err)
	}
	if err := s.Put(t.Context(), name, receive(t, s, []byte("x"))); err == nil {
		t.Error("stored over a folder")
	}
	if got := list(t, s); len(got) > 0 {
		t.Errorf("lists %v", got)
	}
}

// edit changes the URL of a test's bucket.
func edit(t *testing.T, rawURL string, change func(u *url.URL)) *url.URL {
	t.Helper()
	u, err := url.Parse(rawURL)
	if err != nil {
		t.Fatal(err)
	}
	change(u)
	return u
}

func at(address string) func(u *url.URL) {
	return func(u *url.URL) { u.RawQuery = url.Values{"endpoint": {"http://" + address}}.Encode() }
}

func TestG9_ABucketThatRefusesIsAnErrorAndNoMissingFile(t *testing.T) {
	t.Parallel()
	rawURL := filestest.S3(t)
	for what, change := range map[string]func(u *url.URL){
		"no bucket":    func(u *url.URL) { u.Host = "there-is-no-such-bucket" },
		"wrong key":    func(u *url.URL) { u.User = url.UserPassword("nobody", "hunter2-very-secret") },
		"wrong secret": func(u *url.URL) { u.User = url.UserPassword(u.User.Username(), "hunter2-very-secret") },
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			refused(t, open(t, edit(t, rawURL, change).String(), t.TempDir()))
		})
	}
}

// refused expects an error, and the right kind, of all that a store does.
func refused(t *testing.T, s files.Store) {
	t.Helper()
	name := files.NewName()
	_, openErr := s.Open(t.Context(), name)
	for what, err := range map[string]error{
		"put":         s.Put(t.Context(), name, receive(t, s, noise(100_000))),
		"open":        openErr,
		"remove one":  s.Remove(t.Context(), name),
		"remove many": s.Remove(t.Context(), name, files.NewName()),
		"each":        s.Each(t.Context(), func(files.Info) error { return nil }),
		"check":       s.Check(t.Context()),
	} {
		if err == nil || errors.Is(err, files.ErrMissing) {
			t.Errorf("%s: %v", what, err)
		} else if strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: the error quotes the secret: %v", what, err)
		}
	}
}

// cutter stands before a server and cuts each connection after so many bytes have passed.
func cutter(t *testing.T, server string, after int64) (address string) {
	t.Helper()
	listener := listen(t)
	var passed atomic.Int64
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			behind, err := net.Dial("tcp", server)
			if err != nil {
				conn.Close()
				return
			}
			cut := func(to, from net.Conn) {
				defer to.Close()
				defer from.Close()
				buf := make([]byte, 4096)
				for passed.Load() < after {
					n, err := from.Read(buf)
					passed.Add(int64(n))
					if _, writeErr := to.Write(buf[:n]); err != nil || writeErr != nil {
						return
					}
				}
			}
			go cut(conn, behind)
			go cut(behind, conn)
		}
	}()
	return listener.Addr().String()
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	return listener
}

// server is the host and port behind a test's URL.
func server(t *testing.T, rawURL string) (address string) {
	edit(t, rawURL, func(u *url.URL) { address = strings.TrimPrefix(u.Query().Get("endpoint"), "http://") })
	return address
}

func TestG2_AServerThatGoesAwayStoresNothingHalf(t *testing.T) {
	t.Parallel()
	rawURL := filestest.S3(t)
	direct := open(t, rawURL, t.TempDir())
	s := open(t, edit(t, rawURL, at(cutter(t, server(t, rawURL), 1<<20))).String(), t.TempDir())
	name := files.NewName()
	received := receive(t, s, noise(8<<20))
	if err := s.Put(t.Context(), name, received); err == nil {
		t.Error("stored")
	}
	missing(t, direct, name)
	if got := list(t, direct); len(got) > 0 {
		t.Errorf("%v stands", got)
	}
}

func TestG9_ADownloadThatBreaksOffIsNoWholeFile(t *testing.T) {
	t.Parallel()
	rawURL := filestest.S3(t)
	name := files.NewName()
	put(t, open(t, rawURL, t.TempDir()), name, noise(8<<20))
	s := open(t, edit(t, rawURL, at(cutter(t, server(t, rawURL), 1<<20))).String(), t.TempDir())
	f, err := s.Open(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if n, err := io.Copy(io.Discard, f); err == nil || n >= 8<<20 {
		t.Errorf("read %d bytes: %v", n, err)
	}
}

// The kernel accepts the connections; nobody answers on them.
func TestG9_ASilentServerFailsInTime(t *testing.T) {
	t.Parallel()
	silent := listen(t).Addr().String()
	u := edit(t, "s3://key:hunter2-secret@bucket", at(silent))
	s, err := files.OpenImpatient(u, t.TempDir(), 100*time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	refused(t, s)
	// More than the kernel takes in before anybody reads.
	if err := s.Put(t.Context(), files.NewName(), receive(t, s, noise(32<<20))); err == nil {
		t.Error("stored where nobody reads")
	}
	if took := time.Since(began); took > 60*time.Second {
		t.Errorf("eight requests took %v", took)
	}
}

func TestG9_AReaderWhoGoesAwayEndsTheDownload(t *testing.T) {
	t.Parallel()
	s := open(t, filestest.S3(t), t.TempDir())
	name := files.NewName()
	put(t, s, name, noise(8<<20))
	ctx, cancel := context.WithCancel(t.Context())
	f, err := s.Open(ctx, name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.Read(make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	cancel()
	if _, err := io.Copy(io.Discard, f); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
