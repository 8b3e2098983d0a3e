package model

import "fmt"

// Intake is what a visitor typed into the creation form (B1, B2).
type Intake struct {
	Email       string
	Name        string
	Title       string
	Description string
	Type        string
	Message     string
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
	}
}

// Check returns an Invalid error with a message for each field of cleaned answers that breaks a
// bound of B1 or B2, in the order of the form.
func (in Intake) Check(p Project) error {
	var errs FieldErrors
	if in.Email == "" {
		errs.Add("email", "Enter your email address, so that we can answer you.")
	} else if _, ok := CleanAddress(in.Email); !ok {
		errs.Add("email", "Enter an email address like name@example.com.")
	}
	checkLength(&errs, "name", "your name", in.Name, MaxName)
	if in.Title == "" {
		errs.Add("title", "Enter a title: a few words that say what it is about.")
	}
	checkLength(&errs, "title", "the title", in.Title, MaxTitle)
	if !p.hasType(in.Type) {
		errs.Add("type", "Choose a ticket type from the list.")
	}
	if in.Description == "" {
		errs.Add("description", "Describe what you need or what happened.")
	}
	checkLength(&errs, "description", "the description", in.Description, MaxText)
	checkLength(&errs, "message", "the message", in.Message, MaxText)
	return errs.Err()
}

func (p Project) hasType(key string) bool {
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
	checkLength(&errs, "message", "the message", message, MaxText)
	return errs.Err()
}

// checkLength adds an error that says by how much a text is too long.
func checkLength(errs *FieldErrors, field, what, value string, limit int) {
	if n := Chars(value); n > limit {
		errs.Add(field, fmt.Sprintf("Shorten %s by %s characters: it has %s, and %s are possible.",
			what, Thousands(n-limit), Thousands(n), Thousands(limit)))
	}
}

// Thousands writes a whole number with commas between its groups.
func Thousands(n int) string {
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return Thousands(n/1000) + fmt.Sprintf(",%03d", n%1000)
}
