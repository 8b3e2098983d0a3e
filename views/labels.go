package views

import "deskbell/db/model"

// Labels lists the labels by which members sort tickets, with the form of a new one.
type Labels struct {
	Settings
	List []LabelLine
	Form LabelForm
}

// Errors are those of the form.
func (l Labels) Errors() model.FieldErrors { return l.Form.Errors }

// Problem is what no single field can mend: nothing, here.
func (Labels) Problem() string { return "" }

// LabelLine is a label in the list.
type LabelLine struct {
	model.Label
	URL string
}

// LabelPage is the form of one label.
type LabelPage struct {
	Settings
	Form LabelForm
}

// Errors are those of the form.
func (l LabelPage) Errors() model.FieldErrors { return l.Form.Errors }

// Problem is what no single field can mend: nothing, here.
func (LabelPage) Problem() string { return "" }

// LabelForm is a label as it is typed.
type LabelForm struct {
	model.Label
	Colors []Choice
	Action string
	Delete string // URL of the page that asks before; empty for a new one
	Errors model.FieldErrors
}

// LabelDelete asks before a label goes.
type LabelDelete struct {
	Settings
	Name   string
	Used   int // tickets that have it, counted up to 1,000
	Action string
	Back   string
}

func (Labels) template() string      { return "admin/labels.html" }
func (LabelPage) template() string   { return "admin/label.html" }
func (LabelDelete) template() string { return "admin/label_delete.html" }
