package jobs

import (
	"context"
	"crypto/tls"
	"net"
	"sync"
	"time"

	gomail "github.com/wneessen/go-mail"
)

const (
	// stopGrace is how long a mail on its way has, once the program stops: long enough for a server
	// to answer, so that the mail is not sent twice, and short enough for a stop within ten seconds.
	stopGrace = 4 * time.Second
	// quitTimeout is how long a server has to say goodbye.
	quitTimeout = 2 * time.Second
)

// line is an open connection to the mail server.
type line struct {
	sender *Sender
	client *gomail.Client
	conn   *conn
	forget func() bool // ends the watch for the program's stop
}

// open connects, secures the connection and signs in. When the context ends, what runs on the line
// has stopGrace to finish.
func (s *Sender) open(ctx context.Context) (*line, error) { return s.openHeard(ctx, nil) }

// openHeard is open for a conversation that somebody wants to read; nil: nobody.
func (s *Sender) openHeard(ctx context.Context, heard *transcript) (*line, error) {
	l := &line{sender: s}
	options := append(s.options(), gomail.WithDialContextFunc(
		func(dialing context.Context, network, address string) (net.Conn, error) {
			return l.dial(ctx, dialing, network, address)
		}))
	if heard != nil {
		options = append(options, gomail.WithDebugLog(), gomail.WithLogger(heard))
	}
	client, err := gomail.NewClient(s.server.Hostname(), options...)
	if err != nil {
		return nil, err
	}
	l.client = client
	if err := client.DialWithContext(ctx); err != nil {
		l.close()
		return nil, err
	}
	return l, nil
}

// dial returns the connection, inside TLS for smtps.
func (l *line) dial(ctx, dialing context.Context, network, address string) (net.Conn, error) {
	raw, err := new(net.Dialer).DialContext(dialing, network, address)
	if err != nil {
		return nil, err
	}
	l.conn = &conn{Conn: raw}
	l.forget = context.AfterFunc(ctx, func() { l.conn.endBy(time.Now().Add(stopGrace)) })
	if !l.sender.secure() {
		return l.conn, nil
	}
	secured := tls.Client(l.conn, l.sender.tlsConfig())
	return secured, secured.HandshakeContext(dialing)
}

// alive says whether the server still listens: it may end a line between two mails.
func (l *line) alive() bool { return l != nil && l.client.Reset() == nil }

// send hands a mail over.
func (l *line) send(m message) error {
	msg, err := l.sender.compose(m)
	if err != nil {
		return err
	}
	err = l.client.Send(msg)
	if msg.IsDelivered() {
		return nil // Why not err: a line that breaks after the server took the mail does not undo it
	}
	return err
}

func (l *line) close() {
	if l == nil || l.conn == nil {
		return
	}
	l.conn.endBy(time.Now().Add(quitTimeout))
	l.client.Close() // what was sent has been answered already
	l.conn.Close()   // the client leaves it open when the goodbye fails
	l.forget()
}

// conn is a connection with an end that no later deadline moves.
type conn struct {
	net.Conn
	mu  sync.Mutex
	end time.Time // zero: none is set
}

// SetDeadline sets the deadline, or the end where that comes first.
func (c *conn) SetDeadline(t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.end.IsZero() && (t.IsZero() || t.After(c.end)) {
		t = c.end
	}
	return c.Conn.SetDeadline(t)
}

// endBy ends the connection at a time, or earlier where that was said before.
func (c *conn) endBy(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.end.IsZero() || t.Before(c.end) {
		c.end = t
		_ = c.Conn.SetDeadline(t) // a connection that is closed already needs none
	}
}
