package db

import (
	"context"

	"deskbell/db/model"
)

// TemplateLine is a template in the list of the settings.
type TemplateLine struct {
	ID     model.TemplateID
	Name   string
	Fields int
	Bound  int // in how many places it holds
}

// Templates returns a workspace's templates by name.
func (db *DB) Templates(ctx context.Context, ws model.WorkspaceID) ([]TemplateLine, error) {
	into := func(l *TemplateLine) []any { return []any{&l.ID, &l.Name, &l.Fields, &l.Bound} }
	return all(db.reader(ctx), into, `
		select t.id, t.name,
			(select count(*) from template_fields f where f.workspace_id = t.workspace_id and f.template_id = t.id),
			(select count(*) from bindings b where b.workspace_id = t.workspace_id and b.template_id = t.id)
		from templates t
		where t.workspace_id = ?
		order by t.name
		limit 200`, ws)
}

// Template returns a template with its fields, or NotFound.
func (db *DB) Template(ctx context.Context, ws model.WorkspaceID, id model.TemplateID) (model.Template, error) {
	return template(db.reader(ctx), ws, id)
}

// Bindings returns where a project's templates hold.
func (db *DB) Bindings(ctx context.Context, p model.Project) ([]model.Binding, error) {
	return bindings(db.reader(ctx), p.WorkspaceID, p.ID)
}

// RenameTemplate gives a template another name; a name that another one has fails with Conflict.
func (db *DB) RenameTemplate(ctx context.Context, ws model.WorkspaceID, id model.TemplateID, name string) error {
	name = model.CleanLine(name)
	if err := model.CheckTemplateName(name); err != nil {
		return err
	}
	return db.update(ctx, func(tx *tx) error {
		before, err := template(tx, ws, id)
		if err != nil {
			return err
		}
		if err := must(tx.exec(`update templates set name = ? where workspace_id = ? and id = ?`, name, ws, id)); err != nil {
			return err
		}
		return tx.auditChanges(ws, model.AuditLine{
			Subject: model.AuditTemplate, What: "template renamed", About: before.Name, Changes: model.Changed(nil, "Name", before.Name, name),
		})
	})
}

// DeleteTemplate removes a template, its fields and its bindings. Tickets keep their answers.
func (db *DB) DeleteTemplate(ctx context.Context, ws model.WorkspaceID, id model.TemplateID) error {
	return db.update(ctx, func(tx *tx) error {
		t, err := template(tx, ws, id)
		if err != nil {
			return err
		}
		if err := must(tx.exec(`delete from templates where workspace_id = ? and id = ?`, ws, id)); err != nil {
			return err
		}
		return tx.audit(ws, model.AuditLine{Subject: model.AuditTemplate, What: "template deleted", About: t.Name})
	})
}

// SaveField adds a field to the end of a template, or puts it in the place of the one with the old
// key. What cannot work fails with Invalid.
func (db *DB) SaveField(ctx context.Context, ws model.WorkspaceID, id model.TemplateID, oldKey string, f model.Field) error {
	f = f.Cleaned()
	if err := f.CheckDefinition(); err != nil {
		return err
	}
	return db.changeFields(ctx, ws, id, func(t model.Template) ([]model.Field, error) { return t.WithField(oldKey, f) })
}

// RemoveField takes a field out of a template. Tickets keep their answers.
func (db *DB) RemoveField(ctx context.Context, ws model.WorkspaceID, id model.TemplateID, key string) error {
	return db.changeFields(ctx, ws, id, func(t model.Template) ([]model.Field, error) { return t.WithoutField(key) })
}

// MoveField moves a field up or down by a place.
func (db *DB) MoveField(ctx context.Context, ws model.WorkspaceID, id model.TemplateID, key string, up bool) error {
	return db.changeFields(ctx, ws, id, func(t model.Template) ([]model.Field, error) { return t.Moved(key, up) })
}

// OrderFields puts all of a template's fields in another order at once. Keys that are not those of the
// fields as they are now fail with Conflict.
func (db *DB) OrderFields(ctx context.Context, ws model.WorkspaceID, id model.TemplateID, keys []string) error {
	return db.changeFields(ctx, ws, id, func(t model.Template) ([]model.Field, error) { return t.Ordered(keys) })
}

// MaxHeld is how far HeldAnswers counts.
const MaxHeld = 1000

// HeldAnswers returns how many answers to a field tickets hold, up to MaxHeld.
func (db *DB) HeldAnswers(ctx context.Context, ws model.WorkspaceID, id model.TemplateID, key string) (int, error) {
	return value[int](db.reader(ctx), `
		select count(*)
		from (
			select 1 from ticket_answers
			where workspace_id = ? and template_id = ? and key = ?
			limit ?
		)`, ws, id, key, MaxHeld)
}
