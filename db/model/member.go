package model

import "fmt"

// MaxMemberName bounds a member's name, in characters.
const MaxMemberName = 100

// CheckMemberName returns an Invalid error for a cleaned name that nobody of a team can have.
func CheckMemberName(name string) error {
	var errs FieldErrors
	if n := Chars(name); n == 0 || n > MaxMemberName {
		errs.Add("name", fmt.Sprintf("Enter a name, in at most %d characters.", MaxMemberName))
	}
	return errs.Err()
}

// ReplyMail says of which tickets a member gets customers' replies by mail. Each one contains those
// before it.
type ReplyMail string

// What a member can choose.
const (
	RepliesNone       ReplyMail = "none"
	RepliesMine       ReplyMail = "mine"
	RepliesUnassigned ReplyMail = "unassigned" // and mine
	RepliesAny        ReplyMail = "any"
)

// Known says whether it is one of the choices.
func (r ReplyMail) Known() bool {
	return r == RepliesNone || r == RepliesMine || r == RepliesUnassigned || r == RepliesAny
}

// MinPassword and MaxPassword bound a new password, in characters.
const (
	MinPassword = 12
	MaxPassword = 200
)

// CheckPassword adds an error for a password that is too short or too long.
func CheckPassword(errs *FieldErrors, field, password string) {
	if n := Chars(password); n < MinPassword || n > MaxPassword {
		errs.Add(field, fmt.Sprintf("Choose a password of %d to %d characters.", MinPassword, MaxPassword))
	}
}
