package views

import "deskbell/db/model"

// Settings is what every page of the settings carries (N).
type Settings struct {
	Desk
	Subject string // the current entry of the settings' navigation
}

// SettingsIndex lists the pages of the settings.
type SettingsIndex struct{ Settings }

func (SettingsIndex) template() string { return "admin/index.html" }

// SettingsGroup is some pages of the settings that belong together.
type SettingsGroup struct {
	Title    string
	Subjects []SettingsSubject
}

// SettingsSubject is a page of the settings.
type SettingsSubject struct {
	Key   string // also the last part of its URL
	Label string
	About string // what is decided there
}

var settingsGroups = []SettingsGroup{
	{"Your team", []SettingsSubject{
		{"start", "First steps", "What is left to do in a new workspace"},
		{"workspace", "Workspace", "Name, logo, colour and language"},
		{"members", "Members", "Who answers, who decides, and invitations"},
		{"saved-replies", "Saved replies", "Texts that your team writes again and again"},
		{"labels", "Labels", "Words by which your team sorts tickets"},
	}},
	{"Public pages", []SettingsSubject{
		{"domains", "Page domains", "The host names at which customers find you"},
		{"portal", "Portal", "What people outside the team can do"},
		{"sign-in", "Sign-in", "Discord and Slack beside an email address"},
		{"documents", "Documents", "Answers that are found before a ticket is opened"},
		{"limits", "Limits", "How often one visitor can do something"},
	}},
	{"Tickets", []SettingsSubject{
		{"projects", "Projects", "Kinds of requests, with their types and statuses"},
		{"templates", "Templates", "What the form asks, by project and type"},
		{"attachments", "Attachments", "Which files, how large, and for how long"},
		{"tickets", "Automatic closing", "When a ticket that waits for its reporter is closed"},
		{"mail", "Mail", "The first mail to a new address, and a test message"},
	}},
	{"Customers", []SettingsSubject{
		{"customers", "Customers", "Everybody who has opened a ticket"},
		{"intake-links", "Intake links", "Forms that know who opens them"},
		{"privacy", "Privacy", "Who asks to be erased"},
	}},
	{"This installation", []SettingsSubject{
		{"status", "Status", "Whether all is well, and whether it could be lost"},
		{"audit", "Audit log", "Who changed what, and when"},
		{"export", "Export", "Every ticket in one file"},
	}},
}

// Groups are the pages of the settings, as the navigation and the index list them.
func (Settings) Groups() []SettingsGroup { return settingsGroups }

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
