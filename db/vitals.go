package db

import (
	"context"
	"maps"
	"os"
	"sync"
	"time"

	"deskbell/db/model"
)

// Vitals reads what the operations address tells. It is cheap at any size: one index of the mail that waits,
// one row a project, and two file sizes.
func (db *DB) Vitals(ctx context.Context) (model.Vitals, error) {
	v, err := db.mailAndFiles(ctx)
	if err != nil {
		return v, err
	}
	proof, err := db.Proof(ctx)
	if err != nil && model.KindOf(err) != model.NotFound {
		return v, err
	}
	v.ProvenAt, v.LimitsHit = proof.At, db.write.limited.counts()
	v.WrittenBytes, v.LogBytes = fileSize(db.path), fileSize(db.path+"-wal")
	return v, nil
}

func (db *DB) mailAndFiles(ctx context.Context) (model.Vitals, error) {
	var oldest time.Time
	into := func(v *model.Vitals) []any {
		return []any{&v.MailWaiting, at(&oldest), &v.StoredFiles, &v.StoredBytes}
	}
	v, err := one(db.reader(ctx), into, `
		select
			(select count(*) from outbox indexed by outbox_due where state = 'waiting'),
			(select min(created_at) from outbox indexed by outbox_due where state = 'waiting'),
			(select coalesce(sum(files), 0) from storage),
			(select coalesce(sum(bytes + waiting), 0) from storage)`)
	if !oldest.IsZero() {
		v.OldestWait = max(0, db.Now().Sub(oldest))
	}
	return v, err
}

// fileSize is 0 for a file that is not there: a log that has just been folded in is gone.
func fileSize(path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return info.Size()
}

// tally counts by name, since the start. Names are those of limits in this program's text: they are few.
type tally struct {
	mu sync.Mutex
	of map[string]int64
}

func (t *tally) add(name string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.of == nil {
		t.of = map[string]int64{}
	}
	t.of[name]++
}

func (t *tally) counts() map[string]int64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	return maps.Clone(t.of)
}
