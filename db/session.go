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
			insert into sessions (hash, workspace_id, member_id, customer_id, flash, browser, created_at, last_seen_at, expires_at)
			values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			s.Hash, s.Workspace, orNull(s.Member), orNull(s.Customer), s.Flash, s.Browser,
			millis(tx.now), millis(tx.now), millis(tx.now.Add(SessionIdle)))
		return err
	})
}

// Session returns a session that has not ended, or NotFound.
func (db *DB) Session(ctx context.Context, hash string) (model.Session, error) {
	return one(db.reader(ctx), intoSession, `
		select `+sessionColumns+`
		from sessions
		where hash = ? and expires_at > ?`, hash, millis(db.timeOf(ctx)))
}

const sessionColumns = `hash, workspace_id, member_id, customer_id, flash, browser, created_at, last_seen_at, expires_at`

func intoSession(s *model.Session) []any {
	return []any{&s.Hash, &s.Workspace, opt(&s.Member), opt(&s.Customer), &s.Flash, &s.Browser,
		at(&s.CreatedAt), at(&s.LastSeenAt), at(&s.ExpiresAt)}
}

// Sessions returns where the person of a session is signed in, last used first.
func (db *DB) Sessions(ctx context.Context, of model.Session) ([]model.Session, error) {
	whose, id := sessionOwner(of)
	return all(db.reader(ctx), intoSession, `
		select `+sessionColumns+`
		from sessions
		where workspace_id = ? and `+whose+` and expires_at > ?
		order by last_seen_at desc, created_at desc
		limit 200`, of.Workspace, id, millis(db.timeOf(ctx)))
}

// sessionOwner names the column and the id of whose session it is.
func sessionOwner(s model.Session) (whose string, id int64) {
	if s.Member != 0 {
		return `member_id = ?`, int64(s.Member)
	}
	return `customer_id = ?`, int64(s.Customer)
}

// EndOneSession ends one session of the same person. One that has ended is fine.
func (db *DB) EndOneSession(ctx context.Context, of model.Session, hash string) error {
	return db.endSessions(ctx, of, ` and hash = ?`, hash)
}

// EndOtherSessions ends all sessions of the same person but this one.
func (db *DB) EndOtherSessions(ctx context.Context, of model.Session) error {
	return db.endSessions(ctx, of, ` and hash <> ?`, of.Hash)
}

func (db *DB) endSessions(ctx context.Context, of model.Session, which, hash string) error {
	whose, id := sessionOwner(of)
	return db.update(ctx, func(tx *tx) error {
		_, err := tx.exec(`delete from sessions where workspace_id = ? and `+whose+which, of.Workspace, id, hash)
		return err
	})
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
