package views

import (
	"fmt"
	"io/fs"
	"path"
	"reflect"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"deskbell/db/model"
	"deskbell/static"
	"deskbell/views/language"
)

var (
	frame = Frame{Workspace: "Acme", Logo: Logo{"/logo/1/x", 96, 40}, ThemeURL: "/theme/17605c-x.css", MyTickets: "/tickets", SignedIn: "ada@example.org", NewTicket: "/",
		Languages: &Languages{Action: "/language", Back: "/", To: []LanguageChoice{{"de", "Deutsch", "/language?language=de"}, {"en", "English", ""}}}}
	desk  = Desk{Workspace: "Acme", Member: "Grace", Section: "inbox", Saved: "Saved", Portal: "/"}
	when  = time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	wrong = model.FieldErrors{{Field: "title", Message: "Enter a title."}, {Field: "message", Message: "Write a message."}}
	links = []ProblemLink{{Label: "Go back", URL: "/"}}
	entry = model.PublicMessage{Version: 2, Author: "Grace", Team: true, HTML: "<p>Hello</p>", At: when}
	mail  = MailLine{URL: "/desk/outbox/1", What: "New message", To: "ada@example.org", Ticket: "Title", State: model.MailFailed,
		StateText: "was given up", Attempts: 3, NextTryAt: when, LastError: "550 no", At: when}
)

var sessions = Sessions([]model.Session{{Hash: "a", Browser: "Firefox, Linux", CreatedAt: when, LastSeenAt: when}, {Hash: "b", CreatedAt: when, LastSeenAt: when}}, "a", "/s")

var publicFiles = []model.PublicAttachment{
	{Ref: "a", Name: "a.png", Type: model.FileType{Media: "image/png", Ext: "png"}, Bytes: 4000, Width: 64, Height: 48},
	{Ref: "b", Name: "b.log", Type: model.FileType{Media: "text/plain", Ext: "txt"}, Bytes: 1},
	{Ref: "c", Name: "c.pdf", Type: model.FileType{Media: "application/pdf", Ext: "pdf"}, Bytes: 9, RemovedAt: when},
}

var chosen = NewUploads(language.English(), model.UploadRules{MaxFileMB: 10, Types: model.AllowedTypes{Kind: model.AllowImages}}, false, "/ticket/support", "", []model.Upload{
	{Ref: "a", NewUpload: model.NewUpload{Name: "a.png", Type: model.FileType{Media: "image/png", Ext: "png"}, Bytes: 4000, Width: 64, Height: 48}},
	{Ref: "b", NewUpload: model.NewUpload{Name: "b.log", Type: model.FileType{Media: "text/plain", Ext: "txt"}, Bytes: 1}},
}, nil)

var plain = Uploads{Name: "attachments", Label: "Attachments"}

var counted = []model.Slot{{From: when, To: when, Opened: 3, Closed: 1, Answers: model.Histogram{time.Hour: 2}}, {From: when, To: when.AddDate(0, 0, 6), Answers: model.Histogram{}}}

func measured(id string) TimesChart {
	return NewTimesChart(id, "How long "+id+" took", "Counted.", counted, func(s model.Slot) model.Histogram { return s.Answers })
}

var settings = Settings{Desk: desk, Subject: "templates"}

// samples has at least one value of every page, and the fragments that are served of it.
var samples = []struct {
	page      Page
	fragments []string
	part      bool // no whole page
}{
	{page: Home{Frame: frame, Projects: []ProjectLink{{Name: "Support", Intro: "Ask.", URL: "/ticket/support"}}}},
	{page: Home{Frame: frame}},
	{page: Intake{Frame: frame, Uploads: plain, Project: "Support", Action: "/ticket/support", FormKey: "k", Types: []Choice{{"bug", "Bug"}}, Errors: wrong}},
	{page: Intake{Frame: frame, Uploads: plain, Project: "Support", Action: "/ticket/support", Errors: wrong, Fields: Fields{URL: "/ticket/support/fields",
		Mark: "bug:x", List: everyKind, Kept: []KeptField{{"field_other", "Kept"}}}}, fragments: []string{"fields-update"}},
	{page: Intake{Frame: frame, Uploads: plain, Project: "Support", Action: "/ticket/support", Fixed: true, Problem: "Send it once more."}},
	{page: Intake{Frame: frame, Project: "Support", Action: "/ticket/support", Uploads: chosen}},
	{page: Intake{Frame: frame, Project: "Support", Action: "/ticket/support", Uploads: plain, SignIn: SignIn{URL: "/i", Provider: "Discord", Start: "/s", Ended: true}}, fragments: []string{"identity-update"}},
	{page: Intake{Frame: frame, Project: "Support", Action: "/ticket/support", Uploads: plain, TypedEmail: "a@b.c", SignIn: SignIn{URL: "/i", Provider: "Discord",
		Person: &Person{Name: "Wei", Provider: "Discord", Mark: "m", Email: "wei@b.c", Seconds: 900, Minutes: model.Say("{0} minutes", 15)}}}, fragments: []string{"identity-update"}},
	{page: Intake{Frame: frame, Project: "Support", Action: "/ticket/support", Uploads: plain, SignIn: SignIn{URL: "/i", Provider: "Slack", Person: &Person{Name: "Wei", Provider: "Slack", Avatar: "/a"}}}},
	{page: Intake{Frame: frame, Project: "Support", Action: "/ticket/support", Uploads: plain, SignIn: SignIn{URL: "/i"}}, fragments: []string{"identity-update"}},
	{page: SignInDone{Frame: frame, Name: "Wei", Provider: "Discord", Form: "/f"}},
	{page: SignInDone{Frame: frame, Problem: "No.", Again: "/s", Form: "/f"}},
	{page: Sent{Frame: frame, Thread: "/ticket/thread/x", Again: "/ticket/support"}},
	{page: SignInForm{Settings: settings, Provider: "Discord", Works: true, Shared: true, Tried: "It works.", Kinds: []Choice{{"discord", "Discord"}},
		Addresses: []Choice{{"https://x", "For Discord"}}, Errors: model.FieldErrors{{Field: "client_id", Message: "Enter it."}}}},
	{page: SignInForm{Settings: settings, Provider: "Slack", HasSecret: true}},
	{page: SignInForm{Settings: settings, Provider: "Slack"}},
	{page: SignInForm{Settings: settings}},
	{page: Intake{Frame: frame, Project: "Support", Action: "/ticket/support", Uploads: Uploads{Name: "attachments", Label: "Attachments", Off: "Not now."}}},
	{page: UploadLines{Lines: append(chosen.Lines, UploadLine{Error: "It is too large."})}, fragments: []string{"uploaded"}, part: true},
	{page: Sent{Frame: frame, Project: "Support", Email: "ada@example.org", Thread: "/ticket/thread/x", Again: "/ticket/support"}},
	{page: Sent{Frame: frame, Email: "ada@example.org"}},
	{page: Thread{Frame: frame, URL: "/ticket/thread/x", Reader: "ada@example.org", Replaceable: true, SubscribeURL: "/ticket/thread/x/subscribe", Errors: wrong, News: "A new message.", Uploads: chosen, Thread: model.PublicThread{Files: publicFiles,
		Title: "Help", State: model.WaitingForYou, Answers: []model.PublicAnswer{{Label: "Version", Kind: model.FieldText, Value: "4.2"}}, Messages: []model.PublicMessage{entry}}}, fragments: []string{"update", "reply"}},
	{page: Thread{Frame: frame, URL: "/ticket/thread/y", Reader: "Ada", Uploads: plain, Subscribed: true, Thread: model.PublicThread{Title: "Help", Messages: []model.PublicMessage{{Version: 2, HTML: "<p>x</p>", Merged: model.PublicMerged{Title: "Twice", Answers: []model.PublicAnswer{{Label: "Where", Kind: model.FieldText, Value: "x"}}}}}}}, fragments: []string{"moved"}},
	{page: Thread{Frame: frame, URL: "/desk/tickets/1", Reader: "Ada", Subscribed: true, Thread: model.PublicThread{Title: "Help"}, Preview: &ThreadPreview{Back: "/desk/tickets/1", Author: "Grace", HTML: "<p>Hello</p>", Files: []string{"a.png"}}}},
	{page: Thread{Frame: frame, Uploads: plain, RepliesOff: "Replies are off.", Subscribed: true, Thread: model.PublicThread{Title: "Help", State: model.Done}}},
	{page: Unsubscribe{Frame: frame, Title: "Help", Action: "/a", UndoAction: "/b"}, fragments: []string{"card"}},
	{page: Unsubscribe{Frame: frame, Action: "/a", UndoAction: "/b", Done: true}},
	{page: Unsubscribe{Frame: frame, Action: "/a", UndoAction: "/b", Undone: true}},
	{page: Login{Frame: frame, Reason: "Sign in first.", Errors: model.FieldErrors{{Field: "email", Message: "Enter an address."}}}},
	{page: LoginSent{Frame: frame, Errors: model.FieldErrors{{Field: "code", Message: "This code is not right."}}}},
	{page: LoginLink{Frame: frame, Email: "ada@example.org", Action: "/tickets/login/x", Same: true}},
	{page: ReplaceLink{Frame: frame, Email: "ada@example.org", Action: "/ticket/thread/x/replace", FormKey: "k", Back: "/ticket/thread/x"}},
	{page: ReplaceLink{Frame: frame, Email: "ada@example.org", Action: "/tickets/x/replace", Back: "/tickets/x", Done: true}},
	{page: ReplaceLink{Frame: frame, Email: "ada@example.org", Action: "/ticket/thread/x/replace", Done: true}},
	{page: LostLink{Frame: frame, Reason: "Wait.", Ask: AskMail{Action: "/a", Label: "Send", Errors: model.FieldErrors{{Field: "email", Message: "Enter an address."}}}}},
	{page: LostLink{Frame: frame, Sent: true}},
	{page: Problem{Frame: frame, Title: "Lost", Typed: "What I wrote.", Ask: &AskMail{Action: "/a", Label: "Send"}}},
	{page: Login{Frame: frame, Ended: true}},
	{page: Overview{Frame: frame, UnreadOpen: 2, UnreadDone: 1, OlderURL: "/tickets?below=x", Tickets: []OverviewTicket{{URL: "/tickets/x", PublicTicket: model.PublicTicket{Title: "Help", State: model.WaitingForYou, Unread: true}}}}},
	{page: Overview{Frame: frame, Query: "shelf", OpenURL: "/tickets?q=shelf", DoneURL: "/tickets?done=1&q=shelf", AllURL: "/tickets"}},
	{page: Overview{Frame: frame, Below: true, TopURL: "/tickets"}},
	{page: Overview{Frame: frame}},
	{page: Overview{Frame: frame, Done: true}},
	{page: YourData{Frame: frame, Email: "ada@example.org", Held: []model.Text{model.Say("Tickets that you opened: {0}", 1)}, Download: "/d", Erasure: "/e"}},
	{page: YourData{Frame: frame, Name: "Ada", Email: "ada@example.org", AskedAt: when, Download: "/d", Withdraw: "/w"}},
	{page: AskErasure{Frame: frame, Email: "ada@example.org", Action: "/e", Back: "/b"}},
	{page: Problem{Frame: frame, Title: "Gone", Message: "It has ended.", Links: links, Request: "id"}, fragments: []string{"problem"}},
	{page: DeskLogin{Problem: "No.", Errors: wrong}},
	{page: SecondStep{Errors: wrong}},
	{page: RecoveryCodes{Desk: desk, New: true, Codes: []string{"abcd-efgh", "ijkl-mnop"}}},
	{page: Codes{Desk: desk, Required: true}},
	{page: Codes{Desk: desk, Required: true, Secret: "ABC", Errors: wrong}},
	{page: Codes{Desk: desk, Email: "a@b.c", Since: when, Left: 9, Required: true, Errors: wrong}},
	{page: Codes{Desk: desk, Email: "a@b.c", Since: when, Left: 1}},
	{page: ForgotPassword{Email: "a@b.c", Errors: wrong, Problem: "No."}},
	{page: ForgotPassword{NoServer: true}},
	{page: ForgotPassword{Sent: true}},
	{page: Setup{Action: "/desk/setup/x", Errors: wrong, NoMail: true}},
	{page: SettingsIndex{Settings{Desk: desk}}},
	{page: FirstSteps{Settings: settings, Form: "https://x/ticket/support", Done: 1, Steps: []FirstStep{{Done: true, Title: "Answer", Says: "It came.", URL: "/t"}, {Title: "Let mail out", Says: "It waits.", URL: "/m"}}}},
	{page: Inbox{Desk: desk, Filters: []Filter{{Label: "Open", Count: "3", Current: true}}, Newer: "/n", Older: "/o",
		Bulk: Bulk{Action: "/b"}, Tickets: []InboxLine{{Number: 1, Title: "Help", Category: model.Waiting, At: when}}}},
	{page: Inbox{Desk: desk, NewTickets: 3, MoreNew: true, Top: "/t"}, fragments: []string{"news"}},
	{page: Inbox{Desk: desk, Form: InboxForm{Search: "x", Narrowed: true}, Unknown: []string{"is:x"}, Bounded: true, Further: "/f", News: "/news", Bulk: Bulk{Action: "/b"}, Tickets: []InboxLine{{URL: "/t", Number: 1,
		Title: "T", Priority: model.PriorityHigh, Labels: []model.Label{{ID: 1, Name: "L", Color: "blue"}}, Found: []model.Piece{{Text: "a "}, {Text: "b", Hit: true}}, At: when}}}},
	{page: Inbox{Desk: desk, Form: InboxForm{Narrowed: true}, Further: "/f"}},
	{page: Inbox{Desk: desk, Views: []ViewLine{{Name: "V", URL: "/v", Current: true, Change: "/c"}, {Name: "W", URL: "/w", By: "Grace"}}, Save: SaveView{Action: "/s", Name: "V", Shared: true, Errors: model.FieldErrors{{Field: "view_name", Message: "Taken."}}},
		Bulk:    Bulk{Action: "/b", Adds: []Choice{{"", "None"}, {"1", "L"}}, Removes: []Choice{{"", "None"}}, Assignees: []Choice{{"", "Leave"}}, Statuses: []Choice{{"", "Leave"}}, Priorities: []Choice{{"", "Leave"}}, Errors: model.FieldErrors{{Field: "tickets", Message: "Tick some."}}},
		Tickets: []InboxLine{{URL: "/t", Number: 1, Title: "T", Ticked: true, At: when}}}},
	{page: SavedView{Desk: desk, Was: "V", Name: "W", Shared: true, By: "Grace", Open: "/o", Action: "/a", Delete: "/d", Errors: model.FieldErrors{{Field: "view_name", Message: "Taken."}}}},
	{page: Export{Settings: settings, Action: "/e"}},
	{page: Labels{Settings: settings, List: []LabelLine{{model.Label{ID: 1, Name: "L", Color: "blue"}, "/l"}}, Form: LabelForm{Label: model.Label{Color: "gray"}, Action: "/l", Errors: model.FieldErrors{{Field: "name", Message: "Enter a name."}}}}},
	{page: Labels{Settings: settings, Form: LabelForm{Action: "/l"}}},
	{page: LabelPage{Settings: settings, Form: LabelForm{Label: model.Label{ID: 1, Name: "L", Color: "blue"}, Action: "/l", Delete: "/d"}}},
	{page: LabelDelete{Settings: settings, Name: "L", Used: 2, Action: "/d", Back: "/b"}},
	{page: Inbox{Desk: desk}},
	{page: Ticket{Desk: desk, Ticket: model.Ticket{Title: "Help"}, URL: "/desk/tickets/1", Newer: "/n", Older: "/o", Errors: wrong, Mails: []MailLine{mail},
		Answers: []model.Answer{{PublicAnswer: model.PublicAnswer{Label: "Where", Kind: model.FieldURL, Value: "https://example.com"}},
			{PublicAnswer: model.PublicAnswer{Label: "Queue", Kind: model.FieldText, Value: "x"}, Internal: true}},
		Uploads: chosen, Attached: []model.Attachment{{PublicAttachment: publicFiles[0]}, {PublicAttachment: publicFiles[2]}},
		Messages: []model.Message{{ID: 1, Author: "Ada", HTML: "<p>x</p>", Merged: model.Merged{Number: 4, Title: "Twice", Answers: []model.Answer{{PublicAnswer: model.PublicAnswer{Label: "Where", Kind: model.FieldText, Value: "x"}}}}}, {Note: true, Author: "Grace", HTML: "<p>x</p>"}}, Recipients: []RecipientLine{{Recipient: model.Recipient{Email: "a@b.c", Reporter: true}}, {Recipient: model.Recipient{Email: "d@e.f", Name: "Di", AddedBy: "Grace", Subscribed: true, MailFailed: "No."}, Remove: "/r"}},
		New:      NewRecipient{Email: "x", Errors: model.FieldErrors{{Field: "email", Message: "Enter an address."}}},
		Timeline: []TimelineLine{{Text: "Grace wrote", At: when}}, Statuses: []Choice{{"1", "Open"}}, StatusID: "1",
		Related: []OtherTicket{{model.TicketLine{Number: 2, Title: "Another", Status: "Open"}, "/desk/tickets/2"}}, Others: []OtherTicket{{model.TicketLine{Number: 3, Title: "Older", Status: "Resolved"}, "/desk/tickets/3"}},
		AllOthers: "/desk?q=x", LinkTo: "x", LinkErrors: model.FieldErrors{{Field: "other", Message: "Enter a number."}},
		DraftAt: when, SavedReplies: []Choice{{"1", "Thanks"}}, Crossed: "Ann answered meanwhile.", Mark: Mark{Text: "1-2-x", Entry: 1, Event: 2, Colleagues: []string{"Ann is writing an answer."}}},
		fragments: []string{"draft", "text", "poll", "news"}},
	{page: Ticket{Desk: desk, Ticket: model.Ticket{Title: "Help"}, URL: "/desk/tickets/1", DraftProblem: "It is too long.", Uploads: chosen, Inserted: true, Polled: true}, fragments: []string{"draft", "text", "poll", "news"}},
	{page: Ticket{Desk: desk, Ticket: model.Ticket{Title: "Help", MergedInto: 2}, Crossed: "It was merged.", Draft: "Hello", URL: "/desk/tickets/1", Uploads: chosen}},
	{page: TicketFields{Desk: desk, Number: 1, Title: "Help", Type: "bug", Types: []Choice{{"bug", "Bug"}}, Action: "/f", Back: "/t", Asked: "It asks more.", Problem: "Changed meanwhile.", Errors: model.FieldErrors{{Field: "field_a", Message: "Too long."}},
		Fields: []CustomField{{PublicField: model.PublicField{Key: "a", Kind: model.FieldText, Label: "A"}, Error: "Too long."}, {PublicField: model.PublicField{Key: "b", Kind: model.FieldLongText, Label: "B"}},
			{PublicField: model.PublicField{Key: "c", Kind: model.FieldChoice, Label: "C", Bounds: model.Bounds{Choices: []string{"x", "y"}}}}, {PublicField: model.PublicField{Key: "d", Kind: model.FieldChoices, Label: "D", Bounds: model.Bounds{Choices: []string{"x", "y"}}}},
			{PublicField: model.PublicField{Key: "e", Kind: model.FieldYesNo, Label: "E"}}}}},
	{page: Merge{Desk: desk, From: MergeSide{Heading: "This", OtherTicket: OtherTicket{model.TicketLine{Number: 2, Title: "A"}, "/a"}, People: []string{"a@b.c", "d@e.f"}}, Into: MergeSide{Heading: "becomes part of", OtherTicket: OtherTicket{model.TicketLine{Number: 3, Title: "B"}, "/b"}},
		Moves: "The description", Strangers: true, Becomes: model.Open, Action: "/m", Back: "/a", Swap: "/s", Errors: model.FieldErrors{{Field: "agreed", Message: "Tick this."}}}},
	{page: Merge{Desk: desk, From: MergeSide{OtherTicket: OtherTicket{model.TicketLine{Number: 2, Title: "A"}, "/a"}}, Typed: "x", Action: "/m", Back: "/a", Errors: model.FieldErrors{{Field: "into", Message: "Enter a number."}},
		Likely: []OtherTicket{{model.TicketLine{Number: 3, Title: "B", Status: "Open"}, "/b"}}}},
	{page: RemoveRecipient{Desk: desk, Who: "a@b.c", Ticket: "Help", Action: "/r", Back: "/b"}},
	{page: RemoveFile{Desk: desk, Name: "a.png", Size: "3 KB", Action: "/r", Back: "/b"}},
	{page: Outbox{Desk: desk, NoServer: true, Mails: []MailLine{mail}, Older: "/o"}},
	{page: Outbox{Desk: desk}},
	{page: Mail{Desk: desk, Mail: mail, Subject: "Re: Help", Text: "Hello", Links: links, Retry: "/r"}},
	{page: Components{Desk: desk, LongWord: "Donaudampfschiff", Errors: wrong}},
	{page: Documents{Frame: frame, Project: "Support", URL: "/doc/support", Documents: []DocumentLink{{"Scan", "Hold it flat.", "/doc/support/scan"}}, More: "/m"}},
	{page: Documents{Frame: frame, Project: "Support", URL: "/doc/support", Query: "scan"}},
	{page: Documents{Frame: frame, Project: "Support", URL: "/doc/support", Query: "a", TooShort: true}},
	{page: DocumentPage{Frame: frame, Canonical: "https://x/doc/support/scan", Project: "Support", List: "/doc/support", Document: model.PublicDocument{Title: "Scan", HTML: "<h2 id=\"a\">A</h2>",
		Headings: []model.Heading{{Level: 2, Text: "A", ID: "a"}, {Level: 3, Text: "B", ID: "b"}}, UpdatedAt: when}}},
	{page: IntakeLinks{Settings: settings, Made: "https://x", Projects: []Choice{{"support", "Support"}}, Errors: model.FieldErrors{{Field: "days", Message: "Enter a number."}},
		Links: []IntakeLinkLine{{Email: "a@b.c", URL: "https://x", Revoke: "/r", ExpiresAt: when}, {Email: "d@e.f", Ended: "Expired", ExpiresAt: when, UsedAt: when}}}},
	{page: IntakeLinks{Settings: settings}},
	{page: IntakeLinks{Settings: settings, Of: "Ada", Answers: IntakeLinkAnswers{Email: "a@b.c"}}},
	{page: MemberList{Settings: settings, Roles: []Choice{{"agent", "Agent"}}, Made: MemberLinkLine{Name: "Ann", URL: "https://x"}, Errors: wrong, Mails: true,
		Members: []MemberLine{{Name: "Grace", Email: "g@b.c", Role: "Admin", Mail: true, Self: true, URL: "/m"}, {Name: "Tom", Email: "t@b.c", Role: "Agent"}},
		Links:   []MemberLinkLine{{Email: "a@b.c", Name: "Ann", Role: "Agent", By: "Grace", URL: "https://x", Withdraw: "/w", ExpiresAt: when}, {Email: "b@b.c", Reset: true, URL: "https://y", Withdraw: "/w", ExpiresAt: when}}}},
	{page: MemberList{Settings: settings}},
	{page: MemberForm{Settings: settings, MemberLine: MemberLine{Name: "Tom", URL: "/m"}, Roles: []Choice{{"agent", "Agent"}}, Errors: wrong}},
	{page: MemberForm{Settings: settings, MemberLine: MemberLine{Name: "Tom", URL: "/m"}, Sessions: 1}},
	{page: MemberForm{Settings: settings, MemberLine: MemberLine{Name: "Tom", URL: "/m"}, Sessions: 2, Answers: MemberAnswers{Mail: true}}},
	{page: MemberRemoval{Settings: settings, MemberLine: MemberLine{Name: "Tom", Self: true, URL: "/m"}, Problem: "No."}},
	{page: Join{Team: "Acme", Action: "/desk/join/x", Email: "a@b.c", By: "Grace", Errors: wrong}},
	{page: Join{Team: "Acme", Action: "/desk/join/x", Email: "a@b.c", Reset: true}},
	{page: Join{Team: "Acme", Action: "/desk/join/x", Email: "a@b.c"}},
	{page: Account{Desk: desk, Email: "a@b.c", Sessions: sessions, Errors: wrong,
		Mail: MemberMail{NewTicket: true, Replies: "mine", Choices: []Choice{{"mine", "Mine"}}, Projects: []HeardProject{{ID: "1", Name: "Support", Heard: true}, {ID: "2", Name: "Press"}}}}},
	{page: Account{Desk: desk, Email: "a@b.c", Sessions: SessionList{Lines: sessions.Lines[:1], Action: "/s"}}},
	{page: SignedIn{Frame: frame, Saved: "Done.", Sessions: sessions}},
	{page: CustomerList{Settings: settings, First: "/f", More: "/m", Customers: []CustomerLine{{Name: "Ada", Email: "a@b.c", Confirmed: true, Since: when, LastActivityAt: when},
		{Email: "d@e.f", Since: when, Tickets: "0"}}}},
	{page: CustomerList{Settings: settings}},
	{page: CustomerList{Settings: settings, Query: "nobody"}},
	{page: CustomerForm{Settings: settings, CustomerLine: CustomerLine{Email: "a@b.c", URL: "/c", Since: when, LastActivityAt: when}, Errors: model.FieldErrors{{Field: "name", Message: "Shorten it."}}}},
	{page: ErasureList{Settings: settings, Asked: []ErasureLine{{Name: "Ada", Email: "a@b.c", At: when, Age: "today", URL: "/e"}, {Email: "d@e.f", At: when}},
		Begun: []ErasureLine{{Name: "Erased person"}}, Done: []model.AuditLine{{Actor: "Grace", At: when}}}},
	{page: ErasureList{Settings: settings}},
	{page: Status{Settings: settings, Version: "v1", Lines: []StatusLine{{Name: "Copy of the database", State: "ok", Word: "follows", Says: "It had everything 1 second ago."},
		{Name: "Outbox", State: "warning", Word: "waits", Says: "2 mails wait.", URL: "/desk/outbox", At: when}, {Name: "Disk", State: "problem", Word: "unknown"}, {Name: "Files", State: "off", Word: "none"}}}},
	{page: EraseForm{Settings: settings, Name: "Ada", Email: "a@b.c", AskedAt: when, Age: "today", Goes: []string{"x"}, Stays: []string{"y"}, Mailed: true, Action: "/e", Back: "/b",
		Errors: model.FieldErrors{{Field: "address", Message: "Type it."}}}},
	{page: EraseForm{Settings: settings, Name: "Wei", Action: "/e", Back: "/b"}},
	{page: EraseForm{Settings: settings, Email: "a@b.c", Action: "/e", Back: "/b"}},
	{page: AuditLog{Settings: settings, Who: []Choice{{"1", "Grace"}}, Subjects: []Choice{{"portal", "Portal"}}, From: "2026-11-20", Filtered: true, First: "/a", More: "/b", Lines: []AuditLine{
		{AuditLine: model.AuditLine{Actor: "Grace", At: when, Changes: []model.Change{{Field: "Replies", From: "on", To: "off"}, {Field: "Client secret"}}}, Title: "Portal changed"},
		{AuditLine: model.AuditLine{Actor: "Grace", At: when, Customer: 4}, Title: "Intake link made"}}}},
	{page: AuditLog{Settings: settings}},
	{page: DomainList{Settings: settings, Base: "desk.example.com", Typed: "x", Errors: model.FieldErrors{{Field: "host", Message: "Enter a name."}}, Domains: []DomainLine{
		{Host: "xn--hlfe-5qa.example", Shown: "hülfe.example", Primary: true, URL: "https://x/", Check: "/c", Remove: "/r", Result: "It points here.", Good: true},
		{Host: "old.example", URL: "https://y/", Check: "/c", MakePrimary: "/p", Remove: "/r", Result: "Nothing answers.", Advice: []string{"Look at the firewall."}}}}},
	{page: DomainList{Settings: settings, Base: "desk.example.com"}},
	{page: DomainRemove{Settings: settings, Host: "old.example", Next: "new.example", Action: "/r", Back: "/b"}},
	{page: DomainRemove{Settings: settings, Host: "old.example", Needed: true, Back: "/b"}},
	{page: PortalForm{Settings: settings, Switches: []Switch{{Name: "suggestions", Label: "Suggestions", Hint: "x", On: true}}}},
	{page: WorkspaceForm{Settings: settings, Name: "Acme", Color: "red", Picked: "#17605c", Logo: Logo{"/logo/1/x", 96, 40}, ThemeURL: "/theme/17605c-x.css", Problem: "Somebody else was faster.", Errors: model.FieldErrors{{Field: "name", Message: "Enter a name."}}}},
	{page: WorkspaceForm{Settings: settings, Name: "Acme", Picked: "#17605c"}},
	{page: LimitsForm{Settings: settings, CreatePerDay: "x", Errors: model.FieldErrors{{Field: "create_per_day", Message: "Enter a number."}}}},
	{page: AttachmentsForm{Settings: settings, MaxFileMB: "x", Allowed: []Choice{{"all", "All"}}, Units: []Choice{{"off", "Off"}}, Allowance: 100,
		Use: []StorageLine{{Project: "Support", Files: "1 file", Size: "1 KB"}}, Run: model.RetentionRun{Requested: true, RanAt: when, LastError: "It stopped."},
		Errors: model.FieldErrors{{Field: "max_file_mb", Message: "Enter a number."}}}},
	{page: AttachmentsForm{Settings: settings}},
	{page: TicketRulesForm{Settings: settings, AutoCloseAfter: "x", Errors: model.FieldErrors{{Field: "auto_close_after", Message: "Enter a number."}}}},
	{page: MailRulesForm{Settings: settings, NoServer: true, Test: MailTest{To: "x", Errors: model.FieldErrors{{Field: "to", Message: "Enter an address."}}, Last: model.MailTest{To: "a@b.c", State: model.MailTestFailed, AskedAt: when, Problem: "Nobody answers.", Dialogue: "Server: 220 hello"}}}, fragments: []string{"mail-test"}},
	{page: MailRulesForm{Settings: settings, Test: MailTest{To: "a@b.c", Waits: true, Last: model.MailTest{To: "a@b.c", State: model.MailTestWaiting, AskedAt: when}}}, fragments: []string{"mail-test"}},
	{page: MailRulesForm{Settings: settings, Errors: model.FieldErrors{{Field: "first_mails_per_hour", Message: "Enter a number."}}}},
	{page: ProjectList{Settings: settings, Projects: []ProjectLine{{Name: "Support", PublicID: "support", Intake: model.IntakeOpen, URL: "/p"}}}},
	{page: ProjectList{Settings: settings}},
	{page: NewProject{Settings: settings, Name: "Support", PublicID: "S", Base: "https://x/ticket/", Errors: model.FieldErrors{{Field: "public_id", Message: "Use small letters."}}}},
	{page: Parts{Settings: settings, Project: "Support", Back: "/p", Kind: model.TypePart, Action: "/t", List: []PartLine{{Part: model.Part{Kind: model.TypePart, Key: "bug", Name: "Bug", Default: true}, URL: "/t/bug", First: true}, {Part: model.Part{Kind: model.TypePart, Key: "q", Name: "Question"}, URL: "/t/q", Last: true}}}},
	{page: Parts{Settings: settings, Project: "Support", Back: "/p", Kind: model.StatusPart, Action: "/s", Categories: []Choice{{"", "Choose"}, {"open", "Open"}}, Errors: model.FieldErrors{{Field: "name", Message: "Enter a name."}},
		List: []PartLine{{Part: model.Part{Kind: model.StatusPart, Key: "1", Name: "Open", Category: model.Open}, URL: "/s/1", First: true}, {Part: model.Part{Kind: model.StatusPart, Key: "2", Name: "Waiting", Category: model.Waiting}, URL: "/s/2"}, {Part: model.Part{Kind: model.StatusPart, Key: "3", Name: "Done", Category: model.Closed}, URL: "/s/3", Last: true}}}},
	{page: Part{Settings: settings, Project: "Support", Part: model.Part{Kind: model.TypePart, Name: "Bug"}, Name: "B", List: "/t", Action: "/t/bug", Errors: model.FieldErrors{{Field: "name", Message: "Enter a name."}}}},
	{page: PartDelete{Settings: settings, Project: "Support", Part: model.Part{Kind: model.StatusPart, Name: "Open"}, Used: true, Others: []Choice{{"", "Choose"}, {"2", "Other"}}, Action: "/d", Back: "/b", Errors: model.FieldErrors{{Field: "replacement", Message: "Choose one."}}}},
	{page: PartDelete{Settings: settings, Project: "Support", Part: model.Part{Kind: model.TypePart, Name: "Bug"}, Action: "/d", Back: "/b", Errors: model.FieldErrors{{Field: "replacement", Message: "It is the default."}}}},
	{page: PartDelete{Settings: settings, Project: "Support", Part: model.Part{Kind: model.TypePart, Name: "Bug"}, Kept: "It is the default.", Action: "/d", Back: "/b"}},
	{page: ProjectForm{Settings: settings, Statuses: []model.Part{{Name: "Open"}, {Name: "Done"}}, Action: "/p", Project: model.Project{Name: "Support"}, Public: "https://x", Types: []Choice{{"bug", "Bug"}}, Intakes: []Choice{{"open", "Open"}}, Errors: model.FieldErrors{{Field: "name", Message: "Enter a name."}}}},
	{page: DocumentList{Settings: settings, Projects: []Filter{{Label: "Support", URL: "/p", Current: true}}, New: "/n", More: "/m",
		Documents: []DocumentLine{{Document: model.Document{Title: "Scan", State: model.Draft}, URL: "/d"}}}},
	{page: DocumentList{Settings: settings}},
	{page: DocumentForm{Settings: settings, Action: "/d", Projects: []Choice{{"1", "Support"}}, Published: true, Public: "/doc/support/scan", Delete: "/x",
		PreviewHTML: "<p>x</p>", Other: &model.Document{Title: "Theirs"}, Errors: wrong, Problem: "Somebody saved it meanwhile."}, fragments: []string{"preview"}},
	{page: DocumentForm{Settings: settings, Action: "/d"}},
	{page: SavedReplyList{Settings: settings, New: "/n", Replies: []SavedReplyLine{{SavedReply: model.SavedReply{Name: "Thanks", Body: "Hello {customer}"}, URL: "/s"}}}},
	{page: SavedReplyList{Settings: settings, New: "/n"}},
	{page: Numbers{Desk: desk, From: when, To: when, Days: "7", Projects: []Choice{{"", "All projects"}, {"support", "Support"}}, Export: "/e",
		Periods: []Filter{{Label: "Last 7 days", URL: "/n", Current: true}}, Flow: NewFlowChart(counted), Answers: measured("answers"), Resolutions: measured("resolutions"),
		Tables: []BarTable{NewBarTable(BarTable{ID: "types", Title: "By type", Says: "Types.", Of: "Type", Heads: []string{"Opened"}}, []string{"Bug"}, [][]int{{3}}),
			StorageTable(BarTable{ID: "storage", Title: "Storage", Of: "Project", Heads: []string{"Size", "Files"}}, []model.StorageUse{{Project: "Support", Files: 1, Bytes: 9}})}}},
	{page: Numbers{Desk: desk, From: when, To: when, Answers: TimesChart{ID: "answers", Title: "First answer"}, Resolutions: TimesChart{ID: "resolutions", Title: "Until closed"}, Tables: []BarTable{{ID: "types", Title: "By type", None: "Nothing."}}}},
	{page: SavedReplyForm{Settings: settings, Action: "/s", Back: "/b", Delete: "/d", Errors: model.FieldErrors{{Field: "name", Message: "Enter a name."}}}},
	{page: SavedReplyForm{Settings: settings, Action: "/s", Back: "/b"}},
	{page: SavedReplyDelete{Settings: settings, Name: "Thanks", Action: "/d", Back: "/b"}},
	{page: DocumentDelete{Settings: settings, Document: model.Document{Title: "Scan"}, Action: "/d", Back: "/b"}},
	{page: TemplateList{Settings: settings, Templates: []TemplateLine{{Name: "Bugs", URL: "/t", Fields: 3, Bound: 1}}, Projects: []ProjectBindings{{
		Name: "Support", Action: "/b", Whole: Input{Name: "binding_", ID: "support-binding_", Label: "Every ticket type"},
		Types: []TypeBinding{{Input: Input{Name: "binding_bug", ID: "support-binding_bug", Label: "Bug"}, Inspect: "/i"}}}},
		Errors: model.FieldErrors{{Field: "name", Message: "Enter a name."}}}},
	{page: TemplateList{Settings: settings}},
	{page: TemplatePage{Settings: settings, Name: "Bugs", Action: "/t", Warnings: []string{"Version: no."}, Fields: Fields{List: everyKind},
		Rows: []FieldRow{{Label: "Version", Key: "version", Visibility: model.Shown, URL: "/f", Move: "/m", First: true}, {Label: "Queue", Key: "q", URL: "/f", Move: "/m", Visibility: model.Hidden},
			{Label: "Last", Key: "last", URL: "/f", Move: "/m", Last: true}},
		Errors: model.FieldErrors{{Field: "name", Message: "Enter a name."}}, Order: "/o", News: "Moved."}, fragments: []string{"ordered"}},
	{page: TemplatePage{Settings: settings, Name: "Bugs", Action: "/t"}},
	{page: FieldForm{Settings: settings, Template: "Bugs", Back: "/t", Action: "/f", Remove: "/r", Held: "3 tickets.", Fields: Fields{List: everyKind[:1]},
		Errors: model.FieldErrors{{Field: "label", Message: "Enter a label."}}, Problem: "Look again."}, fragments: []string{"preview"}},
	{page: FieldForm{Settings: settings, Template: "Bugs", Back: "/t", Action: "/f"}, fragments: []string{"preview"}},
	{page: TemplateDelete{Settings: settings, Title: "Delete?", Action: "/d", Back: "/t", Button: "Delete"}},
	{page: Inspector{Settings: settings, Project: "Support", Type: "Bug", Source: "<input>", Kept: []string{"x"}, Fields: Fields{List: everyKind}}},
	{page: Inspector{Settings: settings}},
}

// everyKind has a field of each kind, once as it comes and once with an answer that is wrong.
var everyKind = func() []CustomField {
	var asked []model.PublicField
	typed, errs := model.Typed{}, model.FieldErrors{}
	for i, kind := range append(model.AskedKinds, model.AskedKinds...) {
		f := model.PublicField{Key: fmt.Sprintf("k%d", i), Kind: kind, Label: string(kind), Help: "Help.", Required: i%2 == 0,
			Placeholder: "like this", Bounds: model.Bounds{Choices: []string{"a", "b"}}}
		if asked = append(asked, f); i >= len(model.AskedKinds) {
			typed[f.Key] = []string{"a", "b"}
			errs.Add(f.Name(), "Say what to do next.")
		}
	}
	return NewFields(language.English(), asked, typed, errs)
}()

func newViews(t testing.TB) *Views {
	t.Helper()
	assets, err := static.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	v, err := New(assets, nil)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// Every page and fragment is executed: html/template finds an unknown field only then.
func TestEveryPageRenders(t *testing.T) {
	t.Parallel()
	v := newViews(t)
	seen := map[string]bool{}
	for _, s := range samples {
		seen[s.page.template()] = true
		if !s.part {
			for _, in := range language.All() {
				page, err := v.Render(s.page, in)
				if err != nil {
					t.Fatal(err)
				}
				checkPage(t, s.page.template(), string(page))
			}
		}
		for _, block := range s.fragments {
			if _, err := v.Fragment(s.page, language.Of("de"), block); err != nil {
				t.Error(err)
			}
		}
	}
	for name := range v.pages {
		if !seen[name.name] {
			t.Errorf("%s has no sample", name.name)
		}
	}
}

// checkPage looks for what every page must have and what the content policy forbids.
func checkPage(t *testing.T, name, page string) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	ids, headings := map[string]bool{}, 0
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if n.Data == "h1" {
			headings++
		}
		if n.Data == "style" || n.Data == "script" && n.FirstChild != nil {
			t.Errorf("%s has an inline %s", name, n.Data)
		}
		for _, a := range n.Attr {
			switch {
			case a.Key == "style" || strings.HasPrefix(a.Key, "on") || strings.HasPrefix(a.Key, "hx-on"):
				t.Errorf("%s has the inline attribute %s", name, a.Key)
			case a.Key == "id" && ids[a.Val]:
				t.Errorf("%s has two elements with the id %s", name, a.Val)
			case a.Key == "id":
				ids[a.Val] = true
			}
		}
		if n.Data == "form" {
			checkForm(t, name, n)
		}
	}
	if headings != 1 {
		t.Errorf("%s has %d first headings, want one", name, headings)
	}
}

// checkForm wants what makes a form work without script.
func checkForm(t *testing.T, name string, form *html.Node) {
	t.Helper()
	attributes := map[string]bool{}
	for _, a := range form.Attr {
		attributes[a.Key] = true
	}
	if !attributes["action"] || !attributes["method"] {
		t.Errorf("%s has a form without action or method", name)
	}
}

// internal are the types that no public page may reach (I5).
var internal = []any{model.Ticket{}, model.Message{}, model.Recipient{}, model.Event{}, model.Member{}, model.Workspace{},
	model.Project{}, model.Status{}, model.Session{}, model.Reader{}, model.Letter{}, model.Actor{},
	model.Field{}, model.Template{}, model.Binding{}, model.Answer{}}

func TestI5_PublicPagesReachNoInternalType(t *testing.T) {
	t.Parallel()
	for _, s := range samples {
		if folder := path.Dir(s.page.template()); folder == "portal" || folder == "errors" {
			walkType(t, reflect.TypeOf(s.page), reflect.TypeOf(s.page).Name())
		}
	}
}

func walkType(t *testing.T, of reflect.Type, path string) {
	t.Helper()
	for _, forbidden := range internal {
		if of == reflect.TypeOf(forbidden) {
			t.Errorf("%s is a %s", path, of)
			return
		}
	}
	switch of.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map, reflect.Array:
		walkType(t, of.Elem(), path+"[]")
	case reflect.Struct:
		if of == reflect.TypeFor[time.Time]() {
			return
		}
		for i := range of.NumField() {
			walkType(t, of.Field(i).Type, path+"."+of.Field(i).Name)
		}
	}
}

func TestNoTemplateTurnsATextIntoHTML(t *testing.T) {
	t.Parallel()
	fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := files.ReadFile(name)
		for line := range strings.Lines(string(body)) {
			if _, call, ok := strings.Cut(line, "{{sanitised ."); ok {
				field, _, _ := strings.Cut(call, "}}")
				if !strings.HasSuffix(field, "HTML") && field != "Thread.Description" {
					t.Errorf("%s calls sanitised on %s, which is not made by the Markdown renderer", name, field)
				}
			}
		}
		return err
	})
}
