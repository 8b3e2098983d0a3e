package model

import (
	"encoding/json"
	"strings"
)

// Intake is what a visitor typed into the creation form (B1, B2).
type Intake struct {
	Email       string
	Name        string
	Title       string
	Description string
	Type        string
	Message     string
	Fields      Typed    // for the template's fields
	SignedIn    Provider `json:",omitempty"` // by which the reporter signed in; empty: by none
	Seen        string   // the mark of the fields that the form showed; "" where it carried none (C6)
}

// By returns the answers as those of somebody who signed in: their name counts, and their address where
// they have one. Another address may stand there for one who has none.
func (in Intake) By(id Identity) Intake {
	in.SignedIn, in.Name = id.Provider, id.Name
	if id.Email != "" {
		in.Email = id.Email
	}
	return in
}

// Clean returns the answers as they would be stored. It never loses what was typed.
func (in Intake) Clean() Intake {
	return Intake{
		Email:       CleanLine(in.Email),
		Name:        CleanLine(in.Name),
		Title:       CleanLine(in.Title),
		Description: CleanText(in.Description),
		Type:        CleanLine(in.Type),
		Message:     CleanText(in.Message),
		Fields:      in.Fields, // each kind of field cleans its own
		SignedIn:    in.SignedIn,
		Seen:        in.Seen,
	}
}

// Check returns the answers that a ticket keeps of the template's fields, or an Invalid error with a
// message for each part of cleaned input that breaks a bound of B1, B2 or C5, in the order of the
// form.
func (in Intake) Check(p Project, t Template) ([]Answer, error) {
	answers, fieldErrs, broken := t.Answers(in.Fields)
	var errs FieldErrors
	in.checkHead(p, &errs)
	errs = append(errs, fieldErrs...)
	in.checkTexts(&errs)
	shownFor, _, _ := strings.Cut(in.Seen, ":")
	changed := shownFor == in.Type && in.Seen != Mark(in.Type, t.Form())
	switch {
	case changed:
		return nil, &Error{Kind: Invalid, Message: formChanged, Fields: errs}
	case len(errs) > 0:
		return nil, errs.Err()
	case broken:
		return nil, Fail(Invalid, formBroken)
	}
	return answers, nil
}

// checkHead checks what stands above the template's fields.
func (in Intake) checkHead(p Project, errs *FieldErrors) {
	_, deliverable := CleanAddress(in.Email)
	switch {
	case in.Email == "" && in.SignedIn == "": // who signed in can do without
		errs.Add("email", "Enter your email address, so that we can answer you.")
	case in.Email != "" && !deliverable:
		errs.Add("email", "Enter an email address like name@example.com.")
	}
	boundLength(errs, "name", "Shorten your name by {0} characters: it has {1}, and {2} are possible.", in.Name, MaxName)
	if in.Title == "" {
		errs.Add("title", "Enter a title: a few words that say what it is about.")
	}
	boundLength(errs, "title", "Shorten the title by {0} characters: it has {1}, and {2} are possible.", in.Title, MaxTitle)
	if !p.HasType(in.Type) {
		errs.Add("type", "Choose a ticket type from the list.")
	}
}

// checkTexts checks what stands below the template's fields.
func (in Intake) checkTexts(errs *FieldErrors) {
	if in.Description == "" {
		errs.Add("description", "Describe what you need or what happened.")
	}
	boundLength(errs, "description", "Shorten the description by {0} characters: it has {1}, and {2} are possible.", in.Description, MaxText)
	boundLength(errs, "message", "Shorten the message by {0} characters: it has {1}, and {2} are possible.", in.Message, MaxText)
}

// HasType says whether the project has a type with this key.
func (p Project) HasType(key string) bool {
	for _, t := range p.Types {
		if t.Key == key {
			return true
		}
	}
	return false
}

// CheckMessage returns an Invalid error for a cleaned message that is empty or too long.
func CheckMessage(message string) error {
	var errs FieldErrors
	if message == "" {
		errs.Add("message", "Write a message before you send it.")
	}
	boundLength(&errs, "message", "Shorten the message by {0} characters: it has {1}, and {2} are possible.", message, MaxText)
	return errs.Err()
}

// CheckName returns an Invalid error for a cleaned name of a customer that is too long. None is fine.
func CheckName(name string) error {
	var errs FieldErrors
	boundLength(&errs, "name", "Shorten the name by {0} characters: it has {1}, and {2} are possible.", name, MaxName)
	return errs.Err()
}

// NeedsName fails with Invalid for an empty name of a customer who has no address to be known by (E5).
func NeedsName(name string) error {
	if name == "" {
		return FieldErrors{{Field: "name", Message: "Enter a name: this customer has no address to be known by."}}.Err()
	}
	return nil
}

// boundLength adds a message for a text that is too long: {0} is by how much, {1} what it has and {2}
// what is possible, in characters.
func boundLength(errs *FieldErrors, field, message, value string, limit int) {
	if n := Chars(value); n > limit {
		errs.Add(field, message, n-limit, n, limit)
	}
}

// Check returns an Invalid error with a message for each bound that a project's settings break.
func (p Project) Check() error {
	var errs FieldErrors
	if p.Name == "" {
		errs.Add("name", "Enter a name for the project.")
	}
	boundLength(&errs, "name", "Shorten the name by {0} characters: it has {1}, and {2} are possible.", p.Name, MaxProjectName)
	boundLength(&errs, "intro", "Shorten the introduction by {0} characters: it has {1}, and {2} are possible.", p.Intro, MaxIntro)
	switch p.Intake {
	case IntakeOpen, IntakeClosed, IntakeHidden:
	default:
		errs.Add("intake", "Choose one from the list.")
	}
	if !p.HasType(p.DefaultType) {
		errs.Add("default_type", "Choose a ticket type from the list.")
	}
	return errs.Err()
}

// Digest is a hash of everything that was answered, by which a repeated submission is told from
// another one that was sent by the same form (B9).
func (in Intake) Digest() string {
	in.Seen = ""
	text, err := json.Marshal(in)
	if err != nil {
		panic(err) // texts and maps of texts cannot fail
	}
	return Hash(string(text))
}
