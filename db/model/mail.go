package model

import "time"

// MailKind is what a mail tells of.
type MailKind string

// The kinds of a mail.
const (
	MailFirst     MailKind = "first"      // fixed text and the link, to an address nobody has confirmed (B10): a reporter's, or one that was added
	MailCreated   MailKind = "created"    // your ticket is here
	MailMessage   MailKind = "message"    // a new public message
	MailClosed    MailKind = "closed"     // the ticket is done
	MailNewTicket MailKind = "new ticket" // to members who opted in
	MailReopened  MailKind = "reopened"   // to the assignee
	MailLogin     MailKind = "login"      // a login link and its code
	MailNewLink   MailKind = "new link"   // in place of one that was replaced (I8)
	MailLinks     MailKind = "links"      // to a customer who asked for the links to their tickets (I8)
	MailErased    MailKind = "erased"     // the last one to somebody: they were erased
	MailAdded     MailKind = "added"      // to whom a member added to a ticket

	MailAutoClosed MailKind = "auto-closed" // the ticket waited for long, and closed by itself
)

// MailState is where a mail stands.
type MailState string

// The states of a mail.
const (
	MailWaiting MailState = "waiting"
	MailSending MailState = "sending"
	MailSent    MailState = "sent"
	MailFailed  MailState = "failed" // given up; LastError says why
	MailHeld    MailState = "held"   // never to be sent; LastError says why
)

// Letter is what a mail is made of. Its links are made of it when it is sent or looked at: the
// database never holds a token.
type Letter struct {
	Kind        MailKind
	Workspace   Workspace
	Language    string // BCP 47; "": that of the workspace
	Host        string // for links to the public pages; "" for the base host
	To          string
	MessageRef  string // the local part of Message-ID
	MailRoot    string // of the first mail to this recipient about this ticket
	Link        LinkID // of the recipient; "" for mail to members and for mail about no one ticket
	Unsubscribe LinkID // of the recipient, too
	Login       LinkID // for MailLogin
	Confirmed   bool   // of the address
	AddedBy     string // the member who added the recipient; empty for the reporter
	ToMember    bool
	Number      int64
	Ref         string
	Title       string
	ProjectID   string
	ProjectName string
	Author      string // of the text
	Team        bool   // the author is a member
	HasMessage  bool   // the text is a message; else it is the ticket's description
	Text        RichText
	Files       []string       // names of those that came with the text
	Answers     []PublicAnswer // the reporter's own, for the mail about a new ticket alone
	Tickets     []LetterTicket // for MailLinks alone
	CreatedAt   time.Time
}

// LetterTicket is a ticket that a mail of links leads to.
type LetterTicket struct {
	Link        LinkID // of the recipient
	Host        string // for the link; "" for the base host
	Title       string
	ProjectName string
	OpenedAt    time.Time
}

// mailWaits are the waits after each failed attempt; after the last a mail is given up.
var mailWaits = [...]time.Duration{
	time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 4 * time.Hour,
	8 * time.Hour, 16 * time.Hour, MailLongestWait,
}

// MailLongestWait is the longest of the waits: no mail is due later than so after now.
const MailLongestWait = 24 * time.Hour

// MailAttempts is how often a mail is tried at most (K2).
const MailAttempts = len(mailWaits) + 1

// MailRetry returns the wait after the given number of failed attempts (1 or more), and false when
// the mail is to be given up (K2).
func MailRetry(attempts int) (time.Duration, bool) {
	if attempts >= MailAttempts {
		return 0, false
	}
	return mailWaits[attempts-1], true
}
