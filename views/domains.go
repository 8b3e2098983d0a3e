package views

import "deskbell/db/model"

// DomainList shows at which host names the workspace's pages answer, and adds one.
type DomainList struct {
	Settings
	Base    string // host of the desk
	Domains []DomainLine
	Typed   string
	Errors  model.FieldErrors
	Problem string
}

// DomainLine is a page domain in the list.
type DomainLine struct {
	Host        string
	Shown       string // with its own letters, where Host is written in Punycode; else empty
	Primary     bool
	URL         string
	Check       string
	MakePrimary string // empty for the primary one
	Remove      string
	Result      string // what a check found; empty: it was not asked for
	Good        bool
	Advice      []string
}

// DomainRemove asks before a page domain goes.
type DomainRemove struct {
	Settings
	Host   string
	Next   string // where links lead from then on
	Needed bool   // it cannot go
	Action string
	Back   string
}

func (DomainList) template() string   { return "admin/domains.html" }
func (DomainRemove) template() string { return "admin/domain_remove.html" }
