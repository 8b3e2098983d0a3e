package db

import (
	"path/filepath"
	"testing"
)

// beforeSessionRefs is the version of the database before sessions could be named.
const beforeSessionRefs = 12

func TestO8_SessionsFromBeforeCanBeEndedByName(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "deskbell.db")
	before := upTo(t, path, beforeSessionRefs)
	run(t, before, `
		insert into workspaces (id, name, kind, created_at) values (1, 'Acme', 'standard', 1);
		insert into customers (id, workspace_id, email, created_at) values (1, 1, 'ada@example.com', 1);
		insert into sessions (hash, workspace_id, customer_id, created_at, last_seen_at, expires_at)
		values ('one', 1, 1, 1, 1, 9000000000000), ('two', 1, 1, 1, 2, 9000000000000)`)
	if err := before.Close(); err != nil {
		t.Fatal(err)
	}
	db, err := Open(t.Context(), path, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	list, err := db.CustomerSessions(t.Context(), 1, 1)
	if err != nil || len(list) != 2 || list[0].Hash != "two" || len(list[0].Ref) < 22 || list[0].Ref == list[1].Ref {
		t.Fatalf("the sessions are %+v, %v", list, err)
	}
	if err := db.EndCustomerSession(t.Context(), 1, 1, list[0].Ref); err != nil {
		t.Fatal(err)
	}
	if list, err = db.CustomerSessions(t.Context(), 1, 1); err != nil || len(list) != 1 || list[0].Hash != "one" {
		t.Errorf("the sessions left are %+v, %v", list, err)
	}
}
