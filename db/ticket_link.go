package db

import (
	"context"
	"fmt"
	"slices"

	"deskbell/db/model"
)

func intoTicketLine(l *model.TicketLine) []any { return []any{&l.Number, &l.Title, &l.Status} }

// related returns the tickets that a ticket is linked to, by number, 100 at most.
func related(q querier, ws model.WorkspaceID, ticket model.TicketID) ([]model.TicketLine, error) {
	return all(q, intoTicketLine, `
		select t.number, t.title, s.name
		from (
			select other_id as id from ticket_links where workspace_id = ?1 and ticket_id = ?2
			union all
			select ticket_id from ticket_links where workspace_id = ?1 and other_id = ?2
		) l
		join tickets t on t.id = l.id
		join statuses s on s.id = t.status_id
		order by t.number
		limit 100`, ws, ticket)
}

// maxOthers is how many other tickets of a reporter stand beside one.
const maxOthers = 5

// others returns the newest other tickets of a ticket's reporter, by activity. Somebody who has been erased has
// none: what is left of them is nobody's.
func others(q querier, ws model.WorkspaceID, t model.Ticket) ([]model.TicketLine, error) {
	if t.ReporterEmail == "" {
		return nil, nil
	}
	return all(q, intoTicketLine, `
		select t.number, t.title, s.name
		from tickets t join statuses s on s.id = t.status_id
		where t.workspace_id = ? and t.reporter_id = ? and t.id <> ?
		order by t.last_activity_at desc, t.number desc
		limit ?`, ws, t.Reporter, t.ID, maxOthers)
}

// LikelyDuplicates returns a ticket and those that it may be a duplicate of: the newest of its reporter, and those
// that it is linked to. One that was merged fails with Conflict.
func (db *DB) LikelyDuplicates(ctx context.Context, ws model.WorkspaceID, number int64) (model.Ticket, []model.TicketLine, error) {
	q := db.reader(ctx)
	t, err := ticket(q, ws, number)
	if err == nil {
		err = live(t)
	}
	if err != nil {
		return t, nil, err
	}
	list, err := others(q, ws, t)
	if err != nil {
		return t, nil, err
	}
	linked, err := related(q, ws, t.ID)
	for _, l := range linked {
		if !slices.Contains(list, l) {
			list = append(list, l)
		}
	}
	return t, list, err
}

// LinkTickets says that two tickets belong together, with an event on both. Doing it twice changes nothing. A
// number that no other ticket has fails with Invalid.
func (db *DB) LinkTickets(ctx context.Context, by model.Member, number, other int64) error {
	return db.update(ctx, func(tx *tx) error {
		a, b, err := tx.pair(by.WorkspaceID, number, other)
		if err != nil {
			return err
		}
		n, err := tx.exec(`
			insert into ticket_links (workspace_id, ticket_id, other_id, created_at)
			values (?, ?, ?, ?)
			on conflict (ticket_id, other_id) do nothing`, by.WorkspaceID, min(a, b), max(a, b), millis(tx.now))
		if err != nil || n == 0 {
			return err
		}
		if err := tx.event(by.WorkspaceID, a, byMember(by), model.EventLinked, "", fmt.Sprint("#", other)); err != nil {
			return err
		}
		return tx.event(by.WorkspaceID, b, byMember(by), model.EventLinked, "", fmt.Sprint("#", number))
	})
}

// UnlinkTickets ends what LinkTickets said, with an event on both. Doing it twice changes nothing.
func (db *DB) UnlinkTickets(ctx context.Context, by model.Member, number, other int64) error {
	return db.update(ctx, func(tx *tx) error {
		a, b, err := tx.pair(by.WorkspaceID, number, other)
		if err != nil {
			return err
		}
		n, err := tx.exec(`
			delete from ticket_links where workspace_id = ? and ticket_id = ? and other_id = ?`, by.WorkspaceID, min(a, b), max(a, b))
		if err != nil || n == 0 {
			return err
		}
		if err := tx.event(by.WorkspaceID, a, byMember(by), model.EventUnlinked, fmt.Sprint("#", other), ""); err != nil {
			return err
		}
		return tx.event(by.WorkspaceID, b, byMember(by), model.EventUnlinked, fmt.Sprint("#", number), "")
	})
}

// pair returns the ids of two tickets: NotFound where the first is none, Conflict where it was merged, Invalid
// where the other is none, was merged, or is the same.
func (tx *tx) pair(ws model.WorkspaceID, number, other int64) (a, b model.TicketID, err error) {
	first, err := tx.live(ws, number)
	if err != nil {
		return a, b, err
	}
	second, err := ticket(tx, ws, other)
	a, b = first.ID, second.ID
	switch {
	case err == nil && second.MergedInto != 0:
		err = model.FieldErrors{{Field: "other", Message: fmt.Sprintf("#%d was merged. Enter #%d, which it was merged into.", other, second.MergedInto)}}.Err()
	case model.KindOf(err) == model.NotFound:
		err = model.FieldErrors{{Field: "other", Message: fmt.Sprintf("There is no ticket #%d. Enter the number of another one.", other)}}.Err()
	case err == nil && a == b:
		err = model.FieldErrors{{Field: "other", Message: "This is the ticket itself. Enter the number of another one."}}.Err()
	}
	return a, b, err
}
