package seed

import (
	"path/filepath"
	"testing"

	"deskbell/db"
	"deskbell/db/model"
	"deskbell/views"
)

func TestMany_IsAWorkspaceLikeOneThatWasLived(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	data, err := db.Open(ctx, filepath.Join(t.TempDir(), "deskbell.db"), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer data.Close()
	const tickets = 300
	crowd, err := Many(ctx, data, tickets, views.Markdown, func(string) string { return "a hash" })
	if err != nil {
		t.Fatal(err)
	}
	if mean := float64(crowd.Messages) / tickets; mean < 5.5 || mean > 7.5 {
		t.Errorf("%.2f messages a ticket, want about 6.5", mean)
	}
	counts, err := data.TicketCounts(ctx, crowd.Workspace.ID)
	if err != nil || counts[model.Open] == 0 || counts[model.Waiting] == 0 ||
		counts[model.Open]+counts[model.Waiting]+counts[model.Closed] != tickets {
		t.Errorf("counts = %v, %v", counts, err)
	}
	mails, err := data.Outbox(ctx, crowd.Workspace.ID, 0)
	if err != nil || len(mails.Mails) != 0 {
		t.Errorf("%d mails, %v; nobody is to be told of the past", len(mails.Mails), err)
	}
	seen := 0
	for i, thread := range crowd.Threads {
		seen += checkPast(t, data, crowd, int64(i+1), thread)
	}
	if seen != crowd.Messages {
		t.Errorf("%d messages and notes, want %d", seen, crowd.Messages)
	}
}

// checkPast compares what a recipient and what the desk sees of a ticket, and returns how many
// entries it has.
func checkPast(t *testing.T, data *db.DB, crowd Crowd, number int64, past db.PastThread) int {
	t.Helper()
	reader, err := data.ReaderByLink(t.Context(), crowd.Workspace.ID, past.Link)
	if err != nil {
		t.Fatal(err)
	}
	if !reader.Confirmed {
		t.Errorf("ticket %d: the reporter is not confirmed", number)
	}
	public, err := data.PublicThread(t.Context(), crowd.Workspace.ID, reader, 0)
	if err != nil || public.Version != past.Version {
		t.Errorf("ticket %d: version %d, %v; want %d", number, public.Version, err, past.Version)
	}
	page, err := data.TicketPage(t.Context(), crowd.Workspace.ID, number)
	if err != nil || page.Ticket.Title != public.Title {
		t.Fatalf("ticket %d is %q, %v; want %q", number, page.Ticket.Title, err, public.Title)
	}
	notes := 0
	for _, m := range page.Messages {
		if m.Note {
			notes++
		}
	}
	if len(page.Messages)-notes != len(public.Messages) {
		t.Errorf("ticket %d: %d public messages of %d with %d notes", number, len(public.Messages), len(page.Messages), notes)
	}
	if want := len(page.Messages) + 1; len(page.Events) < want || len(page.Events) > want+1 {
		t.Errorf("ticket %d: %d events for %d entries", number, len(page.Events), len(page.Messages))
	}
	if last := page.Messages[len(page.Messages)-1]; !page.Ticket.LastActivityAt.Equal(last.At) {
		t.Errorf("ticket %d: last activity %v, want %v", number, page.Ticket.LastActivityAt, last.At)
	}
	return len(page.Messages)
}
