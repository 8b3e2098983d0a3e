package db

import (
	"context"
	"time"

	"deskbell/db/model"
)

// ChangeMember sets what an admin may say of a member: name, role, and mail about new tickets. The last
// admin stays one: else it fails with Invalid.
func (db *DB) ChangeMember(ctx context.Context, m model.Member) error {
	if err := model.CheckMemberName(m.Name); err != nil {
		return err
	}
	return db.update(ctx, func(tx *tx) error {
		if m.Role != model.Admin {
			if err := tx.keepAnAdmin(m.WorkspaceID, m.ID, "role"); err != nil {
				return err
			}
		}
		before, err := member(tx, m.WorkspaceID, m.ID)
		if err != nil {
			return err
		}
		if err := must(tx.exec(`
			update members set name = ?, role = ?, new_ticket_mail = ?
			where workspace_id = ? and id = ? and left_at is null`, m.Name, m.Role, m.NewTicketMail, m.WorkspaceID, m.ID)); err != nil {
			return err
		}
		return tx.auditChanges(m.WorkspaceID, model.AuditLine{
			Subject: model.AuditMember, What: "member changed", About: before.Name, Changes: before.ChangesTo(m),
		})
	})
}

// keepAnAdmin fails with Invalid at a field where nobody but this member could change the settings.
func (tx *tx) keepAnAdmin(ws model.WorkspaceID, id model.MemberID, field string) error {
	others, err := value[bool](tx, `
		select exists (select 1 from members where workspace_id = ? and role = 'admin' and left_at is null and id <> ?)`, ws, id)
	if err != nil || others {
		return err
	}
	return model.FieldErrors{{Field: field, Message: "This is the last admin. Make somebody else an admin first."}}.Err()
}

// RemoveMember takes a person out of the team: they are signed out at once, their open tickets are
// nobody's, and their drafts, mail that waits for them and views of their own are dropped. What they wrote
// keeps their name.
func (db *DB) RemoveMember(ctx context.Context, by model.Member, id model.MemberID) error {
	return db.update(ctx, func(tx *tx) error {
		if err := tx.keepAnAdmin(by.WorkspaceID, id, "member"); err != nil {
			return err
		}
		if err := must(tx.exec(`
			update members set left_at = ?, new_ticket_mail = 0
			where workspace_id = ? and id = ? and left_at is null`, millis(tx.now), by.WorkspaceID, id)); err != nil {
			return err
		}
		for _, sql := range []string{
			`delete from sessions where workspace_id = ? and member_id = ?`,
			`delete from member_links where workspace_id = ? and member_id = ?`,
			`delete from saved_views where workspace_id = ? and member_id = ? and not shared`,
			`delete from drafts where workspace_id = ? and member_id = ?`,
			`delete from presence where workspace_id = ? and member_id = ?`,
			`delete from outbox where workspace_id = ? and member_id = ? and state in ('waiting', 'held')`,
		} {
			if _, err := tx.exec(sql, by.WorkspaceID, id); err != nil {
				return err
			}
		}
		if err := tx.unassign(by, id); err != nil {
			return err
		}
		m, err := member(tx, by.WorkspaceID, id)
		if err != nil {
			return err
		}
		tx.as(by)
		return tx.audit(by.WorkspaceID, model.AuditLine{Subject: model.AuditMember, What: "member removed", About: m.Name})
	})
}

// unassign makes a member's open tickets nobody's, with an event each.
func (tx *tx) unassign(by model.Member, id model.MemberID) error {
	if _, err := tx.exec(`
		insert into events (workspace_id, ticket_id, what, actor_kind, member_id, actor_name, from_value, to_value, at)
		select t.workspace_id, t.id, ?, ?, ?, ?, m.name, '', ?
		from tickets t join members m on m.id = t.assignee_id
		where t.workspace_id = ? and t.assignee_id = ? and t.category <> 'closed'`,
		model.EventAssignee, model.ByMember, by.ID, by.Name, millis(tx.now), by.WorkspaceID, id); err != nil {
		return err
	}
	_, err := tx.exec(`
		update tickets set assignee_id = null
		where workspace_id = ? and assignee_id = ? and category <> 'closed'`, by.WorkspaceID, id)
	return err
}

// MemberLinkLife is how long somebody has to use a link.
const MemberLinkLife = 7 * 24 * time.Hour

// MemberLink lets one person join a team, or set a new password.
type MemberLink struct {
	ID        model.LinkID
	Workspace model.WorkspaceID
	Member    model.MemberID // 0: somebody new
	Email     string
	Name      string
	Role      model.Role
	MadeBy    string // empty: made on the server itself
	ExpiresAt time.Time
	Mail      model.MailKind // what takes a new link to its address; "": nothing does
}

const memberLinkColumns = `id, workspace_id, member_id, email, name, role, made_by, expires_at`

func intoMemberLink(l *MemberLink) []any {
	return []any{&l.ID, &l.Workspace, opt(&l.Member), &l.Email, &l.Name, &l.Role, &l.MadeBy, at(&l.ExpiresAt)}
}

// MemberLinks returns a workspace's links that can still be used, newest first, without those that members
// asked for themselves.
func (db *DB) MemberLinks(ctx context.Context, ws model.WorkspaceID) ([]MemberLink, error) {
	return all(db.reader(ctx), intoMemberLink, `
		select `+memberLinkColumns+`
		from member_links
		where workspace_id = ? and expires_at > ? and asked = 0
		order by created_at desc
		limit 200`, ws, millis(db.timeOf(ctx)))
}

// MemberLink returns a link that can still be used, or NotFound.
func (db *DB) MemberLink(ctx context.Context, id model.LinkID) (MemberLink, error) {
	return memberLink(db.reader(ctx), id, db.timeOf(ctx))
}

func memberLink(q querier, id model.LinkID, now time.Time) (MemberLink, error) {
	return one(q, intoMemberLink, `
		select `+memberLinkColumns+`
		from member_links
		where id = ? and expires_at > ?`, id, millis(now))
}

// Invite makes a link by which the owner of an address joins a team, in place of an earlier one. Who left
// the team comes back by it. An address that belongs to somebody else's account fails with Invalid.
func (db *DB) Invite(ctx context.Context, l MemberLink) (model.LinkID, error) {
	return l.ID, db.update(ctx, func(tx *tx) error {
		m, err := one(tx, intoMember, `select `+memberColumns+` from members where email = ?`, l.Email)
		known := err == nil
		if err != nil && model.KindOf(err) != model.NotFound {
			return err
		}
		switch {
		case known && m.WorkspaceID != l.Workspace:
			return model.FieldErrors{{Field: "email", Message: "This address signs in to another workspace of this server already. Use another one."}}.Err()
		case known && m.LeftAt.IsZero():
			return model.FieldErrors{{Field: "email", Message: m.Name + " belongs to the team with this address already."}}.Err()
		case known:
			l.Member = m.ID
		}
		if err := tx.memberLink(l); err != nil {
			return err
		}
		return tx.audit(l.Workspace, model.AuditLine{
			Subject: model.AuditMember, What: "member invited", About: l.Name, Changes: model.Changed(nil, "Role", "", string(l.Role)),
		})
	})
}

// PasswordLink makes a link by which a member sets a new password, in place of an earlier one.
func (db *DB) PasswordLink(ctx context.Context, by model.Member, id model.MemberID) (model.LinkID, error) {
	link := model.LinkID(model.RandomID())
	return link, db.update(ctx, func(tx *tx) error {
		m, err := member(tx, by.WorkspaceID, id)
		if err == nil && !m.LeftAt.IsZero() {
			err = model.Fail(model.NotFound, "This person has left the team. Invite them again to bring them back.")
		}
		if err != nil {
			return err
		}
		if err := tx.memberLink(MemberLink{ID: link, Workspace: m.WorkspaceID, Member: m.ID, Email: m.Email, Name: m.Name, Role: m.Role, MadeBy: by.Name}); err != nil {
			return err
		}
		tx.as(by)
		return tx.audit(m.WorkspaceID, model.AuditLine{Subject: model.AuditMember, What: "link for a new password made", About: m.Name})
	})
}

func (tx *tx) memberLink(l MemberLink) error {
	if _, err := tx.exec(`delete from member_links where email = ?`, l.Email); err != nil {
		return err
	}
	asked, life := l.Mail == model.MailPassword, MemberLinkLife
	if asked {
		life = PasswordLinkLife
	}
	if _, err := tx.exec(`
		insert into member_links (id, workspace_id, member_id, email, name, role, made_by, asked, created_at, expires_at)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, l.ID, l.Workspace, orNull(l.Member), l.Email, l.Name, l.Role, l.MadeBy, asked,
		millis(tx.now), millis(tx.now.Add(life))); err != nil || l.Mail == "" {
		return err
	}
	return tx.mail(l.Workspace, newMail{Kind: l.Mail, Link: l.ID, To: l.Email})
}

// WithdrawMemberLink ends a link. Doing it twice is fine.
func (db *DB) WithdrawMemberLink(ctx context.Context, ws model.WorkspaceID, id model.LinkID) error {
	return db.update(ctx, func(tx *tx) error {
		name, err := value[string](tx, `
			delete from member_links
			where workspace_id = ? and id = ?
			returning name`, ws, id)
		if model.KindOf(err) == model.NotFound {
			return nil
		}
		if err != nil {
			return err
		}
		return tx.audit(ws, model.AuditLine{Subject: model.AuditMember, What: "member’s link withdrawn", About: name})
	})
}

// UseMemberLink lets somebody in by a link, with the password of this hash, and removes the link. Name is
// theirs to choose. All their sessions end (P4).
func (db *DB) UseMemberLink(ctx context.Context, id model.LinkID, name, hash string) (model.Member, error) {
	var m model.Member
	if err := model.CheckMemberName(name); err != nil {
		return m, err
	}
	err := db.update(ctx, func(tx *tx) error {
		l, err := memberLink(tx, id, tx.now)
		if err != nil {
			return err
		}
		if _, err := tx.exec(`delete from member_links where id = ?`, id); err != nil {
			return err
		}
		m = model.Member{ID: l.Member, WorkspaceID: l.Workspace, Email: l.Email, Name: name, Role: l.Role}
		if l.Member == 0 {
			if m, err = tx.createMember(m, hash); err != nil {
				return err
			}
			tx.as(m)
			return tx.audit(l.Workspace, model.AuditLine{Subject: model.AuditMember, What: "joined by a link", About: m.Name})
		}
		if err := must(tx.exec(`
			update members set password_hash = ?, name = ?, left_at = null, role = iif(left_at is null, role, ?)
			where workspace_id = ? and id = ?`, hash, name, l.Role, l.Workspace, l.Member)); err != nil {
			return err
		}
		if _, err = tx.exec(`delete from sessions where workspace_id = ? and member_id = ?`, l.Workspace, l.Member); err != nil {
			return err
		}
		if err := tx.mail(l.Workspace, newMail{Kind: model.MailPasswordChanged, To: l.Email}); err != nil {
			return err
		}
		tx.as(m)
		return tx.audit(l.Workspace, model.AuditLine{Subject: model.AuditMember, What: "new password set by a link", About: m.Name})
	})
	return m, err
}
