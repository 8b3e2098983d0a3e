package db

import (
	"context"
	"fmt"
	"time"

	"deskbell/db/model"
)

// Count is one limit: how often a key may do something in a window.
type Count struct {
	Scope string
	Key   string
	Limit int
	Per   time.Duration
	Many  int // how much is used at once, in the limit's unit; 0: one
}

func (l Count) many() int { return max(l.Many, 1) }

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
			tx.w.limited.add(l.Scope)
			err = &model.Error{Kind: model.Limited, Message: message, RetryAfter: wait}
		}
		return err
	}
	return tx.count(l)
}

// count writes a use down, whatever the limit.
func (tx *tx) count(l Count) error {
	step := model.LimitStep(l.Per)
	at := tx.now.Truncate(step)
	_, err := tx.exec(`
		insert into counters (scope, key, window_at, ends_at, count)
		values (?, ?, ?, ?, ?)
		on conflict do update set count = count + excluded.count`,
		l.Scope, l.Key, millis(at), millis(at.Add(step+l.Per)), l.many())
	return err
}

// Refund takes the newest use back, for limits that count failures alone.
func (db *DB) Refund(ctx context.Context, limits ...Count) error {
	return db.update(ctx, func(tx *tx) error {
		for _, l := range limits {
			if _, err := tx.exec(`
				update counters set count = count - 1
				where scope = ?1 and key = ?2 and count > 0 and window_at = (
					select max(window_at) from counters where scope = ?1 and key = ?2 and window_at <= ?3)`, l.Scope, l.Key, millis(tx.now)); err != nil {
				return err
			}
		}
		return nil
	})
}

// overLimit returns how long a used-up limit lasts, 0 when there is room. What lies in the future was counted
// by a clock that went wrong, and locks nobody out until then.
func overLimit(q querier, now time.Time, l Count) (time.Duration, error) {
	uses, err := all(q, func(u *model.Uses) []any { return []any{at(&u.At), &u.Count} }, `
		select window_at, count
		from counters
		where scope = ? and key = ? and window_at > ? and window_at <= ?
		order by window_at`, l.Scope, l.Key, millis(now.Add(-l.Per-model.LimitStep(l.Per))), millis(now))
	return model.LimitWait(l.Limit, l.many(), l.Per, uses, now), err
}

// SweepCounters removes counters that no limit can look at any more.
func (db *DB) SweepCounters(ctx context.Context) error {
	return db.update(ctx, func(tx *tx) error {
		_, err := tx.exec(`delete from counters where ends_at < ?`, millis(tx.now))
		return err
	})
}

// forgetCounters removes the counters of an address, whatever they count. It looks into each scope by itself:
// scopes are few, and counters are many.
func (tx *tx) forgetCounters(ws model.WorkspaceID, email string) error {
	_, err := tx.exec(`
		with recursive scopes (scope) as (
			select min(scope) from counters
			union all
			select (select min(scope) from counters where scope > scopes.scope) from scopes where scope is not null
		)
		delete from counters
		where scope in (select scope from scopes where scope is not null) and key = ?`, fmt.Sprintf("%d %s", ws, email))
	return err
}
