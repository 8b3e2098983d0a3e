package db

import (
	"context"
	"fmt"
	"testing"

	"deskbell/db/model"
)

func TestJ3_AThreadThatWasSeenIsNotWrittenAgain(t *testing.T) {
	t.Parallel()
	db := open(t)
	ctx := context.Background()
	ws, _ := testWorkspace(t, db, "acme.test")
	if err := db.CreateTicket(ctx, ws, "support", newTicket("one", "ada@example.com")); err != nil {
		t.Fatal(err)
	}
	link, err := db.LinkByForm(ctx, ws.ID, 0, "one")
	if err != nil {
		t.Fatal(err)
	}
	conn, err := db.read.Conn(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	commits := func() (n int64) {
		if err := conn.QueryRowContext(ctx, "pragma data_version").Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	see := func(version int64) bool {
		t.Helper()
		r, err := db.ReaderByLink(ctx, ws.ID, link)
		if err != nil {
			t.Fatal(err)
		}
		before := commits()
		if err := db.Seen(ctx, ws.ID, r, version); err != nil {
			t.Fatal(err)
		}
		return commits() != before
	}
	for _, step := range []struct {
		version int64
		writes  bool
	}{{1, false}, {2, true}, {2, false}, {1, false}, {3, true}} {
		if writes := see(step.version); writes != step.writes {
			t.Errorf("seeing version %d: written %t, want %t", step.version, writes, step.writes)
		}
	}
}

func TestJ3_ASearchFoldsCaseAndAccents(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Shelf 7": "shelf 7", "Größe": "grosse", "GRÖẞE": "grosse", "Café": "cafe", "cafe\u0301": "cafe", "ΟΔΟΣ": "οδοσ", "οδός": "οδοσ",
		"İstanbul": "istanbul", "ﬁne": "fine", "مَرحبا": "مرحبا", "": "", "\xff": "\uFFFD",
	} {
		if got := fold(text); got != want {
			t.Errorf("fold(%q) = %q, want %q", text, got, want)
		}
	}
}

// BenchmarkOverview lists and searches 2,000 tickets of one customer, of some 2,000 characters each.
func BenchmarkOverview(b *testing.B) {
	db := open(b)
	ctx := context.Background()
	ws, _ := testWorkspace(b, db, "acme.test")
	for n := range 2000 {
		ticket := newTicket(fmt.Sprint("ticket ", n), "ada@example.com")
		ticket.Intake.Description = fmt.Sprintf("%02000d é", n)
		if err := db.CreateTicket(ctx, ws, "support", ticket); err != nil {
			b.Fatal(err)
		}
	}
	for name, text := range map[string]string{"list": "", "search": "nowhere"} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, _, err := db.CustomerTickets(ctx, ws.ID, 1, OverviewFilter{Text: text}, OverviewPlace{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("unread", func(b *testing.B) {
		for b.Loop() {
			if _, err := db.UnreadTickets(ctx, ws.ID, model.CustomerID(1)); err != nil {
				b.Fatal(err)
			}
		}
	})
}
