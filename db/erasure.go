package db

import (
	"context"
	"fmt"

	"deskbell/db/model"
)

// AskErasure records that a customer wants to be erased. Asking twice is fine: the first time counts.
func (db *DB) AskErasure(ctx context.Context, ws model.WorkspaceID, id model.CustomerID) error {
	return db.update(ctx, func(tx *tx) error {
		if _, err := customer(tx, ws, id); err != nil {
			return err
		}
		_, err := tx.exec(`
			insert into erasures (workspace_id, customer_id, asked_at) values (?, ?, ?)
			on conflict (workspace_id, customer_id) do nothing`, ws, id, millis(tx.now))
		return err
	})
}

// WithdrawErasure takes a customer's wish back, unless an admin has confirmed it already. Where there is
// none, that is fine too.
func (db *DB) WithdrawErasure(ctx context.Context, ws model.WorkspaceID, id model.CustomerID) error {
	return db.update(ctx, func(tx *tx) error {
		_, err := tx.exec(`
			delete from erasures
			where workspace_id = ? and customer_id = ? and begun_at is null`, ws, id)
		return err
	})
}

const erasureColumns = `e.customer_id, c.email, c.name, e.asked_at, e.begun_at`

func intoErasure(e *model.Erasure) []any {
	return []any{&e.Customer, address{shown: &e.Email}, &e.Name, at(&e.AskedAt), at(&e.BegunAt)}
}

// Erasure returns the wish of a customer, zero where there is none.
func (db *DB) Erasure(ctx context.Context, ws model.WorkspaceID, id model.CustomerID) (model.Erasure, error) {
	e, err := one(db.reader(ctx), intoErasure, `
		select `+erasureColumns+`
		from erasures e join customers c on c.id = e.customer_id
		where e.workspace_id = ? and e.customer_id = ?`, ws, id)
	if model.KindOf(err) == model.NotFound {
		return model.Erasure{}, nil
	}
	return e, err
}

// MostErasures bounds the list of a workspace's erasures: the oldest wishes are shown.
const MostErasures = 200

// Erasures returns what customers of a workspace asked for and what is being done, the oldest wish first.
func (db *DB) Erasures(ctx context.Context, ws model.WorkspaceID) ([]model.Erasure, error) {
	return all(db.reader(ctx), intoErasure, `
		select `+erasureColumns+`
		from erasures e join customers c on c.id = e.customer_id
		where e.workspace_id = ?
		order by e.asked_at, e.id
		limit ?`, ws, MostErasures)
}

// Audit returns the newest 50 lines of who erased somebody, newest first.
func (db *DB) Audit(ctx context.Context, ws model.WorkspaceID) ([]model.AuditLine, error) {
	return all(db.reader(ctx), func(l *model.AuditLine) []any { return []any{&l.Actor, at(&l.At)} }, `
		select actor_name, at
		from audit
		where workspace_id = ?
		order by id desc
		limit 50`, ws)
}

// Footprint counts what is held about a customer.
func (db *DB) Footprint(ctx context.Context, ws model.WorkspaceID, id model.CustomerID) (model.Footprint, error) {
	q, f := db.reader(ctx), model.Footprint{}
	count := func(n *int, query string) func() error {
		return func() (err error) { *n, err = value[int](q, query, ws, id); return }
	}
	for _, read := range []func() error{
		count(&f.Tickets, `select count(*) from tickets where workspace_id = ? and reporter_id = ?`),
		count(&f.Recipient, `select count(*) from recipients where workspace_id = ? and customer_id = ?`),
		count(&f.Messages, `select count(*) from messages where workspace_id = ? and customer_id = ?`),
		count(&f.Sessions, `select count(*) from sessions where workspace_id = ? and customer_id = ?`),
		count(&f.Identities, `select count(*) from customer_identities where workspace_id = ? and customer_id = ?`),
		count(&f.Links, `select count(*) from intake_links where workspace_id = ? and customer_id = ?`),
		count(&f.Waiting, `select count(*) from uploads where workspace_id = ? and customer_id = ?`),
		count(&f.Answers, `
			select count(*)
			from tickets t join ticket_answers a on a.workspace_id = t.workspace_id and a.ticket_id = t.id and a.internal = 0
			where t.workspace_id = ? and t.reporter_id = ?`),
		count(&f.TeamAnswer, `
			select count(*)
			from tickets t join messages m on m.ticket_id = t.id and m.member_id is not null
			where t.workspace_id = ? and t.reporter_id = ?`),
		count(&f.Logins, `
			select count(*)
			from customers c join logins l on l.workspace_id = c.workspace_id and l.email = c.email
			where c.workspace_id = ? and c.id = ?`),
		func() error { return readFiles(q, ws, id, &f) },
		func() error { return readMails(q, ws, id, &f) },
	} {
		if err := read(); err != nil {
			return f, err
		}
	}
	return f, nil
}

func readFiles(q querier, ws model.WorkspaceID, id model.CustomerID, f *model.Footprint) error {
	sum, err := one(q, func(u *model.StorageUse) []any { return []any{&u.Files, &u.Bytes} }, `
		select count(*), coalesce(sum(bytes), 0)
		from (
			select a.bytes
			from tickets t join attachments a on a.workspace_id = t.workspace_id and a.ticket_id = t.id
			where t.workspace_id = ?1 and t.reporter_id = ?2 and a.message_id is null and a.file is not null
			union all
			select a.bytes
			from messages m join attachments a on a.workspace_id = m.workspace_id and a.message_id = m.id
			where m.workspace_id = ?1 and m.customer_id = ?2 and a.file is not null
		)`, ws, id)
	f.Files, f.FileBytes = sum.Files, sum.Bytes
	return err
}

func readMails(q querier, ws model.WorkspaceID, id model.CustomerID, f *model.Footprint) (err error) {
	f.Mails, err = value[int](q, `
		select (select count(*) from recipients r join outbox o on o.recipient_id = r.id where r.workspace_id = ?1 and r.customer_id = ?2)
			+ (select count(*) from outbox where workspace_id = ?1 and customer_id = ?2)
			+ (select count(*) from logins l join outbox o on o.login_id = l.id where l.workspace_id = ?1 and l.customer_id = ?2)`, ws, id)
	return err
}

// BeginErasure has a customer erased, by the word of an admin who has typed the address, or the name of
// somebody who has none: Invalid for anything else. From here on the person cannot sign in, no link of theirs
// opens anything, no mail goes to them, and the address is free for somebody new; a job does the rest in steps
// that no other write waits for.
func (db *DB) BeginErasure(ctx context.Context, by model.Member, id model.CustomerID, typed string) error {
	return db.update(ctx, func(tx *tx) error {
		ws := by.WorkspaceID
		c, err := customer(tx, ws, id)
		if err != nil {
			return err
		}
		if err := model.CheckErasure(typed, c.Email, c.Name); err != nil {
			return err
		}
		if _, err := tx.exec(`
			insert into erasures (workspace_id, customer_id, begun_at, email, tell) values (?1, ?2, ?3, ?4, ?5)
			on conflict (workspace_id, customer_id) do update set begun_at = ?3, email = ?4, tell = ?5`,
			ws, id, millis(tx.now), c.address, !c.ConfirmedAt.IsZero()); err != nil {
			return err
		}
		// Confirmed from now on, so that nothing drops the tickets of somebody who never was (B10).
		if _, err := tx.exec(`
			update customers
			set email = ?, name = ?, name_key = '', erased_at = ?, confirmed_at = coalesce(confirmed_at, ?)
			where workspace_id = ? and id = ?`,
			fmt.Sprintf("erased-%d", id), model.ErasedPerson, millis(tx.now), millis(tx.now), ws, id); err != nil {
			return err
		}
		if err := tx.lockOut(ws, id, c.address); err != nil {
			return err
		}
		tx.doomed = true // wakes the job
		return tx.audit(by, "customer erased")
	})
}

// lockOut ends every way in that a customer has besides their thread links, and forgets what was counted for
// their address. What is asked for with it from now on is somebody new's.
func (tx *tx) lockOut(ws model.WorkspaceID, id model.CustomerID, email string) error {
	if _, err := tx.exec(`
		delete from identities
		where workspace_id = ?1 and (email = ?3 or (provider, subject) in (
			select provider, subject from customer_identities where workspace_id = ?1 and customer_id = ?2))`,
		ws, id, email); err != nil {
		return err
	}
	for _, del := range []struct {
		query string
		whose any
	}{
		{`delete from sessions where workspace_id = ? and customer_id = ?`, id},
		{`delete from intake_links where workspace_id = ? and customer_id = ?`, id},
		{`delete from customer_identities where workspace_id = ? and customer_id = ?`, id},
		{`delete from logins where workspace_id = ? and email = ?`, email},
		{`delete from link_requests where workspace_id = ? and email = ?`, email},
	} {
		if _, err := tx.exec(del.query, ws, del.whose); err != nil {
			return err
		}
	}
	return tx.forgetCounters(ws, email)
}

// audit records what an admin did to the workspace as a whole.
func (tx *tx) audit(by model.Member, what string) error {
	_, err := tx.insert(`
		insert into audit (workspace_id, what, member_id, actor_name, at)
		values (?, ?, ?, ?, ?)`, by.WorkspaceID, what, by.ID, by.Name, millis(tx.now))
	return err
}
