package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"deskbell/db/model"
)

// querier prepares each statement once: a read pool or a write transaction.
type querier interface {
	prepared(query string) (context.Context, *sql.Stmt, error)
}

// reader is the read pool with the context of one call.
type reader struct {
	ctx context.Context
	db  *DB
}

func (db *DB) reader(ctx context.Context) reader { return reader{ctx, db} }

func (r reader) prepared(query string) (context.Context, *sql.Stmt, error) {
	if stmt, ok := r.db.stmts.Load(query); ok {
		return r.ctx, stmt.(*sql.Stmt), nil
	}
	stmt, err := r.db.read.PrepareContext(r.ctx, steady(query))
	if err != nil {
		return nil, nil, err
	}
	if kept, loaded := r.db.stmts.LoadOrStore(query, stmt); loaded {
		stmt.Close()
		stmt = kept.(*sql.Stmt)
	}
	return r.ctx, stmt, nil
}

// steady keeps SQLite from looking at the values of a statement while it plans it: the driver clears them after each use,
// and a plan that has looked at one is made anew then (docs/decisions/0039). No text in a statement has a question mark.
func steady(query string) string { return strings.ReplaceAll(query, "?", "+?") }

func (tx *tx) prepared(query string) (context.Context, *sql.Stmt, error) {
	stmt, err := tx.w.prepare(tx.ctx, query)
	return tx.ctx, stmt, err
}

// one reads one row into the places that into names, and fails with NotFound where there is none.
func one[T any](q querier, into func(*T) []any, query string, args ...any) (T, error) {
	var row T
	ctx, stmt, err := q.prepared(query)
	if err == nil {
		err = stmt.QueryRowContext(ctx, args...).Scan(into(&row)...)
	}
	if errors.Is(err, sql.ErrNoRows) {
		return row, model.Fail(model.NotFound, "There is nothing at this address.")
	}
	return row, wrapDriver("query", err)
}

// all reads every row. The query bounds their number. With an error it returns the rows before it.
func all[T any](q querier, into func(*T) []any, query string, args ...any) ([]T, error) {
	ctx, stmt, err := q.prepared(query)
	if err != nil {
		return nil, wrapDriver("prepare", err)
	}
	rows, err := stmt.QueryContext(ctx, args...)
	if err != nil {
		return nil, wrapDriver("query", err)
	}
	defer rows.Close()
	var list []T
	for rows.Next() {
		var row T
		if err := rows.Scan(into(&row)...); err != nil {
			return list, wrapDriver("scan", err)
		}
		list = append(list, row)
	}
	return list, wrapDriver("query", rows.Err())
}

// value reads one column of one row.
func value[T any](q querier, query string, args ...any) (T, error) {
	return one(q, func(v *T) []any { return []any{v} }, query, args...)
}

// exec runs a statement and returns how many rows it changed.
func (tx *tx) exec(query string, args ...any) (int64, error) {
	ctx, stmt, err := tx.prepared(query)
	if err != nil {
		return 0, wrapDriver("prepare", err)
	}
	result, err := stmt.ExecContext(ctx, args...)
	if err != nil {
		return 0, wrapDriver("exec", err)
	}
	n, err := result.RowsAffected()
	return n, wrapDriver("exec", err)
}

// insert runs an insert and returns the new row's id.
func (tx *tx) insert(query string, args ...any) (int64, error) {
	ctx, stmt, err := tx.prepared(query)
	if err != nil {
		return 0, wrapDriver("prepare", err)
	}
	result, err := stmt.ExecContext(ctx, args...)
	if err != nil {
		return 0, wrapDriver("insert", err)
	}
	id, err := result.LastInsertId()
	return id, wrapDriver("insert", err)
}

// must returns NotFound when a statement changed no row.
func must(n int64, err error) error {
	if err == nil && n == 0 {
		return model.Fail(model.NotFound, "There is nothing at this address.")
	}
	return err
}

// millis is how a time is stored: milliseconds since 1970, UTC.
func millis(t time.Time) int64 { return t.UnixMilli() }

// orNull stores zero as null.
func orNull[T ~int64 | ~string](v T) any {
	var zero T
	if v == zero {
		return nil
	}
	return v
}

// at scans a stored time; null becomes the zero time.
func at(t *time.Time) sql.Scanner { return timeScanner{t} }

type timeScanner struct{ t *time.Time }

func (s timeScanner) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		*s.t = time.Time{}
	case int64:
		*s.t = time.UnixMilli(v).UTC()
	default:
		return fmt.Errorf("a time is stored as %T", v)
	}
	return nil
}

// words scans a list that is stored with a space between its entries, which have none.
type words struct{ list *[]string }

func (w words) Scan(v any) error {
	text, _ := v.(string)
	*w.list = strings.Fields(text)
	return nil
}

// address scans a customer's address: a synthetic one is shown to nobody, and read as none (E5).
type address struct {
	shown  *string
	stored *string // nil: nobody needs it
}

func (a address) Scan(v any) error {
	text, ok := v.(string)
	if !ok {
		return fmt.Errorf("an address is stored as %T", v)
	}
	*a.shown = shownAddress(text)
	if a.stored != nil {
		*a.stored = text
	}
	return nil
}

func shownAddress(stored string) string {
	if model.Synthetic(stored) {
		return ""
	}
	return stored
}

// opt scans a column that may be null into a plain value; null becomes zero.
func opt[T any](p *T) sql.Scanner { return optScanner[T]{p} }

type optScanner[T any] struct{ p *T }

func (s optScanner[T]) Scan(v any) error {
	var n sql.Null[T]
	if err := n.Scan(v); err != nil {
		return err
	}
	*s.p = n.V
	return nil
}
