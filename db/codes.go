package db

import (
	"context"

	"deskbell/db/model"
)

// BeginCodes keeps a member's new secret, sealed, until a code confirms it. While codes are on it fails
// with Conflict.
func (db *DB) BeginCodes(ctx context.Context, m model.Member, sealed string) error {
	return db.update(ctx, func(tx *tx) error {
		n, err := tx.exec(`
			update members set code_secret = ?, code_step = 0
			where workspace_id = ? and id = ? and codes_since is null`, sealed, m.WorkspaceID, m.ID)
		if err == nil && n == 0 {
			err = model.Fail(model.Conflict, "Sign-in codes are on already. Turn them off first to use another device.")
		}
		return err
	})
}

// CodeSecret returns a member's sealed secret, confirmed or not; "" without one.
func (db *DB) CodeSecret(ctx context.Context, m model.Member) (string, error) {
	return value[string](db.reader(ctx), `
		select code_secret from members where workspace_id = ? and id = ?`, m.WorkspaceID, m.ID)
}

// ConfirmCodes turns a member's codes on, with the step of the code that proved the secret, and keeps the
// hashes of their recovery codes. A secret that was replaced meanwhile, or confirmed, fails with Conflict.
func (db *DB) ConfirmCodes(ctx context.Context, m model.Member, sealed string, step int64, recovery []string) error {
	return db.update(ctx, func(tx *tx) error {
		n, err := tx.exec(`
			update members set codes_since = ?, code_step = ?
			where workspace_id = ? and id = ? and codes_since is null and code_secret = ?`, millis(tx.now), step, m.WorkspaceID, m.ID, sealed)
		if err == nil && n == 0 {
			err = model.Fail(model.Conflict, "The set-up has changed in another window. Open the page again.")
		}
		if err != nil {
			return err
		}
		tx.as(m)
		if err := tx.audit(m.WorkspaceID, model.AuditLine{Subject: model.AuditMember, What: "sign-in codes turned on", About: m.Name}); err != nil {
			return err
		}
		return tx.setRecoveryCodes(m, recovery)
	})
}

// SetRecoveryCodes replaces a member's recovery codes.
func (db *DB) SetRecoveryCodes(ctx context.Context, m model.Member, hashes []string) error {
	return db.update(ctx, func(tx *tx) error { return tx.setRecoveryCodes(m, hashes) })
}

func (tx *tx) setRecoveryCodes(m model.Member, hashes []string) error {
	if _, err := tx.exec(`delete from recovery_codes where workspace_id = ? and member_id = ?`, m.WorkspaceID, m.ID); err != nil {
		return err
	}
	for _, h := range hashes {
		if _, err := tx.exec(`
			insert into recovery_codes (workspace_id, member_id, hash) values (?, ?, ?)`, m.WorkspaceID, m.ID, h); err != nil {
			return err
		}
	}
	return nil
}

// RecoveryCodes returns the hashes of a member's recovery codes that are not used.
func (db *DB) RecoveryCodes(ctx context.Context, m model.Member) ([]string, error) {
	return all(db.reader(ctx), func(h *string) []any { return []any{h} }, `
		select hash from recovery_codes where workspace_id = ? and member_id = ? order by hash`, m.WorkspaceID, m.ID)
}

// EndCodes turns a member's codes off, and ends their recovery codes. Doing it twice is fine.
func (db *DB) EndCodes(ctx context.Context, ws model.WorkspaceID, id model.MemberID) error {
	return db.update(ctx, func(tx *tx) error {
		for _, sql := range []string{
			`update members set code_secret = '', codes_since = null, code_step = 0 where workspace_id = ? and id = ?`,
			`delete from recovery_codes where workspace_id = ? and member_id = ?`,
			`delete from second_steps where workspace_id = ? and member_id = ?`,
		} {
			if _, err := tx.exec(sql, ws, id); err != nil {
				return err
			}
		}
		m, err := member(tx, ws, id)
		if err != nil {
			return err
		}
		return tx.audit(ws, model.AuditLine{Subject: model.AuditMember, What: "sign-in codes turned off", About: m.Name})
	})
}

// RequireCodes says whether all members of a workspace must sign in with a code.
func (db *DB) RequireCodes(ctx context.Context, ws model.WorkspaceID, on bool) error {
	return db.update(ctx, func(tx *tx) error {
		return tx.setting(ws, model.AuditMember, "rules for members changed",
			`update workspaces set require_codes = ?, version = version + 1 where id = ?`, on, ws)
	})
}
