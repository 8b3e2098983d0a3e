package jobs

import (
	"context"
	"fmt"
	"time"

	"deskbell/db/files"
	"deskbell/db/model"
)

// removeFiles removes the bytes that no row needs any more.
func (r *Runner) removeFiles(ctx context.Context) {
	r.untilDone(ctx, "remove files", func(ctx context.Context) (int, error) {
		names, err := r.DB.DoomedFiles(ctx)
		if err != nil || len(names) == 0 {
			return 0, err
		}
		all := make([]string, 0, 2*len(names))
		for _, name := range names {
			all = append(all, name, name+model.PreviewSuffix)
		}
		// The bytes first: a crash in between only tries once more.
		if err := r.Files.Remove(ctx, all...); err != nil {
			return 0, fmt.Errorf("remove the bytes of %d files: %w", len(names), err)
		}
		return len(names), r.DB.FilesRemoved(ctx, names)
	})
}

// retain runs the retention of every workspace where that is due (G6).
func (r *Runner) retain(ctx context.Context) {
	for ctx.Err() == nil {
		ws, err := r.DB.DueRetention(ctx)
		if err != nil {
			r.note("find a retention that is due", err)
			return
		}
		went, failure := r.retainWorkspace(ctx, ws)
		if ctx.Err() != nil {
			return // the next start goes on
		}
		if err := r.DB.RetentionRan(ctx, ws.ID, went, failure); err != nil {
			r.note("record a retention", err)
			return
		}
	}
}

func (r *Runner) retainWorkspace(ctx context.Context, ws model.Workspace) (went model.StorageUse, failure string) {
	for next, first := int64(0), true; (first || next != 0) && ctx.Err() == nil; first = false {
		var batch model.StorageUse
		var err error
		if next, batch, err = r.DB.RetainAttachments(ctx, ws, next); err != nil {
			r.note("remove attachments", err)
			return went, "The clean-up stopped before its end. The log of the server says why."
		}
		went.Files, went.Bytes = went.Files+batch.Files, went.Bytes+batch.Bytes
	}
	return went, ""
}

// Every so often the store is looked through for bytes that no row names: a crash between the bytes
// and their row leaves some.
const (
	orphansEvery = 24 * time.Hour
	orphanAge    = time.Hour // younger ones may be on their way to a row
)

func (r *Runner) sweepOrphans(ctx context.Context) {
	due, err := r.DB.Due(ctx, "orphaned files", orphansEvery)
	if err == nil && due {
		err = r.SweepFiles(ctx)
	}
	r.note("sweep files", err)
}

// SweepFiles removes the bytes that no row names and that are older than an hour.
func (r *Runner) SweepFiles(ctx context.Context) error {
	return Orphans(ctx, r.DB, r.Files, r.DB.Now(), func(f files.Info) error { return r.Files.Remove(ctx, f.Name) })
}
