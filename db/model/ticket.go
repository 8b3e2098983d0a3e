package model

import "time"

// Ticket is a ticket as the desk sees it.
type Ticket struct {
	ID             TicketID
	Number         int64
	Project        Project
	Type           string // its name
	TypeKey        string
	Status         Status
	Assignee       MemberID
	AssigneeName   string
	Reporter       CustomerID
	ReporterName   string // as typed; empty where nobody gave one
	ReporterEmail  string // empty where the reporter signed in and has none
	Priority       Priority
	SignedInBy     Provider // by which the reporter signed in; empty: by none
	Confirmed      bool     // the reporter has shown that the address is theirs (B10)
	Title          string
	Description    RichText
	CreatedAt      time.Time
	LastActivityAt time.Time
	MergedInto     int64 // number of the ticket of which this one was a duplicate; 0: none
}

// ReporterLabel names the reporter, in lists and exports too: the name that was given or that of the sign-in, or
// else the address. It is never a synthetic address (E5).
func (t Ticket) ReporterLabel() string {
	if t.ReporterName != "" {
		return t.ReporterName
	}
	return t.ReporterEmail
}

// TicketLine is another ticket beside one.
type TicketLine struct {
	Number int64
	Title  string
	Status string
}

// Message is an entry of a conversation as the desk sees it.
type Message struct {
	ID     MessageID
	Note   bool // internal: no customer ever sees it
	Team   bool // written by a member
	Author string
	HTML   string
	At     time.Time
	Files  []Attachment
	Merged Merged
}

// EventKind says what happened to a ticket.
type EventKind string

// The kinds of an event, as the schema lists them.
const (
	EventCreated      EventKind = "created"
	EventMessage      EventKind = "message"
	EventNote         EventKind = "note"
	EventStatus       EventKind = "status"
	EventAssignee     EventKind = "assignee"
	EventReopened     EventKind = "reopened"
	EventPriority     EventKind = "priority"
	EventLabelAdded   EventKind = "label added"
	EventLabelRemoved EventKind = "label removed"
	EventConfirmed    EventKind = "confirmed"
	EventUnsubscribed EventKind = "unsubscribed"
	EventSubscribed   EventKind = "subscribed"
	EventLinkReplaced EventKind = "link replaced"
	EventMailHeld     EventKind = "mail held"
	EventMailFailed   EventKind = "mail failed" // from: the address, to: the server's words

	EventAutoClosed EventKind = "auto-closed" // from one status to another

	EventType  EventKind = "type"  // from and to: names
	EventField EventKind = "field" // about: its label; from and to: answers, empty for none and where they were erased

	EventLinked   EventKind = "linked"   // to: the other ticket, "#12"
	EventUnlinked EventKind = "unlinked" // from: the other ticket

	EventMerged     EventKind = "merged"      // to: the duplicate, "#12"
	EventMergedInto EventKind = "merged into" // to: the ticket that it was a duplicate of

	EventRecipientAdded   EventKind = "recipient added"   // to: the address
	EventRecipientRemoved EventKind = "recipient removed" // from: the address

	EventAttachmentRemoved EventKind = "attachment removed" // from: its name
	EventRetention         EventKind = "retention"          // to: how many files went
)

// Event is one line of a ticket's immutable timeline (M4).
type Event struct {
	What      EventKind
	ActorKind ActorKind
	Actor     string
	About     string
	From      string
	To        string
	At        time.Time
}

// PublicThread is a ticket as one of its recipients may see it (I5). It has no member for anything
// that must not leave: no number, no status but the customer-safe one, no other address.
type PublicThread struct {
	Title       string
	Description string // sanitised HTML
	Opener      string // the reporter's name; empty where nobody gave one
	OpenedByMe  bool
	OpenedAt    time.Time
	State       PublicState
	Version     int64 // moves with every public change
	ProjectID   string
	ProjectName string
	Answers     []PublicAnswer     // the reporter's own
	Files       []PublicAttachment // of the description
	Messages    []PublicMessage
}

// PublicMessage is a public entry of a thread.
type PublicMessage struct {
	Version int64 // of the thread, once this message stood in it
	Author  string
	Team    bool
	Mine    bool
	HTML    string // sanitised
	At      time.Time
	Files   []PublicAttachment
	Merged  PublicMerged
}

// PublicTicket is a line of a customer's own list (J3).
type PublicTicket struct {
	Ref            string
	Title          string
	State          PublicState
	LastActivityAt time.Time
	Unread         bool // something public stands in it that the customer has not seen
}

// Label is what stands for a reader: the name of who signed in, else the address (I2, E5).
func (r Reader) Label() string {
	if r.SignedIn != "" || r.Email == "" {
		return r.Name
	}
	return r.Email
}

// MayReplaceLink fails with Off for a reader to whom no new link could be mailed (I8).
func (r Reader) MayReplaceLink() error {
	if r.Email == "" {
		return Fail(Off, "There is no address to which we could mail a new link: this one stays as it is.")
	}
	return nil
}

// Reader is the person behind a thread link or a customer's session, as the handlers know them.
type Reader struct {
	Recipient  RecipientID
	Ticket     TicketID
	Customer   CustomerID
	Link       LinkID
	Email      string   // empty for somebody who signed in and has none
	Name       string   // by which they write in this ticket; may be empty
	SignedIn   Provider // by which they opened the ticket; empty: by none, or somebody else did
	Confirmed  bool
	Subscribed bool
	Language   string // in which they read; "": nobody has said
	Seen       int64  // the version of the thread that they saw last
	Changes    int64  // moves with each of these
	Version    int64  // of the thread when the reader was read
	Waiting    string // ids of the uploads that wait for the next reply; a mark of what the page shows
}
