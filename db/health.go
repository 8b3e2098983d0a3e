package db

import "context"

// CheckWrites writes one row durably and reads it back by another connection.
func (db *DB) CheckWrites(ctx context.Context) error {
	err := db.update(ctx, func(tx *tx) error {
		_, err := tx.exec(`
			insert into health (id, checked_at) values (1, ?)
			on conflict do update set checked_at = excluded.checked_at`, millis(tx.now))
		return err
	})
	if err != nil {
		return err
	}
	_, err = value[int64](db.reader(ctx), `select checked_at from health where id = 1`)
	return err
}
