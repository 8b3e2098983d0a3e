package model

import "time"

// HeldData is what is held about a customer besides their tickets, as they download it. It and its kin have
// no member for anything that a customer may not see (J4).
type HeldData struct {
	Email       string
	Name        string
	KnownSince  time.Time
	ConfirmedAt time.Time // zero: nobody has shown yet that the address is theirs
	ErasureAt   time.Time // when they asked for erasure; zero: they have not
	Identities  []HeldIdentity
	Sessions    []HeldSession
	Logins      []HeldLogin
	IntakeLinks []HeldIntakeLink
	Waiting     []HeldUpload
	Mails       []HeldMail // about no ticket
}

// HeldIdentity is who a customer is at a provider with which they signed in. The id stays, and the rest is there
// while a sign-in lasts.
type HeldIdentity struct {
	Provider Provider
	Subject  string    // their id there
	Name     string    // of a sign-in
	Avatar   []byte    // of a sign-in: a picture of our own making; empty where there is none
	Ends     time.Time // of a sign-in; zero: this stays until erasure
}

// HeldSession is a device on which a customer is logged in.
type HeldSession struct {
	Browser  string
	Since    time.Time
	LastSeen time.Time
	Ends     time.Time
}

// HeldLogin is a login link that was asked for with a customer's address.
type HeldLogin struct {
	AskedAt time.Time
	UsedAt  time.Time // zero: it was not used
}

// HeldIntakeLink is a link to a form that was made for a customer.
type HeldIntakeLink struct {
	Project string
	MadeAt  time.Time
	Ends    time.Time
	UsedAt  time.Time
}

// HeldUpload is a file in a form that was not sent yet.
type HeldUpload struct {
	Name string
	At   time.Time
	Ends time.Time
}

// HeldMail is a mail to a customer that the outbox still knows.
type HeldMail struct {
	Kind   MailKind
	State  MailState
	At     time.Time
	SentAt time.Time // zero: it was not sent
}

// HeldTicket is a ticket that a customer opened, receives or wrote in. Who is no recipient any more has
// what they wrote themselves, and nothing else.
type HeldTicket struct {
	ID             TicketID
	Ref            string
	Project        string
	Title          string // empty for who neither opened nor receives it
	Opener         string
	OpenedByMe     bool
	OpenedAt       time.Time
	State          PublicState
	LastActivityAt time.Time
	Receives       bool
	UnsubscribedAt time.Time
	Description    RichText // empty as Title is
	Answers        []PublicAnswer
	Mails          []HeldMail

	Recipient RecipientID // 0: they are none
}

// HeldMessage is a public message of such a ticket.
type HeldMessage struct {
	Version int64
	Author  string
	Team    bool
	Mine    bool
	Text    RichText
	At      time.Time
}

// HeldFile is a file of such a ticket's description, for version 0, or of a message.
type HeldFile struct {
	Version   int64
	Ref       string
	Name      string
	Type      FileType
	Bytes     int64
	At        time.Time
	RemovedAt time.Time // zero while there are bytes
	File      string    // under which the bytes lie
}
