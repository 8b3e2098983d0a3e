package db

import (
	"context"
	"fmt"
	"maps"
	"testing"

	"deskbell/db/model"
)

// A creation is measured beside the rows that it makes durable: as many, in the same tables.
func TestBaseline_WritesTheRowsOfACreation(t *testing.T) {
	t.Parallel()
	db := open(t)
	ctx := context.Background()
	ws, p := testWorkspace(t, db, "acme.test")
	if _, err := db.CreateMember(ctx, model.Member{WorkspaceID: ws.ID, Email: "admin@acme.test", Name: "Admin", Role: model.Admin, NewTicketMail: true}, ""); err != nil {
		t.Fatal(err)
	}
	ws.FirstMailsPerHour = 0 // as if others had used them up
	baseline, err := NewBaseline(ctx, db, ws, p)
	if err != nil {
		t.Fatal(err)
	}
	rows := func(write func() error) map[string]int {
		t.Helper()
		before := countRows(t, db)
		if err := write(); err != nil {
			t.Fatal(err)
		}
		added := countRows(t, db)
		maps.DeleteFunc(added, func(table string, n int) bool { return n == before[table] })
		for table := range added {
			added[table] -= before[table]
		}
		return added
	}
	// The first ticket of all makes rows that every later one changes: numbers, and blocks of an index.
	if err := db.CreateTicket(ctx, ws, "support", newTicket("zero", "zero@example.com")); err != nil {
		t.Fatal(err)
	}
	created := rows(func() error {
		in := newTicket("one", "ada@example.com")
		in.Client = "192.0.2.1"
		return db.CreateTicket(ctx, ws, "support", in)
	})
	inserted := rows(func() error {
		return baseline.Insert(ctx, "192.0.2.2", "bob@example.com", "Help", model.RichText{Source: "It broke", HTML: "<p>It broke</p>"})
	})
	if !maps.Equal(created, inserted) || created["tickets"] != 1 || created["outbox"] != 2 || created["counters"] != 2 {
		t.Errorf("a creation adds %v, its baseline %v", created, inserted)
	}
}

// countRows counts the rows of every table.
func countRows(t *testing.T, db *DB) map[string]int {
	t.Helper()
	names, err := all(db.reader(context.Background()), func(s *string) []any { return []any{s} }, `
		select name from sqlite_schema where type = 'table' and sql not like '%virtual%' order by name`)
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]int{}
	for _, name := range names {
		if rows[name], err = value[int](db.reader(context.Background()), fmt.Sprintf(`select count(*) from %q`, name)); err != nil {
			t.Fatal(err)
		}
	}
	return rows
}
