package export

import (
	"io"
	"time"

	"deskbell/db/model"
)

// Lines writes a whole workspace as JSON Lines: one object a line, the first of them about the workspace, each
// further one a ticket. A program reads it a line at a time, however long it is.
type Lines struct{ w io.Writer }

// NewLines writes to w.
func NewLines(w io.Writer) Lines { return Lines{w} }

type lineWorkspace struct {
	Kind     string        `json:"kind"`
	Name     string        `json:"name"`
	MadeAt   time.Time     `json:"made_at"`
	Projects []lineProject `json:"projects"`
	Members  []lineMember  `json:"members"`
	Labels   []string      `json:"labels"`
}

type lineProject struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type lineMember struct {
	Name  string `json:"name"`
	Email string `json:"email"`
	Role  string `json:"role"`
}

// Workspace writes the first line.
func (l Lines) Workspace(ws model.ExportedWorkspace) error {
	out := lineWorkspace{Kind: "workspace", Name: ws.Name, MadeAt: ws.MadeAt, Projects: []lineProject{}, Members: []lineMember{}, Labels: names(ws.Labels)}
	for _, p := range ws.Projects {
		out.Projects = append(out.Projects, lineProject{ID: p.PublicID, Name: p.Name})
	}
	for _, m := range ws.Members {
		out.Members = append(out.Members, lineMember{Name: m.Name, Email: m.Email, Role: string(m.Role)})
	}
	return l.line(out)
}

type lineTicket struct {
	Kind           string          `json:"kind"`
	Number         int64           `json:"number"`
	Project        string          `json:"project"`
	Type           string          `json:"type"`
	Title          string          `json:"title"`
	Description    string          `json:"description"`
	Status         string          `json:"status"`
	Category       model.Category  `json:"category"`
	Priority       model.Priority  `json:"priority"`
	Assignee       string          `json:"assignee,omitempty"`
	Labels         []string        `json:"labels"`
	Reporter       lineReporter    `json:"reporter"`
	OpenedAt       time.Time       `json:"opened_at"`
	LastActivityAt time.Time       `json:"last_activity_at"`
	MergedInto     int64           `json:"merged_into,omitempty"` // number of a ticket
	Answers        []lineAnswer    `json:"answers"`
	Files          []lineFile      `json:"files"`
	Messages       []lineMessage   `json:"messages"`
	Recipients     []lineRecipient `json:"recipients"`
	Events         []lineEvent     `json:"events"`
}

type lineReporter struct {
	Name       string         `json:"name,omitempty"`
	Email      string         `json:"email,omitempty"`
	Confirmed  bool           `json:"confirmed"`
	SignedInBy model.Provider `json:"signed_in_with,omitempty"`
}

type lineAnswer struct {
	Key      string `json:"key"`
	Question string `json:"question"`
	Answer   string `json:"answer"`
	Internal bool   `json:"internal"`
}

type lineMessage struct {
	Author string     `json:"author"`
	Team   bool       `json:"from_the_team"`
	Note   bool       `json:"internal_note"`
	At     time.Time  `json:"at"`
	Text   string     `json:"text"`
	Files  []lineFile `json:"files"`
}

type lineFile struct {
	Name      string    `json:"name"`
	Bytes     int64     `json:"bytes"`
	RemovedAt time.Time `json:"removed_at,omitzero"`
}

type lineRecipient struct {
	Email      string `json:"email,omitempty"`
	Name       string `json:"name,omitempty"`
	Subscribed bool   `json:"subscribed"`
	Confirmed  bool   `json:"confirmed"`
}

type lineEvent struct {
	What  model.EventKind `json:"what"`
	Actor string          `json:"actor"`
	About string          `json:"about,omitempty"`
	From  string          `json:"from,omitempty"`
	To    string          `json:"to,omitempty"`
	At    time.Time       `json:"at"`
}

// Ticket writes one ticket's line.
func (l Lines) Ticket(t model.ExportedTicket) error {
	files := map[model.MessageID][]lineFile{}
	for _, f := range t.Files {
		files[f.Message] = append(files[f.Message], lineFile{Name: f.Name, Bytes: f.Bytes, RemovedAt: f.RemovedAt})
	}
	out := lineTicket{
		Kind: "ticket", Number: t.Number, Project: t.Project.PublicID, Type: t.Type, Title: t.Title, Description: t.Description.Source,
		Status: t.Status.Name, Category: t.Status.Category, Priority: t.Priority, Assignee: t.AssigneeName, Labels: names(t.Labels),
		Reporter: lineReporter{Name: t.ReporterName, Email: t.ReporterEmail, Confirmed: t.Confirmed, SignedInBy: t.SignedInBy},
		OpenedAt: t.CreatedAt, LastActivityAt: t.LastActivityAt, MergedInto: t.MergedInto, Files: orEmpty(files[0]),
		Answers: []lineAnswer{}, Messages: []lineMessage{}, Recipients: []lineRecipient{}, Events: []lineEvent{},
	}
	for _, a := range t.Answers {
		out.Answers = append(out.Answers, lineAnswer{Key: a.Key, Question: a.Label, Answer: a.Text().String(), Internal: a.Internal})
	}
	for _, m := range t.Messages {
		out.Messages = append(out.Messages, lineMessage{Author: m.Author, Team: m.Team, Note: m.Note, At: m.At, Text: m.Text, Files: orEmpty(files[m.ID])})
	}
	for _, r := range t.Recipients {
		out.Recipients = append(out.Recipients, lineRecipient{Email: r.Email, Name: r.Name, Subscribed: r.Subscribed, Confirmed: r.Confirmed})
	}
	for _, e := range t.Events {
		out.Events = append(out.Events, lineEvent{What: e.What, Actor: e.Actor, About: e.About, From: e.From, To: e.To, At: e.At})
	}
	return l.line(out)
}

func (l Lines) line(v any) error {
	text, err := encode(v)
	if err == nil {
		_, err = l.w.Write(append(text, '\n'))
	}
	return err
}

// names are those of labels, an empty list where there are none.
func names(labels []model.Label) []string {
	list := []string{}
	for _, l := range labels {
		list = append(list, l.Name)
	}
	return list
}

// orEmpty makes of no list an empty one, which is what JSON shall have.
func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
