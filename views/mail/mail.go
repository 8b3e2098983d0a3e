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
	"deskbell/views/language"
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
	in          *language.Language
	Heading     string
	Lead        string
	Link        string
	LinkLabel   string
	Quoted      bool // the text stands in the mail
	Code        string
	Opens       []ticketLink // instead of Link
	Unsubscribe string       // a URL
	Footer      string
	Switches    *Link // where members choose what they get; nil for others
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
	m := Mail{To: l.To, Subject: subject(c.in, l), Unsubscribe: c.Unsubscribe}
	domain := l.Host
	if domain == "" {
		domain = w.Base.Host
	}
	m.MessageID = l.MessageRef + "@" + domain
	if l.ToMember && l.Ref != "" {
		l.MailRoot = model.TeamMailRoot(l.Ref)
	}
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
		m.Links = append(m.Links, Link{c.in.Text("Unsubscribe"), c.Unsubscribe})
	}
	parsed := templates()[c.in.Tag]
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

// languageOf is the language of a letter: the team reads English.
func languageOf(l model.Letter) *language.Language {
	if l.ToMember {
		return language.English()
	}
	return language.Of(l.Language, l.Workspace.Language)
}

// about is the ticket's title where it may stand, else the project's name.
func about(l model.Letter) model.Text {
	if safe(l) {
		return model.Standing(l.Title)
	}
	if l.AddedBy != "" {
		return model.Say("a ticket to {0}", l.ProjectName)
	}
	return model.Say("your ticket to {0}", l.ProjectName)
}

func subject(in *language.Language, l model.Letter) string {
	if l.ToMember {
		return teamSubject(l)
	}
	switch l.Kind {
	case model.MailFirst:
		if l.AddedBy != "" {
			return in.Text("You were added to a ticket at {0}", l.Workspace.Name)
		}
		return in.Text("Your ticket to {0}", l.Workspace.Name)
	case model.MailAdded:
		return in.Text("You were added: {0}", about(l))
	case model.MailLogin:
		return in.Text("Log in to your tickets at {0}", l.Workspace.Name)
	case model.MailLinks:
		return in.Text("The links to your tickets at {0}", l.Workspace.Name)
	case model.MailErased:
		return in.Text("Your data at {0} has been erased", l.Workspace.Name)
	case model.MailNewLink:
		return in.Text("New link: {0}", about(l))
	case model.MailCreated:
		return in.Text("We have received: {0}", about(l))
	case model.MailClosed:
		return in.Text("Done: {0}", about(l))
	case model.MailClosingSoon:
		return in.Text("We are waiting for you: {0}", about(l))
	case model.MailAutoClosed:
		return in.Text("Closed for now: {0}", about(l))
	}
	return "Re: " + in.Say(about(l))
}

func (w Writer) content(l model.Letter) content {
	c := content{Letter: l, in: languageOf(l), Palette: l.Workspace.Palette()}
	if l.Workspace.Logo.Hash != "" {
		c.Logo = &logo{CID: LogoCID}
		c.Logo.Width, c.Logo.Height = l.Workspace.Logo.Shown()
	}
	origin := w.Base.Origin(l.Host)
	switch {
	case l.Kind == model.MailLogin:
		c.Link = origin + "/tickets/login/" + string(w.Keys.Token(model.LoginLink, l.Login))
	case l.Kind == model.MailErased:
		c.Link = origin + "/"
	case l.Kind == model.MailLinks:
		c.Link, c.Opens = w.Base.Origin(l.Workspace.PrimaryHost)+"/", w.opens(c.in, l)
	case l.Kind.OfAccount():
		c.Link = w.accountLink(l)
	case l.ToMember:
		c.Link = fmt.Sprintf("%s/desk/tickets/%d", w.Base.Origin(""), l.Number)
		c.Switches = w.switches()
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
func (w Writer) opens(in *language.Language, l model.Letter) []ticketLink {
	var list []ticketLink
	for _, t := range l.Tickets {
		about := in.Text("A ticket to {0}", t.ProjectName)
		if safe(l) {
			about = in.Say(model.Standing(t.Title))
		}
		list = append(list, ticketLink{About: about, OpenedAt: t.OpenedAt, URL: w.thread(t.Host, t.Link)})
	}
	return list
}

// words fills in what each kind of mail says.
func (c *content) words(keys model.Keys) {
	if c.ToMember {
		c.teamWords()
		return
	}
	say, team := c.in.Text, c.Workspace.Name
	c.LinkLabel = say("Open the ticket")
	c.Footer = say("You get this mail because you are a recipient of this ticket. Keep it to yourself: its link opens the ticket.")
	switch c.Kind {
	case model.MailFirst:
		if c.AddedBy != "" {
			c.Heading = say("You were added to a ticket")
			c.Lead = say("{0} from {1} added this address to a ticket. Open it to confirm that the address is yours, to read the conversation and to reply. If you do not want mail about it, unsubscribe by the link at the end.", c.AddedBy, team)
			break
		}
		c.Heading = say("Your ticket has arrived")
		c.Lead = say("Somebody opened a ticket with this address. Open it to confirm that the address is yours, to read the answers and to reply. If it was not you, do nothing: you will get no more mail about it unless the team answers.")
	case model.MailAdded:
		c.Heading, c.Quoted = say("You were added to a ticket"), safe(c.Letter)
		c.Lead = say("{0} from {1} added you to “{2}”. You get its new messages by mail, and can read and reply on its page. If you do not want mail about it, unsubscribe by the link at the end.", c.AddedBy, team, about(c.Letter))
	case model.MailCreated:
		c.Heading, c.Quoted = say("We have received your ticket"), true
		c.Lead = say("We will answer here by mail. You can follow the ticket and add to it at any time.")
	case model.MailClosed:
		c.Heading, c.Quoted = c.ifAdded(say("A ticket that you follow is done"), say("Your ticket is done")), c.HasMessage && c.Team
		c.Lead = say("We believe that everything is settled. If something is missing, reply on the ticket’s page: that opens it again.")
	case model.MailClosingSoon:
		c.Heading = say("We are waiting for your answer")
		c.Lead = say("We asked for an answer and have heard nothing for a while. If nothing happens, the ticket closes by itself within {0} days. To keep it open, reply on its page.", closingDays(c.Workspace))
	case model.MailAutoClosed:
		c.Heading = c.ifAdded(say("A ticket that you follow is closed for now"), say("Your ticket is closed for now"))
		c.Lead = say("We asked for an answer and have heard nothing for a while, so it closed by itself. If it still matters, reply on the ticket’s page: that opens it again.")
	case model.MailLogin:
		c.Heading, c.LinkLabel = say("Log in to your tickets"), say("Log in")
		c.Code = keys.Code(c.Login)
		c.Lead = say("The link and the code work once, for 20 minutes. If you did not ask for them, do nothing.")
		c.Footer = say("Somebody asked for this login at {0} with your address.", team)
	case model.MailNewLink:
		c.Heading = say("Here is your new link")
		c.Lead = say("Somebody who had the link to this ticket asked for a new one. The old link opens nothing any more; this one does, and it is yours alone.")
	case model.MailLinks:
		c.Heading, c.LinkLabel = say("The links to your tickets"), say("Go to our page")
		c.Lead = say("Each link opens one ticket. Keep them to yourself. If you did not ask for them, do nothing.")
		if len(c.Opens) == 0 {
			c.Lead = say("There is no ticket of yours here any more.")
		}
		c.Footer = say("Somebody asked for these links at {0} with your address.", team)
	case model.MailErased:
		c.Heading, c.LinkLabel = say("Your data has been erased"), say("Go to our page")
		c.Lead = say("Your name and address, and the tickets, messages and files that you sent to {0}, are erased. What the team wrote stays. Links from older mails open nothing any more.", team)
		c.Footer = say("This is the last mail to this address, unless you write to {0} again.", team)
	default: // model.MailMessage
		c.Heading, c.Quoted = c.ifAdded(say("A new message about a ticket that you follow"), say("A new message about your ticket")), c.Team || safe(c.Letter)
		c.Lead = c.wrote()
	}
}

// closingDays is how many days are left for an answer, as a mail may say while it waits: one at least.
func closingDays(w model.Workspace) int { return max(1, model.ClosingNoticeDays(w.AutoCloseAfter)) }

// ifAdded chooses the words for whom somebody else made a recipient, or those for the reporter.
func (c *content) ifAdded(added, own string) string {
	if c.AddedBy != "" {
		return added
	}
	return own
}

// wrote says who wrote the message that follows, or that there is one where it may not stand.
func (c *content) wrote() string {
	switch {
	case !c.Quoted:
		return c.in.Text("There is a new message. Open the ticket to read it.")
	case c.Author == "":
		return c.in.Text("A customer wrote:")
	}
	return c.in.Text("{0} wrote:", model.Standing(c.Author))
}

// TextQuote is the quoted text with a mark before each line.
func (c content) TextQuote() string {
	return "> " + strings.ReplaceAll(c.Text.Source, "\n", "\n> ")
}

// outlook is what Outlook on Windows alone reads: it knows no max-width, no font of the system, and
// scales by the screen. Why not in the template: html/template takes comments out.
var outlook = map[string]template.HTML{
	"head": `<!--[if mso]><style>td,div,p,a,h1{font-family:'Segoe UI',Arial,sans-serif}</style><xml><o:OfficeDocumentSettings ` +
		`xmlns:o="urn:schemas-microsoft-com:office:office"><o:PixelsPerInch>96</o:PixelsPerInch></o:OfficeDocumentSettings></xml><![endif]-->`,
	"begin": `<!--[if mso]><table role="presentation" width="600" cellpadding="0" cellspacing="0" border="0"><tr><td><![endif]-->`,
	"end":   `<!--[if mso]></td></tr></table><![endif]-->`,
}

type parsedTemplates struct {
	text *texttemplate.Template
	html *template.Template
}

// templates are parsed once for each language, by its tag.
var templates = sync.OnceValue(func() map[string]parsedTemplates {
	parsed := map[string]parsedTemplates{}
	for _, in := range language.All() {
		funcs := map[string]any{
			"outlook":   func(part string) template.HTML { return outlook[part] },
			"sanitised": func(s string) template.HTML { return template.HTML(s) }, // Markdown's output alone
			"t":         in.Text, "say": in.Say, "date": in.Moment,
			"language": func() string { return in.Tag },
		}
		parsed[in.Tag] = parsedTemplates{
			text: texttemplate.Must(texttemplate.New("").Funcs(funcs).ParseFS(files, "*.txt")),
			html: template.Must(template.New("").Funcs(funcs).ParseFS(files, "*.html")),
		}
	}
	return parsed
})
