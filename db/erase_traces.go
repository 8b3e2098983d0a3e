package db

import (
	"time"

	"deskbell/db/model"
)

// events takes the person's name from the timeline lines that tell of them.
func (e eraser) events(tx *tx) (int, error) {
	n, err := tx.exec(`
		update events set customer_id = ?, actor_name = ?
		where id in (select id from events where workspace_id = ? and customer_id = ? limit ?)`,
		e.nobody, model.ErasedPerson, e.ws, e.customer, eraseBatch)
	return int(n), err
}

// uploads removes the files that wait in forms which they have not sent.
func (e eraser) uploads(tx *tx) (int, error) {
	n, err := tx.exec(`
		delete from uploads
		where id in (select id from uploads where workspace_id = ? and customer_id = ? limit ?)`,
		e.ws, e.customer, eraseBatch)
	return int(n), err
}

// mention is an event with an address in what it tells.
type mention struct {
	id       int64
	from, to string
}

// mentions finds up to eraseBatch events of anybody that name an address: whose mail failed, for one. It asks
// the indexes of the few events that have an address in them, and returns what they are to tell instead.
func mentions(q querier, ws model.WorkspaceID, email string) ([]mention, error) {
	for after := int64(0); ; {
		list, err := all(q, func(m *mention) []any { return []any{&m.id, &m.from, &m.to} }, mentioned, ws, email, after, eraseBatch)
		if err != nil || len(list) == 0 {
			return nil, err
		}
		after = list[len(list)-1].id
		var found []mention
		for _, m := range list {
			redacted := mention{m.id, model.RedactAddress(m.from, email), model.RedactAddress(m.to, email)}
			if redacted != m { // else it is a longer address
				found = append(found, redacted)
			}
		}
		if len(found) > 0 {
			return found, nil
		}
	}
}

const mentioned = `
	select id, from_value, to_value
	from events
	where id in (
		select id from events where workspace_id = ?1 and instr(from_value, '@') > 0 and instr(lower(from_value), ?2) > 0
		union all
		select id from events where workspace_id = ?1 and instr(to_value, '@') > 0 and instr(lower(to_value), ?2) > 0
	) and id > ?3
	order by id
	limit ?4`

// redact writes what events are to tell instead.
func (e eraser) redact(tx *tx, list []mention) error {
	for _, m := range list {
		if _, err := tx.exec(`
			update events set from_value = ?, to_value = ?
			where workspace_id = ? and id = ?`, m.from, m.to, e.ws, m.id); err != nil {
			return err
		}
	}
	return nil
}

// finish ends an erasure, with a mail to whoever had shown that the address was theirs.
func (e eraser) finish(tx *tx) error {
	if err := must(tx.exec(`
		delete from customers where workspace_id = ? and id = ?`, e.ws, e.customer)); err != nil {
		return err
	}
	if !e.tell {
		return nil
	}
	return tx.mail(e.ws, newMail{Kind: model.MailErased, To: e.email})
}

// forgetErased takes the address out of a mail to an erased person that is finished.
func (tx *tx) forgetErased(id model.MailID) error {
	_, err := tx.exec(`
		update outbox
		set to_address = ?, last_error = case state when 'failed' then 'The mail server did not take it.' else '' end
		where id = ? and kind = 'erased' and finished_at is not null`, model.ErasedPerson, id)
	return err
}

// sweepErased gives up mails to erased persons that could not be sent for as long as mail is kept: their
// address must not wait for a mail server that never comes.
func (tx *tx) sweepErased(before time.Time) error {
	_, err := tx.exec(`
		delete from outbox
		where kind = 'erased' and finished_at is null and created_at < ?`, millis(before))
	return err
}
