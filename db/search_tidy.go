package db

import "context"

const (
	// mostParts is how many parts an index for searching may have: what is saved makes new ones, and each word
	// of a query is looked up in all of them. FTS5 alone lets some ten of 100,000 documents be, which makes a
	// search three times slower than one part does.
	mostParts = 5
	// tidyPages bounds how much one step writes, and with it how long other writes wait.
	tidyPages = 50
)

// TidySearch takes a step in making one part of each index for searching that has come to have many, and
// returns how much it changed: 0 when there is nothing left to do.
func (db *DB) TidySearch(ctx context.Context) (int, error) {
	changed := 0
	err := db.update(ctx, func(tx *tx) (err error) {
		if changed, err = tx.tidy("documents_titles"); changed == 0 && err == nil {
			changed, err = tx.tidy("documents_bodies")
		}
		return err
	})
	return changed, err
}

// tidy merges a bounded piece of an index. A merge that was begun goes on where it was.
func (tx *tx) tidy(index string) (int, error) {
	parts, err := value[int](tx, `select count(distinct segid) from `+index+`_idx`)
	if err != nil || parts <= mostParts {
		return 0, err
	}
	before, err := value[int](tx, `select total_changes()`)
	if err != nil {
		return 0, err
	}
	// A negative number begins to merge every part into one, where that has not begun yet.
	if _, err := tx.exec(`insert into `+index+` (`+index+`, rank) values ('merge', ?)`, -tidyPages); err != nil {
		return 0, err
	}
	after, err := value[int](tx, `select total_changes()`)
	if after-before < 2 { // FTS5 says so: nothing was left to merge
		return 0, err
	}
	return after - before, err
}
