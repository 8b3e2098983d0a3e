package files

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
)

// inbox is the folder in which files are received.
type inbox struct{ dir string }

// openInbox makes the folder, and removes what a dead process left in it.
func openInbox(dir string) (inbox, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return inbox{}, fmt.Errorf("make the folder for files that are being received: %w", err)
	}
	left, err := os.ReadDir(dir)
	if err != nil {
		return inbox{}, fmt.Errorf("read the folder for files that are being received: %w", err)
	}
	for _, entry := range left {
		if err := os.Remove(filepath.Join(dir, entry.Name())); err != nil {
			return inbox{}, fmt.Errorf("clear the folder for files that are being received: %w", err)
		}
	}
	return inbox{dir}, nil
}

// Received is a file on the local disk, whole and synced. Close removes it, unless a store took it.
type Received struct {
	Size   int64
	SHA256 string // hexadecimal
	file   *os.File
	taken  bool
}

// Reader reads the file from its beginning. Readers do not disturb each other.
func (r *Received) Reader() *io.SectionReader { return io.NewSectionReader(r.file, 0, r.Size) }

// Close removes the file, unless a store took it. Once more does nothing.
func (r *Received) Close() error {
	if r.file == nil {
		return nil
	}
	err := r.file.Close()
	if !r.taken {
		err = errors.Join(err, os.Remove(r.file.Name()))
	}
	r.file = nil
	return err
}

// bufferSize is what one file holds in memory while it comes.
const bufferSize = 128 << 10

var buffers = sync.Pool{New: func() any { return new([bufferSize]byte) }}

// Receive is that of both stores.
func (in inbox) Receive(ctx context.Context, r io.Reader, limit int64) (*Received, error) {
	file, err := os.OpenFile(filepath.Join(in.dir, NewName()), os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("make a file to receive into: %w", err)
	}
	received := &Received{file: file}
	if err := received.fill(ctx, r, limit); err != nil {
		return nil, errors.Join(err, received.Close())
	}
	return received, nil
}

func (r *Received) fill(ctx context.Context, from io.Reader, limit int64) error {
	buffer := buffers.Get().(*[bufferSize]byte)
	defer buffers.Put(buffer)
	sum := sha256.New()
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		n, err := from.Read(buffer[:])
		if r.Size += int64(n); r.Size > limit {
			return ErrTooLarge
		}
		sum.Write(buffer[:n]) // never fails
		if _, err := r.file.Write(buffer[:n]); err != nil {
			return fmt.Errorf("write what was received: %w", err)
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
	}
	r.SHA256 = hex.EncodeToString(sum.Sum(nil))
	if err := r.file.Sync(); err != nil {
		return fmt.Errorf("sync what was received: %w", err)
	}
	return nil
}
