package db

import (
	"context"
	"strings"

	"deskbell/db/model"
)

// PublicForm returns what the creation form asks of a ticket type besides its own fields. It resolves
// the template as CreateTicket does, which checks the answers.
func (db *DB) PublicForm(ctx context.Context, ws model.Workspace, p model.Project, typeKey string) (model.PublicForm, error) {
	t, bound, err := ticketTemplate(db.reader(ctx), ws, p, typeKey)
	form := model.PublicForm{Fields: t.Form()}
	for _, b := range bound {
		form.ByType = form.ByType || b.Type != ""
	}
	return form, err
}

// TemplateFor returns all of the template that holds for a type, for the team; empty for none.
func (db *DB) TemplateFor(ctx context.Context, p model.Project, typeKey string) (model.Template, error) {
	t, _, err := templateFor(db.reader(ctx), p, typeKey)
	return t, err
}

// ticketTemplate is templateFor without what the form cannot ask at the moment: files where they are
// switched off (I6).
func ticketTemplate(q querier, ws model.Workspace, p model.Project, typeKey string) (model.Template, []model.Binding, error) {
	t, bound, err := templateFor(q, p, typeKey)
	if model.MayUpload(ws) != nil {
		t = t.WithoutFiles()
	}
	return t, bound, err
}

// templateFor returns the template that holds for a type of a project, empty for none, and all of
// the project's bindings.
func templateFor(q querier, p model.Project, typeKey string) (model.Template, []model.Binding, error) {
	bound, err := bindings(q, p.WorkspaceID, p.ID)
	if err != nil {
		return model.Template{}, nil, err
	}
	id := model.Resolve(bound, typeKey)
	if id == 0 {
		return model.Template{}, bound, nil
	}
	t, err := template(q, p.WorkspaceID, id)
	return t, bound, err
}

func bindings(q querier, ws model.WorkspaceID, project model.ProjectID) ([]model.Binding, error) {
	return all(q, func(b *model.Binding) []any { return []any{&b.Template, &b.Type} }, `
		select template_id, coalesce(type, '')
		from bindings
		where workspace_id = ? and project_id = ?
		limit 201`, ws, project)
}

func template(q querier, ws model.WorkspaceID, id model.TemplateID) (model.Template, error) {
	t, err := one(q, func(t *model.Template) []any { return []any{&t.ID, &t.Name, &t.Version} }, `
		select id, name, version
		from templates
		where workspace_id = ? and id = ?`, ws, id)
	if err != nil {
		return t, err
	}
	t.Fields, err = fields(q, ws, id)
	return t, err
}

func fields(q querier, ws model.WorkspaceID, id model.TemplateID) ([]model.Field, error) {
	into := func(f *model.Field) []any {
		return []any{&f.Key, &f.Kind, &f.Label, &f.Help, &f.Placeholder, &f.Required, &f.Visibility, &f.Default,
			&f.Description, &f.MinLength, &f.MaxLength, &f.Min, &f.Max, &f.Pattern, choices{&f.Choices}}
	}
	return all(q, into, `
		select key, kind, label, help, placeholder, required, visibility, default_value,
			description, min_length, max_length, min_value, max_value, pattern, choices
		from template_fields
		where workspace_id = ? and template_id = ?
		order by position, key
		limit 50`, ws, id)
}

// choices scans choices that are stored one a line.
type choices struct{ list *[]string }

func (c choices) Scan(v any) error {
	text, _ := v.(string)
	*c.list = model.ParseChoices(text)
	return nil
}

// CreateTemplate makes a template. Fields that cannot work fail with Invalid, a name that another
// one has with Conflict.
func (db *DB) CreateTemplate(ctx context.Context, ws model.WorkspaceID, name string, fields []model.Field) (model.TemplateID, error) {
	var id model.TemplateID
	name = model.CleanLine(name)
	if err := model.CheckTemplateName(name); err != nil {
		return 0, err
	}
	err := db.update(ctx, func(tx *tx) error {
		row, err := tx.insert(`insert into templates (workspace_id, name) values (?, ?)`, ws, name)
		if err != nil {
			return err
		}
		id = model.TemplateID(row)
		if err := tx.addFields(ws, id, fields); err != nil {
			return err
		}
		return tx.audit(ws, model.AuditLine{Subject: model.AuditTemplate, What: "template added", About: name})
	})
	return id, err
}

// SetFields gives a template other fields, in their order.
func (db *DB) SetFields(ctx context.Context, ws model.WorkspaceID, id model.TemplateID, fields []model.Field) error {
	return db.changeFields(ctx, ws, id, func(model.Template) ([]model.Field, error) { return fields, nil })
}

// changeFields rewrites a template's fields as a rule says, from what they are now.
func (db *DB) changeFields(ctx context.Context, ws model.WorkspaceID, id model.TemplateID, rule func(model.Template) ([]model.Field, error)) error {
	return db.update(ctx, func(tx *tx) error {
		t, err := template(tx, ws, id)
		if err != nil {
			return err
		}
		fields, err := rule(t)
		if err != nil {
			return err
		}
		if err := tx.newVersion(ws, id); err != nil {
			return err
		}
		if _, err := tx.exec(`
			delete from template_fields where workspace_id = ? and template_id = ?`, ws, id); err != nil {
			return err
		}
		if err := tx.addFields(ws, id, fields); err != nil {
			return err
		}
		return tx.auditChanges(ws, model.AuditLine{
			Subject: model.AuditTemplate, What: "template’s fields changed", About: t.Name, Changes: model.FieldChanges(t.Fields, fields),
		})
	})
}

// newVersion records that a template changes, and fails with NotFound where there is none.
func (tx *tx) newVersion(ws model.WorkspaceID, id model.TemplateID) error {
	return must(tx.exec(`
		update templates set version = version + 1 where workspace_id = ? and id = ?`, ws, id))
}

func (tx *tx) addFields(ws model.WorkspaceID, id model.TemplateID, fields []model.Field) error {
	if len(fields) > model.MaxFields {
		return model.Fail(model.Invalid, "A template can have 50 fields. Remove one, or use another template.")
	}
	for i, f := range fields {
		f = f.Cleaned()
		if err := f.CheckDefinition(); err != nil {
			return err
		}
		if err := tx.insertField(ws, id, i, f); err != nil {
			return err
		}
	}
	return nil
}

func (tx *tx) insertField(ws model.WorkspaceID, id model.TemplateID, position int, f model.Field) error {
	_, err := tx.exec(`
		insert into template_fields (workspace_id, template_id, key, position, kind, label, help, placeholder, required,
			visibility, default_value, description, min_length, max_length, min_value, max_value, pattern, choices)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		ws, id, f.Key, position, f.Kind, f.Label, f.Help, f.Placeholder, f.Required,
		f.Visibility, f.Default, f.Description, f.MinLength, f.MaxLength, f.Min, f.Max, f.Pattern,
		strings.Join(f.Choices, "\n"))
	return err
}

// Bind makes a template hold for a project, or for one of its types; 0 takes the binding away. A type
// that the project does not have fails with Invalid.
func (db *DB) Bind(ctx context.Context, ws model.WorkspaceID, projectID, typeKey string, id model.TemplateID) error {
	return db.SetBindings(ctx, ws, projectID, []model.Binding{{Template: id, Type: typeKey}})
}

// SetBindings does what Bind does for several types at once. Types that stand not in the list keep
// their bindings.
func (db *DB) SetBindings(ctx context.Context, ws model.WorkspaceID, projectID string, list []model.Binding) error {
	return db.update(ctx, func(tx *tx) error {
		p, err := project(tx, ws, projectID)
		if err != nil {
			return err
		}
		before, err := tx.bound(p)
		if err != nil {
			return err
		}
		for _, b := range list {
			if err := tx.bind(p, b); err != nil {
				return err
			}
		}
		after, err := tx.bound(p)
		if err != nil {
			return err
		}
		var changes []model.Change
		for _, t := range append([]model.TicketType{{Name: "Every type"}}, p.Types...) {
			changes = model.Changed(changes, t.Name, before[t.Key], after[t.Key])
		}
		return tx.auditChanges(ws, model.AuditLine{Subject: model.AuditTemplate, What: "project’s templates changed", About: p.Name, Changes: changes})
	})
}

// bound returns the names of a project's templates by the type for which they hold.
func (tx *tx) bound(p model.Project) (map[string]string, error) {
	type row struct{ key, name string }
	list, err := all(tx, func(r *row) []any { return []any{&r.key, &r.name} }, `
		select coalesce(b.type, ''), t.name
		from bindings b join templates t on t.id = b.template_id
		where b.workspace_id = ? and b.project_id = ?
		limit 201`, p.WorkspaceID, p.ID)
	names := map[string]string{}
	for _, r := range list {
		names[r.key] = r.name
	}
	return names, err
}

func (tx *tx) bind(p model.Project, b model.Binding) error {
	ws := p.WorkspaceID
	if b.Type != "" && !p.HasType(b.Type) {
		return model.FieldErrors{{Field: "type", Message: "Choose a ticket type from the list."}}.Err()
	}
	if _, err := tx.exec(`
		delete from bindings
		where workspace_id = ? and project_id = ? and type is ?`, ws, p.ID, orNull(b.Type)); err != nil || b.Template == 0 {
		return err
	}
	if _, err := template(tx, ws, b.Template); err != nil {
		return err
	}
	_, err := tx.insert(`
		insert into bindings (workspace_id, project_id, type, template_id)
		values (?, ?, ?, ?)`, ws, p.ID, orNull(b.Type), b.Template)
	return err
}
