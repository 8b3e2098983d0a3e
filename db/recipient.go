package db

import (
	"context"

	"deskbell/db/model"
)

// AddRecipient adds somebody to a ticket's mail by a member's word, and writes them one mail that says
// who did it. It returns the address in its one form, and whether that is news: who is a recipient
// already is left alone and told nothing. A bad address fails with Invalid, as does one too many.
func (db *DB) AddRecipient(ctx context.Context, by model.Member, number int64, in model.NewRecipient) (email string, added bool, err error) {
	if in, err = in.Check(); err != nil {
		return "", false, err
	}
	err = db.update(ctx, func(tx *tx) error {
		ws, err := workspace(tx, by.WorkspaceID)
		if err != nil {
			return err
		}
		t, err := tx.live(ws.ID, number)
		if err != nil {
			return err
		}
		who, err := tx.enrolNamed(ws.ID, in.Email, in.Name)
		if err != nil {
			return err
		}
		if added, err = tx.mayAdd(ws.ID, t.ID, who.ID); err != nil || !added {
			return err
		}
		r, err := tx.addRecipient(ws.ID, t.ID, who.ID, by.Name)
		if err != nil {
			return err
		}
		if err := tx.event(ws.ID, t.ID, byMember(by), model.EventRecipientAdded, "", who.Email); err != nil {
			return err
		}
		return tx.mailFirst(ws, t.ID, r, who, model.MailAdded)
	})
	return in.Email, added, err
}

// enrolNamed is enrol for a name that a member gives: it counts where nobody has given one before.
func (tx *tx) enrolNamed(ws model.WorkspaceID, email, name string) (Customer, error) {
	c, err := tx.enrol(ws, email, name)
	if err != nil || name == "" || c.Name != "" {
		return c, err
	}
	return c, tx.nameCustomer(ws, c.ID, name)
}

// mayAdd says whether a customer is none of a ticket's recipients yet, and fails where it has too many.
func (tx *tx) mayAdd(ws model.WorkspaceID, ticket model.TicketID, who model.CustomerID) (bool, error) {
	type counts struct{ have, same int }
	n, err := one(tx, func(c *counts) []any { return []any{&c.have, &c.same} }, `
		select count(*), coalesce(sum(customer_id = ?), 0)
		from recipients
		where workspace_id = ? and ticket_id = ?`, who, ws, ticket)
	if err != nil || n.same > 0 {
		return false, err
	}
	return true, model.MayAddRecipient(n.have)
}

// addRecipient enrols a customer in a ticket's mail, with a thread link of their own (I5). Nothing of
// the thread counts as seen. By is the name of the member who added them, empty for the reporter.
func (tx *tx) addRecipient(ws model.WorkspaceID, ticket model.TicketID, customer model.CustomerID, by string) (enrolled, error) {
	root := model.RandomID()
	id, err := tx.insert(`
		insert into recipients (workspace_id, ticket_id, customer_id, link_id, unsubscribe_id, mail_root, added_by, created_at)
		values (?, ?, ?, ?, ?, ?, ?, ?)`,
		ws, ticket, customer, model.RandomID(), model.RandomID(), root, by, millis(tx.now))
	return enrolled{model.RecipientID(id), root}, err
}

// enrolled is a recipient who has just been added.
type enrolled struct {
	id   model.RecipientID
	root string // id of the first mail to them, which all others refer to
}

// addReporter is addRecipient for who opens the ticket, and has seen what stands in it.
func (tx *tx) addReporter(ws model.WorkspaceID, ticket model.TicketID, customer model.CustomerID) (enrolled, error) {
	root := model.RandomID()
	id, err := tx.insert(`
		insert into recipients (workspace_id, ticket_id, customer_id, link_id, unsubscribe_id, mail_root, seen_version, created_at)
		select ?1, id, ?3, ?4, ?5, ?6, public_version, ?7
		from tickets
		where workspace_id = ?1 and id = ?2`,
		ws, ticket, customer, model.RandomID(), model.RandomID(), root, millis(tx.now))
	return enrolled{model.RecipientID(id), root}, err
}

// RemoveRecipient ends a recipient's link and their mail, that which waits too. One who is gone
// already is no error; the reporter fails with Conflict.
func (db *DB) RemoveRecipient(ctx context.Context, by model.Member, number int64, id model.RecipientID) error {
	return db.update(ctx, func(tx *tx) error {
		t, r, who, err := recipient(tx, by.WorkspaceID, number, id)
		if model.KindOf(err) == model.NotFound && t.ID != 0 {
			return nil
		}
		if err != nil {
			return err
		}
		if err := model.MayRemoveRecipient(t, who); err != nil {
			return err
		}
		link, err := value[model.LinkID](tx, `
			delete from recipients
			where workspace_id = ? and ticket_id = ? and id = ?
			returning link_id`, by.WorkspaceID, t.ID, id)
		if err != nil {
			return err
		}
		tx.lost(by.WorkspaceID, link)
		return tx.event(by.WorkspaceID, t.ID, byMember(by), model.EventRecipientRemoved, r.Label(), "")
	})
}

// Recipient returns a recipient who can be removed from a ticket, with address and name alone, and the
// ticket's title, or NotFound; the reporter fails with Conflict.
func (db *DB) Recipient(ctx context.Context, ws model.WorkspaceID, number int64, id model.RecipientID) (r model.Recipient, title string, err error) {
	t, r, who, err := recipient(db.reader(ctx), ws, number, id)
	if err == nil {
		err = model.MayRemoveRecipient(t, who)
	}
	return r, t.Title, err
}

// recipient reads a recipient of a ticket; the ticket comes with NotFound too where it is there.
func recipient(q querier, ws model.WorkspaceID, number int64, id model.RecipientID) (model.Ticket, model.Recipient, model.CustomerID, error) {
	t, err := ticket(q, ws, number)
	if err != nil {
		return t, model.Recipient{}, 0, err
	}
	var who model.CustomerID
	r, err := one(q, func(r *model.Recipient) []any { return []any{&r.ID, &who, address{shown: &r.Email}, &r.Name} }, `
		select r.id, c.id, c.email, c.name
		from recipients r join customers c on c.id = r.customer_id
		where r.workspace_id = ? and r.ticket_id = ? and r.id = ?`, ws, t.ID, id)
	return t, r, who, err
}

// recipients returns who is notified about a ticket, the reporter first.
func recipients(q querier, ws model.WorkspaceID, t model.Ticket) ([]model.Recipient, error) {
	into := func(r *model.Recipient) []any {
		return []any{&r.ID, &r.Customer, &r.Link, address{shown: &r.Email}, &r.Name, &r.Reporter, &r.AddedBy, &r.Subscribed, &r.Confirmed, &r.MailFailed}
	}
	return all(q, into, `
		select r.id, c.id, r.link_id, c.email, c.name, c.id = ?, r.added_by, r.unsubscribed_at is null, c.confirmed_at is not null,
			coalesce((
				select case o.state when 'failed' then o.last_error end
				from outbox o
				where o.recipient_id = r.id and o.state in ('failed', 'sent')
				order by o.id desc
				limit 1), '')
		from recipients r join customers c on c.id = r.customer_id
		where r.workspace_id = ? and r.ticket_id = ?
		order by c.id <> ?, r.id
		limit ?`, t.Reporter, ws, t.ID, t.Reporter, model.MaxRecipients)
}

// SetLanguage remembers in which language a recipient reads, for the mail about their ticket.
func (db *DB) SetLanguage(ctx context.Context, ws model.WorkspaceID, r model.Reader, language string) error {
	return db.update(ctx, func(tx *tx) error {
		_, err := tx.exec(`
			update recipients set language = ?
			where workspace_id = ? and id = ? and language <> ?`, language, ws, r.Recipient, language)
		return err
	})
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
