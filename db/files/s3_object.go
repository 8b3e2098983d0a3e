package files

import (
	"context"
	"errors"
	"io"

	"github.com/minio/minio-go/v7"
)

// object is a File in a bucket. It asks for bytes when they are first read, from where they are
// wanted to the end: a reader that seeks costs one request each time that it then reads elsewhere.
type object struct {
	ctx    context.Context // of Open: the reads belong to the same request of a visitor
	bucket *bucket
	name   string
	tag    string // of the bytes that Open saw, so that no other bytes are mixed in
	size   int64
	at     int64         // where the next Read reads
	body   io.ReadCloser // nil, or stands at bodyAt
	bodyAt int64
}

func (o *object) Size() int64 { return o.size }

// Read reads on, with a new request after a seek.
func (o *object) Read(p []byte) (int, error) {
	if o.at >= o.size {
		return 0, io.EOF
	}
	if len(p) == 0 {
		return 0, nil
	}
	if o.body == nil || o.bodyAt != o.at {
		if err := o.request(); err != nil {
			return 0, o.bucket.fail("read", o.name, err)
		}
	}
	n, err := o.body.Read(p)
	o.at += int64(n)
	o.bodyAt = o.at
	if err == io.EOF && o.at < o.size {
		err = io.ErrUnexpectedEOF
	}
	if err != nil && err != io.EOF {
		return n, o.bucket.fail("read", o.name, err)
	}
	return n, err
}

// request asks for the bytes from o.at to the end.
func (o *object) request() error {
	if err := o.Close(); err != nil {
		return err
	}
	var opts minio.GetObjectOptions
	if err := opts.SetMatchETag(o.tag); err != nil {
		return err
	}
	if o.at > 0 {
		if err := opts.SetRange(o.at, 0); err != nil {
			return err
		}
	}
	body, _, _, err := o.bucket.client.GetObject(o.ctx, o.bucket.name, o.bucket.prefix+o.name, opts)
	if err != nil {
		return err
	}
	o.body, o.bodyAt = body, o.at
	return nil
}

// Seek sends nothing yet.
func (o *object) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekStart:
	case io.SeekCurrent:
		offset += o.at
	case io.SeekEnd:
		offset += o.size
	default:
		return 0, errors.New("seek: no such whence")
	}
	if offset < 0 {
		return 0, errors.New("seek: before the start")
	}
	o.at = offset
	return offset, nil
}

// Close gives up a request whose bytes were not all read.
func (o *object) Close() error {
	if o.body == nil {
		return nil
	}
	body := o.body
	o.body = nil
	return body.Close()
}
