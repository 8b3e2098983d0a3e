package files

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
)

// bucket is a Store in an S3 bucket: a file is the object under the prefix and its name.
type bucket struct {
	*incoming
	client *minio.Core
	name   string
	prefix string // "" or ends with a slash
}

// attempts is how often one request is tried when the server does not answer, or is overloaded.
const attempts = 3

// Put sends the file in one request, which S3 carries out wholly or not at all, and from the disk:
// nothing is held in memory. The checksum made on receipt goes with it, so that the bucket refuses
// bytes that changed on the way.
func (b *bucket) Put(ctx context.Context, name string, from *Received) error {
	if err := errors.Join(checkName(name), from.usable()); err != nil {
		return err
	}
	var err error
	for range attempts {
		// A reader of its own each time: an attempt that failed may still be reading. And one that
		// cannot seek, so that the client does not try again with the same one.
		body := struct{ io.Reader }{from.Reader()}
		_, err = b.client.PutObject(ctx, b.name, b.prefix+name, body, from.Size, "", from.SHA256,
			minio.PutObjectOptions{DisableContentSha256: true})
		if err == nil {
			return from.Close()
		}
		if answered(err) || ctx.Err() != nil {
			break
		}
	}
	if !answered(err) {
		b.forget(ctx, name)
	}
	return b.fail("store", name, err)
}

// answered says that the server decided: asking again would not help.
func answered(err error) bool {
	status := minio.ToErrorResponse(err).StatusCode
	return status >= 400 && status < 500 && status != http.StatusRequestTimeout && status != http.StatusTooManyRequests
}

// forget removes what a request without an answer may have stored. Where that fails as well, the
// next sweep does it: no row names the file.
func (b *bucket) forget(ctx context.Context, name string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	_ = b.client.RemoveObject(ctx, b.name, b.prefix+name, minio.RemoveObjectOptions{})
}

// fail says what went wrong with a file, or with the bucket where name is empty.
func (b *bucket) fail(verb, name string, err error) error {
	if code := minio.ToErrorResponse(err).Code; code == minio.NoSuchKey {
		err = ErrMissing
	}
	if name == "" {
		return fmt.Errorf("%s files in bucket %s: %w", verb, b.name, err)
	}
	return fmt.Errorf("%s file %s in bucket %s: %w", verb, name, b.name, err)
}

// Open asks for the size; reads ask for the bytes.
func (b *bucket) Open(ctx context.Context, name string) (File, error) {
	if err := checkName(name); err != nil {
		return nil, err
	}
	info, err := b.client.StatObject(ctx, b.name, b.prefix+name, minio.StatObjectOptions{})
	if minio.ToErrorResponse(err).Code == minio.NoSuchKey {
		// An answer without a body cannot say which of the two is missing, and a bucket that went
		// away must not look like files that did.
		if exists, bucketErr := b.client.BucketExists(ctx, b.name); bucketErr != nil {
			err = bucketErr
		} else if !exists {
			err = errors.New("the bucket does not exist")
		}
	}
	if err != nil {
		return nil, b.fail("open", name, err)
	}
	return &object{ctx: ctx, bucket: b, name: name, tag: info.ETag, size: info.Size}, nil
}

// Remove removes a thousand names a request.
func (b *bucket) Remove(ctx context.Context, names ...string) error {
	for _, name := range names {
		if err := checkName(name); err != nil {
			return err
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if len(names) == 1 {
		if err := b.client.RemoveObject(ctx, b.name, b.prefix+names[0], minio.RemoveObjectOptions{}); err != nil && minio.ToErrorResponse(err).Code != minio.NoSuchKey {
			return b.fail("remove", names[0], err)
		}
		return nil
	}
	for batch := range slices.Chunk(names, 1000) {
		if err := b.removeBatch(ctx, batch); err != nil {
			return err
		}
	}
	return nil
}

// removeBatch returns the first error; the other names are tried as well.
func (b *bucket) removeBatch(ctx context.Context, names []string) (first error) {
	results, err := b.client.RemoveObjectsWithIter(ctx, b.name, func(yield func(minio.ObjectInfo) bool) {
		for _, name := range names {
			if !yield(minio.ObjectInfo{Key: b.prefix + name}) {
				return
			}
		}
	}, minio.RemoveObjectsOptions{})
	if err != nil {
		return b.fail("remove", "", err)
	}
	for result := range results {
		if result.Err != nil && first == nil && minio.ToErrorResponse(result.Err).Code != minio.NoSuchKey {
			first = b.fail("remove", strings.TrimPrefix(result.ObjectName, b.prefix), result.Err)
		}
	}
	if first == nil && ctx.Err() != nil {
		return b.fail("remove", "", ctx.Err())
	}
	return first
}

// Each asks for a thousand files a page. What lies deeper than the prefix is not listed at all:
// the bucket may serve others too.
func (b *bucket) Each(ctx context.Context, fn func(Info) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // ends the listing where fn does
	for info := range b.client.ListObjectsIter(ctx, b.name, minio.ListObjectsOptions{Prefix: b.prefix}) {
		if info.Err != nil {
			return b.fail("list", "", info.Err)
		}
		name := strings.TrimPrefix(info.Key, b.prefix)
		if !namePattern.MatchString(name) {
			continue
		}
		if err := fn(Info{Name: name, Size: info.Size, Modified: info.LastModified}); err != nil {
			return err
		}
	}
	if err := ctx.Err(); err != nil {
		return b.fail("list", "", err)
	}
	return nil
}

// Check writes, reads and removes a small file.
func (b *bucket) Check(ctx context.Context) error { return check(ctx, b) }
