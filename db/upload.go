package db

import (
	"context"
	"fmt"
	"time"

	"deskbell/db/model"
)

// UploadForm is the form that files are received for.
type UploadForm struct {
	Key       string
	Project   model.ProjectID   // of a creation form; that of the ticket else
	Ticket    model.TicketID    // 0: a creation form
	Recipient model.RecipientID // who answers; 0 for others
	Customer  model.CustomerID  // who fills it in, where that is known
	Client    string            // who fills in a creation form; empty for others
	Team      bool              // a member's form: the limits on the public side do not count
}

// AddUpload records a file that was received for a form; its bytes are stored already. Every limit is
// checked here, where no other upload comes between: Invalid for a file that is not taken, Full where
// there is no room (G4), Limited over a client's or a link's limit (H1), Off where files are not taken.
func (db *DB) AddUpload(ctx context.Context, id model.WorkspaceID, form UploadForm, in model.NewUpload) (model.Upload, error) {
	upload := model.Upload{NewUpload: in, Ref: model.RandomID()}
	err := db.update(ctx, func(tx *tx) error {
		ws, err := workspace(tx, id)
		if err != nil {
			return err
		}
		if err := tx.mayUpload(ws, form, in); err != nil {
			return err
		}
		if form.Ticket != 0 {
			if form.Project, err = value[model.ProjectID](tx, `
				select project_id from tickets where workspace_id = ? and id = ?`, ws.ID, form.Ticket); err != nil {
				return err
			}
		}
		_, err = tx.insert(`
			insert into uploads (ref, workspace_id, project_id, ticket_id, customer_id, form_key, field_key, file, name,
				media_type, extension, bytes, sha256, width, height, created_at, expires_at)
			values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			upload.Ref, ws.ID, form.Project, orNull(form.Ticket), orNull(form.Customer), form.Key, in.Field, in.File, in.Name,
			in.Type.Media, in.Type.Ext, in.Bytes, in.SHA256, in.Width, in.Height,
			millis(tx.now), millis(tx.now.Add(model.UploadLife)))
		return err
	})
	return upload, err
}

// mayUpload checks one more file of a form, and counts it against the limits.
func (tx *tx) mayUpload(ws model.Workspace, form UploadForm, in model.NewUpload) error {
	if !form.Team {
		if err := model.MayUpload(ws); err != nil {
			return err
		}
	}
	if err := ws.Uploads.CheckUpload(model.UploadName(in.Field), in.Name, in.Bytes, in.Type, form.Team); err != nil {
		return err
	}
	waiting, err := tx.waiting(ws.ID, form.Key)
	if err != nil {
		return err
	}
	if len(waiting) >= model.MaxFormFiles {
		return model.Fail(model.Full, "A form takes at most {0} files. Send these first, or remove one.", model.MaxFormFiles)
	}
	used, err := tx.used(ws.ID, form.Ticket, waiting)
	if err != nil {
		return err
	}
	if err := ws.Uploads.CheckRoom(used, in.Bytes); err != nil {
		return err
	}
	return tx.spendUpload(ws, form, in.Bytes)
}

// spendUpload counts a file against the limits of its link, or of its client (H1).
func (tx *tx) spendUpload(ws model.Workspace, form UploadForm, bytes int64) error {
	const message = "You have uploaded a lot in a short time."
	day := Count{Scope: "upload bytes", Per: 24 * time.Hour, Many: int(bytes)}
	switch {
	case form.Recipient != 0:
		day.Key, day.Limit = fmt.Sprint(form.Recipient), ws.Limits.UploadMBPerDay*model.MB
	case form.Client != "":
		day.Key, day.Limit = fmt.Sprintf("%d %s", ws.ID, form.Client), model.UploadMBPerClient*model.MB
		files := Count{Scope: "upload", Key: day.Key, Limit: model.UploadsPer10Minutes, Per: 10 * time.Minute}
		if err := tx.spend(message, files); err != nil {
			return err
		}
	default:
		return nil
	}
	return tx.spend(message, day)
}

// used returns what a ticket's files take, or those that wait for the creation form, and what those
// of the workspace take. What waits counts: else two uploads could pass a limit together.
func (tx *tx) used(ws model.WorkspaceID, ticket model.TicketID, waiting []model.Upload) (used model.Used, err error) {
	if ticket == 0 {
		for _, u := range waiting {
			used.Ticket += u.Bytes
		}
	} else if used.Ticket, err = value[int64](tx, `
		select coalesce((select sum(bytes) from attachments where workspace_id = ?1 and ticket_id = ?2 and file is not null), 0)
			+ coalesce((select sum(bytes) from uploads where workspace_id = ?1 and ticket_id = ?2), 0)`, ws, ticket); err != nil {
		return used, err
	}
	used.Storage, err = value[int64](tx, `
		select coalesce(sum(bytes + waiting), 0) from storage where workspace_id = ?`, ws)
	return used, err
}

// Waiting returns the files that wait for a form, in the order in which they came.
func (db *DB) Waiting(ctx context.Context, ws model.WorkspaceID, formKey string) ([]model.Upload, error) {
	return waiting(db.reader(ctx), ws, formKey, db.timeOf(ctx))
}

func (tx *tx) waiting(ws model.WorkspaceID, formKey string) ([]model.Upload, error) {
	return waiting(tx, ws, formKey, tx.now)
}

func waiting(q querier, ws model.WorkspaceID, formKey string, now time.Time) ([]model.Upload, error) {
	into := func(u *model.Upload) []any {
		return []any{&u.Ref, &u.File, &u.Field, &u.Name, &u.Type.Media, &u.Type.Ext, &u.Bytes, &u.SHA256, &u.Width, &u.Height}
	}
	return all(q, into, `
		select ref, file, field_key, name, media_type, extension, bytes, sha256, width, height
		from uploads
		where workspace_id = ? and form_key = ? and expires_at > ?
		order by id
		limit 100`, ws, formKey, millis(now))
}

// RemoveUpload takes a file out of a form. One that is not there any more is no error.
func (db *DB) RemoveUpload(ctx context.Context, ws model.WorkspaceID, formKey, ref string) error {
	return db.update(ctx, func(tx *tx) error {
		tx.doomed = true
		_, err := tx.exec(`delete from uploads where workspace_id = ? and form_key = ? and ref = ?`, ws, formKey, ref)
		return err
	})
}

// UploadPreview returns a waiting file that has a preview, by its ref, or NotFound.
func (db *DB) UploadPreview(ctx context.Context, ws model.WorkspaceID, ref string) (model.StoredFile, error) {
	return one(db.reader(ctx), intoStored, `
		select file, name, media_type, extension, bytes, sha256, width > 0, created_at
		from uploads
		where workspace_id = ? and ref = ? and width > 0 and expires_at > ?`, ws, ref, millis(db.timeOf(ctx)))
}

// SweepUploads removes up to 100 files whose form nobody sent in time (G2), and returns how many.
func (db *DB) SweepUploads(ctx context.Context) (int, error) {
	var n int64
	err := db.update(ctx, func(tx *tx) (err error) {
		tx.doomed = true
		n, err = tx.exec(`
			delete from uploads
			where id in (select id from uploads where expires_at <= ? order by expires_at limit 100)`, millis(tx.now))
		return err
	})
	return int(n), err
}
