package model

import (
	"errors"
	"strings"
	"time"
)

// Kind sorts expected failures; handlers/errors.go maps each to a status and a page.
type Kind string

// The kinds of failure that a person can cause or meet.
const (
	NotFound     Kind = "not found"
	Invalid      Kind = "invalid"
	BadRequest   Kind = "bad request"
	Unauthorized Kind = "unauthorized"
	Forbidden    Kind = "forbidden"
	Conflict     Kind = "conflict"
	Gone         Kind = "gone"
	TooLarge     Kind = "too large"
	TooSlow      Kind = "too slow"
	TooLongURL   Kind = "too long url"
	HeadTooLarge Kind = "head too large"
	Limited      Kind = "limited"
	Off          Kind = "off"
	Full         Kind = "full"        // no room for a file (G4)
	Unavailable  Kind = "unavailable" // something that Deskbell relies on does not answer
)

// Error is an expected outcome. Message is a full sentence, fit to be shown to a visitor, that says
// what to do next: in English, until In has put it into another language.
type Error struct {
	Kind       Kind
	Message    string
	Fields     FieldErrors   // for Invalid
	RetryAfter time.Duration // for Limited and Unavailable; zero: nobody knows

	text Text   // the message; empty: Message is its own key
	wait string // when to try again, in another language
}

func (e *Error) Error() string {
	if len(e.Fields) == 0 {
		return string(e.Kind) + ": " + e.Message
	}
	parts := make([]string, len(e.Fields))
	for i, f := range e.Fields {
		parts[i] = f.Field + ": " + f.Message
	}
	return string(e.Kind) + ": " + strings.Join(parts, "; ")
}

// Advice is the message and, where there is a wait, when to try again.
func (e *Error) Advice() string {
	switch {
	case e.RetryAfter == 0:
		return e.Message
	case e.wait == "":
		return e.Message + " " + e.waitText().String()
	}
	return e.Message + " " + e.wait
}

func (e *Error) waitText() Text {
	minutes := int((e.RetryAfter + time.Minute - 1) / time.Minute)
	switch {
	case minutes == 1:
		return Say("Try again in a minute.")
	case minutes < 120:
		return Say("Try again in {0} minutes.", minutes)
	}
	return Say("Try again in {0} hours.", (minutes+59)/60)
}

// Text is the message, for a translation.
func (e *Error) Text() Text {
	if e.text.Key == "" {
		return Text{Key: e.Message}
	}
	return e.text
}

// In returns the failure in another language, into which say puts a text.
func (e *Error) In(say func(Text) string) *Error {
	said := *e
	said.Message, said.text = say(e.Text()), Text{}
	said.Fields = e.Fields.In(say)
	if e.RetryAfter > 0 {
		said.wait = say(e.waitText())
	}
	return &said
}

// Fail makes an expected failure. The message is a key with the places of its arguments (see Say).
func Fail(kind Kind, message string, args ...any) *Error {
	return FailWith(kind, Say(message, args...))
}

// FailWith makes an expected failure of a text.
func FailWith(kind Kind, message Text) *Error {
	return &Error{Kind: kind, Message: message.String(), text: message}
}

// KindOf returns the kind of an expected failure, and "" for any other error.
func KindOf(err error) Kind {
	if e, ok := AsError(err); ok {
		return e.Kind
	}
	return ""
}

// FieldError is what is wrong with one field of a form, by the field's name.
type FieldError struct {
	Field   string
	Message string

	text Text // the message; empty: Message is its own key
}

// FieldErrors lists what is wrong, in the order of the form.
type FieldErrors []FieldError

// Add appends a message for a field: a key with the places of its arguments (see Say).
func (fs *FieldErrors) Add(field, message string, args ...any) {
	fs.AddText(field, Say(message, args...))
}

// AddText appends a text for a field.
func (fs *FieldErrors) AddText(field string, message Text) {
	*fs = append(*fs, FieldError{Field: field, Message: message.String(), text: message})
}

// FieldFail makes the Invalid error of one field.
func FieldFail(field, message string, args ...any) error {
	var errs FieldErrors
	errs.Add(field, message, args...)
	return errs.Err()
}

// In returns the messages in another language, into which say puts a text.
func (fs FieldErrors) In(say func(Text) string) FieldErrors {
	var list FieldErrors
	for _, f := range fs {
		text := f.text
		if text.Key == "" {
			text.Key = f.Message
		}
		list = append(list, FieldError{Field: f.Field, Message: say(text)})
	}
	return list
}

// Of returns the message for a field, "" when it is right.
func (fs FieldErrors) Of(field string) string {
	for _, f := range fs {
		if f.Field == field {
			return f.Message
		}
	}
	return ""
}

// Err returns nil for an empty list, else an Invalid error that carries it.
func (fs FieldErrors) Err() error {
	if len(fs) == 0 {
		return nil
	}
	return &Error{Kind: Invalid, Message: "Some answers need another look.", Fields: fs}
}

// AsError returns the expected failure in an error, and false where there is none.
func AsError(err error) (*Error, bool) { return errors.AsType[*Error](err) }
