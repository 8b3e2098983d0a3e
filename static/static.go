// Package static serves the embedded assets under content-hashed URLs, to be cached for a year, each as it
// is, by gzip and by brotli. The vendor folder is filled by the Makefile and is not committed: what comes from
// npm, and what package pack has compressed.
package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"maps"
	"mime"
	"path"
	"slices"
	"strings"
	"sync"
)

//go:embed app.css *.js icon.svg vendor
var files embed.FS

// Prefix is where assets are served.
const Prefix = "/static/"

// packedFolder has what package pack has compressed, under the URL's last part and ".br".
const packedFolder = "vendor/packed"

type asset struct {
	name        string
	url         string
	contentType string
	hash        string // of body
	body        []byte // as it is
	coded       func() coded
}

// coded is a body in fewer bytes.
type coded struct {
	forms   map[string][]byte // by coding
	codings []string          // of these, those that are smaller, the best first
}

// Assets knows each asset by its name and by its URL.
type Assets struct {
	byName map[string]asset
	byURL  map[string]asset
	dev    fs.FS // reads from disk at each request when set
}

// New reads the embedded assets. In development dev is the folder on disk that replaces them; its
// URLs are hashed again at each start only.
func New(dev fs.FS) (*Assets, error) {
	a := &Assets{byName: map[string]asset{}, byURL: map[string]asset{}, dev: dev}
	names, err := served(files)
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		made, err := makeAsset(name)
		if err != nil {
			return nil, fmt.Errorf("read the asset %s: %w", name, err)
		}
		a.byName[name], a.byURL[made.url] = made, made
	}
	return a, nil
}

func makeAsset(name string) (asset, error) {
	body, err := read(files, name)
	if err != nil {
		return asset{}, err
	}
	sum := sha256.Sum256(body)
	ext, hash := path.Ext(name), hex.EncodeToString(sum[:6])
	file := strings.TrimSuffix(name, ext) + "." + hash + ext
	return asset{
		name: name, url: Prefix + file, contentType: mime.TypeByExtension(ext), hash: hash, body: body,
		coded: sync.OnceValue(func() coded { return code(file, body) }), // when it is asked for: a start is to be quick
	}, nil
}

func code(file string, body []byte) coded {
	forms := map[string][]byte{Gzip: gzipped(body)}
	// What is not packed, because an asset was changed since, goes out by gzip.
	if packed, err := files.ReadFile(packedFolder + "/" + file + ".br"); err == nil {
		forms[Brotli] = packed
	}
	return coded{forms, smaller(forms, body)}
}

// smaller lists the codings that there are and that make a body smaller, the best first.
func smaller(forms map[string][]byte, body []byte) []string {
	var list []string
	for _, coding := range []string{Brotli, Gzip} {
		if form := forms[coding]; len(form) > 0 && len(form) < len(body) {
			list = append(list, coding)
		}
	}
	return list
}

func gzipped(body []byte) []byte {
	var out bytes.Buffer
	w, _ := gzip.NewWriterLevel(&out, gzip.BestCompression) // the level is one that there is
	w.Write(body)                                           // into memory: it cannot fail
	w.Close()
	return out.Bytes()
}

// URL returns the hashed URL of an asset by its file name. A name that is no asset is a mistake in a
// template, which the tests that render every page find: it gives an error.
func (a *Assets) URL(name string) (string, error) {
	found, ok := a.byName[name]
	if !ok {
		return "", fmt.Errorf("there is no asset %q", name)
	}
	return found.url, nil
}

// Build names this build's assets.
func (a *Assets) Build() string {
	urls := slices.Sorted(maps.Keys(a.byURL))
	return strings.Join(urls, " ")
}

// Pack calls compress with each asset, and put with the name under which this package looks for the result.
func (a *Assets) Pack(compress func([]byte) ([]byte, error), put func(name string, packed []byte) error) error {
	for _, url := range slices.Sorted(maps.Keys(a.byURL)) {
		packed, err := compress(a.byURL[url].body)
		if err == nil {
			err = put(path.Base(url)+".br", packed)
		}
		if err != nil {
			return fmt.Errorf("pack %s: %w", url, err)
		}
	}
	return nil
}
