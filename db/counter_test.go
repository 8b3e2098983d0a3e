package db

import (
	"context"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"deskbell/db/model"
)

func TestH1_ALimitHoldsForManyAtOnceAndAcrossARestart(t *testing.T) {
	t.Parallel()
	path, ctx := filepath.Join(t.TempDir(), "deskbell.db"), context.Background()
	now := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	limit := Count{Scope: "test", Key: "client", Limit: 5, Per: 10 * time.Minute}
	var made atomic.Int32
	for range 3 { // starts
		db, err := Open(ctx, path, func() time.Time { return now })
		if err != nil {
			t.Fatal(err)
		}
		var wait sync.WaitGroup
		for range 20 {
			wait.Go(func() {
				switch err := db.Spend(ctx, "Too often.", limit); model.KindOf(err) {
				case "":
					if err != nil {
						t.Error(err)
					}
					made.Add(1)
				case model.Limited:
				default:
					t.Error(err)
				}
			})
		}
		wait.Wait()
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		now = now.Add(time.Minute)
	}
	if made.Load() != 5 {
		t.Errorf("%d uses were let through, want 5", made.Load())
	}
}
