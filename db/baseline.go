package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"deskbell/db/model"
)

// Baseline is SQLite at its barest, for `make bench` alone: one table, one durable commit for each
// row, on a connection with the pragmas that Deskbell writes with.
type Baseline struct {
	db     *sql.DB
	insert *sql.Stmt
}

// OpenBaseline makes a new database file at path.
func OpenBaseline(ctx context.Context, path string) (*Baseline, error) {
	db, err := sql.Open("sqlite3", dsn(path, "rwc", writePragmas))
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	db.SetMaxOpenConns(1)
	if err := checkPragmas(ctx, db); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	if _, err := db.ExecContext(ctx, `
		create table rows (
			id    integer primary key,
			title text not null,
			body  text not null
		) strict`); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	insert, err := db.PrepareContext(ctx, `insert into rows (title, body) values (?, ?)`)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return &Baseline{db: db, insert: insert}, nil
}

// Insert writes one row and returns when it is on disk.
func (b *Baseline) Insert(ctx context.Context, title, body string) error {
	_, err := b.insert.ExecContext(ctx, title, body)
	return wrapDriver("insert", err)
}

// Close closes the file.
func (b *Baseline) Close() error { return errors.Join(b.insert.Close(), b.db.Close()) }

// BareRead reads one row by its primary key, as little as can be read of this database: what `make bench`
// compares a search with, and nothing else uses.
func (db *DB) BareRead(ctx context.Context, id model.DocumentID) error {
	_, err := value[string](db.reader(ctx), `select title from documents where id = ?`, id)
	return err
}
