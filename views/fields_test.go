package views

import (
	"strings"
	"testing"

	"golang.org/x/net/html"

	"deskbell/views/language"
)

// Every link of an error summary leads to a control, and every control is described by its own error.
func TestC3_EveryKindHasAControlThatItsErrorLeadsTo(t *testing.T) {
	t.Parallel()
	page := Intake{Frame: frame, Action: "/ticket/support", Fields: Fields{List: everyKind}}
	fragment, err := newViews(t).Fragment(page, language.English(), "fields")
	if err != nil {
		t.Fatal(err)
	}
	root, err := html.Parse(strings.NewReader(string(fragment)))
	if err != nil {
		t.Fatal(err)
	}
	controls := map[string]*html.Node{}
	ids := map[string]bool{}
	for n := range root.Descendants() {
		for _, a := range n.Attr {
			if a.Key == "id" {
				ids[a.Val] = true
				if n.Data == "input" || n.Data == "textarea" || n.Data == "select" {
					controls[a.Val] = n
				}
			}
		}
	}
	for _, f := range everyKind {
		if controls[f.ID()] == nil {
			t.Errorf("%s: no control has the id %s", f.Kind, f.ID())
		}
		for id := range strings.FieldsSeq(f.DescribedBy()) {
			if !ids[id] {
				t.Errorf("%s: nothing has the id %s", f.Kind, id)
			}
		}
	}
}

func TestB3_ADateThatIsNoneComesBackAsItWasTyped(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{"": "date", "2026-11-20": "date", "20.11.2026": "text"} {
		f := CustomField{Values: []string{typed}}
		f.Kind = "date"
		if got := f.Control(); got != want || f.Value() != typed {
			t.Errorf("%q stands in a control of the type %s, want %s", typed, got, want)
		}
	}
}
