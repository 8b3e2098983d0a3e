package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"deskbell/db"
)

// serveCommand is the argument by which this program runs as a server alone, so that nothing else
// counts into its memory.
const serveCommand = "serve"

// serveAlone serves the database in a folder, writes its address, and ends with its input. Without a folder it is bare
// Echo.
func serveAlone(ctx context.Context, dir string, in io.Reader, out io.Writer) error {
	if dir == "" {
		return serveBare(in, out)
	}
	data, err := db.Open(ctx, filepath.Join(dir, "deskbell.db"), nil)
	if err != nil {
		return err
	}
	s := &subject{}
	if err := s.serve(dir, data); err != nil {
		return errors.Join(err, data.Close())
	}
	fmt.Fprintln(out, s.address)
	io.Copy(io.Discard, in) // how it ends does not matter
	return s.close()
}

func serveBare(in io.Reader, out io.Writer) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := &http.Server{Handler: bareEcho(), ReadHeaderTimeout: time.Minute}
	go server.Serve(listener) // ends with close
	fmt.Fprintln(out, listener.Addr())
	io.Copy(io.Discard, in) // how it ends does not matter
	return server.Close()
}

// child is a server in a process of its own.
type child struct {
	cmd     *exec.Cmd
	in      io.Closer
	address string
}

func startChild(ctx context.Context, dir string) (*child, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	c := &child{cmd: exec.CommandContext(ctx, program, serveCommand, dir)}
	c.cmd.Stderr = os.Stderr
	in, err := c.cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	c.in = in
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := c.cmd.Start(); err != nil {
		return nil, err
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return nil, errors.Join(fmt.Errorf("the server's process says no address: %w", err), c.close())
	}
	c.address = strings.TrimSpace(line)
	return c, nil
}

func (c *child) close() error { return errors.Join(c.in.Close(), c.cmd.Wait()) }

// memory returns a figure of the kernel about the process, in bytes: VmRSS, what it holds now, or VmHWM,
// the most since forgetPeak.
func (c *child) memory(figure string) (int64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", c.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(status)) {
		if name, value, _ := strings.Cut(line, ":"); name == figure {
			kb, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 10, 64)
			return kb << 10, err
		}
	}
	return 0, fmt.Errorf("the kernel says no %s of a process", figure)
}

// forgetPeak has VmHWM begin anew (proc(5), clear_refs).
func (c *child) forgetPeak() error {
	return os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", c.cmd.Process.Pid), []byte("5"), 0)
}
