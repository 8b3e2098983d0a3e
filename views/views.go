// Package views renders pages, fragments and Markdown. A page is a typed struct and one template
// file; a fragment is a named block of the page that contains it. It knows no HTTP and no SQL.
package views

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"deskbell/static"
	"deskbell/views/language"
)

//go:embed layouts partials portal desk admin errors
var files embed.FS

// Page is the data of one page. Its template is the file of that name.
type Page interface {
	template() string
}

// Views knows every page's template. Each is parsed when it is first rendered and kept: all of them would be most of what a
// start takes, in time and in memory, and few are used on a day.
type Views struct {
	assets *static.Assets
	pages  map[pageIn]func() (*template.Template, error)
	dev    fs.FS // parses from disk at each rendering when set
	build  string
}

// pageIn is a page in one language, by its tag.
type pageIn struct {
	name     string
	language string
}

// New lists the pages. In development dev is the folder of the templates on disk, which are read again each time.
func New(assets *static.Assets, dev fs.FS) (*Views, error) {
	v := &Views{assets: assets, pages: map[pageIn]func() (*template.Template, error){}, dev: dev, build: buildID(assets)}
	for _, folder := range []string{"portal", "desk", "admin", "errors"} {
		names, err := fs.Glob(files, folder+"/*.html")
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			for _, in := range languagesOf(name) {
				v.pages[pageIn{name, in.Tag}] = sync.OnceValues(func() (*template.Template, error) { return v.parse(files, name, in) })
			}
		}
	}
	return v, nil
}

// languagesOf returns the languages in which a page is shown: the desk is English.
func languagesOf(name string) []*language.Language {
	if folder := path.Dir(name); folder == "portal" || folder == "errors" {
		return language.All()
	}
	return []*language.Language{language.English()}
}

func (v *Views) funcs(in *language.Language) template.FuncMap {
	return template.FuncMap{
		"asset":     v.assets.URL,
		"sanitised": func(s string) template.HTML { return template.HTML(s) }, // Markdown's output alone
		"t":         in.Text, "say": in.Say, "markup": in.Markup, "date": in.Moment, "day": in.Day, "size": in.Size,
		"once":     once,
		"language": func() string { return in.Tag },
		"iso":      func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
		"input":    newInput, "hint": withHint, "kind": withKind, "numeric": asNumeric, "autocomplete": withAutocomplete,
		"required": asRequired, "optional": asOptional, "rows": withRows, "choices": withChoices,
		"suffix": withSuffix, "picked": withPicked, "suggest": withSuggestions, "autofocus": withAutofocus, "initials": Initials, "entry": withFiles,
	}
}

// Live says whether pages are made from templates on disk, which may change at any moment.
func (v *Views) Live() bool { return v.dev != nil }

// Build names this build's templates and assets: kept pages of another build are out of date.
func (v *Views) Build() string { return v.build }

func buildID(assets *static.Assets) string {
	sum := sha256.New()
	sum.Write([]byte(assets.Build()))
	_ = fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
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

func (v *Views) parse(from fs.FS, name string, in *language.Language) (*template.Template, error) {
	t, err := template.New("page").Funcs(v.funcs(in)).Option("missingkey=error").
		ParseFS(from, slices.Concat(layouts[path.Dir(name)], []string{"partials/*.html", name})...)
	if err == nil {
		putTexts(t, in)
	}
	return t, err
}

// Render returns a whole page in a language. The desk's pages are English whatever is asked for.
func (v *Views) Render(p Page, in *language.Language) ([]byte, error) {
	return v.Fragment(p, in, "layout")
}

// Fragment returns a named block of a page.
func (v *Views) Fragment(p Page, in *language.Language, block string) ([]byte, error) {
	t, err := v.page(p.template(), in)
	if err != nil {
		return nil, fmt.Errorf("parse %s: %w", p.template(), err)
	}
	var out bytes.Buffer
	if err := t.ExecuteTemplate(&out, block, p); err != nil {
		return nil, fmt.Errorf("render %s of %s: %w", block, p.template(), err)
	}
	return out.Bytes(), nil
}

// page returns a page's template, in English where it is in no other language.
func (v *Views) page(name string, in *language.Language) (*template.Template, error) {
	parsed, ok := v.pages[pageIn{name, in.Tag}]
	if !ok {
		in = language.English()
		parsed, ok = v.pages[pageIn{name, in.Tag}]
	}
	switch {
	case !ok:
		return nil, errors.New("there is no such template")
	case v.dev != nil:
		return v.parse(v.dev, name, in)
	}
	return parsed()
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
