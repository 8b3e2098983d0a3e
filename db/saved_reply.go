package db

import (
	"context"

	"deskbell/db/model"
)

func intoSavedReply(r *model.SavedReply) []any { return []any{&r.ID, &r.Name, &r.Body} }

// SavedReplies returns a workspace's saved replies by name, 500 at most.
func (db *DB) SavedReplies(ctx context.Context, ws model.WorkspaceID) ([]model.SavedReply, error) {
	return savedReplies(db.reader(ctx), ws)
}

func savedReplies(q querier, ws model.WorkspaceID) ([]model.SavedReply, error) {
	return all(q, intoSavedReply, `
		select id, name, body
		from saved_replies
		where workspace_id = ?
		order by name
		limit 500`, ws)
}

// SavedReply returns a saved reply, or NotFound.
func (db *DB) SavedReply(ctx context.Context, ws model.WorkspaceID, id model.SavedReplyID) (model.SavedReply, error) {
	return savedReply(db.reader(ctx), ws, id)
}

func savedReply(q querier, ws model.WorkspaceID, id model.SavedReplyID) (model.SavedReply, error) {
	return one(q, intoSavedReply, `
		select id, name, body
		from saved_replies
		where workspace_id = ? and id = ?`, ws, id)
}

// SaveReply stores a cleaned saved reply, new when it has no id, and returns its id. A broken field or a name
// that another one has fails with Invalid.
func (db *DB) SaveReply(ctx context.Context, ws model.WorkspaceID, r model.SavedReply) (model.SavedReplyID, error) {
	if err := r.Check(); err != nil {
		return 0, err
	}
	err := db.update(ctx, func(tx *tx) error {
		taken, err := value[bool](tx, `
			select exists (select 1 from saved_replies where workspace_id = ? and name = ? and id <> ?)`, ws, r.Name, r.ID)
		if err == nil && taken {
			err = model.FieldErrors{{Field: "name", Message: "Another saved reply has this name. Choose another one."}}.Err()
		}
		if err != nil {
			return err
		}
		if r.ID != 0 {
			return tx.changeSavedReply(ws, r)
		}
		id, err := tx.insert(`
			insert into saved_replies (workspace_id, name, body, created_at, updated_at)
			values (?, ?, ?, ?, ?)`, ws, r.Name, r.Body, millis(tx.now), millis(tx.now))
		if err != nil {
			return err
		}
		r.ID = model.SavedReplyID(id)
		return tx.audit(ws, model.AuditLine{Subject: model.AuditSavedReply, What: "saved reply added", About: r.Name})
	})
	return r.ID, err
}

func (tx *tx) changeSavedReply(ws model.WorkspaceID, r model.SavedReply) error {
	before, err := savedReply(tx, ws, r.ID)
	if err != nil {
		return err
	}
	if err := must(tx.exec(`
		update saved_replies set name = ?, body = ?, updated_at = ?
		where workspace_id = ? and id = ?`, r.Name, r.Body, millis(tx.now), ws, r.ID)); err != nil {
		return err
	}
	changes := model.ChangedUnsaid(model.Changed(nil, "Name", before.Name, r.Name), "Text", before.Body != r.Body)
	return tx.auditChanges(ws, model.AuditLine{Subject: model.AuditSavedReply, What: "saved reply changed", About: before.Name, Changes: changes})
}

// DeleteSavedReply removes a saved reply. What was written with it stays as it is.
func (db *DB) DeleteSavedReply(ctx context.Context, ws model.WorkspaceID, id model.SavedReplyID) error {
	return db.update(ctx, func(tx *tx) error {
		r, err := savedReply(tx, ws, id)
		if err != nil {
			return err
		}
		if err := must(tx.exec(`delete from saved_replies where workspace_id = ? and id = ?`, ws, id)); err != nil {
			return err
		}
		return tx.audit(ws, model.AuditLine{Subject: model.AuditSavedReply, What: "saved reply deleted", About: r.Name})
	})
}

// TicketRef returns the random text by which a customer's session finds a ticket, or NotFound.
func (db *DB) TicketRef(ctx context.Context, ws model.WorkspaceID, number int64) (string, error) {
	return value[string](db.reader(ctx), `
		select ref from tickets where workspace_id = ? and number = ?`, ws, number)
}
