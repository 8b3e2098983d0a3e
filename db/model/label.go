package model

import "slices"

// LabelID is the key of a label.
type LabelID int64

// Label is a word by which members sort tickets. Customers never see it (I5).
type Label struct {
	ID    LabelID
	Name  string
	Color string // one of LabelColors
}

// MaxLabelName bounds a label's name, in characters.
const MaxLabelName = 40

// LabelColors are the colours that a label can have, as the schema lists them.
var LabelColors = []string{"gray", "blue", "green", "yellow", "red", "purple"}

// Check says what is wrong with a label: Invalid with the fields name and color.
func (l Label) Check() error {
	var errs FieldErrors
	switch n := Chars(l.Name); {
	case n == 0:
		errs = append(errs, FieldError{Field: "name", Message: "Enter a name."})
	case n > MaxLabelName:
		errs = append(errs, FieldError{Field: "name", Message: "Shorten the name: 40 characters are possible."})
	}
	if !slices.Contains(LabelColors, l.Color) {
		errs = append(errs, FieldError{Field: "color", Message: "Choose a colour from the list."})
	}
	return errs.Err()
}
