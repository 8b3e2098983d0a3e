// Package files keeps the bytes of attachments: in a folder or in an S3 bucket, behind one small
// interface. It knows names and bytes alone; what they belong to stands in the database.
package files

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"time"
)

// Store keeps bytes under names. A name is one of NewName, or one with a short suffix. A store is
// safe for use by many at once.
type Store interface {
	// Receive streams a file to the local disk, where it waits for Put. More bytes than the limit fail
	// with ErrTooLarge as soon as they come, and nothing stays of what fails.
	Receive(ctx context.Context, r io.Reader, limit int64) (*Received, error)
	// Put keeps a received file durably under a name. On an error nothing stands under the name.
	Put(ctx context.Context, name string, from *Received) error
	// Open opens the bytes under a name, and fails with ErrMissing where there are none.
	Open(ctx context.Context, name string) (File, error)
	// Remove removes the bytes under names. A name without bytes is no error.
	Remove(ctx context.Context, names ...string) error
	// Each calls on every stored file, in no order, until one call fails.
	Each(ctx context.Context, call func(Info) error) error
	// Check keeps, reads and removes a small file, to know that the store works.
	Check(ctx context.Context) error
}

// File is stored bytes, open for reading.
type File interface {
	io.ReadSeekCloser
	Size() int64
}

// Info is what a store knows of a file without opening it.
type Info struct {
	Name     string
	Size     int64
	Modified time.Time
}

// The two failures that callers tell from others.
var (
	ErrMissing  = errors.New("there are no bytes of this name")
	ErrTooLarge = errors.New("the file is larger than the limit")
)

// NewName returns a name that nobody can guess or meet again: 128 random bits, base64url.
func NewName() string {
	raw := make([]byte, 16)
	rand.Read(raw) // never fails: crypto/rand ends the program instead
	return base64.RawURLEncoding.EncodeToString(raw)
}

var nameLike = regexp.MustCompile(`\A[A-Za-z0-9_-]{22,40}\z`)

// checkName keeps what is no name of ours, a path for one, away from a store.
func checkName(name string) error {
	if !nameLike.MatchString(name) {
		return fmt.Errorf("%q is no name of a stored file", name)
	}
	return nil
}

// Open opens the store of an address: file:///folder, or s3://bucket/prefix?region=…&endpoint=…. Files
// that are being received for a bucket lie in the folder temp, those for a folder inside of it; what a
// dead process left there goes.
func Open(address, temp string) (Store, error) {
	u, err := ParseAddress(address)
	if err != nil {
		return nil, err
	}
	if u.Scheme == "file" {
		return openFolder(u.Path)
	}
	in, err := openInbox(temp)
	if err != nil {
		return nil, err
	}
	return openBucket(u, in)
}

// ParseAddress reads the address of a store. Its error does not repeat the address.
func ParseAddress(address string) (*url.URL, error) {
	u, err := url.Parse(address)
	switch {
	case err == nil && u.Scheme == "file" && u.Host == "" && len(u.Path) > 1:
		return u, nil
	case err == nil && u.Scheme == "s3" && u.Host != "" && u.User == nil:
		return u, nil
	}
	return nil, errors.New("write an address like file:///var/lib/deskbell/files or s3://bucket?region=eu-central-1")
}

// check is Check of both stores.
func check(ctx context.Context, s Store) error {
	const size = 16
	from, err := s.Receive(ctx, io.LimitReader(rand.Reader, size), size)
	if err != nil {
		return fmt.Errorf("receive: %w", err)
	}
	defer from.Close()
	name := NewName()
	if err := s.Put(ctx, name, from); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	file, err := s.Open(ctx, name)
	if err != nil {
		return fmt.Errorf("read: %w", err)
	}
	n, err := io.Copy(io.Discard, file)
	if err = errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("read: %w", err)
	}
	if n != size {
		return fmt.Errorf("read: %d bytes came back of %d", n, size)
	}
	if err := s.Remove(ctx, name); err != nil {
		return fmt.Errorf("remove: %w", err)
	}
	return nil
}
