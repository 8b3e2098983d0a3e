package views

import (
	"fmt"
	"slices"
	"time"

	"deskbell/db/model"
)

// Desk is what every page of the desk carries.
type Desk struct {
	Workspace string // empty for somebody who is not signed in
	Member    string
	Admin     bool   // sees the settings
	Section   string // which entry of the navigation is current
	Saved     string // a notice about what was just done
	Portal    string // where the public pages begin
}

// DeskLogin is the sign-in page of members (M1).
type DeskLogin struct {
	Desk
	Email   string
	Next    string // where to go afterwards
	Errors  model.FieldErrors
	Problem string
}

// Setup is the form of the first start (O4).
type Setup struct {
	Desk
	Action  string
	NoMail  bool // no mail server is set
	Answers SetupAnswers
	Errors  model.FieldErrors
}

// SetupAnswers is what the first admin types.
type SetupAnswers struct {
	Workspace string
	Project   string
	PublicID  string // of the project
	Name      string
	Email     string
}

// Inbox lists tickets (M2).
type Inbox struct {
	Desk
	Filters    []Filter
	Form       InboxForm
	Unknown    []string // what was typed as an operator, and is none
	Tickets    []InboxLine
	Bounded    bool   // a search found more than is shown
	Newer      string // URL; empty on the first page
	Older      string
	Further    string // URL where the search for more goes on
	News       string // URL that tells of newer tickets; empty but on the first page
	NewTickets int    // how many there are, for the fragment that says so
	MoreNew    bool   // and more
	Top        string // URL of the first page
	Export     string
	ExportJSON string
	Views      []ViewLine // that are saved
	Save       SaveView
	Bulk       Bulk
}

// ViewLine is a saved view beside the inbox.
type ViewLine struct {
	Name    string
	URL     string
	By      string // whose it is, where it is somebody else's
	Current bool
	Change  string // URL of its form; empty where the member may not change it
}

// SaveView is the form that keeps the current filter under a name.
type SaveView struct {
	Action string // empty where the list is a view already
	Name   string
	Shared bool
	Errors model.FieldErrors
}

// SavedView is the page of one saved view.
type SavedView struct {
	Desk
	Was    string // its name so far
	Name   string // as it is typed
	Shared bool
	By     string // whose it is, where it is somebody else's
	Open   string // URL of its list
	Action string
	Delete string // where to post to delete it
	Errors model.FieldErrors
}

// Problem is what no single field can mend: nothing, here.
func (SavedView) Problem() string { return "" }

// Bulk is the form that changes the ticked tickets of a page.
type Bulk struct {
	Action                                         string
	Assignee, Status, Priority, Add, Remove        string
	Assignees, Statuses, Priorities, Adds, Removes []Choice
	Errors                                         model.FieldErrors
}

// InboxForm is the form by which tickets are picked.
type InboxForm struct {
	Search, Status, Project, Type, Assignee, Label, Priority string
	Statuses, Projects, Types, Assignees, Labels, Priorities []Choice
	Narrowed                                                 bool // more is picked than one of the views
}

// Filter is one of the inbox's views.
type Filter struct {
	Label   string
	URL     string
	Current bool
	Count   string // empty where it is not known
}

// InboxLine is a ticket in the inbox.
type InboxLine struct {
	URL       string
	Number    int64
	Title     string
	Project   string
	Type      string
	Status    string
	Category  model.Category
	Assignee  string
	Reporter  string
	Confirmed bool
	At        time.Time
	Priority  model.Priority // empty for a normal one
	Labels    []model.Label
	Found     []model.Piece // where a search found something
	Ticked    bool          // to be changed with others
}

// Ticket is the desk's page of one ticket (M3, M4).
type Ticket struct {
	Desk
	Ticket     model.Ticket
	Answers    []model.Answer // of the template's fields; internal ones too
	Messages   []model.Message
	Attached   []model.Attachment // to the description
	Recipients []RecipientLine
	New        NewRecipient
	Timeline   []TimelineLine
	Statuses   []Choice
	AfterReply []Choice // what a reply can set the status to, first of all "as it is"
	Members    []Choice
	Sorting    Sorting
	Mails      []MailLine // that did not go
	URL        string
	Newer      string // URL of the neighbour in the inbox
	Older      string
	FormKey    string
	Draft      string // typed and not sent yet
	DraftNote  bool
	DraftAt    time.Time // when it was kept; zero: it was not
	// DraftProblem says why it could not be kept.
	DraftProblem string
	ReplyStatus  string // that the reply is to set, as it was chosen
	SavedReplies []Choice
	SavedReply   string // the one that was used
	Inserted     bool   // a saved reply has just been put into the text
	Crossed      string // who wrote while the reply was being typed; empty: nobody
	Related      []OtherTicket
	Others       []OtherTicket // newest of the same reporter
	AllOthers    string        // URL of all their tickets in the inbox
	LinkTo       string        // number of a ticket to link, as it was typed
	LinkErrors   model.FieldErrors
	Mark         Mark
	Polled       bool // the page was there already: this is what is new
	Uploads      Uploads
	Errors       model.FieldErrors
	StatusID     string
	AssigneeID   string
}

// OtherTicket is a ticket beside another one.
type OtherTicket struct {
	model.TicketLine
	URL string
}

// NewOtherTickets adds where each ticket is.
func NewOtherTickets(list []model.TicketLine) []OtherTicket {
	var tickets []OtherTicket
	for _, l := range list {
		tickets = append(tickets, OtherTicket{l, fmt.Sprintf("/desk/tickets/%d", l.Number)})
	}
	return tickets
}

// Mark is how far an open ticket page has come.
type Mark struct {
	Text       string // opaque; equal while nothing is new
	Entry      int64  // id of the newest message or note
	Event      int64  // id of the newest line of the timeline
	Colleagues []string
}

// NewestPublic is the id of the newest message of the page; 0 without one.
func (t Ticket) NewestPublic() model.MessageID {
	for _, m := range slices.Backward(t.Messages) {
		if !m.Note {
			return m.ID
		}
	}
	return 0
}

// News says in a few words what has arrived.
func (t Ticket) News() string {
	switch n := len(t.Messages); n {
	case 0:
		return ""
	case 1:
		return "One new entry in the conversation"
	default:
		return fmt.Sprintf("%d new entries in the conversation", n)
	}
}

// Files are the files of an entry of the ticket.
func (t Ticket) Files(list []model.Attachment) []File { return DeskFiles(t.URL, list) }

// Sorting is what members sort a ticket by: its priority and its labels.
type Sorting struct {
	Priority   string
	Priorities []Choice
	Labels     []LabelChoice
}

// LabelChoice is a label that a ticket has or can have.
type LabelChoice struct {
	model.Label
	Chosen bool
}

// RemoveFile asks before a file of a ticket is removed.
type RemoveFile struct {
	Desk
	Name   string
	Size   string
	Action string
	Back   string
}

// NewRecipient is the form that adds somebody to a ticket, as it was typed.
type NewRecipient struct {
	Email  string
	Name   string
	Errors model.FieldErrors
}

// RecipientLine is somebody who is notified about a ticket.
type RecipientLine struct {
	model.Recipient
	Remove string // URL of the page that asks before; empty for the reporter
}

// RemoveRecipient asks before somebody is removed from a ticket.
type RemoveRecipient struct {
	Desk
	Who    string
	Ticket string // its title
	Action string
	Back   string
}

// TicketFields is the page by which a ticket's type and the answers to its fields are changed (M3).
type TicketFields struct {
	Desk
	Number  int64
	Title   string
	Type    string // key of the chosen one
	Types   []Choice
	Fields  []CustomField
	State   string // of what the page shows, to see what comes between
	Mark    string // of the questions
	Asked   string // why the page is here again, though nothing was wrong
	Action  string
	Back    string
	Errors  model.FieldErrors
	Problem string
}

// Merge is the page by which a ticket becomes part of another one (M5).
type Merge struct {
	Desk
	From      MergeSide
	Into      MergeSide // zero: the other ticket is still to be named
	Typed     string    // its number, as it was typed
	Likely    []OtherTicket
	Moves     string         // what moves, in words
	Strangers bool           // people will read what they could not read before
	Becomes   model.Category // of the other ticket; empty: it stays as it is
	Action    string
	Back      string
	Swap      string // URL of the merge in the other direction
	Errors    model.FieldErrors
}

// Problem is what no single field can mend: nothing, here.
func (Merge) Problem() string { return "" }

// MergeSide is one of two tickets that become one.
type MergeSide struct {
	OtherTicket
	Heading string
	People  []string // who reads it
}

// TimelineLine is one event, in words.
type TimelineLine struct {
	Text string
	At   time.Time
}

// Outbox lists the mails of a workspace (K4).
type Outbox struct {
	Desk
	NoServer bool // no SMTP server is set: mail waits here
	Mails    []MailLine
	Older    string
}

// MailLine is a mail in a list.
type MailLine struct {
	URL       string
	What      string
	To        string
	Ticket    string // the ticket's title; empty for a login
	State     model.MailState
	StateText string
	Attempts  int
	NextTryAt time.Time // zero where no attempt follows
	LastError string
	At        time.Time
}

// Mail shows one mail as it is, or will be, sent.
type Mail struct {
	Desk
	Mail    MailLine
	Subject string
	Text    string
	Links   []ProblemLink
	Retry   string // where to post to try again; empty where that makes no sense
}

// Components shows every component, in development.
type Components struct {
	Desk
	Errors   model.FieldErrors
	Choices  []Choice
	States   []model.PublicState
	Mails    []MailLine
	Sample   model.RichText // each thing that Markdown can make
	LongWord string         // one that has no place to break
}

func (DeskLogin) template() string       { return "desk/login.html" }
func (Setup) template() string           { return "desk/setup.html" }
func (Inbox) template() string           { return "desk/inbox.html" }
func (SavedView) template() string       { return "desk/view.html" }
func (Ticket) template() string          { return "desk/ticket.html" }
func (RemoveFile) template() string      { return "desk/remove_file.html" }
func (RemoveRecipient) template() string { return "desk/remove_recipient.html" }
func (Merge) template() string           { return "desk/merge.html" }
func (TicketFields) template() string    { return "desk/fields.html" }
func (Outbox) template() string          { return "desk/outbox.html" }
func (Mail) template() string            { return "desk/mail.html" }
func (Components) template() string      { return "desk/components.html" }
