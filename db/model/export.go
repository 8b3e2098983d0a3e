package model

import "time"

// ExportedTicket is a ticket with all that the desk knows of it, for an export of the whole workspace.
type ExportedTicket struct {
	Ticket
	Answers    []Answer // internal ones too
	Messages   []ExportedMessage
	Files      []Attachment // of the description and of all messages
	Recipients []Recipient
	Events     []Event
	Labels     []Label
}

// ExportedMessage is a public message or an internal note, as it was typed.
type ExportedMessage struct {
	ID     MessageID
	Note   bool
	Team   bool
	Author string
	Text   string // Markdown
	At     time.Time
}

// ExportedWorkspace is what the tickets of an export refer to.
type ExportedWorkspace struct {
	Name     string
	MadeAt   time.Time
	Projects []Project
	Members  []Member
	Labels   []Label
}
