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
	MailReopened  MailKind = "reopened"   // to members: a reply opened a closed ticket
	MailReply     MailKind = "reply"      // to members: a customer replied
	MailAssigned  MailKind = "assigned"   // to the member whose ticket it is now
	MailLogin     MailKind = "login"      // a login link and its code
	MailNewLink   MailKind = "new link"   // in place of one that was replaced (I8)
	MailLinks     MailKind = "links"      // to a customer who asked for the links to their tickets (I8)
	MailErased    MailKind = "erased"     // the last one to somebody: they were erased
	MailAdded     MailKind = "added"      // to whom a member added to a ticket

	MailInvitation      MailKind = "invitation"       // to whom an admin invites to the team
	MailPassword        MailKind = "password"         // to a member who has forgotten theirs
	MailPasswordChanged MailKind = "password changed" // to the member whose password it was

	MailClosingSoon MailKind = "closing soon" // the ticket waits for long, and will close by itself
	MailAutoClosed  MailKind = "auto-closed"  // the ticket waited for long, and closed by itself
)

// Secret says whether only the person it goes to may see what a mail says: its link would let others of
// the team in under that name.
func (k MailKind) Secret() bool { return k == MailInvitation || k == MailPassword }

// OfAccount says whether a mail is about a member's account, and about no ticket.
func (k MailKind) OfAccount() bool { return k.Secret() || k == MailPasswordChanged }

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
	MemberLink  LinkID // for MailInvitation and MailPassword
	Confirmed   bool   // of the address
	AddedBy     string // the member who added the recipient, or invites; empty for the reporter
	AssignedBy  string // the member who gave the ticket to another, for MailAssigned alone
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

// TeamMailRoot is what all mail to members about a ticket refers to, so that it threads: the MessageRef
// of the mail about the new ticket, made of its random reference.
func TeamMailRoot(ref string) string { return Hash("team mail " + ref)[:22] }

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
