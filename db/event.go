package db

import (
	"deskbell/db/model"
)

// event appends a line to a ticket's timeline (M4).
func (tx *tx) event(ws model.WorkspaceID, ticket model.TicketID, by model.Actor, what model.EventKind, from, to string) error {
	_, err := tx.insert(`
		insert into events (workspace_id, ticket_id, what, actor_kind, member_id, customer_id,
			actor_name, from_value, to_value, at)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		ws, ticket, what, by.Kind, orNull(by.Member), orNull(by.Customer), by.Name, from, to, millis(tx.now))
	return err
}

// events returns a ticket's timeline, the newest 500 lines, oldest first.
func events(q querier, ws model.WorkspaceID, ticket model.TicketID) ([]model.Event, error) {
	into := func(e *model.Event) []any {
		return []any{&e.What, &e.ActorKind, &e.Actor, &e.About, &e.From, &e.To, at(&e.At)}
	}
	return all(q, into, `
		select what, actor_kind, actor_name, about, from_value, to_value, at
		from (
			select id, what, actor_kind, actor_name, about, from_value, to_value, at
			from events
			where workspace_id = ? and ticket_id = ?
			order by ticket_id desc, id desc
			limit 500
		)
		order by id`, ws, ticket)
}
