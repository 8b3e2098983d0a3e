package db

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"deskbell/db/model"
)

// open returns a database on a real file that ends with the test.
func open(t testing.TB) *DB {
	t.Helper()
	db, err := Open(context.Background(), filepath.Join(t.TempDir(), "deskbell.db"), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

func testWorkspace(t testing.TB, db *DB, hosts ...string) (model.Workspace, model.Project) {
	t.Helper()
	ctx := context.Background()
	ws, err := db.CreateWorkspace(ctx, NewWorkspace{Name: "Acme", Kind: model.Standard, Color: "#1d5fa8", Hosts: hosts})
	if err != nil {
		t.Fatal(err)
	}
	p, err := db.CreateProject(ctx, ws.ID, NewProject{
		PublicID: "support", Name: "Support", Intake: model.IntakeOpen,
		Types: []model.TicketType{{Key: "question", Name: "Question"}}, DefaultType: "question",
	})
	if err != nil {
		t.Fatal(err)
	}
	return ws, p
}

func newTicket(key, email string) NewTicket {
	return NewTicket{
		FormKey: key, Host: "acme.test",
		Intake:      model.Intake{Email: email, Title: "Help", Description: "It broke", Type: "question"},
		Description: model.RichText{Source: "It broke", HTML: "<p>It broke</p>"},
	}
}

func TestB9_TwentySendsOfOneFormMakeOneTicket(t *testing.T) {
	t.Parallel()
	db := open(t)
	ws, _ := testWorkspace(t, db, "acme.test")
	var wait sync.WaitGroup
	for range 20 {
		wait.Go(func() {
			if err := db.CreateTicket(context.Background(), ws, "support", newTicket("one", "ada@example.com")); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	page, err := db.Inbox(context.Background(), ws.ID, InboxFilter{}, Cursor{}, false)
	if err != nil || len(page.Tickets) != 1 {
		t.Fatalf("tickets = %d, %v; want one", len(page.Tickets), err)
	}
}

func TestWriter_AFailingWriteUndoesItselfAlone(t *testing.T) {
	t.Parallel()
	db := open(t)
	boom := errors.New("boom")
	var wait sync.WaitGroup
	for i := range 200 {
		wait.Go(func() {
			err := db.update(context.Background(), func(tx *tx) error {
				if err := tx.spend("", Count{Scope: "test", Key: "k", Limit: 1 << 30, Per: 1 << 50}); err != nil {
					return err
				}
				switch i % 4 {
				case 1:
					return boom
				case 2:
					panic(boom)
				}
				return nil
			})
			if failed := i%4 == 1 || i%4 == 2; (err != nil) != failed {
				t.Errorf("write %d: %v", i, err)
			}
		})
	}
	wait.Wait()
	n, err := value[int](db.reader(context.Background()), `select count from counters`)
	if err != nil || n != 100 {
		t.Fatalf("count = %d, %v; want the 100 that succeeded", n, err)
	}
}

func TestO8_ABinaryThatCannotDoTheWorkSaysSo(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		version string
		fts     bool
		says    string // "" when it can
	}{
		{"3.51.3", true, ""}, {"3.54.1", true, ""}, {"4.0.0", true, ""},
		{"3.54.1", false, "the tag sqlite_fts5"},
		{"3.51.2", true, "needs 3.51.3"}, {"3.9.9", true, "needs 3.51.3"}, {"odd", true, "needs 3.51.3"},
	} {
		err := checkSQLite(c.version, c.fts)
		if c.says == "" && err != nil || c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says)) {
			t.Errorf("%s, full-text search %t: %v, want %q", c.version, c.fts, err, c.says)
		}
	}
}
