package db

import (
	"context"

	"deskbell/db/model"
)

// replaceBatch is how many tickets get their replacement in one transaction, and with it how long everybody's
// writes wait.
const replaceBatch = 200

// DeletePart removes a type or a status, once its tickets have the replacement, each with an event; nobody gets mail.
// It works in batches: where it is cut off, the tickets so far have it, and the next try goes on. The default type,
// the last status of what it means, and a replacement that is none fail with Invalid.
func (db *DB) DeletePart(ctx context.Context, by model.Member, id model.ProjectID, part model.Part, replacement string) error {
	for after := model.TicketID(0); ; {
		done := false
		err := db.update(ctx, func(tx *tx) error {
			d, err := tx.deletion(by, id, part, replacement)
			if err != nil {
				return err
			}
			if after, done, err = d.replace(after); err != nil || !done {
				return err
			}
			// Somebody may have given it to a ticket that was passed already.
			if again, err := partUsed(tx, by.WorkspaceID, id, d.old); err != nil || again {
				after, done = 0, false
				return err
			}
			return d.finish()
		})
		if err != nil || done {
			return err
		}
	}
}

// partDeletion is a part that goes, and what takes its place.
type partDeletion struct {
	tx       *tx
	by       model.Member
	project  model.Project
	old, new model.Part // new without a key: no ticket has the old one
}

func (tx *tx) deletion(by model.Member, id model.ProjectID, part model.Part, replacement string) (partDeletion, error) {
	d := partDeletion{tx: tx, by: by}
	p, parts, err := projectParts(tx, by.WorkspaceID, id, part.Kind)
	if err != nil {
		return d, err
	}
	i, err := indexOf(parts, part.Key)
	if err != nil {
		return d, err
	}
	d.project, d.old = p, parts[i]
	wrong := func(message string) error { return model.FieldErrors{{Field: "replacement", Message: message}}.Err() }
	if why := d.old.Kept(parts); why != "" {
		return d, wrong(why)
	}
	for _, o := range parts {
		if o.Key == replacement && o.Key != part.Key && o.Category == d.old.Category {
			d.new = o
		}
	}
	if d.new.Key == "" {
		used, err := partUsed(tx, by.WorkspaceID, id, d.old)
		if err == nil && used {
			err = wrong("Choose what its tickets get instead.")
		}
		return d, err
	}
	return d, nil
}

// replace gives a batch of tickets after an id the new part, and returns where to go on, or that none is left.
func (d partDeletion) replace(after model.TicketID) (last model.TicketID, done bool, err error) {
	if d.new.Key == "" {
		return 0, true, nil
	}
	ws := d.by.WorkspaceID
	query := `
		select id from tickets
		where workspace_id = ?1 and project_id = ?2 and type = ?3 and id > ?4
		order by id
		limit ?5`
	change, what := `update tickets set type = ? where workspace_id = ? and id = ?`, model.EventType
	if d.old.Kind == model.StatusPart {
		query = `
			select id from tickets
			where workspace_id = ?1 and project_id = ?2 and status_id = ?3 and id > ?4
			order by id
			limit ?5`
		change, what = `update tickets set status_id = ? where workspace_id = ? and id = ?`, model.EventStatus
	}
	list, err := all(d.tx, func(id *model.TicketID) []any { return []any{id} }, query, ws, d.project.ID, d.old.Key, after, replaceBatch)
	for _, id := range list {
		if err := must(d.tx.exec(change, d.new.Key, ws, id)); err != nil {
			return 0, false, err
		}
		if err := d.tx.event(ws, id, byMember(d.by), what, d.old.Name, d.new.Name); err != nil {
			return 0, false, err
		}
		last = id
	}
	return last, len(list) < replaceBatch, err
}

func (d partDeletion) finish() error {
	if d.new.Key != "" {
		if err := d.tx.followStatus(d.by.WorkspaceID, d.old, d.new.Name); err != nil {
			return err
		}
	}
	ws, statement := d.by.WorkspaceID, `delete from ticket_types where workspace_id = ? and project_id = ? and key = ?`
	if d.old.Kind == model.StatusPart {
		statement = `delete from statuses where workspace_id = ? and project_id = ? and id = ?`
	}
	if err := must(d.tx.exec(statement, ws, d.project.ID, d.old.Key)); err != nil {
		return err
	}
	return d.tx.projectChanged(ws, model.AuditLine{Subject: model.AuditProject, What: partWord(d.old.Kind) + " deleted", About: d.project.Name + ": " + d.old.Name})
}
