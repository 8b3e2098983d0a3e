package db

import (
	"context"
	"strings"
	"time"

	"deskbell/db/model"
)

// SetUploadRules changes a workspace's settings of attachments.
func (db *DB) SetUploadRules(ctx context.Context, ws model.WorkspaceID, r model.UploadRules) error {
	if err := r.Check(); err != nil {
		return err
	}
	return db.update(ctx, func(tx *tx) error {
		return tx.setting(ws, model.AuditAttachments, "rules for attachments changed", `
			update workspaces
			set max_file_mb = ?, max_ticket_mb = ?, storage_mb = ?, allowed_types = ?, custom_types = ?,
				retention_value = ?, retention_unit = ?, version = version + 1
			where id = ?`, r.MaxFileMB, r.MaxTicketMB, r.StorageMB, r.Types.Kind, strings.Join(r.Types.Custom, " "),
			r.Retention.Value, r.Retention.Unit, ws)
	})
}

// RetentionRun returns what the last run of a workspace's retention did.
func (db *DB) RetentionRun(ctx context.Context, ws model.WorkspaceID) (model.RetentionRun, error) {
	into := func(r *model.RetentionRun) []any {
		return []any{&r.Requested, at(&r.RanAt), &r.Cleaned, &r.Bytes, &r.LastError}
	}
	r, err := one(db.reader(ctx), into, `
		select requested_at is not null, ran_at, cleaned, bytes, last_error
		from retention_runs
		where workspace_id = ?`, ws)
	if model.KindOf(err) == model.NotFound {
		return r, nil
	}
	return r, err
}

// RequestRetention asks for a run of a workspace's retention soon ("Run now").
func (db *DB) RequestRetention(ctx context.Context, ws model.WorkspaceID) error {
	return db.update(ctx, func(tx *tx) error {
		tx.doomed = true // wakes the job that runs it
		if err := tx.audit(ws, model.AuditLine{Subject: model.AuditAttachments, What: "retention run asked for"}); err != nil {
			return err
		}
		_, err := tx.exec(`
			insert into retention_runs (workspace_id, requested_at) values (?1, ?2)
			on conflict do update set requested_at = ?2`, ws, millis(tx.now))
		return err
	})
}

// retentionEvery is how often files are looked at by themselves.
const retentionEvery = 24 * time.Hour

// DueRetention returns a workspace whose files are to be looked at: because somebody asked for it, or
// because the last run was a day ago. NotFound: none.
func (db *DB) DueRetention(ctx context.Context) (model.Workspace, error) {
	id, err := value[model.WorkspaceID](db.reader(ctx), `
		select w.id
		from workspaces w left join retention_runs r on r.workspace_id = w.id
		where r.requested_at is not null
			or w.retention_unit <> 'off' and coalesce(r.ran_at, 0) <= ?
		order by w.id
		limit 1`, millis(db.timeOf(ctx).Add(-retentionEvery)))
	if err != nil {
		return model.Workspace{}, err
	}
	return db.Workspace(ctx, id)
}

// RetentionRan records what a run did; failure is empty where nothing failed.
func (db *DB) RetentionRan(ctx context.Context, ws model.WorkspaceID, went model.StorageUse, failure string) error {
	return db.update(ctx, func(tx *tx) error {
		_, err := tx.exec(`
			insert into retention_runs (workspace_id, ran_at, cleaned, bytes, last_error) values (?1, ?2, ?3, ?4, ?5)
			on conflict do update set requested_at = null, ran_at = ?2, cleaned = ?3, bytes = ?4, last_error = ?5`,
			ws, millis(tx.now), went.Files, went.Bytes, failure)
		return err
	})
}
