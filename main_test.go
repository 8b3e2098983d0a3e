package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"deskbell/db/files/filestest"
	"deskbell/handlers/handlerstest"
)

// binary is the program, built once for all tests of this package.
var binary string

func TestMain(m *testing.M) { os.Exit(withBinary(m.Run)) }

func withBinary(run func() int) int {
	dir, err := os.MkdirTemp("", "deskbell-binary-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	binary = filepath.Join(dir, "deskbell")
	build := exec.Command("go", "build", "-tags", "sqlite_fts5", "-ldflags", "-X main.version=v0-test", "-o", binary, ".")
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build the program: %v\n%s", err, out)
		return 1
	}
	return run()
}

// patience bounds every wait for a process, on a machine that is busy with other things.
const patience = 20 * time.Second

// command runs the program to its end, with these variables alone.
func command(t *testing.T, env []string, args ...string) (code int, out, errs string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, binary, args...)
	cmd.Dir, cmd.Env = t.TempDir(), append([]string{"DESKBELL_ADDR=127.0.0.1:0"}, env...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	if ctx.Err() != nil {
		t.Fatalf("deskbell %v did not end:\n%s%s", args, &stdout, &stderr)
	}
	if _, ended := err.(*exec.ExitError); err != nil && !ended {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()
}

// process is the program at work.
type process struct {
	t       *testing.T
	cmd     *exec.Cmd
	address string
	out     *output
	logs    *output
	ended   chan struct{}
}

// launch starts the program on a folder and waits until it listens. Env adds to its variables.
func launch(t *testing.T, dir string, env ...string) *process {
	t.Helper()
	return launchBy(t, func(*process) {}, dir, env...)
}

// launchBy starts the program after a change to how it is started.
func launchBy(t *testing.T, change func(*process), dir string, env ...string) *process {
	t.Helper()
	p := begin(t, change, dir, env...)
	p.waitFor(p.logs, "version") // which stands in the line that says where it listens
	return p
}

// begin starts the program and waits for nothing.
func begin(t *testing.T, change func(*process), dir string, env ...string) *process {
	t.Helper()
	address, err := filestest.FreeAddress()
	if err != nil {
		t.Fatal(err)
	}
	p := &process{t: t, address: address, out: newOutput(), logs: newOutput(), ended: make(chan struct{})}
	_, port, _ := net.SplitHostPort(p.address)
	p.cmd = exec.Command(binary)
	p.cmd.Env = append([]string{
		"DESKBELL_ADDR=" + p.address, "DESKBELL_BASE_URL=http://localhost:" + port, "DESKBELL_DATA=" + dir,
		"PATH=" + os.Getenv("PATH"),
	}, env...)
	p.cmd.Dir = t.TempDir()
	p.cmd.Stdout, p.cmd.Stderr = p.out, p.logs
	change(p)
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { defer close(p.ended); p.cmd.Wait() }()
	t.Cleanup(p.kill)
	return p
}

// waitFor waits until the program has written a text.
func (p *process) waitFor(o *output, text string) {
	p.t.Helper()
	late := time.After(patience)
	for !strings.Contains(o.String(), text) {
		select {
		case <-o.more:
		case <-p.ended:
			if !strings.Contains(o.String(), text) {
				p.t.Fatalf("the program ended before %q:\n%s%s", text, p.out, p.logs)
			}
		case <-late:
			p.t.Fatalf("no %q in\n%s%s", text, p.out, p.logs)
		}
	}
}

// until waits for what no process says: it looks again and again.
func until(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for late := time.Now().Add(patience); !holds(); {
		if time.Now().After(late) {
			t.Fatalf("still not: %s", what)
		}
		runtime.Gosched()
	}
}

// browser opens a page domain of the program; "" is the base host.
func (p *process) browser(host string) *handlerstest.Browser {
	if host == "" {
		host = "localhost"
	}
	_, port, _ := net.SplitHostPort(p.address)
	return handlerstest.NewBrowser(p.t, "http://"+net.JoinHostPort(host, port), p.address)
}

// signIn signs a member in and returns their browser.
func (p *process) signIn(email, password string) *handlerstest.Browser {
	p.t.Helper()
	b := p.browser("")
	b.Post("/desk/login", url.Values{"email": {email}, "password": {password}}).Status(303)
	return b
}

// kill ends the program as a power cut would.
func (p *process) kill() {
	p.cmd.Process.Kill() // it may have ended already
	<-p.ended
}

// stop asks the program to end and returns its exit code and how long that took.
func (p *process) stop() (int, time.Duration) {
	p.t.Helper()
	began := time.Now()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		p.t.Fatal(err)
	}
	return p.wait(), time.Since(began)
}

func (p *process) wait() int {
	p.t.Helper()
	select {
	case <-p.ended:
	case <-time.After(patience):
		p.t.Fatalf("the program did not end:\n%s", p.logs)
	}
	return p.cmd.ProcessState.ExitCode()
}

// output keeps what the program writes.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
	more chan struct{} // has room for one signal
}

func newOutput() *output { return &output{more: make(chan struct{}, 1)} }

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	select {
	case o.more <- struct{}{}:
	default:
	}
	return o.text.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// lines splits what was written, without empty lines.
func (o *output) lines() []string {
	var list []string
	for s := bufio.NewScanner(strings.NewReader(o.String())); s.Scan(); {
		if strings.TrimSpace(s.Text()) != "" {
			list = append(list, s.Text())
		}
	}
	return list
}
