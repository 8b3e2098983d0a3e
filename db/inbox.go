package db

import (
	"context"
	"slices"
	"time"

	"deskbell/db/model"
)

// InboxFilter picks tickets. The zero value is every ticket of the workspace.
type InboxFilter struct {
	Category model.Category // "": all
	Assignee model.MemberID // 0: anybody's; a filter by assignee ignores Category
}

// Cursor is a place in the inbox: between tickets, by their last activity and number.
type Cursor struct {
	At     time.Time
	Number int64
}

// InboxPage is a page of the inbox, newest activity first.
type InboxPage struct {
	Tickets []InboxTicket
	Newer   bool // there are tickets above the first
	Older   bool // there are tickets below the last
}

// InboxTicket is a line of the inbox.
type InboxTicket struct {
	Number         int64
	Title          string
	Project        string
	Type           string
	Status         model.Status
	Assignee       string // empty: nobody
	Reporter       string // the name, or the address
	Confirmed      bool
	LastActivityAt time.Time
}

// InboxPageSize is how many tickets a page of the inbox holds.
const InboxPageSize = 30

// Inbox returns the tickets below a place, or above it; a zero place is the top.
func (db *DB) Inbox(ctx context.Context, ws model.WorkspaceID, f InboxFilter, from Cursor, above bool) (InboxPage, error) {
	if from == (Cursor{}) {
		above = false
		from = Cursor{At: time.UnixMilli(1<<53 - 1), Number: 1<<63 - 1}
	}
	query, args := inboxQuery(ws, f, from, above)
	list, err := all(db.reader(ctx), intoInboxTicket, query, args...)
	if err != nil {
		return InboxPage{}, err
	}
	more := len(list) > InboxPageSize
	if more {
		list = list[:InboxPageSize]
	}
	if above {
		slices.Reverse(list)
		return InboxPage{Tickets: list, Newer: more, Older: true}, nil
	}
	return InboxPage{Tickets: list, Newer: from.Number != 1<<63-1, Older: more}, nil
}

func intoInboxTicket(t *InboxTicket) []any {
	return []any{&t.Number, &t.Title, &t.Project, &t.Type, &t.Status.Name, &t.Status.Category,
		&t.Assignee, &t.Reporter, &t.Confirmed, at(&t.LastActivityAt)}
}

// inboxQuery picks the page's tickets by an index first and joins the rest of the line to those.
func inboxQuery(ws model.WorkspaceID, f InboxFilter, from Cursor, above bool) (string, []any) {
	where, args := `where workspace_id = ?`, []any{ws}
	switch {
	case f.Assignee != 0:
		where, args = where+` and assignee_id = ?`, append(args, f.Assignee)
	case f.Category != "":
		where, args = where+` and category = ?`, append(args, f.Category)
	}
	compare, direction := `<`, ` desc`
	if above {
		compare, direction = `>`, ``
	}
	args = append(args, millis(from.At), from.Number, InboxPageSize+1)
	return `
		with page as (
			select id, last_activity_at, number
			from tickets ` + where + ` and (last_activity_at, number) ` + compare + ` (?, ?)
			order by last_activity_at` + direction + `, number` + direction + `
			limit ?
		)
		select t.number, t.title, p.name, y.name, s.name, s.category, coalesce(m.name, ''),
			coalesce(nullif(t.reporter_name, ''), c.email), c.confirmed_at is not null, t.last_activity_at
		from page
		cross join tickets t on t.id = page.id
		join projects p on p.id = t.project_id
		join ticket_types y on y.workspace_id = t.workspace_id and y.project_id = t.project_id and y.key = t.type
		join statuses s on s.id = t.status_id
		join customers c on c.id = t.reporter_id
		left join members m on m.id = t.assignee_id
		order by page.last_activity_at` + direction + `, page.number` + direction, args
}

// TicketCounts returns how many tickets a workspace has in each category.
func (db *DB) TicketCounts(ctx context.Context, ws model.WorkspaceID) (map[model.Category]int, error) {
	type count struct {
		category model.Category
		tickets  int
	}
	rows, err := all(db.reader(ctx), func(c *count) []any { return []any{&c.category, &c.tickets} }, `
		select category, tickets from ticket_counts where workspace_id = ?`, ws)
	counts := map[model.Category]int{}
	for _, c := range rows {
		counts[c.category] = c.tickets
	}
	return counts, err
}
