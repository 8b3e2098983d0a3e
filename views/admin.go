package views

import "deskbell/db/model"

// Settings is what every page of the settings carries (N).
type Settings struct {
	Desk
	Subject string // the current entry of the settings' navigation
}

// DocumentList lists a project's documents in the settings.
type DocumentList struct {
	Settings
	Projects  []Filter
	Documents []DocumentLine
	New       string // where a document of this project is written
	More      string // URL of the next page
}

// DocumentLine is a document in a list of the settings.
type DocumentLine struct {
	model.Document
	URL string
}

// DocumentForm writes a document.
type DocumentForm struct {
	Settings
	Action      string
	Document    model.Document
	Projects    []Choice
	Published   bool   // as it stands, whatever is being typed
	Public      string // URL of the published document; empty for a draft
	Delete      string // URL of the confirmation; empty for a new document
	PreviewHTML string // sanitised; empty before somebody asked for it
	Other       *model.Document
	Errors      model.FieldErrors
	Problem     string
}

// DocumentDelete asks before a document is deleted.
type DocumentDelete struct {
	Settings
	Document model.Document
	Action   string
	Back     string
}

func (DocumentList) template() string   { return "admin/documents.html" }
func (DocumentForm) template() string   { return "admin/document.html" }
func (DocumentDelete) template() string { return "admin/document_delete.html" }
