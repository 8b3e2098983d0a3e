package handlerstest

import (
	"bytes"
	"crypto/tls"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"deskbell/jobs"
)

// Mailbox is a real SMTP server that keeps what it is sent.
type Mailbox struct {
	Address string
	// Refuse answers a message instead of taking it; nil takes it. Codes are those of SMTP.
	Refuse func(to string) *smtp.SMTPError
	// User and Password are wanted where they are set.
	User, Password string
	// Arrived is called with a mail that the server keeps now and has not answered yet, from the
	// server's goroutine: where it waits, the sender waits. An error of it refuses the mail.
	Arrived func(Received) error

	mu    sync.Mutex
	mails []Received
}

// Received is a mail as the server got it.
type Received struct {
	From, To string
	Raw      string
	Header   mail.Header
	Text     string
	HTML     string
}

// NewMailbox starts an SMTP server that ends with the test.
func NewMailbox(t testing.TB) *Mailbox { return startMailbox(t, nil, false) }

// NewTLSMailbox starts one with a certificate: by STARTTLS, or with TLS from the start.
func NewTLSMailbox(t testing.TB, config *tls.Config, implicit bool) *Mailbox {
	return startMailbox(t, config, implicit)
}

func startMailbox(t testing.TB, config *tls.Config, implicit bool) *Mailbox {
	t.Helper()
	m := &Mailbox{}
	server := smtp.NewServer(m)
	server.Domain = "localhost"
	server.AllowInsecureAuth = false
	server.TLSConfig = config
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	m.Address = listener.Addr().String()
	if implicit {
		listener = tls.NewListener(listener, config)
	}
	done := make(chan struct{})
	go func() { defer close(done); server.Serve(listener) }()
	// The server closes no listener that it has not begun to serve, as in a test that ends at once.
	t.Cleanup(func() { listener.Close(); server.Close(); <-done })
	return m
}

// Sender returns a sender to this server, without TLS.
func (m *Mailbox) Sender(t testing.TB) *jobs.Sender {
	t.Helper()
	sender, err := jobs.NewSender("smtp://"+m.Address, "Deskbell <deskbell@localhost>")
	must(t, err)
	return sender
}

// Mails returns what has arrived for an address, oldest first; "" is everybody.
func (m *Mailbox) Mails(to string) []Received {
	m.mu.Lock()
	defer m.mu.Unlock()
	var list []Received
	for _, mail := range m.mails {
		if to == "" || mail.To == to {
			list = append(list, mail)
		}
	}
	return list
}

// Last returns the newest mail for an address.
func (m *Mailbox) Last(t testing.TB, to string) Received {
	t.Helper()
	list := m.Mails(to)
	if len(list) == 0 {
		t.Fatalf("no mail for %s", to)
	}
	return list[len(list)-1]
}

// Link returns the path of the first link in the mail's text that begins with a path.
func (r Received) Link(t testing.TB, prefix string) string {
	t.Helper()
	for word := range strings.FieldsSeq(r.Text) {
		if u, err := url.Parse(word); err == nil && u.Host != "" && strings.HasPrefix(u.Path, prefix) {
			return u.RequestURI()
		}
	}
	t.Fatalf("no link to %s in\n%s", prefix, r.Text)
	return ""
}

// NewSession is called by the SMTP server for each connection.
func (m *Mailbox) NewSession(*smtp.Conn) (smtp.Session, error) {
	return &session{box: m, known: m.User == ""}, nil
}

type session struct {
	box      *Mailbox
	known    bool
	from, to string
}

func (s *session) AuthMechanisms() []string {
	if s.box.User == "" {
		return nil
	}
	return []string{sasl.Plain}
}

func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != s.box.User || password != s.box.Password {
			return smtp.ErrAuthFailed
		}
		s.known = true
		return nil
	}), nil
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	if !s.known {
		return smtp.ErrAuthRequired
	}
	s.from = from
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if s.box.Refuse != nil {
		if refusal := s.box.Refuse(to); refusal != nil {
			return refusal
		}
	}
	s.to = to
	return nil
}

func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	received := Received{From: s.from, To: s.to, Raw: string(raw)}
	message, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return err
	}
	received.Header = message.Header
	received.parts(message.Header.Get("Content-Type"), message.Header.Get("Content-Transfer-Encoding"), message.Body)
	s.box.keep(received)
	if s.box.Arrived != nil {
		return s.box.Arrived(received)
	}
	return nil
}

func (m *Mailbox) keep(r Received) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.mails = append(m.mails, r)
}

func (s *session) Reset()        { s.from, s.to = "", "" }
func (s *session) Logout() error { return nil }

// parts takes the text and HTML parts out of a message, however they are nested.
func (r *Received) parts(contentType, encoding string, body io.Reader) {
	mediaType, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		return
	}
	if strings.HasPrefix(mediaType, "multipart/") {
		reader := multipart.NewReader(body, params["boundary"])
		for part, err := reader.NextRawPart(); err == nil; part, err = reader.NextRawPart() {
			r.parts(part.Header.Get("Content-Type"), part.Header.Get("Content-Transfer-Encoding"), part)
		}
		return
	}
	if strings.EqualFold(encoding, "quoted-printable") {
		body = quotedprintable.NewReader(body)
	}
	content, err := io.ReadAll(body)
	if err != nil {
		return
	}
	switch text := strings.ReplaceAll(string(content), "\r\n", "\n"); mediaType {
	case "text/plain":
		r.Text = text
	case "text/html":
		r.HTML = text
	}
}

// Subject returns the mail's subject, decoded.
func (r Received) Subject(t testing.TB) string {
	t.Helper()
	subject, err := new(mime.WordDecoder).DecodeHeader(r.Header.Get("Subject"))
	must(t, err)
	return subject
}
