package files_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/iotest"
	"time"

	"deskbell/db/files"
	"deskbell/db/files/filestest"
)

func TestG9_BytesComeBackExactly(t *testing.T) {
	onBoth(t, func(t *testing.T, s files.Store) {
		for _, size := range []int{0, 1, 256<<10 - 1, 256 << 10, 256<<10 + 1, 20 << 20} {
			want := noise(size)
			name := files.NewName()
			put(t, s, name, want)
			if got := get(t, s, name); !bytes.Equal(got, want) {
				t.Errorf("%d bytes came back as %d others", size, len(got))
			}
		}
	})
}

func TestG9_ANameWithASuffixIsAnotherFile(t *testing.T) {
	onBoth(t, func(t *testing.T, s files.Store) {
		name := files.NewName()
		put(t, s, name, []byte("picture"))
		put(t, s, name+"-p", []byte("preview"))
		if got := string(get(t, s, name)) + string(get(t, s, name+"-p")); got != "picturepreview" {
			t.Errorf("got %q", got)
		}
	})
}

func TestG9_PutReplacesWhole(t *testing.T) {
	onBoth(t, func(t *testing.T, s files.Store) {
		name := files.NewName()
		put(t, s, name, noise(100_000))
		put(t, s, name, []byte("short"))
		if got := string(get(t, s, name)); got != "short" {
			t.Errorf("got %d bytes", len(got))
		}
	})
}

func TestG9_PutTakesTheReceivedFile(t *testing.T) {
	t.Parallel()
	for name, rawURL := range map[string]string{"folder": folderURL(t), "s3": filestest.S3(t)} {
		temp := t.TempDir()
		s := open(t, rawURL, temp)
		received := receive(t, s, []byte("once"))
		if err := s.Put(t.Context(), files.NewName(), received); err != nil {
			t.Fatal(err)
		}
		if err := s.Put(t.Context(), files.NewName(), received); err == nil {
			t.Errorf("%s: the same received file was put twice", name)
		}
		if left := leftovers(t, rawURL, temp); len(left) > 0 {
			t.Errorf("%s: %v stays in the temporary folder", name, left)
		}
	}
}

func TestG9_WhatWasNeverPutIsMissing(t *testing.T) {
	onBoth(t, func(t *testing.T, s files.Store) { missing(t, s, files.NewName()) })
}

func TestG9_RemovingTwiceIsNoError(t *testing.T) {
	onBoth(t, func(t *testing.T, s files.Store) {
		one, two, kept := files.NewName(), files.NewName(), files.NewName()
		for _, name := range []string{one, two, kept} {
			put(t, s, name, []byte(name))
		}
		for _, names := range [][]string{{one}, {one}, {one, two, files.NewName()}, {one, two}, {}} {
			if err := s.Remove(t.Context(), names...); err != nil {
				t.Errorf("remove %v: %v", names, err)
			}
		}
		missing(t, s, one)
		missing(t, s, two)
		if got := list(t, s); !slices.Equal(got, []string{kept}) {
			t.Errorf("%v stays, want %s", got, kept)
		}
	})
}

func TestG9_EachTellsNameSizeAndTime(t *testing.T) {
	onBoth(t, func(t *testing.T, s files.Store) {
		before := time.Now().Add(-2 * time.Second) // a bucket tells whole seconds
		name := files.NewName() + "-p"
		put(t, s, name, noise(1234))
		received := receive(t, s, []byte("not put yet"))
		seen := 0
		err := s.Each(t.Context(), func(info files.Info) error {
			seen++
			if info.Name != name || info.Size != 1234 {
				t.Errorf("got %+v", info)
			}
			if info.Modified.Before(before) || info.Modified.After(time.Now().Add(2*time.Second)) {
				t.Errorf("modified %v", info.Modified)
			}
			return nil
		})
		if err != nil || seen != 1 {
			t.Errorf("saw %d files, want 1: %v", seen, err)
		}
		if received.Size != 11 {
			t.Errorf("received %d bytes", received.Size)
		}
	})
}

func TestG9_EachStopsAtAnError(t *testing.T) {
	onBoth(t, func(t *testing.T, s files.Store) {
		for range 3 {
			put(t, s, files.NewName(), nil)
		}
		stop, calls := errors.New("stop"), 0
		err := s.Each(t.Context(), func(files.Info) error { calls++; return stop })
		if err != stop || calls != 1 {
			t.Errorf("%d calls and %v, want 1 and %v", calls, err, stop)
		}
	})
}

// A bucket lists and removes a thousand at a time.
func TestG9_EachAndRemoveReachMoreThanAPage(t *testing.T) {
	onBoth(t, func(t *testing.T, s files.Store) {
		const count = 1050
		want := make([]string, count)
		var wait sync.WaitGroup
		for worker := range 8 {
			wait.Go(func() {
				for i := worker; i < count; i += 8 {
					want[i] = files.NewName()
					if err := putOne(t.Context(), s, want[i]); err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		wait.Wait()
		slices.Sort(want)
		if got := list(t, s); !slices.Equal(got, want) {
			t.Errorf("listed %d files, want %d", len(got), count)
		}
		if err := s.Remove(t.Context(), want...); err != nil {
			t.Fatal(err)
		}
		if got := list(t, s); len(got) > 0 {
			t.Errorf("%d files stay", len(got))
		}
	})
}

func putOne(ctx context.Context, s files.Store, name string) error {
	received, err := s.Receive(ctx, strings.NewReader(name), 100)
	if err != nil {
		return err
	}
	return errors.Join(s.Put(ctx, name, received), received.Close())
}

func TestG9_EachMayRemove(t *testing.T) {
	onBoth(t, func(t *testing.T, s files.Store) {
		for range 5 {
			put(t, s, files.NewName(), nil)
		}
		err := s.Each(t.Context(), func(info files.Info) error { return s.Remove(t.Context(), info.Name) })
		if err != nil {
			t.Fatal(err)
		}
		if got := list(t, s); len(got) > 0 {
			t.Errorf("%v stays", got)
		}
	})
}

func TestG9_CheckLeavesNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, s files.Store) {
		if err := s.Check(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := list(t, s); len(got) > 0 {
			t.Errorf("%v stays", got)
		}
	})
}

// endsAt is a context that ends when it has been asked so many times whether it has.
type endsAt struct {
	context.Context
	left atomic.Int32
}

func (c *endsAt) Err() error {
	if c.left.Add(-1) < 0 {
		return context.Canceled
	}
	return nil
}

func TestG9_ACheckThatIsCutShortLeavesNothing(t *testing.T) {
	t.Parallel()
	s := open(t, folderURL(t), t.TempDir())
	for asks := int32(0); ; asks++ {
		ctx := &endsAt{Context: t.Context()}
		ctx.left.Store(asks)
		err := s.Check(ctx)
		if got := list(t, s); len(got) > 0 {
			t.Errorf("cut at %d: %v stays", asks, got)
		}
		if err == nil {
			if asks < 3 {
				t.Errorf("it was asked %d times alone", asks)
			}
			return
		}
	}
}

func TestG9_FilesSeek(t *testing.T) {
	onBoth(t, func(t *testing.T, s files.Store) {
		content := noise(300_000)
		name := files.NewName()
		put(t, s, name, content)
		f, err := s.Open(t.Context(), name)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if err := iotest.TestReader(f, content); err != nil {
			t.Error(err)
		}
		if at, err := f.Seek(-10, io.SeekEnd); err != nil || at != 299_990 {
			t.Errorf("seek: %d, %v", at, err)
		}
		if tail, err := io.ReadAll(f); err != nil || !bytes.Equal(tail, content[299_990:]) {
			t.Errorf("the tail came back as %d bytes: %v", len(tail), err)
		}
		if _, err := f.Seek(1_000_000, io.SeekStart); err != nil {
			t.Error(err)
		}
		if n, err := f.Read(make([]byte, 1)); n != 0 || err != io.EOF {
			t.Errorf("past the end: %d, %v", n, err)
		}
	})
}

func TestG9_AnOpenFileIsNeverMixedWithItsSuccessor(t *testing.T) {
	onBoth(t, func(t *testing.T, s files.Store) {
		name, old := files.NewName(), noise(300_000)
		put(t, s, name, old)
		f, err := s.Open(t.Context(), name)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		put(t, s, name, make([]byte, len(old)))
		if got, err := io.ReadAll(f); err == nil && !bytes.Equal(got, old) {
			t.Error("read the successor's bytes")
		}
	})
}

func TestG9_APathIsNoName(t *testing.T) {
	onBoth(t, func(t *testing.T, s files.Store) {
		for _, name := range []string{
			"", "short", "..", "../../../../../../etc/passwd", "/etc/passwd-is-long-enough", ".incoming/ABCDEFGHIJKLMNOPQRST",
			"ABCDEFGHIJKLMNOPQRSTUVWXY/", "ABCDEFGHIJKLMNOPQRSTUVWXY.", "ABCDEFGHIJKLMNOPQRSTUVWX\x00Y", "ABCDEFGHIJKLMNOPQRSTUVWXYZ\n",
			`ABCDEFGHIJKLM\..\PQRSTUVWX`, strings.Repeat("A", 21), strings.Repeat("A", 41), "ÄBCDEFGHIJKLMNOPQRSTUVWXYZ",
		} {
			received := receive(t, s, []byte("x"))
			if err := s.Put(t.Context(), name, received); err == nil {
				t.Errorf("put under %q", name)
			}
			if f, err := s.Open(t.Context(), name); err == nil || errors.Is(err, files.ErrMissing) {
				t.Errorf("opened %q: %v, %v", name, f, err)
			}
			if err := s.Remove(t.Context(), name); err == nil {
				t.Errorf("removed %q", name)
			}
		}
		if got := list(t, s); len(got) > 0 {
			t.Errorf("%v was stored", got)
		}
	})
}

func TestG9_ACancelledPutStoresNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, s files.Store) {
		received := receive(t, s, noise(1000))
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		name := files.NewName()
		if err := s.Put(ctx, name, received); !errors.Is(err, context.Canceled) {
			t.Errorf("put: %v", err)
		}
		missing(t, s, name)
		if err := s.Put(t.Context(), name, received); err != nil {
			t.Errorf("another try: %v", err)
		}
	})
}

func TestOpenRefusesWhatItCannotUse(t *testing.T) {
	t.Parallel()
	const secret = "hunter2-very-secret"
	for _, rawURL := range []string{
		"", "files", "/var/files", "file://", "file:///", "file://host/folder", "file:///folder?region=x", "ftp://host/folder",
		"s3://", "s3:///prefix", "s3://key@bucket", "s3://key:" + secret + "@bucket:9000", "s3://key:" + secret + "@bucket?regoin=x",
		"s3://key:" + secret + "@bucket?endpoint=localhost", "s3://key:" + secret + "@bucket?endpoint=ftp://host",
		"s3://key:" + secret + "@bucket?endpoint=http://host/path", "s3://key:" + secret + "%zz@bucket", "s3://key:" + secret + "@bu cket",
	} {
		_, err := files.Open(rawURL, t.TempDir())
		if err == nil {
			t.Errorf("%q was opened", rawURL)
		} else if strings.Contains(err.Error(), secret) {
			t.Errorf("the error quotes the secret: %v", err)
		}
	}
}

func TestNewNamesDiffer(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for range 1000 {
		name := files.NewName()
		if seen[name] || len(name) < 22 || len(name) > 38 {
			t.Fatal(fmt.Sprint("name ", name))
		}
		seen[name] = true
	}
}
