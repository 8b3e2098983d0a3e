package export

import (
	"embed"
	"html/template"
	"io"
	"net/url"
	"sync"
	"time"

	"deskbell/views/language"
)

//go:embed page.html
var files embed.FS

// templates are parsed once for each language, by its tag.
var templates = sync.OnceValue(func() map[string]*template.Template {
	parsed := map[string]*template.Template{}
	for _, in := range language.All() {
		parsed[in.Tag] = template.Must(template.New("").Funcs(template.FuncMap{
			"sanitised": func(s string) template.HTML { return template.HTML(s) }, // Markdown's output alone
			"t":         in.Text, "say": in.Say, "markup": in.Markup, "date": in.Moment, "size": in.Size,
			"language": func() string { return in.Tag },
			"iso":      func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
			"about":    About, "mailstate": State, "state": ticketState,
			"path": func(p string) string { return (&url.URL{Path: p}).EscapedPath() },
		}).ParseFS(files, "page.html"))
	}
	return parsed
})

// HTML returns the form for people: one page in their language, which needs nothing but the files beside it.
func HTML(w io.Writer, in *language.Language) Document { return htmlDocument{w, templates()[in.Tag]} }

type htmlDocument struct {
	w    io.Writer
	page *template.Template
}

func (d htmlDocument) Begin(p Person) error       { return d.block("begin", p) }
func (d htmlDocument) BeginTicket(t Ticket) error { return d.block("ticket", t) }
func (d htmlDocument) Message(m Message) error    { return d.block("message", m) }
func (d htmlDocument) EndTicket() error           { return d.block("ticket-end", nil) }
func (d htmlDocument) End() error                 { return d.block("end", nil) }

func (d htmlDocument) block(name string, data any) error {
	return d.page.ExecuteTemplate(d.w, name, data)
}
