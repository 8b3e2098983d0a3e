package jobs

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	netmail "net/mail"
	"net/url"
	"strconv"
	"time"

	gomail "github.com/wneessen/go-mail"

	"deskbell/db"
	"deskbell/db/model"
	"deskbell/views/mail"
)

// Sender speaks SMTP (RFC 5321) to one server.
type Sender struct {
	From netmail.Address
	// TLS replaces the default configuration, for servers with an authority of their own.
	TLS    *tls.Config
	server *url.URL
}

const smtpTimeout = 30 * time.Second

// NewSender reads an address like smtp://user:pass@host:587 (STARTTLS where the server offers it,
// and always before a password) or smtps://user:pass@host:465 (TLS from the start).
func NewSender(address, from string) (*Sender, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "smtp" && u.Scheme != "smtps" || u.Hostname() == "" || u.Path != "" && u.Path != "/" {
		return nil, model.Fail(model.Invalid, "Write an address like smtp://user:password@mail.example.com:587 or smtps://….")
	}
	sender, err := netmail.ParseAddress(from)
	if err != nil {
		return nil, model.Fail(model.Invalid, "Write a sender like Acme <help@example.com>.")
	}
	return &Sender{From: *sender, server: u}, nil
}

func (s *Sender) options() []gomail.Option {
	secure, port := s.server.Scheme == "smtps", 587
	if secure {
		port = 465
	}
	if given, err := strconv.Atoi(s.server.Port()); err == nil {
		port = given
	}
	options := []gomail.Option{gomail.WithPort(port), gomail.WithTimeout(smtpTimeout)}
	password, hasPassword := s.server.User.Password()
	switch {
	case secure:
		options = append(options, gomail.WithSSL())
	case hasPassword:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	default:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSOpportunistic))
	}
	if hasPassword {
		options = append(options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover),
			gomail.WithUsername(s.server.User.Username()), gomail.WithPassword(password))
	}
	if s.TLS != nil {
		options = append(options, gomail.WithTLSConfig(s.TLS))
	}
	return options
}

// line is an open connection to the mail server.
type line struct {
	sender *Sender
	client *gomail.Client
}

func (s *Sender) open(ctx context.Context) (*line, error) {
	client, err := gomail.NewClient(s.server.Hostname(), s.options()...)
	if err != nil {
		return nil, err
	}
	if err := client.DialWithContext(ctx); err != nil {
		return nil, err
	}
	return &line{s, client}, nil
}

func (l *line) close() {
	if l != nil {
		l.client.Close() // what was sent has been answered already
	}
}

// message is a mail with what only the sender needs.
type message struct {
	mail.Mail
	From string // the name beside the sender's address
	Date time.Time
	Logo *db.Logo // nil: none
}

func (l *line) send(m message) error {
	msg, err := l.sender.compose(m)
	if err != nil {
		return err
	}
	return l.client.Send(msg)
}

// compose makes the message with its headers (K3).
func (s *Sender) compose(m message) (*gomail.Msg, error) {
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	if err := errors.Join(msg.FromFormat(m.From, s.From.Address), msg.To(m.To)); err != nil {
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
	if m.Logo != nil {
		err := msg.EmbedReader("logo", bytes.NewReader(m.Logo.Bytes), gomail.WithFileContentID(mail.LogoCID),
			gomail.WithFileContentType(gomail.ContentType(m.Logo.MediaType)))
		if err != nil {
			return nil, fmt.Errorf("attach the logo: %w", err)
		}
	}
	return msg, nil
}

// failure is why an attempt failed, in the server's words.
type failure struct {
	reason    string
	permanent bool
}

// failureOf tells a server's permanent refusal (5xx) from what may pass.
func failureOf(err error) failure {
	var refused *gomail.SendError
	if !errors.As(err, &refused) {
		return failure{reason: err.Error()}
	}
	return failure{reason: refused.Error(), permanent: refused.ErrorCode() >= 500 && !refused.IsTemp()}
}
