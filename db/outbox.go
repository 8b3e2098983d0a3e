package db

import (
	"time"

	"deskbell/db/model"
)

// OutboxMail is a row of the outbox as the desk and the job see it.
type OutboxMail struct {
	ID         model.MailID
	Workspace  model.WorkspaceID
	Kind       model.MailKind
	State      model.MailState
	To         string
	Ticket     int64  // number; 0 for a mail about none
	Title      string // of the ticket
	Attempts   int
	NextTryAt  time.Time
	LastError  string
	CreatedAt  time.Time
	FinishedAt time.Time // zero while it waits
}

const outboxColumns = `
	o.id, o.workspace_id, o.kind, o.state, o.to_address, coalesce(t.number, 0), coalesce(t.title, ''),
	o.attempts, o.next_try_at, o.last_error, o.created_at, o.finished_at`

func intoOutboxMail(m *OutboxMail) []any {
	return []any{&m.ID, &m.Workspace, &m.Kind, &m.State, &m.To, &m.Ticket, &m.Title,
		&m.Attempts, at(&m.NextTryAt), &m.LastError, at(&m.CreatedAt), at(&m.FinishedAt)}
}

type newMail struct {
	Kind      model.MailKind
	Ticket    model.TicketID
	Message   model.MessageID
	Recipient model.RecipientID
	Member    model.MemberID
	Customer  model.CustomerID
	Login     model.LinkID
	Link      model.LinkID // of a member, for mail about their account
	To        string
	Language  string // in which it was asked for; "": that of the recipient
	Ref       string
	Hold      string // why it must not go; "" when it may
}

// mail writes a row of the outbox, in the transaction of what it tells of (K2). Who signed in and has no
// address gets none, and no synthetic address is ever mailed (E5).
func (tx *tx) mail(ws model.WorkspaceID, m newMail) error {
	if m.To == "" || model.Synthetic(m.To) {
		return nil
	}
	state, finished, due := model.MailWaiting, any(nil), millis(tx.now)
	if m.Kind == model.MailLogin || m.Kind == model.MailLinks || m.Kind == model.MailPassword {
		due = 0 // it goes before all that waits: a login lasts minutes, and somebody waits for the links
	}
	if m.Hold != "" {
		state, finished = model.MailHeld, millis(tx.now)
	}
	if m.Ref == "" {
		m.Ref = model.RandomID()
	}
	tx.touched.mail = true
	_, err := tx.insert(`
		insert into outbox (workspace_id, kind, ticket_id, message_id, recipient_id, member_id, customer_id, login_id,
			member_link, to_address, language, message_ref, state, next_try_at, last_error, created_at, finished_at)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		ws, m.Kind, orNull(m.Ticket), orNull(m.Message), orNull(m.Recipient), orNull(m.Member), orNull(m.Customer), orNull(m.Login),
		orNull(m.Link), m.To, m.Language, m.Ref, state, due, m.Hold, millis(tx.now), finished)
	return err
}

// mailFirst writes a recipient's first mail about a ticket: of a kind to a confirmed address, of fixed
// text and within the budget of B10 to another.
func (tx *tx) mailFirst(ws model.Workspace, ticket model.TicketID, r enrolled, to Customer, kind model.MailKind) (err error) {
	m := newMail{Kind: kind, Ticket: ticket, Recipient: r.id, To: to.Email, Ref: r.root}
	if !to.ConfirmedAt.IsZero() {
		return tx.mail(ws.ID, m)
	}
	m.Kind = model.MailFirst
	if m.Hold, err = tx.firstMailHold(ws, to.Email); err != nil {
		return err
	}
	if m.Hold != "" {
		if err := tx.event(ws.ID, ticket, bySystem(), model.EventMailHeld, "", m.Hold); err != nil {
			return err
		}
	}
	return tx.mail(ws.ID, m)
}

func (tx *tx) firstMailHold(ws model.Workspace, to string) (string, error) {
	hour, day := millis(tx.now.Add(-time.Hour)), millis(tx.now.Add(-24*time.Hour))
	type counts struct{ hour, day, workspace int }
	n, err := one(tx, func(c *counts) []any { return []any{&c.hour, &c.day, &c.workspace} }, `
		select
			(select count(*) from outbox where to_address = ?1 and created_at > ?2 and created_at <= ?5 and kind = 'first' and state <> 'held'),
			(select count(*) from outbox where to_address = ?1 and created_at > ?3 and created_at <= ?5 and kind = 'first' and state <> 'held'),
			(select count(*) from outbox where workspace_id = ?4 and created_at > ?2 and created_at <= ?5 and kind = 'first' and state <> 'held')`,
		to, hour, day, ws.ID, millis(tx.now))
	return model.FirstMailHold(n.hour, n.day, n.workspace, ws.FirstMailsPerHour), err
}

// cause is who did what a mail tells of, and hears nothing of it (K1): a recipient, or a member, who
// may be a recipient too, by their address. The zero value is the program itself.
type cause struct {
	recipient model.RecipientID
	address   string
}

// mailRecipients writes a mail to each subscribed recipient of a ticket but the one who caused it.
func (tx *tx) mailRecipients(ws model.WorkspaceID, ticket model.TicketID, kind model.MailKind, message model.MessageID, by cause) error {
	to, err := all(tx, func(m *newMail) []any { return []any{&m.Recipient, &m.To} }, `
		select r.id, c.email
		from recipients r join customers c on c.id = r.customer_id
		where r.workspace_id = ? and r.ticket_id = ? and r.id <> ? and r.unsubscribed_at is null and c.erased_at is null
		order by r.id`, ws, ticket, by.recipient)
	for _, m := range to {
		if m.To == by.address {
			continue
		}
		m.Kind, m.Ticket, m.Message = kind, ticket, message
		if err := tx.mail(ws, m); err != nil {
			return err
		}
	}
	return err
}

func outboxMail(q querier, id model.MailID) (OutboxMail, error) {
	return one(q, intoOutboxMail, `
		select `+outboxColumns+`
		from outbox o left join tickets t on t.id = o.ticket_id
		where o.id = ?`, id)
}
