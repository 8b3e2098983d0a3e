package views

import (
	"time"

	"deskbell/db/model"
)

// Frame is what every public page carries. It has no member for anything internal.
type Frame struct {
	Workspace string     // the name; empty where no workspace is known
	Logo      Logo       // stands in place of the name
	ThemeURL  string     // a stylesheet with the workspace's colour; empty: it has the product's
	MyTickets string     // where "My Tickets" leads; empty where customer login is off (B6)
	SignedIn  string     // the customer's address; empty for a visitor
	NewTicket string     // where "New ticket" leads; empty where there is no one form
	Indexed   bool       // search engines may keep the page
	Languages *Languages // to choose from; nil: there is no choice
}

// Logo is a workspace's picture, and the size in which it is shown. The zero value is none.
type Logo struct {
	URL    string
	Width  int // pixels of a page
	Height int
}

// Home lists the projects that take tickets.
type Home struct {
	Frame
	Projects []ProjectLink
}

// ProjectLink leads to a project's form.
type ProjectLink struct {
	Name  string
	Intro string
	URL   string
	Open  bool
}

// Intake is the creation form (B1, B2).
type Intake struct {
	Frame
	Project string
	Intro   string
	Action  string
	FormKey string
	Answers model.Intake
	Types   []Choice
	Fields  Fields // of the template that holds for the type
	Uploads Uploads
	// Documents is where the project's documents are, empty where it has none (B4).
	Documents string
	// Suggest is where documents that fit what is typed are asked for, empty where that is off (F3).
	Suggest string
	Fixed   bool // who asks is known: contact details are shown and not asked for
	Errors  model.FieldErrors
	Problem string // what no single field can mend
	Notice  string // what became of an intake link that does not count here (D2)
	Token   string // of the intake link by which the form was opened; empty without one
	SignIn  SignIn
	// TypedEmail is what was typed as an address, which another one may stand in for while somebody is
	// signed in.
	TypedEmail string
}

// Sent confirms a submission (B9).
type Sent struct {
	Frame
	Project string
	Email   string // empty: no mail goes to anybody
	Thread  string // the thread link, for whoever proved who they are; else empty
	Again   string // where another ticket is opened
}

// Thread is a ticket as a recipient sees it (I1 to I7).
type Thread struct {
	Frame
	Thread       model.PublicThread
	URL          string // of this page; replies and polls lie below it
	Reader       string // whose link it is: an address, or the name of somebody who signed in
	Replaceable  bool   // a new link could be mailed
	Subscribed   bool
	SubscribeURL string
	FormKey      string
	Reply        string // typed and not sent yet
	Uploads      Uploads
	Errors       model.FieldErrors
	Problem      string
	RepliesOff   string // why replies are switched off; empty when they are on
	News         string // what arrived, for the live region
	Reopened     bool   // the reader's reply has just opened the ticket again
	Preview      *ThreadPreview
	Seen         int64 // the version that the reader was shown before
}

// ThreadPreview shows a member what the reporter sees, and would see of an answer that is not sent yet.
type ThreadPreview struct {
	Back   string // URL of the desk's page
	Author string
	HTML   string // of the answer; empty: there is none
	At     time.Time
	Files  []string
}

// FirstNew returns the version of the first message that somebody else wrote since the reader was here;
// 0 where there is none.
func (t Thread) FirstNew() int64 {
	for _, m := range t.Thread.Messages {
		if m.Version > t.Seen && !m.Mine {
			return m.Version
		}
	}
	return 0
}

// NewDay says whether a message was written on another day than the entry before it.
func (t Thread) NewDay(i int) bool {
	before := t.Thread.OpenedAt
	if i > 0 {
		before = t.Thread.Messages[i-1].At
	}
	return before.UTC().Truncate(24*time.Hour) != t.Thread.Messages[i].At.UTC().Truncate(24*time.Hour)
}

// Unsubscribe is the page behind a mail's unsubscribe link (L1).
type Unsubscribe struct {
	Frame
	Title      string // of the ticket
	Email      string
	Action     string
	UndoAction string
	Done       bool // the recipient gets no mail
	Undone     bool // the recipient has just subscribed again
}

// Login asks for the address of a customer (J1).
type Login struct {
	Frame
	Email  string
	Errors model.FieldErrors
	Reason string // why the page came up by itself
	Ended  bool   // the customer has just logged out from all devices (J3)
	Back   string // to the form that needs a login, with what was typed; empty without any
	Kept   []KeptField
	Again  bool // never: the form is shown again
}

// LoginSent says that mail is on its way, known or not, and takes the code.
type LoginSent struct {
	Frame
	Errors model.FieldErrors
}

// LoginLink is the page behind a mailed login link. In the browser that asked it posts by itself.
type LoginLink struct {
	Frame
	Email  string
	Action string
	Same   bool // this is the browser that asked
}

// AskMail is a small form that asks for the address to which something is mailed.
type AskMail struct {
	Action string
	Label  string // of its button
	Hint   string // what is mailed
	Email  string
	Errors model.FieldErrors
}

// ReplaceLink asks whether a recipient's link is to be replaced, and says that it was (I8).
type ReplaceLink struct {
	Frame
	Email   string // where the new link goes
	Action  string
	FormKey string
	Back    string // to the ticket; empty when the link to it has just ended
	Done    bool
}

// LostLink asks for the address to which somebody's links are mailed, and says that they are on their
// way, known or not (I8).
type LostLink struct {
	Frame
	Ask    AskMail
	Reason string // why nothing was sent
	Sent   bool
}

// Overview lists a customer's tickets (J3).
type Overview struct {
	Frame
	Done       bool
	Query      string // what was searched for; empty: nothing
	Below      bool   // this is not the first page
	Tickets    []OverviewTicket
	UnreadOpen int // of all pages
	UnreadDone int
	OpenURL    string // the list of open tickets, with the same search
	DoneURL    string
	TopURL     string // the first page of this list
	AllURL     string // this list without the search
	OlderURL   string // empty on the last page
}

// Unread is how many tickets of the whole list have something new.
func (o Overview) Unread() int { return o.UnreadOpen + o.UnreadDone }

// OverviewTicket is a line of the overview.
type OverviewTicket struct {
	model.PublicTicket
	URL string
}

// Problem is a page that says what went wrong and what to do.
type Problem struct {
	Frame
	Title   string
	Message string
	Links   []ProblemLink
	Ask     *AskMail // stands in for the links; nil where no address is asked for
	Back    string   // where "Go back" posts what was kept; empty without any
	Kept    []KeptField
	Typed   string // a text with nowhere to go, to be copied
	Again   bool   // what was kept is sent once more, instead of shown in its form
	SignIn  bool   // and that needs a sign-in first
	Request string // the request's id, for a report to the team; empty where nobody could use it
}

// KeptField is something that was typed and is not asked where it stands: it travels with the page.
type KeptField struct {
	Name  string
	Value string
}

// ProblemLink is a way on from a problem.
type ProblemLink struct {
	Label string
	URL   string
}

// Files are the files of an entry of the thread.
func (t Thread) Files(list []model.PublicAttachment) []File { return PublicFiles(t.URL, list) }

func (Home) template() string        { return "portal/home.html" }
func (Intake) template() string      { return "portal/intake.html" }
func (Sent) template() string        { return "portal/sent.html" }
func (Thread) template() string      { return "portal/thread.html" }
func (Unsubscribe) template() string { return "portal/unsubscribe.html" }
func (Login) template() string       { return "portal/login.html" }
func (LoginSent) template() string   { return "portal/login_sent.html" }
func (LoginLink) template() string   { return "portal/login_link.html" }
func (ReplaceLink) template() string { return "portal/replace_link.html" }
func (LostLink) template() string    { return "portal/lost_link.html" }
func (Overview) template() string    { return "portal/overview.html" }
func (Problem) template() string     { return "errors/problem.html" }
