package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

var errReadOnly = errors.New("the database is open for reading alone")

// OpenReadOnly opens the database at path to look at it, beside a process that serves it or without
// one. It makes, migrates and locks nothing, so that the version may be another than this program's;
// whatever would write fails. The file must be there.
func OpenReadOnly(ctx context.Context, path string, now func() time.Time) (*DB, error) {
	if now == nil {
		now = time.Now
	}
	reading, err := sql.Open("sqlite3", dsn(path, "ro", lookingPragmas(path)))
	if err != nil {
		return nil, fmt.Errorf("open %s for reading: %w", path, err)
	}
	if err := checkBuild(ctx, reading); err != nil {
		return nil, errors.Join(err, reading.Close())
	}
	return &DB{read: reading, now: now}, nil
}

// lookingPragmas are those by which to look at a database that others may have open.
func lookingPragmas(path string) url.Values {
	if _, err := os.Stat(path + "-wal"); errors.Is(err, os.ErrNotExist) {
		// Nobody has it open. Why immutable: SQLite would make a log and its index to read, and leave
		// them to whom they belong, maybe to another user than the server's.
		return url.Values{"_query_only": {"1"}, "immutable": {"1"}}
	}
	return readPragmas
}

// Versions returns the version that the database has, and the newest that this program knows (O8).
func (db *DB) Versions(ctx context.Context) (has, knows int64, err error) {
	has, err = value[int64](db.reader(ctx), `
		select coalesce(max(version_id), 0) from goose_db_version where is_applied = 1`)
	if err != nil {
		return 0, 0, err
	}
	files, err := migrations.ReadDir("migrations")
	if err != nil {
		return 0, 0, fmt.Errorf("find the migrations: %w", err)
	}
	for _, file := range files {
		number, _, _ := strings.Cut(filepath.Base(file.Name()), "_")
		n, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			return 0, 0, fmt.Errorf("the migration %s has no number: %w", file.Name(), err)
		}
		knows = max(knows, n)
	}
	return has, knows, nil
}

// Faults returns up to 10 things that are wrong in the file as SQLite sees it: pages and indexes that do
// not fit together, and rows that point to nothing. It reads the whole file.
func (db *DB) Faults(ctx context.Context) ([]string, error) {
	text := func(s *string) []any { return []any{s} }
	faults, err := all(db.reader(ctx), text, `pragma quick_check(10)`)
	if err != nil || !slices.Equal(faults, []string{"ok"}) {
		return faults, err
	}
	return all(db.reader(ctx), text, `
		select 'a row of ' || "table" || ' points to a missing one of ' || "parent"
		from pragma_foreign_key_check
		limit 10`)
}

// NeededFile says whether a row needs the bytes under a name at this moment.
func (db *DB) NeededFile(ctx context.Context, file string) (bool, error) {
	return value[bool](db.reader(ctx), `
		select exists (select 1 from attachments where file = ?1)
			or exists (select 1 from uploads where file = ?1)`, file)
}
