package views

import (
	"html/template"

	"deskbell/db/model"
)

// OnceField is the name of the hidden field by which a form that is sent twice is known (web.Once).
const OnceField = "once"

// once stands in forms that would fail the second time, or do something twice: a field that no other drawing of
// the page has.
func once() template.HTML {
	return template.HTML(`<input type="hidden" name="` + OnceField + `" value="` + model.RandomID() + `">`)
}

// Input is one labelled control of a form, with its help and its error. Templates build it in a
// pipeline: {{template "input" (input "email" "Your email" .Email .Errors | kind "email" | required)}}.
type Input struct {
	Name         string
	ID           string // the name, but where a page has two controls of one name
	Label        string
	Value        string
	Error        string
	Hint         string
	Kind         string
	Autocomplete string
	Mode         string // the keyboard that a phone shows (inputmode)
	Required     bool
	Optional     bool // says so beside the label
	Autofocus    bool // takes the focus as it appears
	Rows         int
	Choices      []Choice
	Picked       string // a colour input's colour while nothing is typed, "#rrggbb"
	Suggestions  string // where documents that fit what is typed are asked for (F1); empty: nowhere
}

// Choice is one entry of a select.
type Choice struct {
	Value string
	Label string
}

// DescribedBy lists the ids of the control's help and error, for aria-describedby.
func (i Input) DescribedBy() string {
	switch {
	case i.Hint != "" && i.Error != "":
		return i.ID + "-hint " + i.ID + "-error"
	case i.Error != "":
		return i.ID + "-error"
	case i.Hint != "":
		return i.ID + "-hint"
	}
	return ""
}

func newInput(name, label, value string, errs model.FieldErrors) Input {
	return Input{Name: name, ID: name, Label: label, Value: value, Error: errs.Of(name), Kind: "text", Rows: 8}
}

func withHint(hint string, i Input) Input         { i.Hint = hint; return i }
func withKind(kind string, i Input) Input         { i.Kind = kind; return i }
func withAutocomplete(what string, i Input) Input { i.Autocomplete = what; return i }
func asNumeric(i Input) Input                     { i.Mode = "numeric"; return i }
func withRows(rows int, i Input) Input            { i.Rows = rows; return i }
func withChoices(choices []Choice, i Input) Input { i.Choices = choices; return i }
func asRequired(i Input) Input                    { i.Required = true; return i }
func withSuggestions(url string, i Input) Input   { i.Suggestions = url; return i }
func asOptional(i Input) Input                    { i.Optional = true; return i }
func withPicked(color string, i Input) Input      { i.Picked = color; return i }
func withAutofocus(on bool, i Input) Input        { i.Autofocus = on; return i }
func withSuffix(suffix string, i Input) Input     { i.ID += "-" + suffix; return i }
