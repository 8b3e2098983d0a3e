package jobs

import (
	"bytes"
	"crypto/tls"
	"fmt"
	netmail "net/mail"
	"net/url"
	"strconv"
	"time"

	gomail "github.com/wneessen/go-mail"

	"deskbell/db/model"
	"deskbell/views/mail"
)

// Sender speaks SMTP (RFC 5321) to one server.
type Sender struct {
	From netmail.Address
	// TLS replaces the default configuration, for servers with an authority of their own.
	TLS *tls.Config
	// Timeout bounds each conversation with the server.
	Timeout time.Duration

	server *url.URL
}

// DefaultTimeout is how long a server may take to connect and greet, and then for each mail. Servers
// that look through a mail before they take it need some of it.
const DefaultTimeout = time.Minute

// NewSender reads an address like smtp://user:pass@host:587 (STARTTLS where the server offers it,
// and always before a password) or smtps://user:pass@host:465 (TLS from the start).
func NewSender(address, from string) (*Sender, error) {
	wrong := model.Fail(model.Invalid, "Write an address like smtp://user:password@mail.example.com:587 or smtps://….")
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "smtp" && u.Scheme != "smtps" || u.Hostname() == "" ||
		u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.Fragment != "" {
		return nil, wrong
	}
	if password, _ := u.User.Password(); u.User.Username() != "" && password == "" {
		return nil, wrong
	}
	sender, err := netmail.ParseAddress(from)
	if err != nil {
		return nil, model.Fail(model.Invalid, "Write a sender like Acme <help@example.com>.")
	}
	s := &Sender{From: *sender, Timeout: DefaultTimeout, server: u}
	if _, err := gomail.NewClient(u.Hostname(), s.options()...); err != nil { // a port out of range
		return nil, wrong
	}
	return s, nil
}

// secure says whether TLS begins with the connection.
func (s *Sender) secure() bool { return s.server.Scheme == "smtps" }

func (s *Sender) tlsConfig() *tls.Config {
	config := &tls.Config{}
	if s.TLS != nil {
		config = s.TLS.Clone()
	}
	if config.ServerName == "" {
		config.ServerName = s.server.Hostname()
	}
	return config
}

func (s *Sender) options() []gomail.Option {
	port := 587
	if s.secure() {
		port = 465
	}
	if given, err := strconv.Atoi(s.server.Port()); err == nil {
		port = given
	}
	password, hasPassword := s.server.User.Password()
	policy := gomail.TLSOpportunistic // for smtps, dial has made it secure already
	if hasPassword && !s.secure() {
		policy = gomail.TLSMandatory
	}
	options := []gomail.Option{
		gomail.WithPort(port), gomail.WithTimeout(s.Timeout), gomail.WithTLSConfig(s.tlsConfig()),
		gomail.WithTLSPolicy(policy), gomail.WithoutNoop(), // alive asks
	}
	if hasPassword {
		options = append(options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover),
			gomail.WithUsername(s.server.User.Username()), gomail.WithPassword(password))
	}
	return options
}

// message is a mail with what only the sender needs.
type message struct {
	mail.Mail
	From string // the name beside the sender's address
	Date time.Time
	Logo []byte // a PNG; empty: none
}

// compose makes the message with its headers (K3).
func (s *Sender) compose(m message) (*gomail.Msg, error) {
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	// Why not FromFormat: it parses what it puts together, and fails for a name with a quote in it.
	msg.FromMailAddress(&netmail.Address{Name: m.From, Address: s.From.Address})
	if err := msg.To(m.To); err != nil {
		return nil, fmt.Errorf("address the mail: %w", err)
	}
	msg.Subject(m.Subject)
	msg.SetDateWithValue(m.Date)
	msg.SetMessageIDWithValue(m.MessageID)
	if m.InReplyTo != "" {
		msg.SetGenHeader(gomail.HeaderInReplyTo, "<"+m.InReplyTo+">")
		msg.SetGenHeader(gomail.HeaderReferences, "<"+m.References+">")
	}
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834
	if m.Unsubscribe != "" {
		msg.SetGenHeader(gomail.HeaderListUnsubscribe, "<"+m.Unsubscribe+">")
		msg.SetGenHeader(gomail.HeaderListUnsubscribePost, "List-Unsubscribe=One-Click")
	}
	msg.SetBodyString(gomail.TypeTextPlain, m.Text)
	msg.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	if len(m.Logo) > 0 {
		err := msg.EmbedReader("logo.png", bytes.NewReader(m.Logo), gomail.WithFileContentID("<"+mail.LogoCID+">"),
			gomail.WithFileContentType("image/png"))
		if err != nil {
			return nil, fmt.Errorf("attach the logo: %w", err)
		}
	}
	return msg, nil
}
