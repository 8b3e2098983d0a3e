package db

import (
	"context"
	"time"

	"deskbell/db/model"
)

// PasswordLinkLife is how long the link lasts that somebody asked for who has forgotten their password.
const PasswordLinkLife = 20 * time.Minute

// AskPassword records that somebody wants a new password. It looks nobody up, so that it costs the same
// for every address.
func (db *DB) AskPassword(ctx context.Context, email string) error {
	return db.update(ctx, func(tx *tx) error {
		tx.touched.mail = true
		_, err := tx.exec(`insert into password_requests (email, created_at) values (?, ?)`, email, millis(tx.now))
		return err
	})
}

// HandlePasswordRequests finds the members of up to 100 wishes for a new password, and mails them a link
// in place of an earlier one. It removes the wishes.
func (db *DB) HandlePasswordRequests(ctx context.Context) error {
	type asked struct {
		id    int64
		email string
	}
	return db.update(ctx, func(tx *tx) error {
		list, err := all(tx, func(a *asked) []any { return []any{&a.id, &a.email} }, `
			select id, email from password_requests order by id limit 100`)
		for _, a := range list {
			if _, err := tx.exec(`delete from password_requests where id = ?`, a.id); err != nil {
				return err
			}
			if err := tx.mailPassword(a.email); err != nil {
				return err
			}
		}
		return err
	})
}

func (tx *tx) mailPassword(email string) error {
	m, err := one(tx, intoMember, `select `+memberColumns+` from members where email = ? and left_at is null`, email)
	if model.KindOf(err) == model.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	return tx.memberLink(MemberLink{ID: model.LinkID(model.RandomID()), Workspace: m.WorkspaceID, Member: m.ID,
		Email: m.Email, Name: m.Name, Role: m.Role, Mail: model.MailPassword})
}

// SetPassword changes a member's password, ends all their sessions (P4) and tells them by mail. Links that
// would change it again end.
func (db *DB) SetPassword(ctx context.Context, m model.Member, hash string) error {
	return db.update(ctx, func(tx *tx) error {
		if err := must(tx.exec(`
			update members set password_hash = ? where workspace_id = ? and id = ?`, hash, m.WorkspaceID, m.ID)); err != nil {
			return err
		}
		for _, sql := range []string{
			`delete from sessions where workspace_id = ? and member_id = ?`,
			`delete from member_links where workspace_id = ? and member_id = ?`,
		} {
			if _, err := tx.exec(sql, m.WorkspaceID, m.ID); err != nil {
				return err
			}
		}
		tx.as(m)
		if err := tx.audit(m.WorkspaceID, model.AuditLine{Subject: model.AuditMember, What: "password changed", About: m.Name}); err != nil {
			return err
		}
		return tx.mail(m.WorkspaceID, newMail{Kind: model.MailPasswordChanged, To: m.Email})
	})
}
