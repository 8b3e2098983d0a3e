package db

import (
	"context"
	"time"

	"deskbell/db/model"
)

// IntakeLink returns a workspace's intake link, or NotFound.
func (db *DB) IntakeLink(ctx context.Context, ws model.WorkspaceID, id model.LinkID) (model.IntakeLink, error) {
	into := func(l *model.IntakeLink) []any {
		return []any{&l.ID, &l.Project, &l.Customer, at(&l.ExpiresAt), at(&l.RevokedAt)}
	}
	return one(db.reader(ctx), into, `
		select id, project_id, customer_id, expires_at, revoked_at
		from intake_links
		where workspace_id = ? and id = ?`, ws, id)
}

// ListedIntakeLink is an intake link in the settings' list.
type ListedIntakeLink struct {
	model.IntakeLink
	ProjectID   string // the project's public id
	ProjectName string
	Email       string
	Name        string
	CreatedBy   string
	CreatedAt   time.Time
	UsedAt      time.Time // zero: nobody has opened a ticket by it
}

// IntakeLinks returns a workspace's newest 200 intake links, or a customer's; 0 is every customer.
func (db *DB) IntakeLinks(ctx context.Context, ws model.WorkspaceID, of model.CustomerID) ([]ListedIntakeLink, error) {
	into := func(l *ListedIntakeLink) []any {
		return []any{&l.ID, &l.Project, &l.Customer, at(&l.ExpiresAt), at(&l.RevokedAt), &l.ProjectID, &l.ProjectName,
			address{shown: &l.Email}, &l.Name, &l.CreatedBy, at(&l.CreatedAt), at(&l.UsedAt)}
	}
	where, args := `l.workspace_id = ?`, []any{ws}
	if of != 0 {
		where, args = where+` and l.customer_id = ?`, append(args, of)
	}
	return all(db.reader(ctx), into, `
		select l.id, l.project_id, l.customer_id, l.expires_at, l.revoked_at, p.public_id, p.name,
			c.email, c.name, m.name, l.created_at, l.used_at
		from intake_links l
		join projects p on p.id = l.project_id
		join customers c on c.id = l.customer_id
		join members m on m.id = l.member_id
		where `+where+`
		order by l.created_at desc, l.id desc
		limit 200`, args...)
}

// NewIntakeLink is what an admin says of a link. Email is clean.
type NewIntakeLink struct {
	ProjectID string // public id
	Email     string
	Name      string
	Life      time.Duration
}

// CreateIntakeLink makes a link for a customer, who is made too where nobody has the address. The
// admin's word for the name counts.
func (db *DB) CreateIntakeLink(ctx context.Context, by model.Member, in NewIntakeLink) (model.LinkID, error) {
	id := model.LinkID(model.RandomID())
	err := db.update(ctx, func(tx *tx) error {
		p, err := project(tx, by.WorkspaceID, in.ProjectID)
		if err != nil {
			return err
		}
		c, err := tx.enrol(by.WorkspaceID, in.Email, in.Name)
		if err != nil {
			return err
		}
		if in.Name != "" {
			if err := tx.nameCustomer(by.WorkspaceID, c.ID, in.Name); err != nil {
				return err
			}
		}
		_, err = tx.exec(`
			insert into intake_links (id, workspace_id, project_id, customer_id, member_id, created_at, expires_at)
			values (?, ?, ?, ?, ?, ?, ?)`,
			id, by.WorkspaceID, p.ID, c.ID, by.ID, millis(tx.now), millis(tx.now.Add(in.Life)))
		return err
	})
	return id, err
}

// RevokeIntakeLink ends a link. Doing it twice is fine.
func (db *DB) RevokeIntakeLink(ctx context.Context, ws model.WorkspaceID, id model.LinkID) error {
	return db.update(ctx, func(tx *tx) error {
		return must(tx.exec(`
			update intake_links set revoked_at = coalesce(revoked_at, ?)
			where workspace_id = ? and id = ?`, millis(tx.now), ws, id))
	})
}

// useIntakeLink checks a link once more where a ticket is about to be made by it, notes its use and
// confirms the customer's address (B10).
func (tx *tx) useIntakeLink(ws model.WorkspaceID, p model.Project, id model.LinkID) (model.CustomerID, error) {
	into := func(l *model.IntakeLink) []any {
		return []any{&l.Project, &l.Customer, at(&l.ExpiresAt), at(&l.RevokedAt)}
	}
	l, err := one(tx, into, `
		update intake_links set used_at = ?
		where workspace_id = ? and id = ?
		returning project_id, customer_id, expires_at, revoked_at`, millis(tx.now), ws, id)
	if err != nil {
		return 0, err
	}
	if err := l.Opens(p, tx.now); err != nil {
		return 0, err
	}
	_, err = tx.confirm(ws, l.Customer)
	return l.Customer, err
}
