package model

import "fmt"

// TemplateID is the row id of a template.
type TemplateID int64

// Template is a list of custom fields that a binding asks for.
type Template struct {
	ID      TemplateID
	Name    string
	Version int64 // moves with every change of its fields
	Fields  []Field
}

// Binding enforces a template for a project, or for one of its ticket types.
type Binding struct {
	Template TemplateID
	Type     string // key of the type; empty: the whole project
}

// Resolve returns the template that holds for a type: the one bound to it, else the project's own,
// else 0 for none (C1, C2).
func Resolve(bindings []Binding, typeKey string) TemplateID {
	var found TemplateID
	for _, b := range bindings {
		if b.Type == typeKey && typeKey != "" {
			return b.Template
		}
		if b.Type == "" {
			found = b.Template
		}
	}
	return found
}

// PublicForm is what the creation form asks of one ticket type besides its own fields.
type PublicForm struct {
	Fields []PublicField
	ByType bool // another type may be asked for other fields
}

// Form returns what may reach the browser of a template.
func (t Template) Form() []PublicField {
	var fields []PublicField
	for _, f := range t.Fields {
		if f.asked() {
			fields = append(fields, f.PublicField)
		}
	}
	return fields
}

// Mark names what a form asked of a type. It changes with the questions and their bounds, and not
// with their words, nor with anything that the form does not show (C6).
func Mark(typeKey string, fields []PublicField) string {
	text := ""
	for _, f := range fields {
		text += fmt.Sprintf("%q %q %v %#v\n", f.Key, f.Kind, f.Required, f.Bounds)
	}
	return typeKey + ":" + Hash(text)[:16]
}

// The two failures of a form that no single field can mend.
const (
	formChanged = "The questions for this kind of ticket have changed while you were writing. " +
		"Your answers are still here: look through them, and send the ticket again."
	formBroken = "This form is not set up completely, so it cannot take your ticket at the moment. " +
		"Your text is still here: try again later, or write to the team in another way."
)

// Answers makes the answers that a ticket keeps of what was posted, with a message for each field
// that breaks a rule, in the order of the form. Hidden and read-only fields take their defaults and
// never what was posted (C5); broken says that such a default is missing or breaks a rule, which
// nobody outside can mend. A shown field that is left empty takes its default too: that answer is
// internal, because the reporter did not give it.
func (t Template) Answers(typed Typed) (answers []Answer, errs FieldErrors, broken bool) {
	for _, f := range t.Fields {
		value, internal := "", true
		if f.asked() {
			value, internal = f.Clean(typed[f.Key]), false
			if wrong := f.Check(value); !wrong.Empty() {
				errs.AddText(f.Name(), wrong)
				continue
			}
		}
		if value == "" {
			value, internal = f.defaultValue(), true
			if !f.Check(value).Empty() {
				broken = true
				continue
			}
		}
		if value != "" {
			answers = append(answers, Answer{
				PublicAnswer: PublicAnswer{Label: f.Label, Kind: f.Kind, Value: value}, Key: f.Key, Template: t.ID, Internal: internal,
			})
		}
	}
	return answers, errs, broken
}

// defaultValue is the field's default, as an answer would be stored.
func (f Field) defaultValue() string {
	switch f.Kind {
	case FieldFile:
		return ""
	case FieldChoices:
		return f.Clean(lines(f.Default))
	}
	return f.Clean([]string{f.Default})
}
