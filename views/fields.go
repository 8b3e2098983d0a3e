package views

import (
	"maps"
	"slices"
	"strings"
	"time"

	"deskbell/db/model"
	"deskbell/views/language"
)

// Fields is the part of the creation form that asks a template's questions (C1). The settings'
// preview shows the same part.
type Fields struct {
	URL  string // where the fields of another type are asked for; empty where every type has the same
	Mark string // names what is asked, so that a change between load and submit is seen (C6)
	List []CustomField
	Kept []KeptField // typed for fields that another type asks: carried along unseen
}

// CustomField is one question on the form, with what was typed and what is wrong with it.
type CustomField struct {
	model.PublicField
	Values  []string
	Error   string
	Takes   string  // its bounds, in words
	Uploads Uploads // of a file field
}

// NewFields makes the form's part of what may be asked, what was typed and what is wrong with it.
func NewFields(in *language.Language, asked []model.PublicField, typed model.Typed, errs model.FieldErrors) []CustomField {
	list := make([]CustomField, len(asked))
	for i, f := range asked {
		list[i] = CustomField{PublicField: f, Values: typed[f.Key], Error: errs.Of(f.Name()), Takes: in.Say(f.BoundsText())}
		if f.Kind == model.FieldFile {
			list[i].Uploads = Uploads{Name: f.Name(), Label: f.Label, Hint: f.Help, Needed: f.Required, Error: list[i].Error}
		}
	}
	return list
}

// NewKept makes the part of the form that carries what was typed for fields that it does not ask.
func NewKept(typed model.Typed) []KeptField {
	var list []KeptField
	for _, key := range slices.Sorted(maps.Keys(typed)) {
		for _, value := range typed[key] {
			list = append(list, KeptField{Name: model.FieldName(key), Value: value})
		}
	}
	return list
}

// News says for the live region what the form asks now.
func (f Fields) News() model.Text {
	switch len(f.List) {
	case 0:
		return model.Say("No further questions for this ticket type.")
	case 1:
		return model.Say("One question for this ticket type: {0}.", f.List[0].Label)
	}
	return model.Say("{0} questions for this ticket type, the first is {1}.", len(f.List), f.List[0].Label)
}

// ID is the id of the control, or of the first of several: where the error summary leads.
func (f CustomField) ID() string { return f.Name() }

// Optional says whether the field may stay empty.
func (f CustomField) Optional() bool { return !f.Required }

// Hint is the help and, in words, the bounds.
func (f CustomField) Hint() string { return strings.TrimSpace(f.Help + " " + f.Takes) }

// DescribedBy lists the ids of the control's help and error, for aria-describedby.
func (f CustomField) DescribedBy() string {
	return Input{ID: f.ID(), Hint: f.Hint(), Error: f.Error}.DescribedBy()
}

// Value is what was typed, as it was typed; a control's own kind of white space is kept.
func (f CustomField) Value() string {
	if len(f.Values) == 0 {
		return ""
	}
	return model.CleanText(f.Values[0])
}

// Has says whether a choice was chosen.
func (f CustomField) Has(choice string) bool {
	return slices.ContainsFunc(f.Values, func(v string) bool { return model.CleanLine(v) == choice })
}

// Short says whether the control is narrow.
func (f CustomField) Short() bool { return f.Kind.Ranged() }

// Control is the type of the field's input. Why not "number": browsers drop what they cannot read
// as one, and what was typed must come back. A date's control would drop it as well, so that a value
// which is no date stands in a text field.
func (f CustomField) Control() string {
	switch f.Kind {
	case model.FieldEmail:
		return "email"
	case model.FieldURL:
		return "url"
	case model.FieldDate:
		if _, err := time.Parse(time.DateOnly, f.Value()); err == nil || f.Value() == "" {
			return "date"
		}
	}
	return "text"
}

// InputMode is the keyboard that a phone shows.
func (f CustomField) InputMode() string {
	switch f.Kind {
	case model.FieldNumber:
		return "decimal"
	case model.FieldEmail:
		return "email"
	case model.FieldURL:
		return "url"
	}
	return ""
}
