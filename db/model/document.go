package model

import (
	"strings"
	"time"
	"unicode"
)

// DocumentID is a document's row id.
type DocumentID int64

// DocumentState says who sees a document: the team alone, or everybody.
type DocumentState string

// The states of a document.
const (
	Draft     DocumentState = "draft"
	Published DocumentState = "published"
)

// Bounds of a document, in characters.
const (
	MaxDocument = 100_000 // its body
	MaxSlug     = 80
	MaxExcerpt  = 160
)

// Document is a knowledge article as the settings see it.
type Document struct {
	ID        DocumentID
	Project   string // public id
	Slug      string
	Title     string
	Body      string // Markdown
	State     DocumentState
	Version   int64 // moves with every change, so that a lost update is noticed
	UpdatedAt time.Time
}

// DocumentText is a document's Markdown and what is made of it, once, when it is saved.
type DocumentText struct {
	Source   string
	HTML     string // sanitised
	Excerpt  string // how the text begins, plain, of at most MaxExcerpt characters
	Headings []Heading
}

// Heading is an entry of a document's table of contents.
type Heading struct {
	Level int    `json:"level"` // 2 is the highest
	ID    string `json:"id"`    // its anchor
	Text  string `json:"text"`
}

// PublicDocument is a published document as everybody sees it. It has no member for a draft's data.
type PublicDocument struct {
	Slug      string
	Title     string
	Excerpt   string
	HTML      string    // sanitised; empty in lists
	Headings  []Heading // empty in lists
	UpdatedAt time.Time
}

// MayRead says whether the public may know of a project's documents: NotFound for a project that
// nobody may know of. One that takes no tickets keeps its documents.
func MayRead(p Project) error {
	if p.Intake == IntakeHidden {
		return Fail(NotFound, "There is nothing at this address.")
	}
	return nil
}

// MaySuggest says whether the creation form of a project suggests documents (F3): NotFound where
// the switch is off or there is no form to type in.
func MaySuggest(ws Workspace, p Project) error {
	if !ws.Suggestions || p.Intake != IntakeOpen {
		return Fail(NotFound, "There is nothing at this address.")
	}
	return nil
}

// Clean returns the document as it would be stored. A missing slug is made of the title.
func (d Document) Clean() Document {
	d.Project, d.Title, d.Body = CleanLine(d.Project), CleanLine(d.Title), CleanText(d.Body)
	if d.Slug = CleanLine(d.Slug); d.Slug == "" {
		d.Slug = Slug(d.Title)
	}
	return d
}

// Check returns an Invalid error with a message for each field of a cleaned document that breaks a
// bound, in the order of the form.
func (d Document) Check() error {
	var errs FieldErrors
	if d.Project == "" {
		errs.Add("project", "Choose a project from the list.")
	}
	if d.Title == "" {
		errs.Add("title", "Enter a title.")
	}
	boundLength(&errs, "title", "Shorten the title by {0} characters: it has {1}, and {2} are possible.", d.Title, MaxTitle)
	switch {
	case d.Slug == "" && d.Title != "":
		errs.Add("slug", "Enter an address: the title has no letters to make one of.")
	case d.Slug != "" && d.Slug != Slug(d.Slug):
		errs.Add("slug", "Use small letters, digits and single hyphens, at most 80 of them, like print-labels.")
	}
	if d.Body == "" {
		errs.Add("body", "Write the text.")
	}
	boundLength(&errs, "body", "Shorten the text by {0} characters: it has {1}, and {2} are possible.", d.Body, MaxDocument)
	return errs.Err()
}

// Slug makes the part of a URL that names a document or a heading: the letters and digits of a
// text in small letters, a hyphen between its words, at most MaxSlug characters. It may be empty.
func Slug(text string) string {
	var slug []rune
	for _, r := range strings.ToLower(text) {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r):
			slug = append(slug, r)
		case r != '\'' && r != '’' && len(slug) > 0 && slug[len(slug)-1] != '-':
			slug = append(slug, '-')
		}
		if len(slug) == MaxSlug {
			break
		}
	}
	return strings.TrimRight(string(slug), "-")
}
