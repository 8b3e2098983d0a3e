package export

import (
	"embed"
	"html/template"
	"io"
	"net/url"
	"sync"
	"time"

	"deskbell/db/model"
)

//go:embed page.html
var files embed.FS

var templates = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("").Funcs(template.FuncMap{
		"sanitised": func(s string) template.HTML { return template.HTML(s) }, // Markdown's output alone
		"date":      func(t time.Time) string { return t.UTC().Format("2 January 2006, 15:04 UTC") },
		"iso":       func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
		"about":     About,
		"mailstate": State,
		"size":      model.HumanSize,
		"path":      func(p string) string { return (&url.URL{Path: p}).EscapedPath() },
	}).ParseFS(files, "page.html"))
})

// HTML returns the form for people: one page that needs nothing but the files beside it.
func HTML(w io.Writer) Document { return htmlDocument{w} }

type htmlDocument struct{ w io.Writer }

func (d htmlDocument) Begin(p Person) error       { return d.block("begin", p) }
func (d htmlDocument) BeginTicket(t Ticket) error { return d.block("ticket", t) }
func (d htmlDocument) Message(m Message) error    { return d.block("message", m) }
func (d htmlDocument) EndTicket() error           { return d.block("ticket-end", nil) }
func (d htmlDocument) End() error                 { return d.block("end", nil) }

func (d htmlDocument) block(name string, data any) error {
	return templates().ExecuteTemplate(d.w, name, data)
}
