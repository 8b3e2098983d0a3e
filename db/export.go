package db

import (
	"context"

	"deskbell/db/model"
)

// exportBatch is how many tickets an export of the whole workspace has in memory at once.
const exportBatch = 20

// ExportTickets returns tickets after a number with all that the desk knows of them, oldest first, and the
// number after which to go on; zero: there are no more.
func (db *DB) ExportTickets(ctx context.Context, ws model.WorkspaceID, after int64) (list []model.ExportedTicket, last int64, err error) {
	q := db.reader(ctx)
	numbers, err := all(q, func(n *int64) []any { return []any{n} }, `
		select number
		from tickets
		where workspace_id = ? and number > ?
		order by number
		limit ?`, ws, after, exportBatch)
	if err != nil || len(numbers) == 0 {
		return nil, 0, err
	}
	for _, number := range numbers {
		t, err := exportTicket(q, ws, number)
		if model.KindOf(err) == model.NotFound {
			continue // deleted since: nothing of it is held
		}
		if err != nil {
			return nil, 0, err
		}
		list = append(list, t)
	}
	return list, numbers[len(numbers)-1], nil
}

func exportTicket(q querier, ws model.WorkspaceID, number int64) (model.ExportedTicket, error) {
	t, err := ticket(q, ws, number)
	if err != nil {
		return model.ExportedTicket{}, err
	}
	out := model.ExportedTicket{Ticket: t}
	for _, read := range []func() error{
		func() (err error) { out.Answers, err = answers(q, ws, t.ID); return },
		func() (err error) { out.Messages, err = exportMessages(q, ws, t.ID); return },
		func() (err error) { out.Files, err = deskAttachments(q, ws, t.ID); return },
		func() (err error) { out.Recipients, err = recipients(q, ws, t); return },
		func() (err error) { out.Events, err = exportEvents(q, ws, t.ID); return },
		func() (err error) { out.Labels, err = ticketLabels(q, ws, t.ID); return },
	} {
		if err := read(); err != nil {
			return out, err
		}
	}
	return out, nil
}

// exportMessages returns every entry of a ticket, notes too. Why no limit: an export that leaves something out
// is none, and one ticket fits into memory.
func exportMessages(q querier, ws model.WorkspaceID, ticket model.TicketID) ([]model.ExportedMessage, error) {
	into := func(m *model.ExportedMessage) []any {
		return []any{&m.ID, &m.Note, &m.Team, &m.Author, &m.Text, at(&m.At)}
	}
	return all(q, into, `
		select id, kind = 'note', member_id is not null, author_name, body, created_at
		from messages
		where workspace_id = ? and ticket_id = ?
		order by ticket_id, id`, ws, ticket)
}

func exportEvents(q querier, ws model.WorkspaceID, ticket model.TicketID) ([]model.Event, error) {
	into := func(e *model.Event) []any {
		return []any{&e.What, &e.ActorKind, &e.Actor, &e.About, &e.From, &e.To, at(&e.At)}
	}
	return all(q, into, `
		select what, actor_kind, actor_name, about, from_value, to_value, at
		from events
		where workspace_id = ? and ticket_id = ?
		order by ticket_id, id`, ws, ticket)
}
