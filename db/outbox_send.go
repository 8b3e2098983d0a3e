package db

import (
	"context"
	"time"

	"deskbell/db/model"
)

// claimLease is how long a claimed mail belongs to the job that claimed it.
const claimLease = 5 * time.Minute

// ClaimMail hands the next due mail to a job, or NotFound. The claim ends after five minutes, so
// that a job that died loses no mail.
func (db *DB) ClaimMail(ctx context.Context) (OutboxMail, error) {
	var claimed OutboxMail
	var none error // outside the transaction: a failing one would not keep what it held back
	err := db.update(ctx, func(tx *tx) error {
		for {
			id, err := tx.claimMail()
			if model.KindOf(err) == model.NotFound {
				none = err
				return nil
			}
			if err != nil {
				return err
			}
			held, err := tx.holdUnsubscribed(id)
			if err != nil {
				return err
			}
			if !held {
				claimed, err = outboxMail(tx, id)
				return err
			}
		}
	})
	if err == nil {
		err = none
	}
	return claimed, err
}

// claimMail takes the mail that is due for longest. One waits while an earlier one to its address about
// its ticket has not gone yet, so that nobody reads an answer before its question.
func (tx *tx) claimMail() (model.MailID, error) {
	return value[model.MailID](tx, `
		update outbox
		set state = 'sending', attempts = attempts + 1, next_try_at = ?
		where id = (
			select o.id from outbox o
			where o.state = 'waiting' and o.next_try_at <= ? and not exists (
				select 1 from outbox e
				where e.ticket_id = o.ticket_id and e.to_address = o.to_address and e.id < o.id and e.state in ('waiting', 'sending'))
			order by o.next_try_at, o.id
			limit 1
		)
		returning id`, millis(tx.now.Add(claimLease)), millis(tx.now))
}

// holdUnsubscribed keeps back a claimed mail whose recipient has unsubscribed while it waited (L1), or is
// being erased, and one whose link has ended.
func (tx *tx) holdUnsubscribed(id model.MailID) (bool, error) {
	n, err := tx.exec(`
		update outbox
		set state = 'held', finished_at = ?1,
			last_error = iif(kind in ('invitation', 'password'), 'Its link has ended.', 'The recipient has unsubscribed.')
		where id = ?2 and (
			kind in ('invitation', 'password') and not exists (
				select 1 from member_links l where l.id = outbox.member_link and l.expires_at > ?1) or
			recipient_id in (
				select r.id
				from recipients r join customers c on c.id = r.customer_id
				where r.id = outbox.recipient_id and (r.unsubscribed_at is not null or c.erased_at is not null))
			or customer_id in (select c.id from customers c where c.id = outbox.customer_id and c.erased_at is not null))`,
		millis(tx.now), id)
	return n > 0, err
}

// ReturnMail hands back mails that were claimed: all of them when nothing sends (at start and at
// stop), else those whose claim has ended. One whose attempts all ended so, as when it ends the
// process each time, is given up (K2). A mail that would wait for longer than any does was written by a clock
// that went wrong: it is due now.
func (db *DB) ReturnMail(ctx context.Context, all bool) error {
	return db.update(ctx, func(tx *tx) error {
		until := millis(tx.now)
		if all {
			until = 1<<63 - 1
		}
		if err := tx.giveUpUnfinished(until); err != nil {
			return err
		}
		n, err := tx.exec(`
			update outbox set state = 'waiting', next_try_at = ?
			where state = 'sending' and (next_try_at <= ? or next_try_at > ?)`, millis(tx.now), until, millis(tx.now.Add(claimLease)))
		if err != nil {
			return err
		}
		early, err := tx.exec(`
			update outbox set next_try_at = ?
			where state = 'waiting' and next_try_at > ?`, millis(tx.now), millis(tx.now.Add(model.MailLongestWait)))
		tx.touched.mail = n+early > 0
		return err
	})
}

func (tx *tx) giveUpUnfinished(until int64) error {
	list, err := all(tx, intoOutboxMail, `
		select `+outboxColumns+`
		from outbox o left join tickets t on t.id = o.ticket_id
		where o.state = 'sending' and o.next_try_at <= ? and o.attempts >= ?
		order by o.id
		limit 100`, until, model.MailAttempts)
	for _, m := range list {
		if err := tx.giveUpMail(m, "Deskbell ended each time before the mail server had answered."); err != nil {
			return err
		}
	}
	return err
}

// MailSent records that the mail server took a mail.
func (db *DB) MailSent(ctx context.Context, id model.MailID) error {
	return db.update(ctx, func(tx *tx) error {
		_, err := tx.exec(`
			update outbox set state = 'sent', last_error = '', finished_at = ?
			where id = ? and state = 'sending'`, millis(tx.now), id)
		if err != nil {
			return err
		}
		return tx.forgetErased(id)
	})
}

// MailRefused records why an attempt failed. A temporary failure is tried again later; a permanent
// one, or the last attempt, gives the mail up, and its ticket says so. A claim that ended, and that
// another job has taken over, changes nothing any more.
func (db *DB) MailRefused(ctx context.Context, m OutboxMail, reason string, permanent bool) error {
	return db.update(ctx, func(tx *tx) error {
		wait, again := model.MailRetry(m.Attempts)
		if again && !permanent {
			_, err := tx.exec(`
				update outbox set state = 'waiting', last_error = ?, next_try_at = ?
				where id = ? and state = 'sending' and attempts = ?`, reason, millis(tx.now.Add(wait)), m.ID, m.Attempts)
			return err
		}
		return tx.giveUpMail(m, reason)
	})
}

// giveUpMail ends a mail that was claimed, and says so in its ticket's timeline.
func (tx *tx) giveUpMail(m OutboxMail, reason string) error {
	n, err := tx.exec(`
		update outbox set state = 'failed', last_error = ?, finished_at = ?
		where id = ? and state = 'sending' and attempts = ?`, reason, millis(tx.now), m.ID, m.Attempts)
	if err == nil && m.Kind == model.MailErased {
		err = tx.forgetErased(m.ID)
	}
	if err != nil || n == 0 || m.Ticket == 0 {
		return err
	}
	t, err := ticket(tx, m.Workspace, m.Ticket)
	if err != nil {
		return err
	}
	said, err := tx.saidFailed(m.Workspace, t.ID, m.To, reason)
	if err != nil || said {
		return err
	}
	return tx.event(m.Workspace, t.ID, bySystem(), model.EventMailFailed, m.To, reason)
}

// saidFailed says whether a ticket's timeline has it already that an address is refused in these words,
// and nothing has reached the address since: each answer to a dead mailbox would say it again.
func (tx *tx) saidFailed(ws model.WorkspaceID, ticket model.TicketID, to, reason string) (bool, error) {
	return value[bool](tx, `
		select exists (
			select 1
			from events e
			where e.workspace_id = ?1 and e.ticket_id = ?2 and e.what = 'mail failed' and e.from_value = ?3 and e.to_value = ?4
				and not exists (
					select 1
					from outbox o
					where o.ticket_id = e.ticket_id and o.to_address = e.from_value and o.state = 'sent' and o.finished_at > e.at
				)
		)`, ws, ticket, to, reason)
}

// MailKept is how long a finished mail stays in the outbox.
const MailKept = 30 * 24 * time.Hour

// SweepMail removes mails that were finished more than MailKept ago, at most 1,000 at a time, and
// returns how many. A mail to an erased person is not kept for longer, sent or not.
func (db *DB) SweepMail(ctx context.Context) (int, error) {
	var n int64
	err := db.update(ctx, func(tx *tx) (err error) {
		if err := tx.sweepErased(tx.now.Add(-MailKept)); err != nil {
			return err
		}
		n, err = tx.exec(`
			delete from outbox
			where id in (
				select id from outbox
				where finished_at is not null and finished_at < ?
				order by finished_at
				limit 1000
			)`, millis(tx.now.Add(-MailKept)))
		return err
	})
	return int(n), err
}
