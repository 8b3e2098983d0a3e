// Package static serves the embedded assets under content-hashed URLs, to be cached for a year. The
// vendor folder is filled from npm by the Makefile and is not committed.
package static

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"maps"
	"mime"
	"net/http"
	"path"
	"slices"
	"strings"
)

//go:embed app.css *.js icon.svg vendor/htmx.min.js
var files embed.FS

// Prefix is where assets are served.
const Prefix = "/static/"

type asset struct {
	url         string
	contentType string
	body        []byte
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
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := files.ReadFile(name)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(body)
		ext := path.Ext(name)
		url := fmt.Sprintf("%s%s.%s%s", Prefix, strings.TrimSuffix(path.Base(name), ext), hex.EncodeToString(sum[:6]), ext)
		made := asset{url: url, contentType: mime.TypeByExtension(ext), body: body}
		a.byName[path.Base(name)], a.byURL[url] = made, made
		return nil
	})
	return a, err
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

// ServeHTTP answers with an asset, or 404 for a URL that no page of this program names.
func (a *Assets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	found, ok := a.byURL[r.URL.Path]
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", found.contentType)
	if a.dev != nil {
		w.Header().Set("Cache-Control", "no-store")
		http.ServeFileFS(w, r, a.dev, a.nameOf(found))
		return
	}
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	w.Header().Set("Content-Length", fmt.Sprint(len(found.body)))
	if r.Method != http.MethodHead {
		w.Write(found.body)
	}
}

func (a *Assets) nameOf(found asset) string {
	for name, candidate := range a.byName {
		if candidate.url == found.url {
			if strings.Contains(name, ".min.") {
				return "vendor/" + name
			}
			return name
		}
	}
	return ""
}
