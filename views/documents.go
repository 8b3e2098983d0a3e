package views

import "deskbell/db/model"

// Documents lists a project's public documents, or those that a search found (A6, F4).
type Documents struct {
	Frame
	Project   string
	URL       string
	Query     string // what was searched for; empty for the whole list
	TooShort  bool   // the query has no word that could be searched for
	Documents []DocumentLink
	More      string // URL of the next page
}

// DocumentLink leads to a document.
type DocumentLink struct {
	Title   string
	Excerpt string
	URL     string
}

// DocumentPage is one public document (A6).
type DocumentPage struct {
	Frame
	Project   string
	List      string // URL of the project's documents
	Canonical string // its one address, of all on which it is served
	Document  model.PublicDocument
}

// Contents is the table of contents: the two upper levels, and none where it would be one line.
func (p DocumentPage) Contents() []model.Heading {
	var list []model.Heading
	for _, h := range p.Document.Headings {
		if h.Level <= 3 {
			list = append(list, h)
		}
	}
	if len(list) < 2 {
		return nil
	}
	return list
}

// Suggestions is the panel with the documents that fit what a reporter types (F1). It has no page.
type Suggestions struct {
	Documents []DocumentLink
	News      string // what the live region says
}

func (Documents) template() string    { return "portal/documents.html" }
func (DocumentPage) template() string { return "portal/document.html" }
func (Suggestions) template() string  { return "portal/intake.html" }
