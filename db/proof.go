package db

import (
	"context"
	"time"

	"deskbell/db/model"
)

// NoteProof keeps the last restore that was found whole (O7).
func (db *DB) NoteProof(ctx context.Context, p model.Proof) error {
	return db.update(ctx, func(tx *tx) error {
		_, err := tx.exec(`
			insert into proven_restore (id, proven_at, source, took_ms, tickets)
			values (1, ?, ?, ?, ?)
			on conflict do update set proven_at = excluded.proven_at, source = excluded.source,
				took_ms = excluded.took_ms, tickets = excluded.tickets`,
			millis(tx.now), p.Source, p.Took.Milliseconds(), p.Tickets)
		return err
	})
}

// Proof returns the last restore that was found whole, NotFound where none was tried.
func (db *DB) Proof(ctx context.Context) (model.Proof, error) {
	type row struct {
		model.Proof
		took int64
	}
	r, err := one(db.reader(ctx), func(r *row) []any { return []any{at(&r.At), &r.Source, &r.took, &r.Tickets} }, `
		select proven_at, source, took_ms, tickets
		from proven_restore
		where id = 1`)
	r.Took = time.Duration(r.took) * time.Millisecond
	return r.Proof, err
}

// CountTickets counts those of all workspaces. It reads a whole index: it is for commands, not for pages.
func (db *DB) CountTickets(ctx context.Context) (int, error) {
	return value[int](db.reader(ctx), `select count(*) from tickets`)
}

// WaitingMail says how many mails of a workspace have to go yet, and since when the oldest waits.
func (db *DB) WaitingMail(ctx context.Context, ws model.WorkspaceID) (n int, since time.Time, err error) {
	type row struct {
		n     int
		since time.Time
	}
	r, err := one(db.reader(ctx), func(r *row) []any { return []any{&r.n, at(&r.since)} }, `
		select count(*), min(created_at)
		from outbox indexed by outbox_due
		where workspace_id = ? and state = 'waiting'`, ws)
	return r.n, r.since, err
}
