package jobs

import (
	"context"
	"strings"
	"time"

	"deskbell/db"
	"deskbell/db/files"
	"deskbell/db/model"
)

// Orphans calls found for each file of a store that no row names and that is older than an hour.
func Orphans(ctx context.Context, data *db.DB, store files.Store, now time.Time, found func(files.Info) error) error {
	return store.Each(ctx, func(f files.Info) error {
		if now.Sub(f.Modified) < orphanAge {
			return nil
		}
		named, err := data.NamedFile(ctx, strings.TrimSuffix(f.Name, model.PreviewSuffix))
		if err != nil || named {
			return err
		}
		return found(f)
	})
}
