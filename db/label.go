package db

import (
	"context"

	"deskbell/db/model"
)

func intoLabel(l *model.Label) []any { return []any{&l.ID, &l.Name, &l.Color} }

// maxLabels bounds how many labels a workspace has: they are a list to choose from.
const maxLabels = 200

// Labels returns a workspace's labels by name.
func (db *DB) Labels(ctx context.Context, ws model.WorkspaceID) ([]model.Label, error) {
	return labels(db.reader(ctx), ws)
}

func labels(q querier, ws model.WorkspaceID) ([]model.Label, error) {
	return all(q, intoLabel, `
		select id, name, color
		from labels
		where workspace_id = ?
		order by name_key
		limit ?`, ws, maxLabels)
}

// Label returns one label, or NotFound.
func (db *DB) Label(ctx context.Context, ws model.WorkspaceID, id model.LabelID) (model.Label, error) {
	return label(db.reader(ctx), ws, id)
}

func label(q querier, ws model.WorkspaceID, id model.LabelID) (model.Label, error) {
	return one(q, intoLabel, `select id, name, color from labels where workspace_id = ? and id = ?`, ws, id)
}

// SaveLabel stores a label, new when it has no id. A broken field or a taken name fails with Invalid.
func (db *DB) SaveLabel(ctx context.Context, ws model.WorkspaceID, l model.Label) error {
	return db.update(ctx, func(tx *tx) error {
		if err := l.Check(); err != nil {
			return err
		}
		taken, err := value[bool](tx, `
			select exists (select 1 from labels where workspace_id = ? and name_key = ? and id <> ?)`, ws, model.Fold(l.Name), l.ID)
		if err != nil {
			return err
		}
		if taken {
			return model.FieldErrors{{Field: "name", Message: "There is a label with this name already. Choose another one."}}.Err()
		}
		if l.ID != 0 {
			return tx.changeLabel(ws, l)
		}
		many, err := value[bool](tx, `select count(*) >= ? from labels where workspace_id = ?`, maxLabels, ws)
		if err != nil {
			return err
		}
		if many {
			return model.FieldErrors{{Field: "name", Message: "There are 200 labels already. Delete one that nobody uses first."}}.Err()
		}
		_, err = tx.insert(`
			insert into labels (workspace_id, name, name_key, color, created_at)
			values (?, ?, ?, ?, ?)`, ws, l.Name, model.Fold(l.Name), l.Color, millis(tx.now))
		if err != nil {
			return err
		}
		return tx.audit(ws, model.AuditLine{Subject: model.AuditLabel, What: "label added", About: l.Name})
	})
}

func (tx *tx) changeLabel(ws model.WorkspaceID, l model.Label) error {
	before, err := label(tx, ws, l.ID)
	if err != nil {
		return err
	}
	if err := must(tx.exec(`
		update labels set name = ?, name_key = ?, color = ?
		where workspace_id = ? and id = ?`, l.Name, model.Fold(l.Name), l.Color, ws, l.ID)); err != nil {
		return err
	}
	if err := tx.follow(ws, "label", before.Name, l.Name); err != nil {
		return err
	}
	changes := model.Changed(nil, "Name", before.Name, l.Name)
	changes = model.Changed(changes, "Colour", before.Color, l.Color)
	return tx.auditChanges(ws, model.AuditLine{Subject: model.AuditLabel, What: "label changed", About: before.Name, Changes: changes})
}

// DeleteLabel takes a label from all tickets and removes it. Their timelines keep its name.
func (db *DB) DeleteLabel(ctx context.Context, ws model.WorkspaceID, id model.LabelID) error {
	return db.update(ctx, func(tx *tx) error {
		l, err := label(tx, ws, id)
		if err != nil {
			return err
		}
		if err := must(tx.exec(`delete from labels where workspace_id = ? and id = ?`, ws, id)); err != nil {
			return err
		}
		return tx.audit(ws, model.AuditLine{Subject: model.AuditLabel, What: "label deleted", About: l.Name})
	})
}

// LabelUse returns how many tickets have a label, counted up to 1,000.
func (db *DB) LabelUse(ctx context.Context, ws model.WorkspaceID, id model.LabelID) (int, error) {
	return value[int](db.reader(ctx), `
		select count(*)
		from (select 1 from ticket_labels where workspace_id = ? and label_id = ? limit 1000)`, ws, id)
}

func ticketLabels(q querier, ws model.WorkspaceID, ticket model.TicketID) ([]model.Label, error) {
	return all(q, intoLabel, `
		select l.id, l.name, l.color
		from ticket_labels t join labels l on l.id = t.label_id
		where t.workspace_id = ? and t.ticket_id = ?
		order by l.name_key`, ws, ticket)
}

// SetLabels gives a ticket exactly these labels, each change an event. A label of another workspace fails
// with Invalid.
func (db *DB) SetLabels(ctx context.Context, by model.Member, number int64, want []model.LabelID) error {
	return db.update(ctx, func(tx *tx) error {
		t, err := tx.live(by.WorkspaceID, number)
		if err != nil {
			return err
		}
		has, err := ticketLabels(tx, by.WorkspaceID, t.ID)
		if err != nil {
			return err
		}
		wanted := map[model.LabelID]bool{}
		for _, id := range want {
			wanted[id] = true
		}
		for _, l := range has {
			if !wanted[l.ID] {
				if err := tx.removeLabel(by, t, l); err != nil {
					return err
				}
			}
			delete(wanted, l.ID)
		}
		for _, id := range want {
			if wanted[id] {
				delete(wanted, id)
				if err := tx.addLabel(by, t, id); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// addLabel puts a label on a ticket; one that it has already changes nothing.
func (tx *tx) addLabel(by model.Member, t model.Ticket, id model.LabelID) error {
	l, err := label(tx, by.WorkspaceID, id)
	if model.KindOf(err) == model.NotFound {
		return model.Fail(model.Invalid, "Choose labels from the list.")
	}
	if err != nil {
		return err
	}
	n, err := tx.exec(`
		insert into ticket_labels (workspace_id, ticket_id, label_id, last_activity_at, number)
		select workspace_id, id, ?, last_activity_at, number
		from tickets
		where workspace_id = ? and id = ?
		on conflict do nothing`, l.ID, by.WorkspaceID, t.ID)
	if err != nil || n == 0 {
		return err
	}
	return tx.event(by.WorkspaceID, t.ID, byMember(by), model.EventLabelAdded, "", l.Name)
}

func (tx *tx) removeLabel(by model.Member, t model.Ticket, l model.Label) error {
	n, err := tx.exec(`
		delete from ticket_labels where workspace_id = ? and ticket_id = ? and label_id = ?`, by.WorkspaceID, t.ID, l.ID)
	if err != nil || n == 0 {
		return err
	}
	return tx.event(by.WorkspaceID, t.ID, byMember(by), model.EventLabelRemoved, l.Name, "")
}

// SetPriority sets a ticket's priority. The one it has already changes nothing.
func (db *DB) SetPriority(ctx context.Context, by model.Member, number int64, to model.Priority) error {
	return db.update(ctx, func(tx *tx) error {
		t, err := tx.live(by.WorkspaceID, number)
		if err != nil {
			return err
		}
		return tx.setPriority(by, t, to)
	})
}

func (tx *tx) setPriority(by model.Member, t model.Ticket, to model.Priority) error {
	if t.Priority == to {
		return nil
	}
	if _, err := tx.exec(`
		update tickets set priority = ?, last_activity_at = max(last_activity_at, ?)
		where workspace_id = ? and id = ?`, to, millis(tx.now), by.WorkspaceID, t.ID); err != nil {
		return err
	}
	return tx.event(by.WorkspaceID, t.ID, byMember(by), model.EventPriority, t.Priority.Label(), to.Label())
}
