package views

import "deskbell/db/model"

// TemplateList shows a workspace's templates and where they hold.
type TemplateList struct {
	Settings
	Templates []TemplateLine
	Name      string // of a new one, typed and not saved yet
	Projects  []ProjectBindings
	Errors    model.FieldErrors
	Problem   string
}

// TemplateLine is a template in the list.
type TemplateLine struct {
	Name   string
	URL    string
	Fields int
	Bound  int // in how many places it holds
}

// ProjectBindings says which template holds for a project and for each of its types.
type ProjectBindings struct {
	Name   string
	Action string
	Whole  Input
	Types  []TypeBinding
}

// TypeBinding chooses the template of one type.
type TypeBinding struct {
	Input
	Inspect string // URL of what the browser receives
}

// TemplatePage shows a template with its fields and what the public form makes of them.
type TemplatePage struct {
	Settings
	Name     string
	Action   string
	Delete   string
	New      string
	Order    string
	News     string // what dragging has changed, for the live region
	Rows     []FieldRow
	Warnings []string
	Fields   Fields // as the public form shows them
	Errors   model.FieldErrors
	Problem  string
}

// FieldRow is a field in a template's list.
type FieldRow struct {
	Label      string
	Key        string
	Kind       model.FieldKind
	Required   bool
	Visibility model.Visibility
	URL        string
	Move       string
	Remove     string
	First      bool
	Last       bool
}

// FieldForm changes a field, or adds one.
type FieldForm struct {
	Settings
	Template     string
	Back         string
	Action       string
	Remove       string // URL of the confirmation; empty for a new field
	Field        model.Field
	Typed        FieldTyped
	Kinds        []Choice
	Visibilities []Choice
	Fields       Fields // as the public form shows the field
	Held         string // what tickets hold of it, in words; empty for nothing
	Errors       model.FieldErrors
	Problem      string
}

// FieldTyped is what was typed where the field itself has numbers or a list.
type FieldTyped struct {
	MinLength string
	MaxLength string
	Choices   string
}

// TemplateDelete asks before a template, or a field of one, is removed.
type TemplateDelete struct {
	Settings
	Title   string
	Warning string
	Action  string
	Back    string
	Button  string
}

// Inspector shows what a browser receives of the fields of one type, and what stays on the server.
type Inspector struct {
	Settings
	Project string
	Type    string
	Source  string // the fragment, byte for byte
	Kept    []string
	Fields  Fields
}

func (TemplateList) template() string   { return "admin/templates.html" }
func (TemplatePage) template() string   { return "admin/template.html" }
func (FieldForm) template() string      { return "admin/template_field.html" }
func (TemplateDelete) template() string { return "admin/template_delete.html" }
func (Inspector) template() string      { return "admin/template_inspector.html" }
