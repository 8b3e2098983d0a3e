package db

import (
	"context"
	"time"

	"deskbell/db/model"
)

// Count is one limit: how often a key may do something in a window.
type Count struct {
	Scope string
	Key   string
	Limit int
	Per   time.Duration
}

// Spend counts one use against each limit, or none and fails with Limited and the wait when any of
// them is used up. The counters lie in the database, so that a restart forgets nothing (H1).
func (db *DB) Spend(ctx context.Context, message string, limits ...Count) error {
	return db.update(ctx, func(tx *tx) error {
		for _, l := range limits {
			if err := tx.spend(message, l); err != nil {
				return err
			}
		}
		return nil
	})
}

func (tx *tx) spend(message string, l Count) error {
	if wait, err := overLimit(tx, tx.now, l); err != nil || wait > 0 {
		if err == nil {
			err = &model.Error{Kind: model.Limited, Message: message, RetryAfter: wait}
		}
		return err
	}
	_, err := tx.exec(`
		insert into counters (scope, key, window_at, ends_at, count)
		values (?, ?, ?, ?, 1)
		on conflict do update set count = count + 1`,
		l.Scope, l.Key, window(tx.now, l.Per), millis(tx.now.Add(2*l.Per)))
	return err
}

// Refund takes one use back, for limits that count failures alone.
func (db *DB) Refund(ctx context.Context, limits ...Count) error {
	return db.update(ctx, func(tx *tx) error {
		for _, l := range limits {
			if _, err := tx.exec(`
				update counters set count = count - 1
				where scope = ? and key = ? and window_at = ? and count > 0`,
				l.Scope, l.Key, window(tx.now, l.Per)); err != nil {
				return err
			}
		}
		return nil
	})
}

// overLimit returns how long a used-up limit lasts, 0 when there is room. It weighs the window
// before by how much of it still lies within the last Per, so that no edge doubles the limit.
func overLimit(q querier, now time.Time, l Count) (time.Duration, error) {
	start := window(now, l.Per)
	counts, err := all(q, func(r *[2]int64) []any { return []any{&r[0], &r[1]} }, `
		select window_at, count
		from counters
		where scope = ? and key = ? and window_at in (?, ?)`, l.Scope, l.Key, start, start-l.Per.Milliseconds())
	if err != nil {
		return 0, err
	}
	var current, before int64
	for _, c := range counts {
		if c[0] == start {
			current = c[1]
		} else {
			before = c[1]
		}
	}
	return model.LimitWait(l.Limit, l.Per, int(current), int(before), now.Sub(time.UnixMilli(start))), nil
}

// window returns the start of the window of this length that now lies in.
func window(now time.Time, per time.Duration) int64 {
	return millis(now) - millis(now)%per.Milliseconds()
}

// SweepCounters removes counters that no limit can look at any more.
func (db *DB) SweepCounters(ctx context.Context) error {
	return db.update(ctx, func(tx *tx) error {
		_, err := tx.exec(`delete from counters where ends_at < ?`, millis(tx.now))
		return err
	})
}
