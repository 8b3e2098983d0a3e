package files_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"syscall"
	"testing"

	"deskbell/db/files"
)

// TestMain lets the test's own binary be the process that dies or has no room.
func TestMain(m *testing.M) {
	if len(os.Args) == 3 && os.Args[1] == "receive" {
		os.Exit(receiveAndWait(os.Args[2]))
	}
	if len(os.Args) == 3 && os.Args[1] == "no-room" {
		os.Exit(receiveWithoutRoom(os.Args[2]))
	}
	os.Exit(m.Run())
}

// newChild is this test binary in another role.
func newChild(t *testing.T, role, rawURL string) *exec.Cmd {
	t.Helper()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	child := exec.Command(path, role, rawURL)
	child.Stderr = os.Stderr
	return child
}

// receiveAndWait receives a file, says so, and holds it until its input ends.
func receiveAndWait(rawURL string) int {
	s, err := files.Open(rawURL, "")
	if err == nil {
		_, err = s.Receive(context.Background(), bytes.NewReader(noise(100_000)), 100_000)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	fmt.Print("received")
	_, _ = io.Copy(io.Discard, os.Stdin)
	return 0
}

// receiveWithoutRoom succeeds where a file larger than the process may write is refused.
func receiveWithoutRoom(rawURL string) int {
	s, err := files.Open(rawURL, "")
	if err == nil {
		_, err = s.Receive(context.Background(), bytes.NewReader(noise(2<<20)), 2<<20)
	}
	if !errors.Is(err, syscall.EFBIG) {
		fmt.Fprintln(os.Stderr, "received without room:", err)
		return 1
	}
	return 0
}
