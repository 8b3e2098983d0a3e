package model

import (
	"regexp"
	"time"
)

// Erasure is a customer's wish to be erased, or the work that comes of it.
type Erasure struct {
	Customer CustomerID
	Email    string
	Name     string
	AskedAt  time.Time // zero: an admin began it unasked
	BegunAt  time.Time // zero: no admin has confirmed it yet
}

// Footprint is what is held about a customer, as counts: what an erasure removes.
type Footprint struct {
	Tickets    int // that they opened
	Recipient  int // tickets whose mail they get
	Messages   int
	Answers    int // to custom fields
	Files      int
	FileBytes  int64
	Waiting    int // files in forms that were not sent yet
	Sessions   int
	Logins     int // links and codes that were asked for in the last day
	Identities int // at Discord or Slack
	Links      int // intake links
	Mails      int // in the outbox, sent ones too
	TeamAnswer int // messages and notes of the team in their tickets, which stay
}

// AuditLine is something that an admin did to a workspace as a whole.
type AuditLine struct {
	Actor string
	At    time.Time
}

// CheckErasure fails with Invalid unless an admin has typed the address of the person to erase: nobody
// erases the wrong one by a slip of the hand.
func CheckErasure(typed, email, name string) error {
	if email == "" && name != "" && CleanLine(typed) == name {
		return nil
	}
	if clean, ok := CleanAddress(typed); !ok || clean != email {
		return FieldErrors{{Field: "address", Message: "Type it exactly as it stands above."}}.Err()
	}
	return nil
}

// RedactAddress puts ErasedPerson wherever an address stands in a text, in any case of letters. A longer address
// that ends or begins with it is somebody else's.
func RedactAddress(text, address string) string {
	whole := regexp.MustCompile(`(?i)(^|[^\pL\pN._%+-])` + regexp.QuoteMeta(address) + `($|[^\pL\pN.-]|\.$|\.[^\pL\pN])`)
	for { // two that share the sign between them take two rounds
		redacted := whole.ReplaceAllString(text, "${1}"+ErasedPerson+"${2}")
		if redacted == text {
			return text
		}
		text = redacted
	}
}
