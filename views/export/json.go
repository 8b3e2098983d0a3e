package export

import (
	"bytes"
	"encoding/json"
	"io"
	"time"

	"deskbell/db/model"
)

// JSON returns the form for programs.
func JSON(w io.Writer) Document { return &jsonDocument{w: w} }

type jsonDocument struct {
	w        io.Writer
	tickets  int
	messages int // of this ticket
}

type jsonPerson struct {
	Workspace   string           `json:"workspace"`
	MadeAt      time.Time        `json:"made_at"`
	Email       string           `json:"email"`
	Name        string           `json:"name"`
	KnownSince  time.Time        `json:"known_since"`
	ConfirmedAt time.Time        `json:"address_confirmed_at,omitzero"`
	ErasureAt   time.Time        `json:"erasure_asked_at,omitzero"`
	Identities  []jsonIdentity   `json:"signed_in_with"`
	Sessions    []jsonSession    `json:"devices_logged_in"`
	Logins      []jsonLogin      `json:"logins_asked_for"`
	IntakeLinks []jsonIntakeLink `json:"form_links"`
	Waiting     []jsonUpload     `json:"files_not_sent_yet"`
	Mails       []jsonMail       `json:"mails"`
}

type jsonIdentity struct {
	Provider model.Provider `json:"provider"`
	Subject  string         `json:"id"`
	Name     string         `json:"name,omitempty"`
	Picture  string         `json:"picture,omitempty"` // in the archive
	Ends     time.Time      `json:"ends,omitzero"`
}

type jsonSession struct {
	Browser  string    `json:"browser,omitempty"`
	Since    time.Time `json:"since"`
	LastSeen time.Time `json:"last_seen"`
	Ends     time.Time `json:"ends"`
}

type jsonLogin struct {
	AskedAt time.Time `json:"asked_at"`
	UsedAt  time.Time `json:"used_at,omitzero"`
}

type jsonIntakeLink struct {
	Project string    `json:"project"`
	MadeAt  time.Time `json:"made_at"`
	Ends    time.Time `json:"ends"`
	UsedAt  time.Time `json:"used_at,omitzero"`
}

type jsonUpload struct {
	Name string    `json:"name"`
	At   time.Time `json:"at"`
	Ends time.Time `json:"ends"`
}

type jsonMail struct {
	About  string    `json:"about"`
	State  string    `json:"state"`
	At     time.Time `json:"at"`
	SentAt time.Time `json:"sent_at,omitzero"`
}

type jsonTicket struct {
	Ref            string       `json:"ref"`
	Project        string       `json:"project"`
	Title          string       `json:"title,omitempty"`
	OpenedBy       string       `json:"opened_by,omitempty"`
	OpenedByYou    bool         `json:"opened_by_you"`
	OpenedAt       time.Time    `json:"opened_at"`
	State          string       `json:"state"`
	LastActivityAt time.Time    `json:"last_activity_at"`
	GetsMail       bool         `json:"you_get_mail"`
	UnsubscribedAt time.Time    `json:"unsubscribed_at,omitzero"`
	Description    string       `json:"description,omitempty"`
	Answers        []jsonAnswer `json:"answers"`
	Files          []jsonFile   `json:"files"`
	Mails          []jsonMail   `json:"mails"`
}

type jsonAnswer struct {
	Question string `json:"question"`
	Answer   string `json:"answer"`
}

type jsonFile struct {
	Name      string    `json:"name"`
	Path      string    `json:"path,omitempty"` // in the archive; left out where the bytes are missing
	Bytes     int64     `json:"bytes"`
	At        time.Time `json:"at"`
	RemovedAt time.Time `json:"removed_at,omitzero"`
}

type jsonMessage struct {
	Author string     `json:"author"`
	Team   bool       `json:"from_the_team"`
	Yours  bool       `json:"yours"`
	At     time.Time  `json:"at"`
	Text   string     `json:"text"`
	Files  []jsonFile `json:"files"`
}

func (d *jsonDocument) Begin(p Person) error {
	out := jsonPerson{
		Workspace: p.Workspace, MadeAt: p.MadeAt, Email: p.Email, Name: p.Name, KnownSince: p.KnownSince,
		ConfirmedAt: p.ConfirmedAt, ErasureAt: p.ErasureAt, Mails: jsonMails(p.Mails), Sessions: []jsonSession{}, Identities: []jsonIdentity{},
		Logins: []jsonLogin{}, IntakeLinks: []jsonIntakeLink{}, Waiting: []jsonUpload{},
	}
	for n, i := range p.Identities {
		out.Identities = append(out.Identities, jsonIdentity{Provider: i.Provider, Subject: i.Subject, Name: i.Name, Picture: p.Avatar(n), Ends: i.Ends})
	}
	for _, s := range p.Sessions {
		out.Sessions = append(out.Sessions, jsonSession(s))
	}
	for _, l := range p.Logins {
		out.Logins = append(out.Logins, jsonLogin(l))
	}
	for _, l := range p.IntakeLinks {
		out.IntakeLinks = append(out.IntakeLinks, jsonIntakeLink(l))
	}
	for _, u := range p.Waiting {
		out.Waiting = append(out.Waiting, jsonUpload(u))
	}
	return d.open(out, "tickets")
}

func (d *jsonDocument) BeginTicket(t Ticket) error {
	out := jsonTicket{
		Ref: t.Ref, Project: t.Project, Title: t.Title, OpenedBy: t.Opener, OpenedByYou: t.OpenedByMe, OpenedAt: t.OpenedAt,
		State: string(t.State), LastActivityAt: t.LastActivityAt, GetsMail: t.Receives && t.UnsubscribedAt.IsZero(),
		UnsubscribedAt: t.UnsubscribedAt, Description: t.Description.Source, Answers: []jsonAnswer{},
		Files: jsonFiles(t.Files), Mails: jsonMails(t.Mails),
	}
	for _, a := range t.Answers {
		out.Answers = append(out.Answers, jsonAnswer{Question: a.Label, Answer: a.Text().String()})
	}
	if err := d.comma(&d.tickets); err != nil {
		return err
	}
	d.messages = 0
	return d.open(out, "messages")
}

func (d *jsonDocument) Message(m Message) error {
	if err := d.comma(&d.messages); err != nil {
		return err
	}
	text, err := encode(jsonMessage{Author: m.Author, Team: m.Team, Yours: m.Mine, At: m.At, Text: m.Text.Source, Files: jsonFiles(m.Files)})
	if err == nil {
		_, err = d.w.Write(text)
	}
	return err
}

func (d *jsonDocument) EndTicket() error { return d.text("]}") }

func (d *jsonDocument) End() error { return d.text("\n]}\n") }

// comma goes before each but the first of a list.
func (d *jsonDocument) comma(n *int) error {
	*n++
	if *n == 1 {
		return d.text("\n")
	}
	return d.text(",\n")
}

// open writes an object that ends with a list, and leaves both open.
func (d *jsonDocument) open(object any, list string) error {
	text, err := encode(object)
	if err != nil {
		return err
	}
	if _, err := d.w.Write(bytes.TrimSuffix(text, []byte("}"))); err != nil {
		return err
	}
	return d.text(`,"` + list + `":[`)
}

func (d *jsonDocument) text(s string) error {
	_, err := io.WriteString(d.w, s)
	return err
}

// encode writes what people wrote as it is: no browser reads this.
func encode(v any) ([]byte, error) {
	var out bytes.Buffer
	to := json.NewEncoder(&out)
	to.SetEscapeHTML(false)
	err := to.Encode(v)
	return bytes.TrimSpace(out.Bytes()), err
}

func jsonFiles(list []File) []jsonFile {
	out := []jsonFile{}
	for _, f := range list {
		out = append(out, jsonFile(f))
	}
	return out
}

func jsonMails(list []model.HeldMail) []jsonMail {
	out := []jsonMail{}
	for _, m := range list {
		out = append(out, jsonMail{About: About(m.Kind).String(), State: State(m.State).String(), At: m.At, SentAt: m.SentAt})
	}
	return out
}
