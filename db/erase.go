package db

import (
	"context"
	"strings"

	"deskbell/db/model"
)

// eraseBatch bounds how many rows of one kind a step of an erasure changes, and with it how long other
// writes wait for it: some milliseconds.
const eraseBatch = 50

// eraser erases one customer, a batch a transaction. What it has done belongs to the nameless customer
// afterwards, so that a step finds what is left by asking what still belongs to the person, and the person's
// row cannot go while anything does.
type eraser struct {
	ws       model.WorkspaceID
	customer model.CustomerID
	email    string
	tell     bool
	nobody   model.CustomerID // the nameless customer
}

func intoEraser(e *eraser) []any { return []any{&e.ws, &e.customer, &e.email, &e.tell} }

// Erase takes a step of the oldest erasure that an admin has confirmed, and returns how much it changed: 0
// when there is nothing left to do. Where it ended before its last step, the next call goes on.
func (db *DB) Erase(ctx context.Context) (int, error) {
	e, err := one(db.reader(ctx), intoEraser, `
		select workspace_id, customer_id, email, tell
		from erasures
		where begun_at is not null
		order by begun_at, id
		limit 1`)
	if model.KindOf(err) == model.NotFound {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	changed := 0
	err = db.update(ctx, func(tx *tx) (err error) {
		changed, err = e.own(tx)
		return err
	})
	if changed > 0 || err != nil {
		return changed, err
	}
	left, err := mentions(db.reader(ctx), e.ws, e.email)
	if err != nil {
		return 0, err
	}
	if len(left) > 0 {
		return len(left), db.update(ctx, func(tx *tx) error { return e.redact(tx, left) })
	}
	return 1, db.update(ctx, func(tx *tx) error { return e.finish(tx) })
}

// ownErasers erase what belongs to the person, in this order.
var ownErasers = []func(eraser, *tx) (int, error){
	eraser.recipients, eraser.messages, eraser.tickets, eraser.events, eraser.uploads,
}

// own does the first thing that is left.
func (e eraser) own(tx *tx) (n int, err error) {
	tx.doomed = true
	if e.nobody, err = tx.nobody(e.ws); err != nil {
		return 0, err
	}
	for _, erase := range ownErasers {
		if n, err = erase(e, tx); n > 0 || err != nil {
			return n, err
		}
	}
	return 0, nil
}

// nobody returns the customer to whom everything erased belongs, made where there is none yet.
func (tx *tx) nobody(ws model.WorkspaceID) (model.CustomerID, error) {
	return value[model.CustomerID](tx, `
		insert into customers (workspace_id, email, name, confirmed_at, created_at, erased_at) values (?1, '', ?2, ?3, ?3, ?3)
		on conflict (workspace_id, email) do update set erased_at = erased_at
		returning id`, ws, model.ErasedPerson, millis(tx.now))
}

// recipients ends the thread links; the mail that goes by them, sent or not, goes with them.
func (e eraser) recipients(tx *tx) (int, error) {
	links, err := all(tx, func(l *model.LinkID) []any { return []any{l} }, `
		delete from recipients
		where id in (select id from recipients where workspace_id = ? and customer_id = ? limit ?)
		returning link_id`, e.ws, e.customer, eraseBatch)
	for _, link := range links {
		tx.lost(e.ws, link)
	}
	return len(links), err
}

// piece is a message or a ticket.
type piece struct {
	id     int64
	ticket model.TicketID
}

func intoPiece(p *piece) []any { return []any{&p.id, &p.ticket} }

func (e eraser) messages(tx *tx) (int, error) {
	text := model.ErasedText()
	list, err := all(tx, intoPiece, `
		select id, ticket_id
		from messages
		where workspace_id = ? and customer_id = ?
		limit ?`, e.ws, e.customer, eraseBatch)
	for _, m := range list {
		if err := e.files(tx, m.ticket, m.id); err != nil {
			return 0, err
		}
		if _, err := tx.exec(`
			update messages set customer_id = ?, author_name = ?, body = ?, body_html = ?, form_key = ?
			where workspace_id = ? and id = ?`,
			e.nobody, model.ErasedPerson, text.Source, text.HTML, model.RandomID(), e.ws, m.id); err != nil {
			return 0, err
		}
		if err := tx.redrawn(e.ws, m.ticket); err != nil {
			return 0, err
		}
	}
	return len(list), err
}

func (e eraser) tickets(tx *tx) (int, error) {
	text := model.ErasedText()
	list, err := all(tx, intoPiece, `
		select 0, id
		from tickets
		where workspace_id = ? and reporter_id = ?
		limit ?`, e.ws, e.customer, eraseBatch)
	for _, t := range list {
		if err := e.files(tx, t.ticket, 0); err != nil {
			return 0, err
		}
		// Internal answers are the template's own defaults.
		if _, err := tx.exec(`
			delete from ticket_answers where workspace_id = ? and ticket_id = ? and internal = 0`, e.ws, t.ticket); err != nil {
			return 0, err
		}
		if _, err := tx.exec(`
			update events set from_value = '', to_value = ''
			where workspace_id = ? and ticket_id = ? and what = 'field'`, e.ws, t.ticket); err != nil {
			return 0, err
		}
		if _, err := tx.exec(`
			update tickets set reporter_id = ?, reporter_name = ?, signed_in_by = '', title = ?, description = ?, description_html = ?, submission = ''
			where workspace_id = ? and id = ?`,
			e.nobody, model.ErasedPerson, model.ErasedTitle, text.Source, text.HTML, e.ws, t.ticket); err != nil {
			return 0, err
		}
		if err := tx.redrawn(e.ws, t.ticket); err != nil {
			return 0, err
		}
		if err := tx.redrawnInto(e.ws, t.ticket); err != nil {
			return 0, err
		}
	}
	return len(list), err
}

// redrawnInto is redrawn for the ticket into which one was merged, which shows its title and answers.
func (tx *tx) redrawnInto(ws model.WorkspaceID, id model.TicketID) error {
	into, err := value[model.TicketID](tx, `
		select into_id from merges where workspace_id = ? and ticket_id = ?`, ws, id)
	if model.KindOf(err) == model.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	return tx.redrawn(ws, into)
}

// files erases the files of a message, or of a ticket's description for message 0, and their names in the
// timeline. A job removes the bytes.
func (e eraser) files(tx *tx, ticket model.TicketID, message int64) error {
	type file struct {
		id   int64
		name string
	}
	list, err := all(tx, func(f *file) []any { return []any{&f.id, &f.name} }, `
		select id, name
		from attachments
		where workspace_id = ? and ticket_id = ? and coalesce(message_id, 0) = ?`, e.ws, ticket, message)
	for _, f := range list {
		if _, err := tx.exec(`
			update events set from_value = ?
			where workspace_id = ? and ticket_id = ? and what = 'attachment removed' and from_value = ?`,
			model.ErasedFile, e.ws, ticket, f.name); err != nil {
			return err
		}
		if _, err := tx.exec(`
			update attachments
			set file = null, removed_at = coalesce(removed_at, ?), name = ?, sha256 = ?, width = 0, height = 0
			where workspace_id = ? and id = ?`,
			millis(tx.now), model.ErasedFile, strings.Repeat("0", 64), e.ws, f.id); err != nil {
			return err
		}
	}
	return err
}

// redrawn records that a thread is no longer as it was, and is nothing new to anybody who has seen it.
func (tx *tx) redrawn(ws model.WorkspaceID, id model.TicketID) error {
	if _, err := tx.exec(`
		update recipients set seen_version = seen_version + 1
		where workspace_id = ?1 and ticket_id = ?2
			and seen_version = (select public_version from tickets where workspace_id = ?1 and id = ?2)`, ws, id); err != nil {
		return err
	}
	return tx.shownChange(ws, id)
}
