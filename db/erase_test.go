package db

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"deskbell/db/model"
)

// crowded makes a customer with many tickets, a message in each.
func crowded(t *testing.T, db *DB, tickets int) (model.Workspace, model.Member, Customer) {
	t.Helper()
	ctx := t.Context()
	ws, _ := testWorkspace(t, db, "acme.test")
	m, err := db.CreateMember(ctx, model.Member{WorkspaceID: ws.ID, Email: "a@acme.test", Name: "A", Role: model.Admin}, "x")
	if err != nil {
		t.Fatal(err)
	}
	past := make([]PastTicket, tickets)
	for i := range past {
		text := model.RichText{Source: "It broke", HTML: "<p>It broke</p>"}
		past[i] = PastTicket{At: time.UnixMilli(int64(i)), Category: model.Open, Description: text, Entries: []PastEntry{{At: time.UnixMilli(int64(i)), Text: text}},
			Intake: model.Intake{Email: "ada@example.com", Name: "Ada", Title: fmt.Sprint("Number ", i), Type: "question"}}
	}
	if _, err := db.AddHistory(ctx, ws, "support", past); err != nil {
		t.Fatal(err)
	}
	c, err := customerByEmail(db.reader(ctx), ws.ID, "ada@example.com")
	if err != nil {
		t.Fatal(err)
	}
	return ws, m, c
}

// An erasure that a crash cuts off goes on where it was, in steps that no other write waits for.
func TestJ4_AnErasureGoesOnAfterACrash(t *testing.T) {
	t.Parallel()
	path, ctx := filepath.Join(t.TempDir(), "deskbell.db"), context.Background()
	db, err := Open(ctx, path, nil)
	if err != nil {
		t.Fatal(err)
	}
	const tickets = 2000
	_, m, c := crowded(t, db, tickets)
	if err := db.BeginErasure(ctx, m, c.ID, c.Email); err != nil {
		t.Fatal(err)
	}
	steps := 0
	for n := 1; n > 0; steps++ {
		if n, err = db.Erase(ctx); err != nil || n > eraseBatch {
			t.Fatalf("a step changed %d things, want at most %d (%v)", n, eraseBatch, err)
		}
		if steps%50 == 49 { // nothing is kept between the steps but what the file has
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			if db, err = Open(ctx, path, nil); err != nil {
				t.Fatal(err)
			}
		}
	}
	defer db.Close()
	if least := 4 * tickets / eraseBatch; steps < least {
		t.Errorf("%d steps, want at least %d", steps, least)
	}
	for query, want := range map[string]string{
		`select count(*) from customers where email <> ''`:                          "0",
		`select count(*) from recipients`:                                           "0",
		`select count(*) from erasures`:                                             "0",
		`select count(*) from tickets where title = 'Erased'`:                       fmt.Sprint(tickets),
		`select count(*) from messages where author_name = 'Erased person'`:         fmt.Sprint(tickets),
		`select count(*) from events where actor_name = 'Erased person'`:            fmt.Sprint(2 * tickets),
		`select count(*) from outbox where kind = 'erased'`:                         "1",
		`select count(*) from audit where actor_name = 'A' and subject = 'erasure'`: "1",
	} {
		if got := text(t, db.read, query); got != want {
			t.Errorf("%s = %s, want %s", query, got, want)
		}
	}
	if faults, err := db.Faults(ctx); err != nil || len(faults) > 0 {
		t.Errorf("the file has the faults %v, %v", faults, err)
	}
}

// The timeline opens for nothing but an erasure, and then for nothing but texts (M4).
func TestM4_EventsAreNeverChangedButForAnErasure(t *testing.T) {
	t.Parallel()
	db, ctx := open(t), t.Context()
	_, m, c := crowded(t, db, 1)
	try := func(set string) error {
		return db.update(ctx, func(tx *tx) error {
			_, err := tx.exec(`update events set ` + set)
			return err
		})
	}
	if try(`actor_name = 'x'`) == nil {
		t.Error("an event was changed")
	}
	if err := db.AskErasure(ctx, m.WorkspaceID, c.ID); err != nil {
		t.Fatal(err)
	}
	if try(`actor_name = 'x'`) == nil {
		t.Error("an event was changed when an erasure was only asked for")
	}
	if err := db.BeginErasure(ctx, m, c.ID, c.Email); err != nil {
		t.Fatal(err)
	}
	for _, set := range []string{`what = 'note'`, `at = at + 1`, `actor_kind = 'system'`, `member_id = 1`, `id = id + 100`} {
		if try(set) == nil {
			t.Errorf("during an erasure an event was changed: %s", set)
		}
	}
	for n := 1; n > 0; {
		var err error
		if n, err = db.Erase(ctx); err != nil {
			t.Fatal(err)
		}
	}
	if try(`actor_name = 'x'`) == nil {
		t.Error("an event was changed after the erasure")
	}
}

// Two people who were erased are nobody's ticket of the same nobody; another workspace has its own.
func TestJ4_ErasedPeopleCannotBeToldApart(t *testing.T) {
	t.Parallel()
	db, ctx := open(t), t.Context()
	ws, m, _ := crowded(t, db, 1)
	if err := db.CreateTicket(ctx, ws, "support", newTicket("two", "bob@example.com")); err != nil {
		t.Fatal(err)
	}
	for _, email := range []string{"ada@example.com", "bob@example.com"} {
		c, err := customerByEmail(db.reader(ctx), ws.ID, email)
		if err != nil {
			t.Fatal(err)
		}
		if err := db.BeginErasure(ctx, m, c.ID, email); err != nil {
			t.Fatal(err)
		}
	}
	for n := 1; n > 0; {
		var err error
		if n, err = db.Erase(ctx); err != nil {
			t.Fatal(err)
		}
	}
	if got := text(t, db.read, `select count(*) || ' for ' || count(distinct reporter_id) from tickets`); got != "2 for 1" {
		t.Errorf("tickets are %s reporter", got)
	}
}

// Many lines tell of an address that ends as the erased one does, and one of that itself.
func TestJ4_AnAddressGoesFromEveryTimelineAndALongerOneStays(t *testing.T) {
	t.Parallel()
	db, ctx := open(t), t.Context()
	ws, m, c := crowded(t, db, 1)
	if err := db.CreateTicket(ctx, ws, "support", newTicket("two", "nada@example.com")); err != nil {
		t.Fatal(err)
	}
	if err := db.update(ctx, func(tx *tx) error {
		tell := func(from, to string) error {
			return tx.event(ws.ID, 2, model.Actor{Kind: model.BySystem, Name: "Deskbell"}, model.EventMailFailed, from, to)
		}
		for range 3 * eraseBatch {
			if err := tell("nada@example.com", "no such user"); err != nil {
				return err
			}
		}
		return tell("somebody", "550 <ADA@example.com>: no such user")
	}); err != nil {
		t.Fatal(err)
	}
	if err := db.BeginErasure(ctx, m, c.ID, c.Email); err != nil {
		t.Fatal(err)
	}
	for n := 1; n > 0; {
		var err error
		if n, err = db.Erase(ctx); err != nil {
			t.Fatal(err)
		}
	}
	if got := text(t, db.read, `select count(*) from events where from_value = 'nada@example.com'`); got != fmt.Sprint(3*eraseBatch) {
		t.Errorf("%s lines still tell of the longer address", got)
	}
	if got := text(t, db.read, `select to_value from events where from_value = 'somebody'`); got != "550 <Erased person>: no such user" {
		t.Errorf("the line tells %q", got)
	}
}
