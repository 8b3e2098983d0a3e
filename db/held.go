package db

import (
	"context"

	"deskbell/db/model"
)

// Sizes of the pages in which a customer's data is read: a page is in memory at once, and a text has up to
// 40 KB with its HTML.
const (
	heldTickets  = 20
	heldMessages = 50
	mostHeld     = 1000 // of what is about no ticket
)

// HeldData returns what is held about a customer besides their tickets.
func (db *DB) HeldData(ctx context.Context, ws model.WorkspaceID, id model.CustomerID) (model.HeldData, error) {
	q := db.reader(ctx)
	held, err := one(q, func(h *model.HeldData) []any {
		return []any{address{shown: &h.Email}, &h.Name, at(&h.KnownSince), at(&h.ConfirmedAt), at(&h.ErasureAt)}
	}, `
		select c.email, c.name, c.created_at, c.confirmed_at, e.asked_at
		from customers c left join erasures e on e.workspace_id = c.workspace_id and e.customer_id = c.id
		where c.workspace_id = ? and c.id = ? and c.erased_at is null`, ws, id)
	if err != nil {
		return held, err
	}
	for _, read := range []func() error{
		func() (err error) { held.Sessions, err = heldSessions(q, ws, id); return },
		func() (err error) { held.Logins, err = heldLogins(q, ws, held.Email); return },
		func() (err error) {
			held.Identities, err = heldIdentities(q, ws, id, held.Email, millis(db.timeOf(ctx)))
			return
		},
		func() (err error) { held.IntakeLinks, err = heldIntakeLinks(q, ws, id); return },
		func() (err error) { held.Waiting, err = heldUploads(q, ws, id); return },
		func() (err error) { held.Mails, err = heldMails(q, ws, id); return },
	} {
		if err := read(); err != nil {
			return held, err
		}
	}
	return held, nil
}

func heldSessions(q querier, ws model.WorkspaceID, id model.CustomerID) ([]model.HeldSession, error) {
	return all(q, func(s *model.HeldSession) []any { return []any{&s.Browser, at(&s.Since), at(&s.LastSeen), at(&s.Ends)} }, `
		select browser, created_at, last_seen_at, expires_at
		from sessions
		where workspace_id = ? and customer_id = ?
		limit ?`, ws, id, mostHeld)
}

func heldLogins(q querier, ws model.WorkspaceID, email string) ([]model.HeldLogin, error) {
	return all(q, func(l *model.HeldLogin) []any { return []any{at(&l.AskedAt), at(&l.UsedAt)} }, `
		select created_at, used_at
		from logins
		where workspace_id = ? and email = ?
		limit ?`, ws, email, mostHeld)
}

// heldIdentities returns who a customer is elsewhere, and the sign-ins that last at this moment: of the same
// person there, or with the customer's address.
func heldIdentities(q querier, ws model.WorkspaceID, id model.CustomerID, email string, now int64) ([]model.HeldIdentity, error) {
	into := func(i *model.HeldIdentity) []any {
		return []any{&i.Provider, &i.Subject, &i.Name, &i.Avatar, at(&i.Ends)}
	}
	return all(q, into, `
		select provider, subject, '', null, null
		from customer_identities
		where workspace_id = ?1 and customer_id = ?2
		union all
		select provider, subject, name, avatar, expires_at
		from identities
		where workspace_id = ?1 and expires_at > ?4 and (email <> '' and email = ?3 or (provider, subject) in (
			select provider, subject from customer_identities where workspace_id = ?1 and customer_id = ?2))
		limit ?5`, ws, id, email, now, mostHeld)
}

func heldIntakeLinks(q querier, ws model.WorkspaceID, id model.CustomerID) ([]model.HeldIntakeLink, error) {
	into := func(l *model.HeldIntakeLink) []any {
		return []any{&l.Project, at(&l.MadeAt), at(&l.Ends), at(&l.UsedAt)}
	}
	return all(q, into, `
		select p.name, l.created_at, coalesce(l.revoked_at, l.expires_at), l.used_at
		from intake_links l cross join projects p on p.id = l.project_id
		where l.workspace_id = ? and l.customer_id = ?
		order by l.created_at, l.id
		limit ?`, ws, id, mostHeld)
}

func heldUploads(q querier, ws model.WorkspaceID, id model.CustomerID) ([]model.HeldUpload, error) {
	return all(q, func(u *model.HeldUpload) []any { return []any{&u.Name, at(&u.At), at(&u.Ends)} }, `
		select name, created_at, expires_at
		from uploads
		where workspace_id = ? and customer_id = ?
		limit ?`, ws, id, mostHeld)
}

func intoHeldMail(m *model.HeldMail) []any {
	return []any{&m.Kind, &m.State, at(&m.At), at(&m.SentAt)}
}

const heldMailColumns = `
	o.kind, o.state, o.created_at, case o.state when 'sent' then o.finished_at end`

// heldMails returns the mails to a customer about no one ticket.
func heldMails(q querier, ws model.WorkspaceID, id model.CustomerID) ([]model.HeldMail, error) {
	return all(q, intoHeldMail, `
		select `+heldMailColumns+`
		from outbox o
		where o.workspace_id = ?1 and o.customer_id = ?2
		union all
		select `+heldMailColumns+`
		from logins l cross join outbox o on o.login_id = l.id
		where l.workspace_id = ?1 and l.customer_id = ?2
		limit ?3`, ws, id, mostHeld)
}

// HeldTickets returns the next tickets of a customer after one of them, 0 for the first: those that they
// opened, receive, or wrote in.
func (db *DB) HeldTickets(ctx context.Context, ws model.WorkspaceID, id model.CustomerID, after model.TicketID) ([]model.HeldTicket, error) {
	q := db.reader(ctx)
	into := func(t *model.HeldTicket) []any {
		return []any{&t.ID, &t.Ref, &t.Project, &t.Title, &t.Opener, &t.OpenedByMe, at(&t.OpenedAt), publicState{&t.State},
			at(&t.LastActivityAt), &t.Recipient, at(&t.UnsubscribedAt), &t.Description.Source, &t.Description.HTML}
	}
	list, err := all(q, into, heldTicketsQuery, ws, id, after, heldTickets)
	for i := range list {
		t := &list[i]
		t.Receives = t.Recipient != 0
		if err == nil && t.Receives {
			t.Mails, err = ticketMails(q, t.Recipient)
		}
		if err == nil && t.Title != "" {
			t.Answers, err = publicAnswers(q, ws, t.ID)
		}
		if err != nil {
			return nil, err
		}
	}
	return list, err
}

const heldTicketsQuery = `
	with mine as (
		select ticket_id as id from recipients where workspace_id = ?1 and customer_id = ?2 and ticket_id > ?3
		union
		select id from tickets where workspace_id = ?1 and reporter_id = ?2 and id > ?3
		union
		select ticket_id from messages where workspace_id = ?1 and customer_id = ?2 and ticket_id > ?3
		order by 1
		limit ?4
	)
	select t.id, t.ref, p.name,
		case when r.id is not null or t.reporter_id = ?2 then t.title else '' end, t.reporter_name, t.reporter_id = ?2, t.created_at,
		t.category, t.last_activity_at, coalesce(r.id, 0), r.unsubscribed_at,
		case when r.id is not null or t.reporter_id = ?2 then t.description else '' end,
		case when r.id is not null or t.reporter_id = ?2 then t.description_html else '' end
	from mine
	cross join tickets t on t.id = mine.id
	join projects p on p.id = t.project_id
	left join recipients r on r.ticket_id = t.id and r.customer_id = ?2
	order by t.id`

func ticketMails(q querier, r model.RecipientID) ([]model.HeldMail, error) {
	return all(q, intoHeldMail, `
		select `+heldMailColumns+`
		from outbox o
		where o.recipient_id = ?
		order by o.id
		limit ?`, r, mostHeld)
}

// HeldMessages returns the next public messages of such a ticket after a version: all for a recipient, their
// own for anybody else.
func (db *DB) HeldMessages(ctx context.Context, ws model.WorkspaceID, id model.CustomerID, t model.HeldTicket, after int64) ([]model.HeldMessage, error) {
	into := func(m *model.HeldMessage) []any {
		return []any{&m.Version, &m.Author, &m.Team, &m.Mine, &m.Text.Source, &m.Text.HTML, at(&m.At)}
	}
	return all(db.reader(ctx), into, `
		select public_version, author_name, member_id is not null, coalesce(customer_id = ?1, 0), body, body_html, created_at
		from messages
		where workspace_id = ?2 and ticket_id = ?3 and kind = 'message' and public_version > ?4 and (?5 or customer_id = ?1)
		order by public_version
		limit ?6`, id, ws, t.ID, after, t.Receives, heldMessages)
}

// HeldFiles returns the files of such a ticket: of the description and of public messages for a recipient,
// their own for anybody else (G8).
func (db *DB) HeldFiles(ctx context.Context, ws model.WorkspaceID, id model.CustomerID, t model.HeldTicket) ([]model.HeldFile, error) {
	into := func(f *model.HeldFile) []any {
		return []any{&f.Version, &f.Ref, &f.Name, &f.Type.Media, &f.Type.Ext, &f.Bytes, at(&f.At), at(&f.RemovedAt), opt(&f.File)}
	}
	return all(db.reader(ctx), into, `
		select coalesce(m.public_version, 0), a.ref, a.name, a.media_type, a.extension, a.bytes, a.created_at, a.removed_at, a.file
		from attachments a left join messages m on m.workspace_id = a.workspace_id and m.id = a.message_id
		where a.workspace_id = ?1 and a.ticket_id = ?2 and (a.message_id is null and (?3 or ?4) or m.kind = 'message' and (?3 or m.customer_id = ?5))
		order by a.id
		limit ?6`, ws, t.ID, t.Receives, t.OpenedByMe, id, maxAttachments)
}
