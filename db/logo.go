package db

import (
	"context"

	"deskbell/db/model"
)

// Logo is a workspace's logo with its bytes, a PNG. It lies in the database, so that a restore brings
// it back with the rest.
type Logo struct {
	model.Logo
	PNG []byte
}

// Logo returns a workspace's logo, or NotFound.
func (db *DB) Logo(ctx context.Context, ws model.WorkspaceID) (Logo, error) {
	return one(db.reader(ctx), func(l *Logo) []any { return []any{&l.Hash, &l.Width, &l.Height, &l.PNG} }, `
		select hash, width, height, png
		from logos
		where workspace_id = ?`, ws)
}

// SetLogo stores a workspace's logo in place of the one it had. The hash is made here.
func (db *DB) SetLogo(ctx context.Context, ws model.WorkspaceID, l Logo) error {
	hash := model.Hash(string(l.PNG))[:16]
	return db.update(ctx, func(tx *tx) error {
		return tx.settings(ws, model.AuditWorkspace, "logo set", func() error {
			if _, err := tx.exec(`
				insert into logos (workspace_id, hash, width, height, png) values (?, ?, ?, ?, ?)
				on conflict do update
				set hash = excluded.hash, width = excluded.width, height = excluded.height, png = excluded.png`,
				ws, hash, l.Width, l.Height, l.PNG); err != nil {
				return err
			}
			return tx.looksChanged(ws)
		})
	})
}

// RemoveLogo takes a workspace's logo away. Doing it twice is fine.
func (db *DB) RemoveLogo(ctx context.Context, ws model.WorkspaceID) error {
	return db.update(ctx, func(tx *tx) error {
		return tx.settings(ws, model.AuditWorkspace, "logo removed", func() error {
			if _, err := tx.exec(`delete from logos where workspace_id = ?`, ws); err != nil {
				return err
			}
			return tx.looksChanged(ws)
		})
	})
}

func (tx *tx) looksChanged(ws model.WorkspaceID) error {
	return must(tx.exec(`update workspaces set version = version + 1 where id = ?`, ws))
}
