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
	"deskbell/views/language"
)

//go:embed layouts partials portal desk admin errors
var files embed.FS

// Page is the data of one page. Its template is the file of that name.
type Page interface {
	template() string
}

// Views holds every page's template, parsed.
type Views struct {
	assets *static.Assets
	pages  map[pageIn]*template.Template
	dev    fs.FS // parses from disk at each rendering when set
	build  string
}

// pageIn is a page in one language, by its tag.
type pageIn struct {
	name     string
	language string
}

// New parses every page, so that a broken template stops the start. In development dev is the
// folder of the templates on disk, which are read again each time.
func New(assets *static.Assets, dev fs.FS) (*Views, error) {
	v := &Views{assets: assets, pages: map[pageIn]*template.Template{}, dev: dev, build: buildID(assets)}
	for _, folder := range []string{"portal", "desk", "admin", "errors"} {
		names, err := fs.Glob(files, folder+"/*.html")
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			for _, in := range languagesOf(name) {
				if v.pages[pageIn{name, in.Tag}], err = v.parse(files, name, in); err != nil {
					return nil, fmt.Errorf("parse %s: %w", name, err)
				}
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
	t, ok := v.pages[pageIn{p.template(), in.Tag}]
	if !ok {
		in = language.English()
		t, ok = v.pages[pageIn{p.template(), in.Tag}]
	}
	if !ok {
		return nil, fmt.Errorf("there is no template %s", p.template())
	}
	if v.dev != nil {
		var err error
		if t, err = v.parse(v.dev, p.template(), in); err != nil {
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
