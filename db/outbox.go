package db

import (
	"context"
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

// claimLease is how long a claimed mail belongs to the job that claimed it.
const claimLease = 5 * time.Minute

// ClaimMail hands the next due mail to a job, or NotFound. The claim ends after five minutes, so
// that a job that died loses no mail.
func (db *DB) ClaimMail(ctx context.Context) (OutboxMail, error) {
	var claimed OutboxMail
	var none error // outside the transaction: a failing one would not keep what it held back
	err := db.update(ctx, func(tx *tx) error {
		for {
			id, err := tx.claimMail()
			if model.KindOf(err) == model.NotFound {
				none = err
				return nil
			}
			if err != nil {
				return err
			}
			held, err := tx.holdUnsubscribed(id)
			if err != nil {
				return err
			}
			if !held {
				claimed, err = outboxMail(tx, id)
				return err
			}
		}
	})
	if err == nil {
		err = none
	}
	return claimed, err
}

// claimMail takes the mail that is due for longest. One waits while an earlier one to its address about
// its ticket has not gone yet, so that nobody reads an answer before its question.
func (tx *tx) claimMail() (model.MailID, error) {
	return value[model.MailID](tx, `
		update outbox
		set state = 'sending', attempts = attempts + 1, next_try_at = ?
		where id = (
			select o.id from outbox o
			where o.state = 'waiting' and o.next_try_at <= ? and not exists (
				select 1 from outbox e
				where e.ticket_id = o.ticket_id and e.to_address = o.to_address and e.id < o.id and e.state in ('waiting', 'sending'))
			order by o.next_try_at, o.id
			limit 1
		)
		returning id`, millis(tx.now.Add(claimLease)), millis(tx.now))
}

// holdUnsubscribed keeps back a claimed mail whose recipient has unsubscribed while it waited (L1), or is
// being erased, and one whose link has ended.
func (tx *tx) holdUnsubscribed(id model.MailID) (bool, error) {
	n, err := tx.exec(`
		update outbox
		set state = 'held', finished_at = ?1,
			last_error = iif(kind in ('invitation', 'password'), 'Its link has ended.', 'The recipient has unsubscribed.')
		where id = ?2 and (
			kind in ('invitation', 'password') and not exists (
				select 1 from member_links l where l.id = outbox.member_link and l.expires_at > ?1) or
			recipient_id in (
				select r.id
				from recipients r join customers c on c.id = r.customer_id
				where r.id = outbox.recipient_id and (r.unsubscribed_at is not null or c.erased_at is not null))
			or customer_id in (select c.id from customers c where c.id = outbox.customer_id and c.erased_at is not null))`,
		millis(tx.now), id)
	return n > 0, err
}

func outboxMail(q querier, id model.MailID) (OutboxMail, error) {
	return one(q, intoOutboxMail, `
		select `+outboxColumns+`
		from outbox o left join tickets t on t.id = o.ticket_id
		where o.id = ?`, id)
}

// ReturnMail hands back mails that were claimed: all of them when nothing sends (at start and at
// stop), else those whose claim has ended. One whose attempts all ended so, as when it ends the
// process each time, is given up (K2). A mail that would wait for longer than any does was written by a clock
// that went wrong: it is due now.
func (db *DB) ReturnMail(ctx context.Context, all bool) error {
	return db.update(ctx, func(tx *tx) error {
		until := millis(tx.now)
		if all {
			until = 1<<63 - 1
		}
		if err := tx.giveUpUnfinished(until); err != nil {
			return err
		}
		n, err := tx.exec(`
			update outbox set state = 'waiting', next_try_at = ?
			where state = 'sending' and (next_try_at <= ? or next_try_at > ?)`, millis(tx.now), until, millis(tx.now.Add(claimLease)))
		if err != nil {
			return err
		}
		early, err := tx.exec(`
			update outbox set next_try_at = ?
			where state = 'waiting' and next_try_at > ?`, millis(tx.now), millis(tx.now.Add(model.MailLongestWait)))
		tx.touched.mail = n+early > 0
		return err
	})
}

func (tx *tx) giveUpUnfinished(until int64) error {
	list, err := all(tx, intoOutboxMail, `
		select `+outboxColumns+`
		from outbox o left join tickets t on t.id = o.ticket_id
		where o.state = 'sending' and o.next_try_at <= ? and o.attempts >= ?
		order by o.id
		limit 100`, until, model.MailAttempts)
	for _, m := range list {
		if err := tx.giveUpMail(m, "Deskbell ended each time before the mail server had answered."); err != nil {
			return err
		}
	}
	return err
}

// MailSent records that the mail server took a mail.
func (db *DB) MailSent(ctx context.Context, id model.MailID) error {
	return db.update(ctx, func(tx *tx) error {
		_, err := tx.exec(`
			update outbox set state = 'sent', last_error = '', finished_at = ?
			where id = ? and state = 'sending'`, millis(tx.now), id)
		if err != nil {
			return err
		}
		return tx.forgetErased(id)
	})
}

// MailRefused records why an attempt failed. A temporary failure is tried again later; a permanent
// one, or the last attempt, gives the mail up, and its ticket says so. A claim that ended, and that
// another job has taken over, changes nothing any more.
func (db *DB) MailRefused(ctx context.Context, m OutboxMail, reason string, permanent bool) error {
	return db.update(ctx, func(tx *tx) error {
		wait, again := model.MailRetry(m.Attempts)
		if again && !permanent {
			_, err := tx.exec(`
				update outbox set state = 'waiting', last_error = ?, next_try_at = ?
				where id = ? and state = 'sending' and attempts = ?`, reason, millis(tx.now.Add(wait)), m.ID, m.Attempts)
			return err
		}
		return tx.giveUpMail(m, reason)
	})
}

// giveUpMail ends a mail that was claimed, and says so in its ticket's timeline.
func (tx *tx) giveUpMail(m OutboxMail, reason string) error {
	n, err := tx.exec(`
		update outbox set state = 'failed', last_error = ?, finished_at = ?
		where id = ? and state = 'sending' and attempts = ?`, reason, millis(tx.now), m.ID, m.Attempts)
	if err == nil && m.Kind == model.MailErased {
		err = tx.forgetErased(m.ID)
	}
	if err != nil || n == 0 || m.Ticket == 0 {
		return err
	}
	t, err := ticket(tx, m.Workspace, m.Ticket)
	if err != nil {
		return err
	}
	said, err := tx.saidFailed(m.Workspace, t.ID, m.To, reason)
	if err != nil || said {
		return err
	}
	return tx.event(m.Workspace, t.ID, bySystem(), model.EventMailFailed, m.To, reason)
}

// saidFailed says whether a ticket's timeline has it already that an address is refused in these words,
// and nothing has reached the address since: each answer to a dead mailbox would say it again.
func (tx *tx) saidFailed(ws model.WorkspaceID, ticket model.TicketID, to, reason string) (bool, error) {
	return value[bool](tx, `
		select exists (
			select 1
			from events e
			where e.workspace_id = ?1 and e.ticket_id = ?2 and e.what = 'mail failed' and e.from_value = ?3 and e.to_value = ?4
				and not exists (
					select 1
					from outbox o
					where o.ticket_id = e.ticket_id and o.to_address = e.from_value and o.state = 'sent' and o.finished_at > e.at
				)
		)`, ws, ticket, to, reason)
}

// RetryMail puts a failed mail of a workspace back into the queue. One to an erased person has no address
// any more.
func (db *DB) RetryMail(ctx context.Context, ws model.WorkspaceID, id model.MailID) error {
	return db.update(ctx, func(tx *tx) error {
		tx.touched.mail = true
		return must(tx.exec(`
			update outbox set state = 'waiting', attempts = 0, next_try_at = ?, finished_at = null
			where workspace_id = ? and id = ? and (state = 'failed' and kind <> 'erased' or state = 'waiting')`, millis(tx.now), ws, id))
	})
}

// OutboxPage is one page of the outbox, newest first.
type OutboxPage struct {
	Mails []OutboxMail
	Older model.MailID // where the next page begins; 0: this is the last
}

const outboxPageSize = 50

// Outbox returns a page of a workspace's mail, older than a given one; 0 for the newest.
func (db *DB) Outbox(ctx context.Context, ws model.WorkspaceID, before model.MailID) (OutboxPage, error) {
	if before == 0 {
		before = 1<<63 - 1
	}
	list, err := all(db.reader(ctx), intoOutboxMail, `
		select `+outboxColumns+`
		from outbox o left join tickets t on t.id = o.ticket_id
		where o.workspace_id = ? and o.id < ?
		order by o.workspace_id desc, o.id desc
		limit ?`, ws, before, outboxPageSize+1)
	page := OutboxPage{Mails: list}
	if len(list) > outboxPageSize {
		page.Mails = list[:outboxPageSize]
		page.Older = page.Mails[outboxPageSize-1].ID
	}
	return page, err
}

// OutboxMail returns one mail of a workspace with what it is made of.
func (db *DB) OutboxMail(ctx context.Context, ws model.WorkspaceID, id model.MailID) (OutboxMail, model.Letter, error) {
	q := db.reader(ctx)
	m, err := outboxMail(q, id)
	if err == nil && m.Workspace != ws {
		err = model.Fail(model.NotFound, "There is nothing at this address.")
	}
	if err != nil {
		return m, model.Letter{}, err
	}
	l, err := letter(q, m)
	return m, l, err
}

// Letter returns what a claimed mail is made of.
func (db *DB) Letter(ctx context.Context, m OutboxMail) (model.Letter, error) {
	return letter(db.reader(ctx), m)
}

func letter(q querier, m OutboxMail) (model.Letter, error) {
	var openedOn string
	var stillOurs bool
	var ticketID model.TicketID
	var messageID model.MessageID
	var customerID model.CustomerID
	into := func(l *model.Letter) []any {
		return []any{&l.To, &l.Language, &l.MessageRef, &l.MailRoot, &l.Link, &l.Unsubscribe, &l.Login, &l.MemberLink, &customerID, &l.Confirmed, &l.AddedBy, &l.ToMember,
			&openedOn, &stillOurs, &ticketID, &messageID, &l.Number, &l.Ref, &l.Title, &l.ProjectID, &l.ProjectName,
			&l.Author, &l.Team, &l.HasMessage, &l.Text.Source, &l.Text.HTML, at(&l.CreatedAt)}
	}
	l, err := one(q, into, `
		select o.to_address, coalesce(nullif(o.language, ''), nullif(r.language, ''), t.language, ''), o.message_ref, coalesce(r.mail_root, ''), coalesce(r.link_id, ''), coalesce(r.unsubscribe_id, ''), coalesce(o.login_id, ''), coalesce(o.member_link, ''), coalesce(o.customer_id, 0),
			coalesce(c.confirmed_at is not null, 0), coalesce(r.added_by, k.made_by, ''), o.member_id is not null,
			coalesce(t.host, n.host, ''), exists (
				select 1 from page_domains d where d.workspace_id = o.workspace_id and d.host = coalesce(t.host, n.host)),
			coalesce(t.id, 0), coalesce(m.id, 0), coalesce(t.number, 0), coalesce(t.ref, ''), coalesce(t.title, ''), coalesce(p.public_id, ''), coalesce(p.name, ''),
			coalesce(m.author_name, t.reporter_name, ''), m.member_id is not null, m.id is not null,
			coalesce(m.body, t.description, ''), coalesce(m.body_html, t.description_html, ''), o.created_at
		from outbox o
		left join tickets t on t.id = o.ticket_id
		left join projects p on p.id = t.project_id
		left join messages m on m.id = o.message_id
		left join recipients r on r.id = o.recipient_id
		left join customers c on c.id = coalesce(r.customer_id, o.customer_id)
		left join logins n on n.id = o.login_id
		left join member_links k on k.id = o.member_link
		where o.id = ?`, m.ID)
	if err != nil {
		return l, err
	}
	l.Kind, l.ToMember = m.Kind, l.ToMember || m.Kind.OfAccount()
	if l.Workspace, err = workspace(q, m.Workspace); err != nil {
		return l, err
	}
	l.Host = model.Origin(openedOn, stillOurs, l.Workspace.PrimaryHost)
	if l.Files, err = filesOf(q, m.Workspace, ticketID, messageID); err != nil {
		return l, err
	}
	switch l.Kind {
	case model.MailNewTicket:
		l.Answers, err = publicAnswers(q, m.Workspace, ticketID)
	case model.MailAssigned:
		l.AssignedBy, err = assigner(q, m.Workspace, ticketID, millis(l.CreatedAt))
	case model.MailLinks:
		l.Tickets, err = linksOf(q, l.Workspace, customerID)
	}
	return l, err
}

// unsentMails returns the mails of a ticket that the team should know of.
func unsentMails(q querier, ws model.WorkspaceID, ticket model.TicketID) ([]OutboxMail, error) {
	return all(q, intoOutboxMail, `
		select `+outboxColumns+`
		from outbox o join tickets t on t.id = o.ticket_id
		where o.ticket_id = ? and o.workspace_id = ?
			and (o.state in ('failed', 'held') or o.state = 'waiting' and o.attempts > 0)
		order by o.ticket_id, o.id
		limit 50`, ticket, ws)
}

// MailKept is how long a finished mail stays in the outbox.
const MailKept = 30 * 24 * time.Hour

// SweepMail removes mails that were finished more than MailKept ago, at most 1,000 at a time, and
// returns how many. A mail to an erased person is not kept for longer, sent or not.
func (db *DB) SweepMail(ctx context.Context) (int, error) {
	var n int64
	err := db.update(ctx, func(tx *tx) (err error) {
		if err := tx.sweepErased(tx.now.Add(-MailKept)); err != nil {
			return err
		}
		n, err = tx.exec(`
			delete from outbox
			where id in (
				select id from outbox
				where finished_at is not null and finished_at < ?
				order by finished_at
				limit 1000
			)`, millis(tx.now.Add(-MailKept)))
		return err
	})
	return int(n), err
}
