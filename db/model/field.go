package model

import (
	"slices"
	"strings"
	"time"
)

// FieldKind says what a custom field asks for (C3).
type FieldKind string

// The kinds of a field. The answer to FieldFile is the names of its files, which are uploads.
const (
	FieldText     FieldKind = "text"
	FieldLongText FieldKind = "long text"
	FieldNumber   FieldKind = "number"
	FieldDate     FieldKind = "date"
	FieldChoice   FieldKind = "choice"
	FieldChoices  FieldKind = "several choices"
	FieldYesNo    FieldKind = "yes/no"
	FieldEmail    FieldKind = "email"
	FieldURL      FieldKind = "web address"
	FieldFile     FieldKind = "file"
)

// AskedKinds are the kinds that a form can ask for, in the order in which people choose from them.
var AskedKinds = []FieldKind{FieldText, FieldLongText, FieldNumber, FieldDate, FieldChoice,
	FieldChoices, FieldYesNo, FieldEmail, FieldURL, FieldFile}

// Visibility says who sees a field on the public form.
type Visibility string

// Shown fields are asked. Hidden and read-only ones never reach a browser of the outside (C4): the
// program fills them in, and the team sees them.
const (
	Shown    Visibility = "shown"
	Hidden   Visibility = "hidden"
	ReadOnly Visibility = "read-only"
)

// Bounds narrow what a field takes. The zero value of each is no bound; Deskbell's own stand above.
type Bounds struct {
	MinLength int // characters, of texts
	MaxLength int
	Min       string // a decimal number or a date, as the form carries it
	Max       string
	Pattern   string   // RE2, of the whole of a text
	Choices   []string // what a choice takes: both the value and its label
}

// PublicField is all of a field that the public form may know. It has no member for what must not
// leave (C4).
type PublicField struct {
	Key         string // the form calls it field_KEY
	Kind        FieldKind
	Label       string
	Help        string
	Placeholder string
	Required    bool
	Bounds
}

// Field is a field as the team sees it.
type Field struct {
	PublicField
	Visibility  Visibility
	Default     string // stands in for an answer that nobody gave; choices one a line
	Description string // for the team alone
}

// FieldName is what the form calls the field with this key (B2).
func FieldName(key string) string { return "field_" + key }

// Name is what the form calls the field.
func (f PublicField) Name() string { return FieldName(f.Key) }

// asked says whether the reporter answers the field.
func (f Field) asked() bool { return f.Visibility == Shown }

// oneLine says whether answers of a kind are texts of one line.
func (k FieldKind) oneLine() bool { return k == FieldText || k == FieldEmail || k == FieldURL }

// Text says whether length and pattern can bound answers of a kind.
func (k FieldKind) Text() bool { return k.oneLine() || k == FieldLongText }

// Ranged says whether a least and a greatest value can bound answers of a kind.
func (k FieldKind) Ranged() bool { return k == FieldNumber || k == FieldDate }

// Chosen says whether answers of a kind come from the field's own choices.
func (k FieldKind) Chosen() bool { return k == FieldChoice || k == FieldChoices }

// maxLength is the greatest length of an answer of a kind, whatever its field says.
func (k FieldKind) maxLength() int {
	switch k {
	case FieldLongText:
		return MaxText
	case FieldURL:
		return 2000
	case FieldEmail:
		return MaxAddress
	}
	return 1000
}

// longest is the greatest length of an answer: the field's own bound, or that of its kind.
func (f PublicField) longest() int {
	if f.MaxLength > 0 {
		return min(f.MaxLength, f.Kind.maxLength())
	}
	return f.Kind.maxLength()
}

// Clean returns an answer as it would be stored, "" for none. Several choices stand one a line, in
// the field's order; what is no choice follows them, so that Check can refuse it.
func (f PublicField) Clean(posted []string) string {
	switch f.Kind {
	case FieldChoices:
		return cleanChoices(f.Choices, posted)
	case FieldFile:
		return strings.Join(lines(strings.Join(posted, "\n")), "\n")
	}
	if len(posted) == 0 {
		return ""
	}
	if f.Kind == FieldLongText {
		return CleanText(posted[0])
	}
	value := CleanLine(posted[0])
	switch f.Kind {
	case FieldEmail:
		if address, ok := CleanAddress(value); ok {
			return address
		}
	case FieldURL:
		if strings.Contains(value, ".") && !strings.ContainsAny(value, ": /") {
			return "https://" + value
		}
	}
	return value
}

func cleanChoices(choices, posted []string) string {
	chosen, unknown := map[string]bool{}, []string(nil)
	for _, value := range posted {
		value = CleanLine(value)
		if value != "" && !chosen[value] && !slices.Contains(choices, value) {
			unknown = append(unknown, value)
		}
		chosen[value] = true
	}
	var known []string
	for _, choice := range choices {
		if chosen[choice] {
			known = append(known, choice)
		}
	}
	return strings.Join(append(known, unknown...), "\n")
}

// BoundsText says in words what the field takes: an empty text where it takes anything of its kind.
func (f PublicField) BoundsText() Text {
	switch {
	case f.Kind.Text() && f.MinLength > 0 && f.MaxLength > 0:
		return Say("Between {0} and {1} characters.", f.MinLength, f.MaxLength)
	case f.Kind.Text() && f.MinLength > 0:
		return Say("At least {0} characters.", f.MinLength)
	case f.Kind.Text() && f.MaxLength > 0:
		return Say("At most {0} characters.", f.MaxLength)
	case !f.Kind.Ranged():
		return Text{}
	}
	least, greatest := AnswerText(f.Kind, f.Min), AnswerText(f.Kind, f.Max)
	switch {
	case f.Min != "" && f.Max != "":
		return Say("From {0} to {1}.", least, greatest)
	case f.Min != "" && f.Kind == FieldDate:
		return Say("Not before {0}.", least)
	case f.Max != "" && f.Kind == FieldDate:
		return Say("Not after {0}.", greatest)
	case f.Min != "":
		return Say("At least {0}.", least)
	case f.Max != "":
		return Say("At most {0}.", greatest)
	}
	return Text{}
}

// AnswerText writes a stored answer for people.
func AnswerText(kind FieldKind, value string) Text {
	switch kind {
	case FieldChoices, FieldFile:
		return AsTyped(strings.ReplaceAll(value, "\n", ", "))
	case FieldYesNo:
		if value == Yes {
			return Say("Yes")
		}
		return Say("No")
	case FieldDate:
		if day, err := time.Parse(time.DateOnly, value); err == nil {
			return Text{Key: "{0}", Args: []any{Day(day)}}
		}
	}
	return AsTyped(value)
}
