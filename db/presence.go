package db

import (
	"context"
	"time"

	"deskbell/db/model"
)

// How long a page that was open counts as open, and a keystroke as writing. A page asks more often.
const (
	presentFor = 45 * time.Second
	writingFor = 60 * time.Second
)

// SeeTicket records that a member has a ticket's page open.
func (db *DB) SeeTicket(ctx context.Context, by model.Member, ticket model.TicketID) error {
	return db.update(ctx, func(tx *tx) error { return tx.present(by, ticket, false) })
}

// present records who is where, and sweeps what no longer says anything: at most one row goes for each member
// and ticket of the last minutes.
func (tx *tx) present(by model.Member, ticket model.TicketID, typing bool) error {
	if _, err := tx.exec(`
		delete from presence where seen_at < ?`, millis(tx.now.Add(-2*writingFor))); err != nil {
		return err
	}
	var typed any
	if typing {
		typed = millis(tx.now)
	}
	_, err := tx.exec(`
		insert into presence (workspace_id, ticket_id, member_id, seen_at, typed_at)
		values (?, ?, ?, ?, ?)
		on conflict (ticket_id, member_id) do update
		set seen_at = excluded.seen_at, typed_at = coalesce(excluded.typed_at, typed_at)`,
		by.WorkspaceID, ticket, by.ID, millis(tx.now), typed)
	return err
}

// colleagues returns the other members who are at a ticket now, by name.
func colleagues(q querier, me model.Member, ticket model.TicketID, now time.Time) ([]model.Colleague, error) {
	into := func(c *model.Colleague) []any { return []any{&c.Name, &c.Writing} }
	return all(q, into, `
		select m.name, coalesce(p.typed_at, 0) > ?
		from presence p join members m on m.id = p.member_id
		where p.workspace_id = ? and p.ticket_id = ? and p.member_id <> ? and p.seen_at > ?
		order by m.name
		limit 20`, millis(now.Add(-writingFor)), me.WorkspaceID, ticket, me.ID, millis(now.Add(-presentFor)))
}

// TicketMark is how far a ticket has come, and who is at it: when it is equal, a page shows nothing old.
type TicketMark struct {
	Ticket     model.TicketID
	Entry      model.MessageID // the newest message or note; 0: none
	Event      int64           // the newest line of the timeline
	Colleagues []model.Colleague
}

// TicketMark returns how far a ticket has come for a member, or NotFound.
func (db *DB) TicketMark(ctx context.Context, by model.Member, number int64) (TicketMark, error) {
	q := db.reader(ctx)
	into := func(m *TicketMark) []any { return []any{&m.Ticket, &m.Entry, &m.Event} }
	mark, err := one(q, into, `
		select t.id,
			coalesce((select max(id) from messages where ticket_id = t.id), 0),
			coalesce((select max(id) from events where ticket_id = t.id), 0)
		from tickets t
		where t.workspace_id = ? and t.number = ?`, by.WorkspaceID, number)
	if err != nil {
		return mark, err
	}
	mark.Colleagues, err = colleagues(q, by, mark.Ticket, db.timeOf(ctx))
	return mark, err
}

// crossed fails with Conflict where somebody else has written a public message since an event that the
// writer's page showed. For 0 nobody said what it showed.
func (tx *tx) crossed(by model.Member, ticket model.TicketID, seen int64) error {
	if seen == 0 {
		return nil
	}
	who, err := value[string](tx, `
		select actor_name
		from events
		where workspace_id = ? and ticket_id = ? and id > ? and what = 'message' and coalesce(member_id, 0) <> ?
		order by id desc
		limit 1`, by.WorkspaceID, ticket, seen, by.ID)
	switch {
	case model.KindOf(err) == model.NotFound:
		return nil
	case err != nil:
		return err
	}
	return &model.Error{Kind: model.Conflict, Message: who + " answered meanwhile."}
}
