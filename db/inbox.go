package db

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"deskbell/db/model"
)

// InboxFilter picks tickets: those for which everything that is set holds. The zero value is every ticket
// of the workspace.
type InboxFilter struct {
	Category      model.Category
	Statuses      []model.StatusID // any of them
	Project       model.ProjectID
	Type          string // its key
	Assignee      model.MemberID
	Unassigned    bool
	Labels        []model.LabelID // all of them
	Priority      model.Priority
	Reporters     []model.CustomerID // any of them
	HasAttachment bool
	Words         []string // of a search, see model.InboxQuery: all of them
	Nothing       bool     // something that was asked for is not there, so that nothing can be found
}

// Cursor is a place in the inbox: between tickets, by their last activity and number.
type Cursor struct {
	At     time.Time
	Number int64
}

// InboxPage is a page of the inbox, newest activity first.
type InboxPage struct {
	Tickets []InboxTicket
	Newer   bool   // there are tickets above the first
	Older   bool   // there are tickets below the last
	Further Cursor // the page was looked for as long as one may, and goes on below this place; zero: it did not
	Bounded bool   // a search found more than can be sorted: the newest are here
}

// InboxTicket is a line of the inbox.
type InboxTicket struct {
	ID             model.TicketID
	Number         int64
	Title          string
	Project        string
	Type           string
	Status         model.Status
	Priority       model.Priority
	Assignee       string // empty: nobody
	Reporter       string // the name, or the address
	Email          string // of the reporter; empty: none is known
	Confirmed      bool
	CreatedAt      time.Time
	LastActivityAt time.Time
	Labels         []model.Label
	Found          []model.Piece // where a search found something
}

const (
	// InboxPageSize is how many tickets a page of the inbox holds.
	InboxPageSize = 30
	// maxLooked bounds how many tickets are looked at for one page, where no index knows the whole filter:
	// some 10 ms.
	maxLooked = 3000
)

// top is the place above all tickets.
var top = Cursor{At: time.UnixMilli(1<<53 - 1), Number: 1<<63 - 1}

// Inbox returns the tickets below a place, or above it; a zero place is the top.
func (db *DB) Inbox(ctx context.Context, ws model.WorkspaceID, f InboxFilter, from Cursor, above bool) (InboxPage, error) {
	if from == (Cursor{}) {
		above, from = false, top
	}
	if f.Nothing {
		return InboxPage{}, nil
	}
	q := db.reader(ctx)
	found, err := f.find(q, ws)
	if err != nil {
		return InboxPage{}, err
	}
	query := f.query(ws, found, from, above)
	list, err := all(q, intoInboxTicket, query.page(), query.args...)
	if err != nil {
		return InboxPage{}, err
	}
	page := InboxPage{Newer: from != top, Bounded: found.bounded}
	more := len(list) > InboxPageSize
	if page.Tickets = list[:min(len(list), InboxPageSize)]; above {
		slices.Reverse(page.Tickets)
		page.Newer, page.Older = more, true
	} else if page.Older = more; !more && query.narrowed {
		page.Further, err = query.end(q)
	}
	if err == nil {
		err = completeLines(q, ws, page.Tickets, f.Words, found)
	}
	return page, err
}

func intoInboxTicket(t *InboxTicket) []any {
	return []any{&t.ID, &t.Number, &t.Title, &t.Project, &t.Type, &t.Status.Name, &t.Status.Category, &t.Priority,
		&t.Assignee, &t.Reporter, address{shown: &t.Email}, &t.Confirmed, at(&t.CreatedAt), at(&t.LastActivityAt)}
}

// inboxQuery finds a page in two steps: an index is walked in the inbox's order, a bounded way, and what else
// a filter asks for is looked at there.
type inboxQuery struct {
	walk      string // from, where and order of the walked tickets, as w
	condition string // the tickets t and what is asked of them, for what the index does not know
	direction string
	args      []any // of the walk, its limit, the conditions, and the page's limit
	walked    int   // how many of args belong to the walk, without the limit
	narrowed  bool  // there is a condition: the walk is longer than the page
}

// query picks the index that knows most of the filter.
func (f InboxFilter) query(ws model.WorkspaceID, found foundTexts, from Cursor, above bool) inboxQuery {
	walk, rest := f.walk(ws, found)
	compare, direction := `<`, ` desc`
	if above {
		compare, direction = `>`, ``
	}
	q := inboxQuery{
		direction: direction, args: append(walk.args, millis(from.At), from.Number),
		walk: walk.from + ` and (w.last_activity_at, w.number) ` + compare + ` (?, ?)
			order by w.last_activity_at` + direction + `, w.number` + direction,
	}
	q.walked, q.narrowed = len(q.args), len(rest) > 0
	looked := InboxPageSize + 1
	if q.narrowed {
		looked = maxLooked
	}
	if found.ids != "" { // all that was found is looked at
		looked = 2*maxHits + 1
		q.narrowed = false
	}
	q.args = append(q.args, looked)
	for i, condition := range rest {
		if i == 0 {
			q.condition = ` cross join tickets t on t.id = walked.id where `
		} else {
			q.condition += ` and `
		}
		q.condition += condition.from
		q.args = append(q.args, condition.args...)
	}
	q.args = append(q.args, InboxPageSize+1)
	return q
}

// page is the statement of a page's lines.
func (q inboxQuery) page() string {
	return `
		with walked as (
			select w.id, w.last_activity_at, w.number
			` + q.walk + `
			limit ?
		), page as (
			select walked.id, walked.last_activity_at, walked.number
			from walked` + q.condition + `
			order by walked.last_activity_at` + q.direction + `, walked.number` + q.direction + `
			limit ?
		)
		select t.id, t.number, t.title, p.name, y.name, s.name, s.category, t.priority, coalesce(m.name, ''),
			coalesce(nullif(t.reporter_name, ''), c.email), c.email, c.confirmed_at is not null, t.created_at, t.last_activity_at
		from page
		cross join tickets t on t.id = page.id
		join projects p on p.id = t.project_id
		join ticket_types y on y.workspace_id = t.workspace_id and y.project_id = t.project_id and y.key = t.type
		join statuses s on s.id = t.status_id
		join customers c on c.id = t.reporter_id
		left join members m on m.id = t.assignee_id
		order by page.last_activity_at` + q.direction + `, page.number` + q.direction
}

// end returns the place where a walk was broken off, zero where it came to its end.
func (q inboxQuery) end(reader querier) (Cursor, error) {
	c, err := one(reader, func(c *Cursor) []any { return []any{at(&c.At), &c.Number} }, `
		select w.last_activity_at, w.number
		`+q.walk+`
		limit 1 offset ?`, append(slices.Clone(q.args[:q.walked]), maxLooked-1)...)
	if model.KindOf(err) == model.NotFound {
		return Cursor{}, nil
	}
	return c, err
}

// part is a piece of a statement with its arguments.
type part struct {
	from string
	args []any
}

// walk returns which index to walk, and the conditions that it leaves over. The first that a filter has of
// these is the one with the fewest tickets, mostly.
func (f InboxFilter) walk(ws model.WorkspaceID, found foundTexts) (part, []part) {
	conditions := f.conditions()
	taken := func(key, from string, args ...any) (part, []part) {
		delete(conditions, key)
		return part{from, append([]any{ws}, args...)}, inOrder(conditions)
	}
	along := func(index string) string { return `from tickets w indexed by ` + index + ` where w.workspace_id = ?` }
	switch {
	case found.ids != "":
		// Why a join in this order: the planner would rather walk all tickets in theirs and look each up in the list.
		return part{`from json_each(?) found cross join tickets w indexed by tickets_overview on w.id = found.value where w.workspace_id = ?`, []any{found.ids, ws}},
			inOrder(conditions)
	case len(f.Labels) > 0:
		return taken("label 0", `
			from (select ticket_id as id, workspace_id, label_id, last_activity_at, number from ticket_labels indexed by ticket_labels_activity) w
			where w.workspace_id = ? and w.label_id = ?`, f.Labels[0])
	case len(f.Reporters) == 1:
		return taken("reporter", along("tickets_reporter_activity")+` and w.reporter_id = ?`, f.Reporters[0])
	case f.Assignee != 0:
		return taken("assignee", along("tickets_assignee_activity")+` and w.assignee_id = ?`, f.Assignee)
	case f.Priority != "" && f.Priority != model.PriorityNormal:
		return taken("priority", along("tickets_priority_activity")+` and w.priority = ? and w.priority <> 'normal'`, f.Priority)
	case len(f.Statuses) == 1:
		return taken("status", along("tickets_status_activity")+` and w.status_id = ?`, f.Statuses[0])
	case f.Unassigned && f.Category == model.Open:
		return taken("unassigned", along("tickets_unassigned_activity")+` and w.assignee_id is null and w.category <> 'closed'`)
	case f.Category == model.Open || f.Category == model.Waiting:
		return taken("category", along("tickets_category_activity")+` and w.category = ?`, f.Category)
	case f.Project != 0:
		return taken("project", along("tickets_project_activity")+` and w.project_id = ?`, f.Project)
	case f.Type != "":
		return taken("type", along("tickets_type_activity")+` and w.type = ?`, f.Type)
	case f.Category != "":
		return taken("category", along("tickets_category_activity")+` and w.category = ?`, f.Category)
	}
	return taken("", along("tickets_activity"))
}

// conditions are what a filter asks of a ticket t, each under its key.
func (f InboxFilter) conditions() map[string]part {
	all := map[string]part{}
	if f.Category != "" {
		all["category"] = part{`t.category = ?`, []any{f.Category}}
	}
	if len(f.Statuses) > 0 {
		all["status"] = part{`t.status_id in (select value from json_each(?))`, []any{jsonList(f.Statuses)}}
	}
	if f.Project != 0 {
		all["project"] = part{`t.project_id = ?`, []any{f.Project}}
	}
	if f.Type != "" {
		all["type"] = part{`t.type = ?`, []any{f.Type}}
	}
	if f.Assignee != 0 {
		all["assignee"] = part{`t.assignee_id = ?`, []any{f.Assignee}}
	}
	if f.Unassigned {
		all["unassigned"] = part{`t.assignee_id is null`, nil}
	}
	if f.Priority != "" {
		all["priority"] = part{`t.priority = ?`, []any{f.Priority}}
	}
	if len(f.Reporters) > 0 {
		all["reporter"] = part{`t.reporter_id in (select value from json_each(?))`, []any{jsonList(f.Reporters)}}
	}
	if f.HasAttachment {
		all["attachment"] = part{`exists (select 1 from attachments a where a.workspace_id = t.workspace_id and a.ticket_id = t.id)`, nil}
	}
	for i, id := range f.Labels {
		all[fmt.Sprint("label ", i)] = part{`exists (select 1 from ticket_labels l where l.ticket_id = t.id and l.label_id = ?)`, []any{id}}
	}
	return all
}

// inOrder makes of the same conditions the same statement each time, so that it is prepared once.
func inOrder(conditions map[string]part) []part {
	var keys []string
	for key := range conditions {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	var list []part
	for _, key := range keys {
		list = append(list, conditions[key])
	}
	return list
}

func jsonList[T ~int64](ids []T) string {
	text, _ := json.Marshal(ids) // numbers: it cannot fail
	return string(text)
}

// completeLines adds labels, and where something was found, to a page's lines.
func completeLines(q querier, ws model.WorkspaceID, list []InboxTicket, words []string, found foundTexts) error {
	lines, ids, messages := map[model.TicketID]*InboxTicket{}, []model.TicketID{}, []model.MessageID{}
	for i := range list {
		lines[list[i].ID] = &list[i]
		ids = append(ids, list[i].ID)
		if m := found.entries[list[i].ID]; m != 0 {
			messages = append(messages, m)
		}
	}
	type labelled struct {
		ticket model.TicketID
		label  model.Label
	}
	labels, err := all(q, func(l *labelled) []any { return append([]any{&l.ticket}, intoLabel(&l.label)...) }, `
		select t.ticket_id, l.id, l.name, l.color
		from json_each(?) page
		cross join ticket_labels t on t.ticket_id = page.value
		cross join labels l on l.id = t.label_id
		where t.workspace_id = ?
		order by l.name_key`, jsonList(ids), ws)
	if err != nil {
		return err
	}
	for _, l := range labels {
		lines[l.ticket].Labels = append(lines[l.ticket].Labels, l.label)
	}
	if found.ids == "" {
		return nil
	}
	return addFound(q, lines, ids, messages, words)
}

// CustomersFrom returns the customers whose address or name begins as was typed, up to 50.
func (db *DB) CustomersFrom(ctx context.Context, ws model.WorkspaceID, typed string) ([]model.CustomerID, error) {
	begins := model.Fold(strings.TrimSpace(typed))
	return all(db.reader(ctx), func(id *model.CustomerID) []any { return []any{id} }, `
		select id from (select id from customers where workspace_id = ?1 and email >= ?2 and email < ?3 limit 50)
		union
		select id from (select id from customers where workspace_id = ?1 and name_key >= ?2 and name_key < ?3 and name_key <> '' limit 50)`,
		ws, begins, begins+afterAnyText)
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

// AllStatuses returns the statuses of a workspace's projects, by project and place.
func (db *DB) AllStatuses(ctx context.Context, ws model.WorkspaceID) ([]model.Status, error) {
	return all(db.reader(ctx), func(s *model.Status) []any { return []any{&s.ID, &s.Name, &s.Category} }, `
		select id, name, category
		from statuses
		where workspace_id = ?
		order by project_id, position`, ws)
}

// AllTypes returns the ticket types of a workspace's projects, each key once.
func (db *DB) AllTypes(ctx context.Context, ws model.WorkspaceID) ([]model.TicketType, error) {
	return all(db.reader(ctx), func(t *model.TicketType) []any { return []any{&t.Key, &t.Name} }, `
		select key, min(name)
		from ticket_types
		where workspace_id = ?
		group by key
		order by min(name)`, ws)
}
