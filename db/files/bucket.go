package files

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// bucket is a store in a bucket of an S3-compatible server, below a prefix.
type bucket struct {
	inbox
	client *minio.Client
	name   string
	prefix string // empty, or with a slash at its end
}

// partSize is what of a large file goes in one request; smaller files go in one.
const partSize = 16 << 20

// openBucket reads an address like s3://bucket/prefix?region=eu-1&endpoint=https://s3.example.com. The
// keys come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or from wherever else a machine of that
// cloud finds them.
func openBucket(u *url.URL, in inbox) (Store, error) {
	query := u.Query()
	endpoint, err := url.Parse(orDefault(query.Get("endpoint"), "https://s3.amazonaws.com"))
	if err != nil || endpoint.Host == "" || endpoint.Scheme != "http" && endpoint.Scheme != "https" {
		return nil, errors.New("the endpoint is an address like https://s3.example.com")
	}
	client, err := minio.New(endpoint.Host, &minio.Options{
		Creds:  credentials.NewChainCredentials([]credentials.Provider{&credentials.EnvAWS{}, &credentials.FileAWSCredentials{}, &credentials.IAM{}}),
		Secure: endpoint.Scheme == "https", Region: query.Get("region"), Transport: transport(), MaxRetries: 3,
	})
	if err != nil {
		return nil, fmt.Errorf("the endpoint cannot be used: %w", err)
	}
	prefix := strings.Trim(u.Path, "/")
	if prefix != "" {
		prefix += "/"
	}
	return &bucket{inbox: in, client: client, name: u.Host, prefix: prefix}, nil
}

func orDefault(s, fallback string) string {
	if s == "" {
		return fallback
	}
	return s
}

// transport gives up on a server that is gone, so that nobody waits for it for minutes.
func transport() *http.Transport {
	return &http.Transport{
		Proxy:       http.ProxyFromEnvironment,
		DialContext: (&net.Dialer{Timeout: 5 * time.Second}).DialContext, TLSHandshakeTimeout: 5 * time.Second,
		ResponseHeaderTimeout: 30 * time.Second, MaxIdleConnsPerHost: 32, IdleConnTimeout: 90 * time.Second,
	}
}

func (b *bucket) key(name string) (string, error) { return b.prefix + name, checkName(name) }

// Put sends the received file from the disk, part by part. An object appears when it is whole.
func (b *bucket) Put(ctx context.Context, name string, from *Received) error {
	key, err := b.key(name)
	if err != nil {
		return err
	}
	if _, err := b.client.PutObject(ctx, b.name, key, from.Reader(), from.Size, minio.PutObjectOptions{
		PartSize: partSize, NumThreads: 1, ContentType: "application/octet-stream",
	}); err != nil {
		return fmt.Errorf("keep %s: %w", name, err)
	}
	return nil
}

func (b *bucket) Open(ctx context.Context, name string) (File, error) {
	key, err := b.key(name)
	if err != nil {
		return nil, err
	}
	object, err := b.client.GetObject(ctx, b.name, key, minio.GetObjectOptions{})
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", name, err)
	}
	info, err := object.Stat()
	if err == nil {
		return bucketFile{object, info.Size}, nil
	}
	object.Close()
	if minio.ToErrorResponse(err).Code == minio.NoSuchKey {
		return nil, ErrMissing
	}
	return nil, fmt.Errorf("open %s: %w", name, err)
}

type bucketFile struct {
	*minio.Object
	size int64
}

func (f bucketFile) Size() int64 { return f.size }

func (b *bucket) Remove(ctx context.Context, names ...string) error {
	objects := make(chan minio.ObjectInfo, len(names))
	for _, name := range names {
		key, err := b.key(name)
		if err != nil {
			return err
		}
		objects <- minio.ObjectInfo{Key: key}
	}
	close(objects)
	var failed error
	for result := range b.client.RemoveObjects(ctx, b.name, objects, minio.RemoveObjectsOptions{}) {
		if minio.ToErrorResponse(result.Err).Code != minio.NoSuchKey {
			failed = errors.Join(failed, fmt.Errorf("remove %s: %w", path.Base(result.ObjectName), result.Err))
		}
	}
	return failed
}

func (b *bucket) Each(ctx context.Context, call func(Info) error) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	for object := range b.client.ListObjects(ctx, b.name, minio.ListObjectsOptions{Prefix: b.prefix, Recursive: true}) {
		if object.Err != nil {
			return fmt.Errorf("list the bucket: %w", object.Err)
		}
		name := strings.TrimPrefix(object.Key, b.prefix)
		if checkName(name) != nil {
			continue
		}
		if err := call(Info{Name: name, Size: object.Size, Modified: object.LastModified}); err != nil {
			return err
		}
	}
	return ctx.Err()
}

func (b *bucket) Check(ctx context.Context) error { return check(ctx, b) }
