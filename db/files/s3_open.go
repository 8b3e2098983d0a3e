package files

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// patience is how long a bucket's server may be silent, while we connect, send, wait or read,
// before a request counts as failed. With the attempts, a dead server costs a minute.
const patience = 20 * time.Second

// OpenS3 returns the store in a bucket. The URL is s3://bucket/prefix?region=…&endpoint=…: the
// prefix may be left out; the region is us-east-1, and the endpoint Amazon's, unless they say
// otherwise. An endpoint is http:// or https://, a host and a port. The keys come from
// AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (with AWS_SESSION_TOKEN where there is one), or
// stand in the URL as s3://key:secret@bucket. Files being received lie in the folder temp.
func OpenS3(u *url.URL, temp string) (Store, error) {
	return openS3(u, temp, patience)
}

func openS3(u *url.URL, temp string, patience time.Duration) (Store, error) {
	for key := range u.Query() {
		if key != "region" && key != "endpoint" {
			return nil, fmt.Errorf("the files' URL has %q, which means nothing; it may have region and endpoint", key)
		}
	}
	if u.Host == "" || u.Port() != "" {
		return nil, errors.New("the files' URL names no bucket; write s3://bucket/prefix?region=…&endpoint=…")
	}
	client, err := newClient(u, patience)
	if err != nil {
		return nil, err
	}
	in, err := openIncoming(temp)
	if err != nil {
		return nil, err
	}
	prefix := strings.Trim(u.Path, "/")
	if prefix != "" {
		prefix += "/"
	}
	return &bucket{incoming: in, client: client, name: u.Host, prefix: prefix}, nil
}

// newClient prepares requests and sends none. With a region it need not ask for the bucket's.
func newClient(u *url.URL, patience time.Duration) (*minio.Core, error) {
	host, secure, err := parseEndpoint(u.Query().Get("endpoint"))
	if err != nil {
		return nil, err
	}
	keys, err := keysOf(u)
	if err != nil {
		return nil, err
	}
	transport, err := newTransport(secure, patience)
	if err != nil {
		return nil, fmt.Errorf("prepare connections to the bucket: %w", err)
	}
	client, err := minio.NewCore(host, &minio.Options{
		Creds: keys, Secure: secure, Region: cmp.Or(u.Query().Get("region"), "us-east-1"), Transport: transport, MaxRetries: attempts,
	})
	if err != nil {
		return nil, fmt.Errorf("use the endpoint %s: %w", host, err)
	}
	return client, nil
}

// parseEndpoint splits an endpoint into host and port, and whether to use TLS.
func parseEndpoint(endpoint string) (host string, secure bool, err error) {
	if endpoint == "" {
		return "s3.amazonaws.com", true, nil
	}
	u, err := url.Parse(endpoint)
	if err != nil || u.Host == "" || u.User != nil || strings.Trim(u.Path, "/") != "" || (u.Scheme != "http" && u.Scheme != "https") {
		return "", false, errors.New("the endpoint in the files' URL must be http:// or https:// with a host, and a port where it needs one")
	}
	return u.Host, u.Scheme == "https", nil
}

// keysOf finds the keys in the URL or else in the environment.
func keysOf(u *url.URL) (*credentials.Credentials, error) {
	if u.User != nil {
		if secret, ok := u.User.Password(); ok && u.User.Username() != "" && secret != "" {
			return credentials.NewStaticV4(u.User.Username(), secret, ""), nil
		}
		return nil, errors.New("the files' URL has a key without a secret; write s3://key:secret@bucket or use AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")
	}
	id, secret := os.Getenv("AWS_ACCESS_KEY_ID"), os.Getenv("AWS_SECRET_ACCESS_KEY")
	if id == "" || secret == "" {
		return nil, errors.New("files in a bucket need AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment")
	}
	return credentials.NewStaticV4(id, secret, os.Getenv("AWS_SESSION_TOKEN")), nil
}
