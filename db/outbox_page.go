package db

import (
	"context"

	"deskbell/db/model"
)

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
