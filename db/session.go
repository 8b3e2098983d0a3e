package db

import (
	"context"
	"time"

	"deskbell/db/model"
)

// Lives of a session: it ends when it is not used, and in any case.
const (
	SessionIdle = 14 * 24 * time.Hour
	SessionLife = 90 * 24 * time.Hour
)

// CreateSession signs somebody in. It ends the session that the browser had before, so that an id
// from before a sign-in is worth nothing after it (P4).
func (db *DB) CreateSession(ctx context.Context, s model.Session, replaces string) error {
	return db.update(ctx, func(tx *tx) error {
		if _, err := tx.exec(`delete from sessions where hash = ?`, replaces); err != nil {
			return err
		}
		_, err := tx.exec(`
			insert into sessions (hash, workspace_id, member_id, customer_id, flash, created_at, last_seen_at, expires_at)
			values (?, ?, ?, ?, ?, ?, ?, ?)`,
			s.Hash, s.Workspace, orNull(s.Member), orNull(s.Customer), s.Flash,
			millis(tx.now), millis(tx.now), millis(tx.now.Add(SessionIdle)))
		return err
	})
}

// Session returns a session that has not ended, or NotFound.
func (db *DB) Session(ctx context.Context, hash string) (model.Session, error) {
	into := func(s *model.Session) []any {
		return []any{&s.Hash, &s.Workspace, opt(&s.Member), opt(&s.Customer), &s.Flash,
			at(&s.CreatedAt), at(&s.LastSeenAt), at(&s.ExpiresAt)}
	}
	return one(db.reader(ctx), into, `
		select hash, workspace_id, member_id, customer_id, flash, created_at, last_seen_at, expires_at
		from sessions
		where hash = ? and expires_at > ?`, hash, millis(db.timeOf(ctx)))
}

// TouchSession records that a session is in use, and prolongs it up to SessionLife.
func (db *DB) TouchSession(ctx context.Context, hash string) error {
	return db.update(ctx, func(tx *tx) error {
		_, err := tx.exec(`
			update sessions set last_seen_at = ?, expires_at = min(?, created_at + ?)
			where hash = ?`, millis(tx.now), millis(tx.now.Add(SessionIdle)), SessionLife.Milliseconds(), hash)
		return err
	})
}

// SetFlash stores the notice for a session's next page; "" takes it away.
func (db *DB) SetFlash(ctx context.Context, hash, notice string) error {
	return db.update(ctx, func(tx *tx) error {
		_, err := tx.exec(`update sessions set flash = ? where hash = ?`, notice, hash)
		return err
	})
}

// EndSession signs this browser out.
func (db *DB) EndSession(ctx context.Context, hash string) error {
	return db.update(ctx, func(tx *tx) error {
		_, err := tx.exec(`delete from sessions where hash = ?`, hash)
		return err
	})
}

// EndCustomerSessions signs a customer out from every device.
func (db *DB) EndCustomerSessions(ctx context.Context, ws model.WorkspaceID, id model.CustomerID) error {
	return db.update(ctx, func(tx *tx) error {
		_, err := tx.exec(`delete from sessions where workspace_id = ? and customer_id = ?`, ws, id)
		return err
	})
}

// SweepSessions removes sessions, logins, sign-ins and identities that have ended.
func (db *DB) SweepSessions(ctx context.Context) error {
	return db.update(ctx, func(tx *tx) error {
		if _, err := tx.exec(`delete from sessions where expires_at < ?`, millis(tx.now)); err != nil {
			return err
		}
		if _, err := tx.exec(`delete from identities where expires_at < ?`, millis(tx.now)); err != nil {
			return err
		}
		if _, err := tx.exec(`delete from sign_ins where expires_at < ?`, millis(tx.now)); err != nil {
			return err
		}
		_, err := tx.exec(`delete from logins where expires_at < ?`, millis(tx.now.Add(-24*time.Hour)))
		return err
	})
}
