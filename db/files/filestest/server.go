package filestest

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
)

// server is a running S3 server.
type server struct {
	address     string // host and port
	folder      string // where it keeps everything
	key, secret string
	keeper      io.Closer // closing it ends the process
	ended       chan struct{}
	output      *bytes.Buffer // to be read when it has ended
}

// keep runs a command until it ends or its own input does, which happens as well when the test
// process dies: no server outlives its test.
const keep = `exec 3<&0
"$@" 3<&- & pid=$!
{ cat <&3; kill $pid; } >/dev/null 2>&1 &
wait $pid`

// start runs a server on a free port of this machine.
func start() (*server, error) {
	path, err := binary()
	if err != nil {
		return nil, err
	}
	address, err := FreeAddress()
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("", "deskbell-s3-")
	if err != nil {
		return nil, err
	}
	s := &server{address: address, folder: folder, key: "test", secret: rand.Text(), ended: make(chan struct{}), output: new(bytes.Buffer)}
	if err := s.run(path); err != nil {
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	if err := s.answers(); err != nil {
		stopErr := s.stop()
		return nil, errors.Join(fmt.Errorf("%w\n%s", err, s.output), stopErr)
	}
	return s, nil
}

func (s *server) run(path string) error {
	buckets, notes := filepath.Join(s.folder, "buckets"), filepath.Join(s.folder, "notes")
	for _, folder := range []string{buckets, notes} {
		if err := os.Mkdir(folder, 0o700); err != nil {
			return err
		}
	}
	// A folder beside the buckets for what belongs to a file: not every file system has attributes.
	cmd := exec.Command("sh", "-c", keep, "sh", path, "--port", s.address, "--quiet", "--keep-alive", "posix", "--sidecar", notes, buckets)
	cmd.Env = append(os.Environ(), "ROOT_ACCESS_KEY="+s.key, "ROOT_SECRET_KEY="+s.secret)
	cmd.Stdout, cmd.Stderr = s.output, s.output
	keeper, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	s.keeper = keeper
	if err := cmd.Start(); err != nil {
		return err
	}
	go func() {
		defer close(s.ended)
		_ = cmd.Wait() // What it wrote says more.
	}()
	return nil
}

// stop ends the process by its keeper and waits for it.
func (s *server) stop() error {
	closeErr := s.keeper.Close()
	<-s.ended // How it ended says nothing: it was told to.
	return errors.Join(closeErr, os.RemoveAll(s.folder))
}

// shared is the one server of this test process, counted by the tests that use it.
type shared struct {
	sync.Mutex
	running *server
	users   int
}

var servers shared

func (s *shared) acquire() (*server, error) {
	s.Lock()
	defer s.Unlock()
	if s.users == 0 {
		server, err := start()
		if err != nil {
			return nil, err
		}
		s.running = server
	}
	s.users++
	return s.running, nil
}

func (s *shared) release() error {
	s.Lock()
	defer s.Unlock()
	if s.users--; s.users > 0 {
		return nil
	}
	return s.running.stop()
}
