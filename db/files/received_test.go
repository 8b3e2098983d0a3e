package files_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"deskbell/db/files"
)

// counter counts what was read from an endless stream, or from another reader.
type counter struct {
	io.Reader
	read int64
}

func (c *counter) Read(p []byte) (int, error) {
	n := len(p)
	if c.Reader != nil {
		var err error
		if n, err = c.Reader.Read(p); err != nil {
			return n, err
		}
	}
	c.read += int64(n)
	return n, nil
}

func TestReceiveTellsSizeAndChecksum(t *testing.T) {
	t.Parallel()
	s := open(t, folderURL(t), "")
	for _, size := range []int{0, 1, 256 << 10, 1_000_000} {
		content := noise(size)
		received, err := s.Receive(t.Context(), iotest.HalfReader(bytes.NewReader(content)), math.MaxInt64)
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(content)
		if received.Size != int64(size) || received.SHA256 != hex.EncodeToString(sum[:]) {
			t.Errorf("%d bytes: got %d with %s", size, received.Size, received.SHA256)
		}
		for range 2 {
			if got, err := io.ReadAll(received.Reader()); err != nil || !bytes.Equal(got, content) {
				t.Errorf("%d bytes: read back %d: %v", size, len(got), err)
			}
		}
		if err := errors.Join(received.Close(), received.Close()); err != nil {
			t.Error(err)
		}
	}
}

func TestG3_ReceiveEndsAsSoonAsTheLimitIsPassed(t *testing.T) {
	t.Parallel()
	rawURL := folderURL(t)
	s := open(t, rawURL, "")
	for _, limit := range []int64{-1, 0, 1, 1000, 256<<10 - 1, 256 << 10, 1_000_000} {
		allowed := max(limit, 0)
		received, err := s.Receive(t.Context(), bytes.NewReader(make([]byte, allowed)), limit)
		if err != nil {
			t.Fatalf("%d bytes of %d: %v", allowed, limit, err)
		}
		if err := received.Close(); err != nil {
			t.Error(err)
		}
		endless := &counter{}
		if _, err := s.Receive(t.Context(), endless, limit); !errors.Is(err, files.ErrTooLarge) {
			t.Errorf("limit %d: %v, want ErrTooLarge", limit, err)
		}
		if endless.read > allowed+1 {
			t.Errorf("limit %d: %d bytes were read", limit, endless.read)
		}
	}
	if left := leftovers(t, rawURL, ""); len(left) > 0 {
		t.Errorf("%v stays", left)
	}
}

// A request whose sender goes away ends in io.ErrUnexpectedEOF: that is no whole file.
func TestG2_WhatBreaksOffIsNotReceived(t *testing.T) {
	t.Parallel()
	rawURL := folderURL(t)
	s := open(t, rawURL, "")
	for _, broken := range []error{io.ErrUnexpectedEOF, io.ErrClosedPipe} {
		r := io.MultiReader(bytes.NewReader(noise(300_000)), iotest.ErrReader(broken))
		if _, err := s.Receive(t.Context(), r, math.MaxInt64); !errors.Is(err, broken) {
			t.Errorf("got %v, want %v", err, broken)
		}
	}
	if left := leftovers(t, rawURL, ""); len(left) > 0 {
		t.Errorf("%v stays", left)
	}
}

func TestG2_ACancelledReceiptLeavesNothing(t *testing.T) {
	t.Parallel()
	rawURL := folderURL(t)
	s := open(t, rawURL, "")
	ctx, cancel := context.WithCancel(t.Context())
	r := iotest.OneByteReader(&cancelling{cancel: cancel, after: 1000})
	if _, err := s.Receive(ctx, r, math.MaxInt64); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if left := leftovers(t, rawURL, ""); len(left) > 0 {
		t.Errorf("%v stays", left)
	}
}

// cancelling is endless, and cancels after so many reads.
type cancelling struct {
	cancel context.CancelFunc
	after  int
}

func (c *cancelling) Read(p []byte) (int, error) {
	if c.after--; c.after == 0 {
		c.cancel()
	}
	return len(p), nil
}

func TestP_OnlyOurUserReadsFiles(t *testing.T) {
	t.Parallel()
	root := filepath.Join(t.TempDir(), "files")
	s := open(t, "file://"+root, "")
	put(t, s, files.NewName(), []byte("private"))
	receive(t, s, []byte("private"))
	err := filepath.Walk(root, func(path string, info os.FileInfo, err error) error {
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v", path, info.Mode())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Doctor opens the store while the server receives.
func TestOpeningAgainKeepsWhatIsBeingReceived(t *testing.T) {
	t.Parallel()
	rawURL := folderURL(t)
	s := open(t, rawURL, "")
	received := receive(t, s, []byte("in use"))
	open(t, rawURL, "")
	name := files.NewName()
	if err := s.Put(t.Context(), name, received); err != nil {
		t.Fatal(err)
	}
	if got := string(get(t, s, name)); got != "in use" {
		t.Errorf("got %q", got)
	}
}

func TestOpeningRemovesWhatADeadProcessReceived(t *testing.T) {
	t.Parallel()
	rawURL := folderURL(t)
	child := newChild(t, "receive", rawURL)
	input, err := child.StdinPipe() // Never written to: the child waits for it.
	if err != nil {
		t.Fatal(err)
	}
	defer input.Close()
	output, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(output, make([]byte, len("received"))); err != nil {
		t.Fatal(err)
	}
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = child.Wait() // It was killed.
	if left := leftovers(t, rawURL, ""); len(left) != 1 {
		t.Fatalf("the dead process left %v, want one file", left)
	}
	open(t, rawURL, "")
	if left := leftovers(t, rawURL, ""); len(left) > 0 {
		t.Errorf("%v stays", left)
	}
}

func TestReceiveSaysThatItsFolderIsGone(t *testing.T) {
	t.Parallel()
	rawURL := folderURL(t)
	s := open(t, rawURL, "")
	if err := os.Remove(filepath.Join(strings.TrimPrefix(rawURL, "file://"), ".incoming")); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Receive(t.Context(), strings.NewReader("x"), 1); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v", err)
	}
	if err := s.Check(t.Context()); err == nil {
		t.Error("the check passed")
	}
}
