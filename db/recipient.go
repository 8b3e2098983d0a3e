package db

import (
	"context"

	"deskbell/db/model"
)

// addRecipient enrols a customer in a ticket's mail, with a thread link of their own (I5).
func (tx *tx) addRecipient(ws model.WorkspaceID, ticket model.TicketID, customer model.CustomerID) (model.RecipientID, error) {
	id, err := tx.insert(`
		insert into recipients (workspace_id, ticket_id, customer_id, link_id, unsubscribe_id, mail_root, created_at)
		values (?, ?, ?, ?, ?, ?, ?)`,
		ws, ticket, customer, model.RandomID(), model.RandomID(), model.RandomID(), millis(tx.now))
	if err != nil {
		return 0, err
	}
	return model.RecipientID(id), tx.seen(ws, model.Reader{Recipient: model.RecipientID(id), Ticket: ticket})
}

// recipients returns who is notified about a ticket, the reporter first.
func recipients(q querier, ws model.WorkspaceID, t model.Ticket) ([]model.Recipient, error) {
	into := func(r *model.Recipient) []any {
		return []any{address{shown: &r.Email}, &r.Name, &r.Reporter, &r.Subscribed, &r.Confirmed}
	}
	return all(q, into, `
		select c.email, c.name, c.id = ?, r.unsubscribed_at is null, c.confirmed_at is not null
		from recipients r join customers c on c.id = r.customer_id
		where r.workspace_id = ? and r.ticket_id = ?
		order by c.id <> ?, r.id
		limit 200`, t.Reporter, ws, t.ID, t.Reporter)
}

// Unsubscribe stops a ticket's mail to a recipient, that which waits too (L1). Doing it twice is fine.
func (db *DB) Unsubscribe(ctx context.Context, ws model.WorkspaceID, r model.Reader) error {
	return db.update(ctx, func(tx *tx) error {
		n, err := tx.exec(`
			update recipients set unsubscribed_at = ?
			where workspace_id = ? and id = ? and unsubscribed_at is null`, millis(tx.now), ws, r.Recipient)
		return tx.subscription(n, err, ws, r, model.EventUnsubscribed)
	})
}

// Subscribe starts a ticket's mail to a recipient again (L3). Doing it twice is fine.
func (db *DB) Subscribe(ctx context.Context, ws model.WorkspaceID, r model.Reader) error {
	return db.update(ctx, func(tx *tx) error {
		n, err := tx.exec(`
			update recipients set unsubscribed_at = null
			where workspace_id = ? and id = ? and unsubscribed_at is not null`, ws, r.Recipient)
		return tx.subscription(n, err, ws, r, model.EventSubscribed)
	})
}

// subscription adds the event where a row changed.
func (tx *tx) subscription(changed int64, err error, ws model.WorkspaceID, r model.Reader, what model.EventKind) error {
	if err != nil || changed == 0 {
		return err
	}
	by := model.Actor{Kind: model.ByCustomer, Customer: r.Customer, Name: r.Label()}
	return tx.event(ws, r.Ticket, by, what, "", "")
}
