package browser_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"

	"deskbell/db"
	"deskbell/db/model"
	"deskbell/handlers/handlerstest"
)

// aBusyYear writes tickets of a year, answered by two members, one of them with a name that breaks nowhere.
func aBusyYear(t *testing.T, s *handlerstest.Server) {
	t.Helper()
	ctx := t.Context()
	ws, err := s.DB.Workspace(ctx, 1)
	if err != nil {
		t.Fatal(err)
	}
	members, err := s.DB.Members(ctx, ws.ID)
	if err != nil {
		t.Fatal(err)
	}
	long, err := s.DB.CreateMember(ctx, model.Member{WorkspaceID: ws.ID, Email: "long@example.com", Name: longWord[:100], Role: model.Agent}, "x")
	if err != nil {
		t.Fatal(err)
	}
	members = append(members, long)
	random, text := rand.New(rand.NewPCG(7, 7)), model.RichText{Source: "Text", HTML: "<p>Text</p>"}
	var past []db.PastTicket
	for i := range 600 {
		at := s.DB.Now().Add(-time.Duration(random.IntN(365*24)) * time.Hour)
		answered := at.Add(time.Duration(random.ExpFloat64() * float64(5*time.Hour)))
		closed := answered.Add(time.Duration(random.ExpFloat64() * float64(40*time.Hour)))
		ticket := db.PastTicket{At: at, Category: model.Open, Description: text, Intake: model.Intake{
			Email: fmt.Sprintf("c%d@example.org", i%50), Name: "Customer", Title: "Past", Type: []string{"question", "bug", "billing"}[random.IntN(3)]}}
		by := members[random.IntN(len(members))]
		if answered.Before(s.DB.Now()) {
			ticket.Entries = append(ticket.Entries, db.PastEntry{At: answered, Member: by, Text: text})
		}
		if closed.Before(s.DB.Now()) {
			ticket.Category = model.Closed
			ticket.Entries = append(ticket.Entries, db.PastEntry{At: closed, Member: by, Text: text})
		}
		past = append(past, ticket)
	}
	if _, err := s.DB.AddHistory(ctx, ws, "support", past); err != nil {
		t.Fatal(err)
	}
}

// The numbers of a busy year fit every screen and shut nobody out; on paper they are charts without controls.
func TestM2_TheNumbersCanBeReadEverywhere(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	aBusyYear(t, s)
	p := open(t, s, "", look{})
	signIn(p, "agent@example.com")
	for _, days := range []int{7, 30, 90, 365} {
		name := fmt.Sprintf("numbers of %d days", days)
		p.visit(fmt.Sprintf("/desk/numbers?days=%d", days))
		p.fitsEveryScreen(name)
		p.shutsNobodyOut(name)
		p.emulate(look{})
		p.is("[...document.querySelectorAll('.chart__plot')].length === 3")
		p.is("[...document.querySelectorAll('.chart__plot')].every((c) => c.querySelectorAll('rect').length > 5 && c.getBoundingClientRect().height > 100)")
	}
	p.visit("/desk/numbers?days=30")
	p.pressOn("document.querySelector('.chart summary')")
	p.is("document.querySelectorAll('.chart details[open] tbody tr').length === 30")
	p.do(emulation.SetEmulatedMedia().WithMedia("print"))
	p.is("[...document.querySelectorAll('button, select, .desk__bar, .filters')].every((e) => e.getClientRects().length === 0)")
	p.is("[...document.querySelectorAll('.chart__plot, .chart__caption, .figure')].every((e) => e.getClientRects().length > 0)")
	p.shot("numbers printed")
}

// What is opened in the panel is counted, whatever tab it opens in.
func TestF2_AnOpenedSuggestionIsCounted(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	p := open(t, s, "", look{})
	counted := func(ctx context.Context) model.SuggestionCount {
		n, err := s.DB.Numbers(ctx, 1, db.NumbersQuery{To: s.DB.Now()})
		if err != nil {
			t.Fatal(err)
		}
		return n.Suggestions
	}
	before := counted(t.Context())
	p.visit("/ticket/support")
	p.fill("title", "the camera of my scanner")
	p.until("document.querySelectorAll('.suggestions a').length > 0")
	read := p.opens(func() { p.pressOn("document.querySelector('.suggestions__link')") })
	read.shows("scanner")
	p.eventually("the opened suggestion is counted", func(ctx context.Context) bool {
		now := counted(ctx)
		return now.Shown == before.Shown+1 && now.Opened == before.Opened+1
	})
}
