// Package export writes what is held about a customer, for the customer: as a page that any browser shows
// without us, and as JSON. Both are written piece by piece, because a customer may have thousands of tickets.
package export

import (
	"time"

	"deskbell/db/model"
)

// Person is whose data it is, and what is held besides tickets.
type Person struct {
	model.HeldData
	Workspace string
	MadeAt    time.Time
	Avatars   []string // paths in the archive, one for each identity; empty where there is no picture
}

// Avatar is the path of an identity's picture, empty where there is none.
func (p Person) Avatar(i int) string {
	if i < len(p.Avatars) {
		return p.Avatars[i]
	}
	return ""
}

// File is a file of a ticket.
type File struct {
	Name      string
	Path      string // in the archive; empty where its bytes are not in it
	Bytes     int64
	At        time.Time
	RemovedAt time.Time // zero: it was not removed
}

// Ticket is a ticket without its messages.
type Ticket struct {
	model.HeldTicket
	Files []File // of the description
}

// Message is a public message of a ticket.
type Message struct {
	model.HeldMessage
	Files []File
}

// Document is one of the two forms. Its methods are called in order: Begin, then for each ticket BeginTicket,
// Message for each of its messages and EndTicket, then End.
type Document interface {
	Begin(Person) error
	BeginTicket(Ticket) error
	Message(Message) error
	EndTicket() error
	End() error
}
