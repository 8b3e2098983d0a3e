// Package views renders pages, fragments and Markdown. A page is a typed struct and one template
// file; a fragment is a named block of the page that contains it. It knows no HTTP and no SQL.
package views

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"deskbell/static"
)

//go:embed layouts partials portal desk admin errors
var files embed.FS

// Page is the data of one page. Its template is the file of that name.
type Page interface {
	template() string
}

// Views holds every page's template, parsed.
type Views struct {
	funcs template.FuncMap
	pages map[string]*template.Template
	dev   fs.FS // parses from disk at each rendering when set
	build string
}

// New parses every page, so that a broken template stops the start. In development dev is the
// folder of the templates on disk, which are read again each time.
func New(assets *static.Assets, dev fs.FS) (*Views, error) {
	v := &Views{pages: map[string]*template.Template{}, dev: dev, funcs: template.FuncMap{
		"asset":     assets.URL,
		"sanitised": func(s string) template.HTML { return template.HTML(s) }, // Markdown's output alone
		"date":      func(t time.Time) string { return t.UTC().Format("2 Jan 2006, 15:04 UTC") },
		"day":       func(t time.Time) string { return t.UTC().Format("2 January 2006") },
		"iso":       func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
		"input":     newInput, "hint": withHint, "kind": withKind, "numeric": asNumeric, "autocomplete": withAutocomplete,
		"required": asRequired, "optional": asOptional, "rows": withRows, "choices": withChoices,
		"suffix": withSuffix, "picked": withPicked, "suggest": withSuggestions, "autofocus": withAutofocus, "initials": Initials, "entry": withFiles,
	}}
	v.build = buildID(assets)
	for _, folder := range []string{"portal", "desk", "admin", "errors"} {
		names, err := fs.Glob(files, folder+"/*.html")
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			if v.pages[name], err = v.parse(files, name); err != nil {
				return nil, fmt.Errorf("parse %s: %w", name, err)
			}
		}
	}
	return v, nil
}

// Build names this build's templates and assets: kept pages of another build are out of date.
func (v *Views) Build() string { return v.build }

func buildID(assets *static.Assets) string {
	sum := sha256.New()
	sum.Write([]byte(assets.Build()))
	fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			body, _ := files.ReadFile(name) // embedded: it cannot fail
			sum.Write(body)
		}
		return err
	})
	return hex.EncodeToString(sum.Sum(nil)[:6])
}

// layouts names the layouts of each folder's pages, the outer one first.
var layouts = map[string][]string{
	"portal": {"layouts/portal.html"}, "errors": {"layouts/portal.html"}, "desk": {"layouts/desk.html"},
	"admin": {"layouts/desk.html", "layouts/settings.html"},
}

func (v *Views) parse(from fs.FS, name string) (*template.Template, error) {
	return template.New("page").Funcs(v.funcs).Option("missingkey=error").
		ParseFS(from, slices.Concat(layouts[path.Dir(name)], []string{"partials/*.html", name})...)
}

// Render returns a whole page.
func (v *Views) Render(p Page) ([]byte, error) { return v.Fragment(p, "layout") }

// Fragment returns a named block of a page.
func (v *Views) Fragment(p Page, block string) ([]byte, error) {
	t, ok := v.pages[p.template()]
	if !ok {
		return nil, fmt.Errorf("there is no template %s", p.template())
	}
	if v.dev != nil {
		var err error
		if t, err = v.parse(v.dev, p.template()); err != nil {
			return nil, err
		}
	}
	var out bytes.Buffer
	if err := t.ExecuteTemplate(&out, block, p); err != nil {
		return nil, fmt.Errorf("render %s of %s: %w", block, p.template(), err)
	}
	return out.Bytes(), nil
}

// Initials returns up to two letters for a monogram.
func Initials(name string) string {
	var letters []rune
	for word := range strings.FieldsSeq(name) {
		if letters = append(letters, []rune(word)[0]); len(letters) == 2 {
			break
		}
	}
	return strings.ToUpper(string(letters))
}
