// Package files keeps the bytes of attachments: in a folder or in an S3 bucket, behind one small
// interface. Which bytes belong to which attachment is the database's business: bytes are stored
// before a row names them (G2), and a sweep removes what no row names.
package files

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"time"
)

// Store keeps bytes under names. A name is what NewName returned, or that with a suffix ("-p" for
// a preview): [A-Za-z0-9_-]{22,40}. Any other name is refused as a programming error, so that no
// name can be a path. A Store is safe for concurrent use.
type Store interface {
	// Receive streams r into the temporary folder, through a buffer of at most 256 KB. More than
	// limit bytes fail with ErrTooLarge as soon as the limit is passed. After an error nothing stays.
	// A cancelled context ends it before the next read; a read that blocks is its reader's to end.
	Receive(ctx context.Context, r io.Reader, limit int64) (*Received, error)
	// Put keeps what was received under a name, durably, and takes the temporary file with it.
	// What stood under the name is replaced whole. After an error nothing half stands under the
	// name, and the received file is there for another try until it is closed.
	Put(ctx context.Context, name string, from *Received) error
	// Open returns the bytes; errors.Is(err, ErrMissing) where nothing has that name. The file's
	// reads end when the context does.
	Open(ctx context.Context, name string) (File, error)
	// Remove removes names; one that does not exist is no error.
	Remove(ctx context.Context, names ...string) error
	// Each calls fn for every stored file, in no particular order, and stops at fn's first error,
	// which it returns. Fn may remove files. What has no name of ours is passed over.
	Each(ctx context.Context, fn func(Info) error) error
	// Check writes, reads and removes a small file, to know whether the store works.
	Check(ctx context.Context) error
}

// File is the bytes under one name. One goroutine at a time may use it.
type File interface {
	io.ReadSeekCloser
	// Size is the whole length in bytes, known without reading.
	Size() int64
}

// Info is what a store knows of a file without opening it.
type Info struct {
	Name     string
	Size     int64     // bytes
	Modified time.Time // when it was put, by the store's clock
}

var (
	// ErrMissing says that nothing has the name.
	ErrMissing = errors.New("no file has this name")
	// ErrTooLarge says that more bytes came than the limit allows.
	ErrTooLarge = errors.New("the file is larger than allowed")
)

var namePattern = regexp.MustCompile(`^[A-Za-z0-9_-]{22,40}$`)

// NewName makes a name of 128 random bits. Its letters are of one case, for file systems that
// cannot tell two cases apart.
func NewName() string { return rand.Text() }

// CheckName says whether a name is one that NewName makes, or that of a preview beside it.
func CheckName(name string) error { return checkName(name) }

func checkName(name string) error {
	if !namePattern.MatchString(name) {
		return fmt.Errorf("%q is not a name of a stored file", name)
	}
	return nil
}

// Open returns the store of a URL: file:///folder, or
// s3://bucket/prefix?region=…&endpoint=… as OpenS3 explains. Temp is the folder in which an S3
// store keeps files that are being received; a folder store keeps them inside itself, where a
// rename can take them. Nothing is sent to a bucket yet: Check does that. An error never quotes
// the URL, which may carry a secret.
func Open(rawURL, temp string) (Store, error) {
	u, err := ParseURL(rawURL)
	if err != nil {
		return nil, err
	}
	if u.Scheme == "s3" {
		return OpenS3(u, temp)
	}
	return OpenFolder(u.Path)
}

// ParseURL reads the URL of a store. Its error says what to write and quotes nothing.
func ParseURL(rawURL string) (*url.URL, error) {
	u, err := url.Parse(rawURL)
	if err == nil && u.Scheme == "file" && u.Host == "" && u.User == nil && u.RawQuery == "" && len(u.Path) > 1 {
		return u, nil
	}
	if err == nil && u.Scheme == "s3" && u.Host != "" {
		return u, nil
	}
	return nil, errors.New("write file:///folder or s3://bucket/prefix?region=…&endpoint=…")
}
