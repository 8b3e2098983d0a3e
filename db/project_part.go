package db

import (
	"context"
	"slices"
	"strconv"

	"deskbell/db/model"
)

// AddProject makes a project with the standard statuses and one type. What breaks a rule fails with Invalid.
func (db *DB) AddProject(ctx context.Context, ws model.WorkspaceID, in NewProject) (model.Project, error) {
	var p model.Project
	if wrong := model.CheckPublicID(in.PublicID); wrong != "" {
		return p, model.FieldErrors{{Field: "public_id", Message: wrong}}.Err()
	}
	err := db.update(ctx, func(tx *tx) error {
		taken, err := value[bool](tx, `
			select exists (select 1 from projects where workspace_id = ? and public_id = ?)`, ws, in.PublicID)
		if err != nil {
			return err
		}
		if taken {
			return model.FieldErrors{{Field: "public_id", Message: "Another project has this address. Choose another one."}}.Err()
		}
		if p, err = tx.createProject(ws, in); err != nil {
			return err
		}
		return tx.projectChanged(ws, model.AuditLine{Subject: model.AuditProject, What: "project added", About: in.Name})
	})
	return p, err
}

// projectChanged ends a change of a project, with its line in the audit log.
func (tx *tx) projectChanged(ws model.WorkspaceID, line model.AuditLine) error {
	if err := tx.workspaceChanged(ws); err != nil {
		return err
	}
	return tx.audit(ws, line)
}

// ProjectParts returns a project with its types or its statuses in their order, or NotFound.
func (db *DB) ProjectParts(ctx context.Context, ws model.WorkspaceID, id model.ProjectID, kind model.PartKind) (model.Project, []model.Part, error) {
	return projectParts(db.reader(ctx), ws, id, kind)
}

func projectParts(q querier, ws model.WorkspaceID, id model.ProjectID, kind model.PartKind) (model.Project, []model.Part, error) {
	p, err := projectByID(q, ws, id)
	if err != nil {
		return p, nil, err
	}
	var parts []model.Part
	if kind == model.StatusPart {
		list, err := statuses(q, ws, id)
		for _, s := range list {
			parts = append(parts, model.Part{Kind: kind, Key: strconv.FormatInt(int64(s.ID), 10), Name: s.Name, Category: s.Category})
		}
		return p, parts, err
	}
	for _, t := range p.Types {
		parts = append(parts, model.Part{Kind: kind, Key: t.Key, Name: t.Name, Default: t.Key == p.DefaultType})
	}
	return p, parts, nil
}

// ProjectPart returns one type or status, and whether tickets have it, or NotFound.
func (db *DB) ProjectPart(ctx context.Context, ws model.WorkspaceID, id model.ProjectID, kind model.PartKind, key string) (part model.Part, used bool, err error) {
	q := db.reader(ctx)
	_, parts, err := projectParts(q, ws, id, kind)
	if err != nil {
		return part, false, err
	}
	i, err := indexOf(parts, key)
	if err != nil {
		return part, false, err
	}
	part = parts[i]
	used, err = partUsed(q, ws, id, part)
	return part, used, err
}

func indexOf(parts []model.Part, key string) (int, error) {
	i := slices.IndexFunc(parts, func(p model.Part) bool { return p.Key == key })
	if i < 0 {
		return 0, model.Fail(model.NotFound, "There is nothing at this address.")
	}
	return i, nil
}

func partUsed(q querier, ws model.WorkspaceID, id model.ProjectID, p model.Part) (bool, error) {
	if p.Kind == model.StatusPart {
		return value[bool](q, `select exists (select 1 from tickets where status_id = ?)`, p.Key)
	}
	return value[bool](q, `
		select exists (select 1 from tickets where workspace_id = ? and project_id = ? and type = ?)`, ws, id, p.Key)
}

// SavePart adds a type or a status to the end of its list where it has no key, or renames it. What a status means
// stays as it is: tickets depend on it. A name that does not do fails with Invalid.
func (db *DB) SavePart(ctx context.Context, ws model.WorkspaceID, id model.ProjectID, part model.Part) error {
	return db.update(ctx, func(tx *tx) error {
		p, parts, err := projectParts(tx, ws, id, part.Kind)
		if err != nil {
			return err
		}
		line := model.AuditLine{Subject: model.AuditProject, What: partWord(part.Kind) + " added", About: p.Name + ": " + part.Name}
		if part.Key != "" {
			i, err := indexOf(parts, part.Key)
			if err != nil || parts[i].Name == part.Name {
				return err
			}
			part.Category = parts[i].Category
			if err := tx.followStatus(ws, parts[i], part.Name); err != nil {
				return err
			}
			line.What, line.Changes = partWord(part.Kind)+" renamed", []model.Change{{Field: "Name", From: parts[i].Name, To: part.Name}}
		} else if len(parts) >= model.MaxParts {
			return model.FieldErrors{{Field: "name", Message: "A project has at most 50 of them. Delete one first."}}.Err()
		}
		if err := model.CheckPart(part, parts).Err(); err != nil {
			return err
		}
		if part.Key == "" {
			err = tx.addPart(ws, id, part, parts)
		} else {
			err = tx.renamePart(ws, id, part)
		}
		if err != nil {
			return err
		}
		return tx.projectChanged(ws, line)
	})
}

func partWord(kind model.PartKind) string {
	if kind == model.StatusPart {
		return "status"
	}
	return "ticket type"
}

// followStatus lets saved views follow a status to another name, unless another project has one of the old name:
// they pick by name, over all projects.
func (tx *tx) followStatus(ws model.WorkspaceID, old model.Part, name string) error {
	if old.Kind != model.StatusPart {
		return nil
	}
	others, err := value[bool](tx, `
		select exists (select 1 from statuses where workspace_id = ? and name = ? and id <> ?)`, ws, old.Name, old.Key)
	if err != nil || others {
		return err
	}
	return tx.follow(ws, "status", old.Name, name)
}

func (tx *tx) addPart(ws model.WorkspaceID, id model.ProjectID, part model.Part, others []model.Part) error {
	if part.Kind == model.StatusPart {
		_, err := tx.exec(`
			insert into statuses (workspace_id, project_id, name, category, position)
			select ?1, ?2, ?3, ?4, 1 + coalesce(max(position), 0)
			from statuses
			where workspace_id = ?1 and project_id = ?2`, ws, id, part.Name, part.Category)
		return err
	}
	_, err := tx.exec(`
		insert into ticket_types (workspace_id, project_id, key, name, position)
		select ?1, ?2, ?3, ?4, 1 + coalesce(max(position), 0)
		from ticket_types
		where workspace_id = ?1 and project_id = ?2`, ws, id, model.TypeKey(part.Name, others), part.Name)
	return err
}

func (tx *tx) renamePart(ws model.WorkspaceID, id model.ProjectID, part model.Part) error {
	if part.Kind == model.StatusPart {
		return must(tx.exec(`
			update statuses set name = ? where workspace_id = ? and project_id = ? and id = ?`, part.Name, ws, id, part.Key))
	}
	return must(tx.exec(`
		update ticket_types set name = ? where workspace_id = ? and project_id = ? and key = ?`, part.Name, ws, id, part.Key))
}

// MovePart moves a type or a status a place up or down in its list; at the end of the list it stays.
func (db *DB) MovePart(ctx context.Context, ws model.WorkspaceID, id model.ProjectID, kind model.PartKind, key string, up bool) error {
	return db.update(ctx, func(tx *tx) error {
		p, parts, err := projectParts(tx, ws, id, kind)
		if err != nil {
			return err
		}
		i, err := indexOf(parts, key)
		if err != nil {
			return err
		}
		to := i + 1
		if up {
			to = i - 1
		}
		if to < 0 || to >= len(parts) {
			return nil
		}
		parts[i], parts[to] = parts[to], parts[i]
		statement := `update ticket_types set position = ? where workspace_id = ? and project_id = ? and key = ?`
		if kind == model.StatusPart {
			statement = `update statuses set position = ? where workspace_id = ? and project_id = ? and id = ?`
		}
		for place, part := range parts {
			if err := must(tx.exec(statement, place, ws, id, part.Key)); err != nil {
				return err
			}
		}
		return tx.projectChanged(ws, model.AuditLine{Subject: model.AuditProject, What: partWord(kind) + " moved", About: p.Name + ": " + parts[to].Name})
	})
}
