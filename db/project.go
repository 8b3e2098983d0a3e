package db

import (
	"context"

	"deskbell/db/model"
)

func intoProject(p *model.Project) []any {
	return []any{&p.ID, &p.WorkspaceID, &p.PublicID, &p.Name, &p.Intro, &p.Intake, &p.DefaultType}
}

const projectColumns = `p.id, p.workspace_id, p.public_id, p.name, p.intro, p.intake, p.default_type`

// Project returns a workspace's project by its public id, with its types.
func (db *DB) Project(ctx context.Context, ws model.WorkspaceID, publicID string) (model.Project, error) {
	return project(db.reader(ctx), ws, publicID)
}

func project(q querier, ws model.WorkspaceID, publicID string) (model.Project, error) {
	p, err := one(q, intoProject, `
		select `+projectColumns+`
		from projects p
		where p.workspace_id = ? and p.public_id = ?`, ws, publicID)
	return withTypes(q, p, err)
}

func withTypes(q querier, p model.Project, err error) (model.Project, error) {
	if err == nil {
		p.Types, err = ticketTypes(q, p.WorkspaceID, p.ID)
	}
	return p, err
}

func ticketTypes(q querier, ws model.WorkspaceID, id model.ProjectID) ([]model.TicketType, error) {
	return all(q, func(t *model.TicketType) []any { return []any{&t.Key, &t.Name} }, `
		select key, name
		from ticket_types
		where workspace_id = ? and project_id = ?
		order by position, key
		limit 200`, ws, id)
}

// OpenProjects returns the projects whose form anybody may know of, by name.
func (db *DB) OpenProjects(ctx context.Context, ws model.WorkspaceID) ([]model.Project, error) {
	return all(db.reader(ctx), intoProject, `
		select `+projectColumns+`
		from projects p
		where p.workspace_id = ? and p.intake <> 'hidden'
		order by p.name
		limit 200`, ws)
}

// Projects returns all of a workspace's projects, by name.
func (db *DB) Projects(ctx context.Context, ws model.WorkspaceID) ([]model.Project, error) {
	return all(db.reader(ctx), intoProject, `
		select `+projectColumns+`
		from projects p
		where p.workspace_id = ?
		order by p.name
		limit 200`, ws)
}

// ProjectByID returns a workspace's project by its id, with its types.
func (db *DB) ProjectByID(ctx context.Context, ws model.WorkspaceID, id model.ProjectID) (model.Project, error) {
	return projectByID(db.reader(ctx), ws, id)
}

func projectByID(q querier, ws model.WorkspaceID, id model.ProjectID) (model.Project, error) {
	p, err := one(q, intoProject, `
		select `+projectColumns+`
		from projects p
		where p.workspace_id = ? and p.id = ?`, ws, id)
	return withTypes(q, p, err)
}

// SetProject changes a project's name, intro, intake and default type.
func (db *DB) SetProject(ctx context.Context, p model.Project) error {
	return db.update(ctx, func(tx *tx) (err error) {
		// The schema holds the default type only at the commit, which other people's writes share.
		if p.Types, err = ticketTypes(tx, p.WorkspaceID, p.ID); err != nil {
			return err
		}
		if err := p.Check(); err != nil {
			return err
		}
		before, err := projectByID(tx, p.WorkspaceID, p.ID)
		if err != nil {
			return err
		}
		if err := must(tx.exec(`
			update projects
			set name = ?, intro = ?, intake = ?, default_type = ?
			where workspace_id = ? and id = ?`, p.Name, p.Intro, p.Intake, p.DefaultType, p.WorkspaceID, p.ID)); err != nil {
			return err
		}
		if err := tx.workspaceChanged(p.WorkspaceID); err != nil {
			return err
		}
		return tx.auditChanges(p.WorkspaceID, model.AuditLine{
			Subject: model.AuditProject, What: "project changed", About: before.Name, Changes: before.ChangesTo(p),
		})
	})
}

// NewProject is what a project starts with; its statuses are the standard ones.
type NewProject struct {
	PublicID    string
	Name        string
	Intro       string
	Intake      model.IntakeState
	Types       []model.TicketType // at least one
	DefaultType string             // a key of Types
}

// CreateProject makes a project.
func (db *DB) CreateProject(ctx context.Context, ws model.WorkspaceID, in NewProject) (model.Project, error) {
	var made model.Project
	err := db.update(ctx, func(tx *tx) (err error) {
		if made, err = tx.createProject(ws, in); err != nil {
			return err
		}
		return tx.audit(ws, model.AuditLine{Subject: model.AuditProject, What: "project added", About: in.Name})
	})
	return made, err
}

func (tx *tx) createProject(ws model.WorkspaceID, in NewProject) (model.Project, error) {
	new := model.Project{Name: in.Name, Intro: in.Intro, Intake: in.Intake, Types: in.Types, DefaultType: in.DefaultType}
	if err := new.Check(); err != nil {
		return model.Project{}, err
	}
	id, err := tx.insert(`
		insert into projects (workspace_id, public_id, name, intro, intake, default_type)
		values (?, ?, ?, ?, ?, ?)`, ws, in.PublicID, in.Name, in.Intro, in.Intake, in.DefaultType)
	if err != nil {
		return model.Project{}, err
	}
	for i, t := range in.Types {
		if _, err := tx.exec(`
			insert into ticket_types (workspace_id, project_id, key, name, position)
			values (?, ?, ?, ?, ?)`, ws, id, t.Key, t.Name, i); err != nil {
			return model.Project{}, err
		}
	}
	for i, s := range model.StandardStatuses {
		if _, err := tx.insert(`
			insert into statuses (workspace_id, project_id, name, category, position)
			values (?, ?, ?, ?, ?)`, ws, id, s.Name, s.Category, i); err != nil {
			return model.Project{}, err
		}
	}
	return project(tx, ws, in.PublicID)
}

func intoStatus(s *model.Status) []any { return []any{&s.ID, &s.Name, &s.Category} }

// statuses returns a project's list of statuses in its order.
func statuses(q querier, ws model.WorkspaceID, id model.ProjectID) ([]model.Status, error) {
	return all(q, intoStatus, `
		select id, name, category
		from statuses
		where workspace_id = ? and project_id = ?
		order by position, id
		limit 200`, ws, id)
}

// firstStatus returns the status to which the program moves a ticket of a category.
func firstStatus(q querier, ws model.WorkspaceID, id model.ProjectID, c model.Category) (model.Status, error) {
	return one(q, intoStatus, `
		select id, name, category
		from statuses
		where workspace_id = ? and project_id = ? and category = ?
		order by position, id
		limit 1`, ws, id, c)
}
