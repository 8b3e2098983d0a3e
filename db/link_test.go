package db

import (
	"sync"
	"testing"
)

// Two tabs have read the same link before either replaces it.
func TestI8_ALinkThatWasReplacedMeanwhileIsLeftAlone(t *testing.T) {
	t.Parallel()
	db, ctx := open(t), t.Context()
	ws, _ := testWorkspace(t, db, "acme.test")
	if err := db.CreateTicket(ctx, ws, "support", newTicket("one", "ada@example.com")); err != nil {
		t.Fatal(err)
	}
	link, err := db.LinkByForm(ctx, ws.ID, 0, "one")
	if err != nil {
		t.Fatal(err)
	}
	reader, err := db.ReaderByLink(ctx, ws.ID, link)
	if err != nil {
		t.Fatal(err)
	}
	var wait sync.WaitGroup
	for range 10 {
		wait.Go(func() {
			if err := db.ReplaceLink(ctx, ws.ID, reader); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if got := text(t, db.read, `select count(*) from outbox where kind = 'new link'`); got != "1" {
		t.Errorf("%s mails carry a new link, want one", got)
	}
	if got := text(t, db.read, `select count(*) from events where what = 'link replaced'`); got != "1" {
		t.Errorf("the timeline says %s times that the link was replaced, want once", got)
	}
	if _, err := db.ReaderByLink(ctx, ws.ID, link); err == nil {
		t.Error("the old link still opens the thread")
	}
}
