package views

import (
	"html/template"
	"strings"
	"testing"

	"deskbell/views/language"
)

// What is put into a page is what rendering would have said, wherever it stands.
func TestTextsArePutIntoAPageAsTheyWouldBeSaid(t *testing.T) {
	t.Parallel()
	const page = `{{define "button"}}<button title="{{t "Back to form"}}">{{.}}</button>{{end -}}
		<title>{{t "Cancel"}}</title>{{if .}}{{t "Yes"}}{{else}}{{t "No"}}{{end}}{{with .}}{{range .}}{{t "Reply"}}{{end}}{{end -}}
		{{template "button" (t "Send ticket")}}{{t "{0} unread" 3}}{{t "“{0}” is larger than {1}. Choose a smaller file."}}`
	in := language.Of("de")
	say := func(put bool) string {
		parsed := template.Must(template.New("").Funcs(template.FuncMap{"t": in.Text}).Parse(page))
		if put {
			putTexts(parsed, in)
		}
		var out strings.Builder
		if err := parsed.Execute(&out, []int{1, 2}); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	if put, said := say(true), say(false); put != said || !strings.Contains(put, "Zurück zum Formular") || !strings.Contains(put, "3 ungelesen") {
		t.Errorf("put: %s\nsaid: %s", put, said)
	}
}
