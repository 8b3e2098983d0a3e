// Package mail writes the bodies of Deskbell's mails, in text and HTML, and the headers that make
// them thread and let people unsubscribe. It sends nothing.
package mail

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"strings"
	"sync"
	texttemplate "text/template"
	"time"

	"deskbell/db/model"
)

//go:embed *.html *.txt
var files embed.FS

// Mail is a message, ready to be handed to a mail server.
type Mail struct {
	To          string
	Subject     string
	Text        string
	HTML        string
	MessageID   string // without angle brackets, as are the two below
	InReplyTo   string // "" for the first mail of a thread
	References  string
	Unsubscribe string // URL for List-Unsubscribe (RFC 8058); "" for mail that nobody can unsubscribe from
	Links       []Link // what the mail leads to, for the desk's outbox
}

// Link is one of a mail's links, with what it does.
type Link struct {
	Label string
	URL   string
}

// Writer writes mails with absolute links.
type Writer struct {
	Keys model.Keys
	Base model.BaseURL
}

// content is what the templates see.
type content struct {
	model.Letter
	Heading     string
	Lead        string
	Link        string
	LinkLabel   string
	Quoted      bool // the text stands in the mail
	Code        string
	Opens       []ticketLink // instead of Link
	Unsubscribe string       // a URL
	Footer      string
	Palette     model.Palette
	Logo        *logo // nil: the name stands there
}

// logo is the picture on top of a mail. It travels inside, so that nobody learns of its being seen.
type logo struct {
	CID           string
	Width, Height int // pixels
}

// ticketLink is one of several tickets that a mail leads to.
type ticketLink struct {
	About    string
	OpenedAt time.Time
	URL      string
}

// LogoCID is the content id under which a sender attaches the workspace's logo.
const LogoCID = "logo"

// Write makes a mail of a letter. To an address that nobody has confirmed goes nothing that a
// visitor wrote (B10).
func (w Writer) Write(l model.Letter) (Mail, error) {
	c := w.content(l)
	m := Mail{To: l.To, Subject: subject(l), Unsubscribe: c.Unsubscribe}
	domain := l.Host
	if domain == "" {
		domain = w.Base.Host
	}
	m.MessageID = l.MessageRef + "@" + domain
	if l.MailRoot != "" && l.MailRoot != l.MessageRef {
		m.InReplyTo = l.MailRoot + "@" + domain
		m.References = m.InReplyTo
	}
	for _, t := range c.Opens {
		m.Links = append(m.Links, Link{t.About, t.URL})
	}
	if len(c.Opens) == 0 {
		m.Links = append(m.Links, Link{c.LinkLabel, c.Link})
	}
	if c.Unsubscribe != "" {
		m.Links = append(m.Links, Link{"Unsubscribe", c.Unsubscribe})
	}
	parsed := templates()
	var text, html bytes.Buffer
	if err := parsed.text.ExecuteTemplate(&text, "mail.txt", c); err != nil {
		return m, fmt.Errorf("write the text of a %s mail: %w", l.Kind, err)
	}
	if err := parsed.html.ExecuteTemplate(&html, "mail.html", c); err != nil {
		return m, fmt.Errorf("write the HTML of a %s mail: %w", l.Kind, err)
	}
	m.Text, m.HTML = text.String(), html.String()
	return m, nil
}

// safe says whether a visitor's words may stand in a mail.
func safe(l model.Letter) bool { return l.Confirmed || l.ToMember }

// about is the ticket's title where it may stand, else the project's name.
func about(l model.Letter) string {
	if safe(l) {
		return l.Title
	}
	return "your ticket to " + l.ProjectName
}

func subject(l model.Letter) string {
	switch l.Kind {
	case model.MailFirst:
		return "Your ticket to " + l.Workspace.Name
	case model.MailLogin:
		return "Log in to your tickets at " + l.Workspace.Name
	case model.MailLinks:
		return "The links to your tickets at " + l.Workspace.Name
	case model.MailNewLink:
		return "New link: " + about(l)
	case model.MailNewTicket:
		return fmt.Sprintf("[#%d] New ticket: %s", l.Number, l.Title)
	case model.MailReopened:
		return fmt.Sprintf("[#%d] Reopened: %s", l.Number, l.Title)
	case model.MailCreated:
		return "We have received: " + about(l)
	case model.MailClosed:
		return "Done: " + about(l)
	}
	return "Re: " + about(l)
}

func (w Writer) content(l model.Letter) content {
	c := content{Letter: l, Palette: l.Workspace.Palette()}
	if l.Workspace.Logo.Hash != "" {
		c.Logo = &logo{CID: LogoCID}
		c.Logo.Width, c.Logo.Height = l.Workspace.Logo.Shown()
	}
	origin := w.Base.Origin(l.Host)
	switch {
	case l.Kind == model.MailLogin:
		c.Link = origin + "/tickets/login/" + string(w.Keys.Token(model.LoginLink, l.Login))
	case l.Kind == model.MailLinks:
		c.Link, c.Opens = w.Base.Origin(l.Workspace.PrimaryHost)+"/", w.opens(l)
	case l.ToMember:
		c.Link = fmt.Sprintf("%s/desk/tickets/%d", w.Base.Origin(""), l.Number)
	default:
		c.Link = w.thread(l.Host, l.Link)
		c.Unsubscribe = origin + "/ticket/unsubscribe/" + string(w.Keys.Token(model.UnsubscribeLink, l.Unsubscribe))
	}
	c.words(w.Keys)
	return c
}

func (w Writer) thread(host string, link model.LinkID) string {
	return w.Base.Origin(host) + "/ticket/thread/" + string(w.Keys.Token(model.ThreadLink, link))
}

// opens are the tickets of a mail of links. Of one that nobody has confirmed it says only where it was
// opened (B10).
func (w Writer) opens(l model.Letter) []ticketLink {
	var list []ticketLink
	for _, t := range l.Tickets {
		about := "A ticket to " + t.ProjectName
		if safe(l) {
			about = t.Title
		}
		list = append(list, ticketLink{About: about, OpenedAt: t.OpenedAt, URL: w.thread(t.Host, t.Link)})
	}
	return list
}

// words fills in what each kind of mail says.
func (c *content) words(keys model.Keys) {
	team := c.Workspace.Name
	c.LinkLabel = "Open the ticket"
	c.Footer = "You get this mail because you are a recipient of this ticket. Keep it to yourself: its link opens the ticket."
	switch c.Kind {
	case model.MailFirst:
		c.Heading = "Your ticket has arrived"
		c.Lead = "Somebody opened a ticket with this address. Open it to confirm that the address is yours, to read the answers and to reply. If it was not you, do nothing: you will get no more mail about it unless the team answers."
	case model.MailCreated:
		c.Heading, c.Quoted = "We have received your ticket", true
		c.Lead = "We will answer here by mail. You can follow the ticket and add to it at any time."
	case model.MailClosed:
		c.Heading, c.Quoted = "Your ticket is done", c.HasMessage && c.Team
		c.Lead = "We believe that everything is settled. If something is missing, reply on the ticket’s page: that opens it again."
	case model.MailNewTicket:
		c.Heading, c.Quoted = fmt.Sprintf("New ticket #%d", c.Number), true
		c.Lead = c.by() + " wrote to " + c.ProjectName + ": " + c.Title
		c.Footer = "You get this mail because you asked to hear of new tickets."
	case model.MailReopened:
		c.Heading, c.Quoted = fmt.Sprintf("Ticket #%d is open again", c.Number), true
		c.Lead = c.by() + " replied to “" + c.Title + "”, which was closed."
		c.Footer = "You get this mail because the ticket is assigned to you."
	case model.MailLogin:
		c.Heading, c.LinkLabel = "Log in to your tickets", "Log in"
		c.Code = keys.Code(c.Login)
		c.Lead = "The link and the code work once, for 20 minutes. If you did not ask for them, do nothing."
		c.Footer = "Somebody asked for this login at " + team + " with your address."
	case model.MailNewLink:
		c.Heading = "Here is your new link"
		c.Lead = "Somebody who had the link to this ticket asked for a new one. The old link opens nothing any more; this one does, and it is yours alone."
	case model.MailLinks:
		c.Heading, c.LinkLabel = "The links to your tickets", "Go to our page"
		c.Lead = "Each link opens one ticket. Keep them to yourself. If you did not ask for them, do nothing."
		if len(c.Opens) == 0 {
			c.Lead = "There is no ticket of yours here any more."
		}
		c.Footer = "Somebody asked for these links at " + team + " with your address."
	default: // model.MailMessage
		c.Heading, c.Quoted = "A new message about your ticket", c.Team || safe(c.Letter)
		c.Lead = c.by() + " wrote:"
		if !c.Quoted {
			c.Lead = "There is a new message. Open the ticket to read it."
		}
	}
}

func (c *content) by() string {
	if c.Author == "" {
		return "A customer"
	}
	return c.Author
}

// TextQuote is the quoted text with a mark before each line.
func (c content) TextQuote() string {
	return "> " + strings.ReplaceAll(c.Text.Source, "\n", "\n> ")
}

type parsedTemplates struct {
	text *texttemplate.Template
	html *template.Template
}

var templates = sync.OnceValue(func() parsedTemplates {
	funcs := map[string]any{
		"sanitised": func(s string) template.HTML { return template.HTML(s) }, // Markdown's output alone
		"date":      func(t time.Time) string { return t.UTC().Format("2 Jan 2006, 15:04 UTC") },
	}
	return parsedTemplates{
		text: texttemplate.Must(texttemplate.New("").Funcs(funcs).ParseFS(files, "*.txt")),
		html: template.Must(template.New("").Funcs(funcs).ParseFS(files, "*.html")),
	}
})
