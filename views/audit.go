package views

import "deskbell/db/model"

// AuditLog shows who changed what in the workspace, newest first.
type AuditLog struct {
	Settings
	Who      []Choice
	Subjects []Choice
	ByMember string // the filter, as the URL has it; no name may be one of the frame's
	About    string
	From     string // YYYY-MM-DD, UTC
	To       string
	Filtered bool
	Lines    []AuditLine
	First    string // URL of the first page; empty on it
	More     string // URL of the next page
}

// AuditLine is a line of the log.
type AuditLine struct {
	model.AuditLine
	Title string
}

// NoErrors is for the form, in which nothing can be wrong: what cannot be meant is left out of the filter.
func (AuditLog) NoErrors() model.FieldErrors { return nil }

func (AuditLog) template() string { return "admin/audit.html" }
