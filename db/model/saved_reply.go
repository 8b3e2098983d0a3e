package model

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// SavedReplyID is the row id of a saved reply.
type SavedReplyID int64

// SavedReply is a text that members put into their answers (M5).
type SavedReply struct {
	ID   SavedReplyID
	Name string
	Body string // Markdown, with placeholders
}

// Filling is what the placeholders of a saved reply become.
type Filling struct {
	Customer string // name of the reporter; empty where nobody gave one
	Agent    string
	Title    string
	Number   string
	Project  string
	Link     string // an address that every recipient may see: no token stands in it
}

// Placeholders are the names that may stand between braces in a saved reply, in the order of the help.
var Placeholders = []string{"customer", "agent", "title", "number", "project", "link"}

// placeholder finds what is meant as one: a word between braces.
var placeholder = regexp.MustCompile(`\{[A-Za-z_]+\}`)

// Clean returns the reply as it is stored.
func (r SavedReply) Clean() SavedReply {
	r.Name, r.Body = CleanLine(r.Name), CleanText(r.Body)
	return r
}

// Check returns an Invalid error for a cleaned reply that cannot be used. An unknown placeholder is one: it
// would reach a customer as it stands.
func (r SavedReply) Check() error {
	var errs FieldErrors
	wrong := func(field, message string) { errs = append(errs, FieldError{Field: field, Message: message}) }
	switch n := Chars(r.Name); {
	case n == 0:
		wrong("name", "Enter a name, by which the team finds the reply.")
	case n > MaxName:
		wrong("name", fmt.Sprintf("Shorten the name to %d characters: it has %d.", MaxName, n))
	}
	switch n := Chars(r.Body); {
	case n == 0:
		wrong("body", "Write the text of the reply.")
	case n > MaxText:
		wrong("body", fmt.Sprintf("Shorten the text to %d characters: it has %d.", MaxText, n))
	}
	if found := unknownPlaceholder(r.Body); found != "" {
		wrong("body", "There is no placeholder "+found+". Use one of those in the help, or leave the braces out.")
	}
	return errs.Err()
}

// unknownPlaceholder returns the first one that nothing fills, with its braces; "" where there is none.
func unknownPlaceholder(body string) string {
	for _, found := range placeholder.FindAllString(body, -1) {
		if !slices.Contains(Placeholders, strings.Trim(found, "{}")) {
			return found
		}
	}
	return ""
}

// Fill returns the text with its placeholders filled, in one pass: a name that looks like a placeholder
// stays a name.
func (r SavedReply) Fill(f Filling) string {
	if f.Customer == "" {
		f.Customer = "there" // as in "Hello there"
	}
	values := map[string]string{
		"customer": f.Customer, "agent": f.Agent, "title": f.Title, "number": f.Number, "project": f.Project, "link": f.Link,
	}
	return placeholder.ReplaceAllStringFunc(r.Body, func(found string) string {
		if value, ok := values[strings.Trim(found, "{}")]; ok {
			return value
		}
		return found
	})
}
