package db

import (
	"context"

	"deskbell/db/model"
)

const memberColumns = `id, workspace_id, email, name, role, new_ticket_mail, assigned_mail, reply_mail, reopened_mail, codes_since, left_at`

func intoMember(m *model.Member) []any {
	return []any{&m.ID, &m.WorkspaceID, &m.Email, &m.Name, &m.Role, &m.NewTicketMail,
		&m.AssignedMail, &m.ReplyMail, &m.ReopenedMail, at(&m.CodesSince), at(&m.LeftAt)}
}

func member(q querier, ws model.WorkspaceID, id model.MemberID) (model.Member, error) {
	return one(q, intoMember, `
		select `+memberColumns+` from members where workspace_id = ? and id = ?`, ws, id)
}

// Member returns a workspace's member by id.
func (db *DB) Member(ctx context.Context, ws model.WorkspaceID, id model.MemberID) (model.Member, error) {
	return member(db.reader(ctx), ws, id)
}

// Members returns a workspace's team by name.
func (db *DB) Members(ctx context.Context, ws model.WorkspaceID) ([]model.Member, error) {
	return members(db.reader(ctx), ws)
}

// members returns a workspace's team by name.
func members(q querier, ws model.WorkspaceID) ([]model.Member, error) {
	return all(q, intoMember, `
		select `+memberColumns+`
		from members
		where workspace_id = ? and left_at is null
		order by name, id
		limit 500`, ws)
}

// MemberSecret returns the member with this address, of whatever workspace, and the password's
// hash; NotFound where nobody has the address.
func (db *DB) MemberSecret(ctx context.Context, email string) (model.Member, string, error) {
	type row struct {
		member model.Member
		hash   string
	}
	r, err := one(db.reader(ctx), func(r *row) []any { return append(intoMember(&r.member), &r.hash) }, `
		select `+memberColumns+`, password_hash from members where email = ? and left_at is null`, email)
	return r.member, r.hash, err
}

// CreateMember adds a person to a team. An address that any member has fails with Conflict.
func (db *DB) CreateMember(ctx context.Context, m model.Member, passwordHash string) (model.Member, error) {
	err := db.update(ctx, func(tx *tx) (err error) {
		m, err = tx.createMember(m, passwordHash)
		return err
	})
	return m, err
}

func (tx *tx) createMember(m model.Member, passwordHash string) (model.Member, error) {
	id, err := tx.insert(`
		insert into members (workspace_id, email, name, role, password_hash, new_ticket_mail, created_at)
		values (?, ?, ?, ?, ?, ?, ?)`,
		m.WorkspaceID, m.Email, m.Name, m.Role, passwordHash, m.NewTicketMail, millis(tx.now))
	m.ID = model.MemberID(id)
	return m, err
}

// NewTeam is the first workspace of an installation with its project and its first admin (O4).
type NewTeam struct {
	Workspace NewWorkspace
	Project   NewProject
	Admin     model.Member
	Password  string // its hash
}

// CreateTeam makes the first workspace. Once there is one, it fails with Gone.
func (db *DB) CreateTeam(ctx context.Context, in NewTeam) (model.Member, error) {
	var admin model.Member
	err := db.update(ctx, func(tx *tx) error {
		taken, err := value[bool](tx, `select exists (select 1 from workspaces)`)
		if err != nil {
			return err
		}
		if taken {
			return model.Fail(model.Gone, "Deskbell is set up already. Sign in to the desk.")
		}
		ws, err := tx.createWorkspace(in.Workspace)
		if err != nil {
			return err
		}
		if _, err := tx.createProject(ws.ID, in.Project); err != nil {
			return err
		}
		in.Admin.WorkspaceID = ws.ID
		admin, err = tx.createMember(in.Admin, in.Password)
		return err
	})
	return admin, err
}

// IsEmpty says whether there is no workspace yet.
func (db *DB) IsEmpty(ctx context.Context) (bool, error) {
	taken, err := value[bool](db.reader(ctx), `select exists (select 1 from workspaces)`)
	return !taken, err
}
