package model

import (
	"reflect"
	"strconv"
	"strings"
	"time"
)

// AuditSubject is the kind of thing that a line of the audit log is about.
type AuditSubject string

// The subjects, as the log's filter has them.
const (
	AuditWorkspace   AuditSubject = "workspace"
	AuditDomain      AuditSubject = "page domain"
	AuditPortal      AuditSubject = "portal"
	AuditLimits      AuditSubject = "limits"
	AuditAttachments AuditSubject = "attachments"
	AuditTickets     AuditSubject = "tickets"
	AuditMail        AuditSubject = "mail"
	AuditSignIn      AuditSubject = "sign-in"
	AuditLabel       AuditSubject = "label"
	AuditSavedReply  AuditSubject = "saved reply"
	AuditProject     AuditSubject = "project"
	AuditTemplate    AuditSubject = "template"
	AuditDocument    AuditSubject = "document"
	AuditMember      AuditSubject = "member"
	AuditSession     AuditSubject = "session"
	AuditCustomer    AuditSubject = "customer"
	AuditIntakeLink  AuditSubject = "intake link"
	AuditErasure     AuditSubject = "erasure"
	AuditExport      AuditSubject = "export"
)

// AuditSubjects lists every subject in the order of the settings, each with its name.
var AuditSubjects = []struct {
	Subject AuditSubject
	Name    string
}{
	{AuditWorkspace, "Workspace"}, {AuditDomain, "Page domains"}, {AuditPortal, "Portal"}, {AuditLimits, "Limits"}, {AuditAttachments, "Attachments"},
	{AuditTickets, "Tickets"}, {AuditMail, "Mail"}, {AuditSignIn, "Sign-in providers"}, {AuditLabel, "Labels"}, {AuditSavedReply, "Saved replies"}, {AuditProject, "Projects"},
	{AuditTemplate, "Templates"}, {AuditDocument, "Documents"}, {AuditMember, "Members"}, {AuditSession, "Members’ sign-ins"},
	{AuditCustomer, "Customers"}, {AuditIntakeLink, "Intake links"}, {AuditErasure, "Erasures"}, {AuditExport, "Exports"},
}

// AuditLine is something that somebody did to a workspace as a whole.
type AuditLine struct {
	ID       int64
	Subject  AuditSubject
	What     string     // in a few words: "portal changed"
	About    string     // the name that the thing had then; never a customer's
	Customer CustomerID // whom it is about; 0: no customer
	Person   string     // the customer's name or address as it is now; empty once they are erased
	Changes  []Change
	Member   MemberID // who did it; 0: somebody on the server itself
	Actor    string
	At       time.Time
}

// OnServer is the actor of what no signed-in member did: a command on the host, or the program itself.
const OnServer = "The server"

// Object names what the line is about, "" where What says all.
func (l AuditLine) Object() string {
	switch {
	case l.Customer == 0:
		return l.About
	case l.Person == "":
		return ErasedPerson
	}
	return l.Person
}

// MaxChange bounds what a change keeps of a value, in characters.
const MaxChange = 200

// Change is a field that has another value now. A value that must not be read is in neither place.
type Change struct {
	Field string `json:"field"`
	From  string `json:"from,omitempty"`
	To    string `json:"to,omitempty"`
}

// String says the change in words.
func (c Change) String() string {
	if c.From == "" && c.To == "" {
		return c.Field + ": changed"
	}
	return c.Field + ": " + said(c.From) + " → " + said(c.To)
}

func said(value string) string {
	if value == "" {
		return "nothing"
	}
	return "“" + value + "”"
}

// Changed appends a field whose two values differ, each on one line of bounded length.
func Changed(list []Change, field, from, to string) []Change {
	if from == to {
		return list
	}
	return append(list, Change{Field: field, From: brief(from), To: brief(to)})
}

// ChangedUnsaid appends a field that has changed and whose values stay unsaid: secrets, and long texts.
func ChangedUnsaid(list []Change, field string, changed bool) []Change {
	if !changed {
		return list
	}
	return append(list, Change{Field: field})
}

func brief(value string) string {
	value = CleanLine(value)
	if letters := []rune(value); len(letters) > MaxChange {
		return string(letters[:MaxChange-1]) + "…"
	}
	return value
}

// workspaceSettings are the settings of a workspace that the audit log compares.
var workspaceSettings = []struct {
	name string
	of   func(Workspace) string
}{
	{"Name", func(w Workspace) string { return w.Name }},
	{"Language", func(w Workspace) string { return w.Language }},
	{"Colour", func(w Workspace) string { return w.Color }},
	{"Anyone opens tickets", func(w Workspace) string { return onOff(w.AnonymousCreation) }},
	{"Customers log in", func(w Workspace) string { return onOff(w.CustomerLogin) }},
	{"Replies", func(w Workspace) string { return onOff(w.PublicReplies) }},
	{"Attachments", func(w Workspace) string { return onOff(w.PublicUploads) }},
	{"Suggestions", func(w Workspace) string { return onOff(w.Suggestions) }},
	{"New tickets in 10 minutes", func(w Workspace) string { return strconv.Itoa(w.Limits.CreatePer10Minutes) }},
	{"New tickets in a day", func(w Workspace) string { return strconv.Itoa(w.Limits.CreatePerDay) }},
	{"Replies in 10 minutes", func(w Workspace) string { return strconv.Itoa(w.Limits.RepliesPer10Minutes) }},
	{"Megabytes of attachments in a day", func(w Workspace) string { return strconv.Itoa(w.Limits.UploadMBPerDay) }},
	{"Megabytes of a file", func(w Workspace) string { return strconv.Itoa(w.Uploads.MaxFileMB) }},
	{"Megabytes of a ticket", func(w Workspace) string { return strconv.Itoa(w.Uploads.MaxTicketMB) }},
	{"Megabytes of all attachments", func(w Workspace) string { return strconv.Itoa(w.Uploads.StorageMB) }},
	{"Allowed types", func(w Workspace) string { return string(w.Uploads.Types.Kind) }},
	{"List of types", func(w Workspace) string { return strings.Join(w.Uploads.Types.Custom, " ") }},
	{"Retention", func(w Workspace) string {
		if w.Uploads.Retention.Unit == "off" {
			return "off"
		}
		return strconv.Itoa(w.Uploads.Retention.Value) + " " + string(w.Uploads.Retention.Unit)
	}},
	{"Days until waiting tickets close", func(w Workspace) string { return strconv.Itoa(w.AutoCloseAfter) }},
	{"First mails in an hour", func(w Workspace) string { return strconv.Itoa(w.FirstMailsPerHour) }},
	{"Days until unconfirmed tickets go", func(w Workspace) string { return strconv.Itoa(w.UnconfirmedDropAfter) }},
	{"Kind", func(w Workspace) string { return string(w.Kind) }},
	{"Slack team", func(w Workspace) string { return w.SlackTeam }},
	{"Codes required", func(w Workspace) string { return onOff(w.RequireCodes) }},
	{"Client id", func(w Workspace) string { return w.SignIn.ClientID }},
}

func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}

// ChangesTo returns which settings another version of the workspace has otherwise.
func (w Workspace) ChangesTo(after Workspace) []Change {
	var list []Change
	for _, s := range workspaceSettings {
		list = Changed(list, s.name, s.of(w), s.of(after))
	}
	list = ChangedUnsaid(list, "Logo", w.Logo.Hash != after.Logo.Hash)
	return ChangedUnsaid(list, "Client secret", w.SignIn.Secret != after.SignIn.Secret)
}

// ChangesTo returns in what another version of the project differs.
func (p Project) ChangesTo(after Project) []Change {
	list := Changed(nil, "Name", p.Name, after.Name)
	list = Changed(list, "Introduction", p.Intro, after.Intro)
	list = Changed(list, "Public intake", string(p.Intake), string(after.Intake))
	return Changed(list, "Default ticket type", p.DefaultType, after.DefaultType)
}

// ChangesTo returns in what another version of the document differs.
func (d Document) ChangesTo(after Document) []Change {
	list := Changed(nil, "Project", d.Project, after.Project)
	list = Changed(list, "Title", d.Title, after.Title)
	list = Changed(list, "Address", d.Slug, after.Slug)
	list = Changed(list, "State", string(d.State), string(after.State))
	return ChangedUnsaid(list, "Text", d.Body != after.Body)
}

// ChangesTo returns in what an admin's or the member's own word changed a member.
func (m Member) ChangesTo(after Member) []Change {
	list := Changed(nil, "Name", m.Name, after.Name)
	list = Changed(list, "Role", string(m.Role), string(after.Role))
	return Changed(list, "Mail about new tickets", onOff(m.NewTicketMail), onOff(after.NewTicketMail))
}

// FieldChanges returns in what another list of a template's fields differs: fields that are new, gone or
// otherwise now, each by its label, and their order.
func FieldChanges(before, after []Field) []Change {
	was, order := map[string]Field{}, []string{}
	for _, f := range before {
		was[f.Key] = f
	}
	var list []Change
	for _, f := range after {
		old, known := was[f.Key]
		if delete(was, f.Key); !known {
			list = append(list, Change{Field: "Field added", To: brief(f.Label)})
			continue
		}
		order = append(order, f.Key)
		list = ChangedUnsaid(list, "Field "+brief(f.Label), !reflect.DeepEqual(old, f))
	}
	i, moved := 0, false
	for _, f := range before {
		if _, gone := was[f.Key]; gone {
			list = append(list, Change{Field: "Field removed", From: brief(f.Label)})
			continue
		}
		moved = moved || order[i] != f.Key
		i++
	}
	return ChangedUnsaid(list, "Order of fields", moved)
}
