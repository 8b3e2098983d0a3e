package jobs

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"html"
	"net"
	"slices"
	"strings"
	"sync"
	"syscall"

	gomail "github.com/wneessen/go-mail"
	gomaillog "github.com/wneessen/go-mail/log"

	"deskbell/db/model"
	"deskbell/views/mail"
)

// tryMail sends the test messages that wait, each over a connection of its own, and records what was said.
func (r *Runner) tryMail(ctx context.Context) {
	for ctx.Err() == nil {
		test, err := r.DB.ClaimMailTest(ctx)
		if err != nil {
			r.note("claim test message", err)
			return
		}
		problem, dialogue := noServer, ""
		if r.Sender != nil {
			problem, dialogue = r.Sender.try(ctx, r.testMessage(test))
		}
		r.note("record test message", r.DB.FinishMailTest(context.WithoutCancel(ctx), test, problem, dialogue))
	}
}

const noServer = "No mail server is set. Set DESKBELL_SMTP_URL where Deskbell is started, like smtp://user:password@mail.example.com:587, and start it again."

func (r *Runner) testMessage(t model.MailTest) message {
	const text = "This is a test message from Deskbell. Since you read it, mail goes out.\n\nIt was asked for in the settings of the desk at %s."
	words := fmt.Sprintf(text, r.Mail.Base.Origin(""))
	return message{From: "Deskbell", Date: t.AskedAt, Mail: mail.Mail{
		To: t.To, Subject: "Test message from Deskbell", Text: words, MessageID: t.ID + "@" + r.Mail.Base.Host,
		HTML: "<p>" + strings.ReplaceAll(html.EscapeString(words), "\n\n", "</p><p>") + "</p>",
	}}
}

// try hands a mail over and returns what went wrong, with what to do about it, and what client and server said.
func (s *Sender) try(ctx context.Context, m message) (problem, dialogue string) {
	heard := &transcript{}
	heard.say("Connecting to %s", s.server.Host)
	l, err := s.openHeard(ctx, heard)
	if err == nil {
		err = l.send(m)
	}
	l.close()
	if err != nil {
		problem = s.withoutSecret(s.advice(err))
		heard.say("%s", err)
	}
	return problem, s.withoutSecret(heard.String())
}

// advice says in plain words why a message did not go, and what to do.
func (s *Sender) advice(err error) string {
	host := s.server.Host
	var unknown *net.DNSError
	var refused *gomail.SendError
	switch {
	case errors.As(err, &unknown):
		return fmt.Sprintf("Nobody knows a server of the name %s. Look for a mistake in DESKBELL_SMTP_URL.", s.server.Hostname())
	case errors.Is(err, syscall.ECONNREFUSED):
		return fmt.Sprintf("Nobody answers at %s. Look at the name and the port in DESKBELL_SMTP_URL: mail servers take mail at 587, or at 465 with smtps://.", host)
	case isTimeout(err):
		return fmt.Sprintf("%s does not answer in time. A firewall may be in the way: many hosts let nothing out at port 25, and some at 587.", host)
	case isUntrusted(err):
		return fmt.Sprintf("The certificate of %s is not one to trust: %v. Use the name that stands in its certificate.", host, err)
	case strings.Contains(err.Error(), "not support STARTTLS"):
		return fmt.Sprintf("%s does not offer STARTTLS, and without TLS no password is sent. Try smtps:// with port 465.", host)
	case errors.As(err, &refused) && refused.Reason == gomail.ErrSMTPMailFrom:
		return fmt.Sprintf("The server takes no mail from %s: %s. Set DESKBELL_MAIL_FROM to an address that it knows.", s.From.Address, words(refused))
	case errors.As(err, &refused) && refused.Reason == gomail.ErrSMTPRcptTo:
		return fmt.Sprintf("The server does not take mail to this address: %s. Try another one.", words(refused))
	case isSignIn(err):
		return "The server does not accept the user name and the password in DESKBELL_SMTP_URL. Characters like @ and : have to be written as %40 and %3A in it."
	}
	return "The server's own words say more: " + shorten(err.Error())
}

func isTimeout(err error) bool {
	timeout, ok := errors.AsType[net.Error](err)
	return errors.Is(err, context.DeadlineExceeded) || ok && timeout.Timeout()
}

func isUntrusted(err error) bool {
	var verification *tls.CertificateVerificationError
	var authority x509.UnknownAuthorityError
	var name x509.HostnameError
	return errors.As(err, &verification) || errors.As(err, &authority) || errors.As(err, &name)
}

// isSignIn says whether a server refused to sign the client in (RFC 4954).
func isSignIn(err error) bool {
	text := err.Error()
	return slices.ContainsFunc(signInCodes, func(code int) bool { return strings.Contains(text, fmt.Sprint(code, " ")) })
}

// withoutSecret takes the password out of a text, should a server repeat it.
func (s *Sender) withoutSecret(text string) string {
	password, ok := s.server.User.Password()
	if !ok {
		return text
	}
	for _, secret := range []string{"\x00" + s.server.User.Username() + "\x00" + password, password} { // of AUTH PLAIN, first (RFC 4616)
		for _, form := range []string{secret, base64.StdEncoding.EncodeToString([]byte(secret))} {
			text = strings.ReplaceAll(text, form, "•••")
		}
	}
	return text
}

// maxTranscript bounds what is kept of a conversation, in bytes.
const maxTranscript = 16_000

// transcript hears what client and server say.
type transcript struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (t *transcript) say(format string, args ...any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	line := model.CleanText(fmt.Sprintf(format, args...))
	if t.text.Len()+len(line) < maxTranscript {
		fmt.Fprintln(&t.text, line)
	}
}

// String is all that was said.
func (t *transcript) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.text.String()
}

func (t *transcript) hear(l gomaillog.Log) {
	who := "Server: "
	if l.Direction == gomaillog.DirClientToServer {
		who = "Deskbell: "
	}
	t.say("%s", who+fmt.Sprintf(l.Format, l.Messages...))
}

// Debugf hears a line of the conversation, as the three below do.
func (t *transcript) Debugf(l gomaillog.Log) { t.hear(l) }

// Infof is Debugf.
func (t *transcript) Infof(l gomaillog.Log) { t.hear(l) }

// Warnf is Debugf.
func (t *transcript) Warnf(l gomaillog.Log) { t.hear(l) }

// Errorf is Debugf.
func (t *transcript) Errorf(l gomaillog.Log) { t.hear(l) }
