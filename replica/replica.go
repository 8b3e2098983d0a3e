// Package replica has Litestream keep a copy of the database elsewhere: it brings that copy back onto an
// empty volume, starts Litestream with Deskbell as its child, and asks it how old the copy is (O7).
// Litestream is a program of its own beside Deskbell; nothing of it is linked into this one.
package replica

import (
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Replica is where the copy of one data folder's database lies, and what keeps it.
type Replica struct {
	URL     string // as ParseURL takes it
	Data    string // the data folder, absolute
	Program string // name or path of Litestream
	Config  []byte // litestream.yml
}

// ErrURL says what the address of a replica looks like.
var ErrURL = errors.New("write file:///folder, s3://bucket/path?region=…&endpoint=… or sftp://user@host/path")

// ParseURL reads the address of a replica. Its error quotes nothing, because the address may carry a
// password.
func ParseURL(rawURL string) (*url.URL, error) {
	u, err := url.Parse(rawURL)
	// What stands between quotes in litestream.yml must not end them.
	if err != nil || strings.ContainsAny(rawURL, "\"\\\n\r") {
		return nil, ErrURL
	}
	path := strings.Trim(u.Path, "/")
	switch {
	case u.Scheme == "file" && u.Host == "" && u.User == nil && u.RawQuery == "" && path != "":
		return u, nil
	case (u.Scheme == "s3" && u.User == nil || u.Scheme == "sftp") && u.Host != "" && path != "":
		return u, nil
	}
	return nil, ErrURL
}

// Where names the replica without anything secret: scheme, host and path.
func Where(rawURL string) string {
	u, err := ParseURL(rawURL)
	if err != nil {
		return ""
	}
	return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}).String()
}

func (r Replica) database() string { return filepath.Join(r.Data, "deskbell.db") }
func (r Replica) config() string   { return filepath.Join(r.Data, "litestream.yml") }
func (r Replica) socket() string   { return filepath.Join(r.Data, "litestream.sock") }

// writeConfig puts litestream.yml where Litestream and whoever looks for it at night find it.
func (r Replica) writeConfig() error { return os.WriteFile(r.config(), r.Config, 0o600) }

// environment is that of this process, with what litestream.yml names.
func (r Replica) environment(more ...string) []string {
	// Litestream ends at its start where this one is set and S3 is used; SSL_CERT_FILE does the same for it.
	env := slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "AWS_CA_BUNDLE=") })
	return append(env, append(more, "DESKBELL_DATA="+r.Data, "DESKBELL_REPLICA_URL="+r.URL)...)
}
