package model

import (
	"errors"
	"fmt"
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
	Limited      Kind = "limited"
	Off          Kind = "off"
	Full         Kind = "full"        // no room for a file (G4)
	Unavailable  Kind = "unavailable" // something that Deskbell relies on does not answer
)

// Error is an expected outcome. Message is a full sentence, fit to be shown to a visitor, that says
// what to do next.
type Error struct {
	Kind       Kind
	Message    string
	Fields     FieldErrors   // for Invalid
	RetryAfter time.Duration // for Limited
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
	minutes := int((e.RetryAfter + time.Minute - 1) / time.Minute)
	switch {
	case e.RetryAfter == 0:
		return e.Message
	case minutes == 1:
		return e.Message + " Try again in a minute."
	case minutes < 120:
		return fmt.Sprintf("%s Try again in %d minutes.", e.Message, minutes)
	}
	return fmt.Sprintf("%s Try again in %d hours.", e.Message, (minutes+59)/60)
}

// Fail makes an expected failure.
func Fail(kind Kind, message string) *Error { return &Error{Kind: kind, Message: message} }

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
}

// FieldErrors lists what is wrong, in the order of the form.
type FieldErrors []FieldError

// Add appends a message for a field.
func (fs *FieldErrors) Add(field, message string) {
	*fs = append(*fs, FieldError{Field: field, Message: message})
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
