package db

import (
	"context"
	"time"

	"deskbell/db/model"
)

// StorageUse returns what the files of each project of a workspace take, by the project's name.
func (db *DB) StorageUse(ctx context.Context, ws model.WorkspaceID) ([]model.StorageUse, error) {
	return storageOf(db.reader(ctx), ws, 0)
}

// storageOf returns the use of one project, or of all for zero.
func storageOf(q querier, ws model.WorkspaceID, project model.ProjectID) ([]model.StorageUse, error) {
	into := func(u *model.StorageUse) []any { return []any{&u.Project, &u.Files, &u.Bytes} }
	return all(q, into, `
		select p.name, coalesce(s.files, 0), coalesce(s.bytes, 0)
		from projects p left join storage s on s.workspace_id = p.workspace_id and s.project_id = p.id
		where p.workspace_id = ?1 and ?2 in (0, p.id)
		order by p.name
		limit 1000`, ws, project)
}

// DoomedFiles returns up to 100 names of bytes that no row needs any more.
func (db *DB) DoomedFiles(ctx context.Context) ([]string, error) {
	return all(db.reader(ctx), func(f *string) []any { return []any{f} }, `
		select file from doomed_files limit 100`)
}

// FilesRemoved records that the bytes under these names are gone.
func (db *DB) FilesRemoved(ctx context.Context, files []string) error {
	return db.update(ctx, func(tx *tx) error {
		for _, f := range files {
			if _, err := tx.exec(`delete from doomed_files where file = ?`, f); err != nil {
				return err
			}
		}
		return nil
	})
}

// NamedFile says whether a row needs the bytes under a name, or a job will remove them.
func (db *DB) NamedFile(ctx context.Context, file string) (bool, error) {
	return value[bool](db.reader(ctx), `
		select exists (select 1 from attachments where file = ?1)
			or exists (select 1 from uploads where file = ?1)
			or exists (select 1 from doomed_files where file = ?1)`, file)
}

// StoredFiles returns up to 500 files that rows name, after a name: attachments and what waits.
func (db *DB) StoredFiles(ctx context.Context, after string) ([]model.StoredFile, error) {
	into := func(f *model.StoredFile) []any { return []any{&f.File, &f.Name, &f.Bytes, &f.SHA256, &f.HasPreview} }
	return all(db.reader(ctx), into, `
		select file, name, bytes, sha256, preview
		from (
			select * from (
				select file, name, bytes, sha256, width > 0 as preview
				from attachments where file > ?1 order by file limit 500
			)
			union all
			select * from (
				select file, name, bytes, sha256, width > 0
				from uploads where file > ?1 order by file limit 500
			)
		)
		order by file
		limit 500`, after)
}

// FilesDoomed signals that a commit left bytes behind for a job to remove. A signal may be late or
// stand for many.
func (db *DB) FilesDoomed() <-chan struct{} { return db.filesDoomed }

// Due says whether periodic work is due, and if so counts it as begun now: what fails waits for the
// next time.
func (db *DB) Due(ctx context.Context, job string, every time.Duration) (bool, error) {
	var n int64
	err := db.update(ctx, func(tx *tx) (err error) {
		n, err = tx.exec(`
			insert into periodic (job, ran_at) values (?1, ?2)
			on conflict do update set ran_at = ?2 where ran_at <= ?3`, job, millis(tx.now), millis(tx.now.Add(-every)))
		return err
	})
	return n > 0, err
}
