package db

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"deskbell/db/model"
)

// NumbersQuery says which numbers: of the days of UTC from one to another, both included, and of one project,
// or of all for zero.
type NumbersQuery struct {
	From, To time.Time
	Project  model.ProjectID
}

func (n NumbersQuery) args(ws model.WorkspaceID) []any {
	return []any{ws, dayOf(n.From), dayOf(n.To), n.Project}
}

// dayOf is how a day is stored: its number since 1970, of UTC.
func dayOf(t time.Time) int64 { return millis(t) / (24 * time.Hour).Milliseconds() }

// day scans a stored day as its first moment.
type day struct{ t *time.Time }

func (d day) Scan(v any) error {
	n, _ := v.(int64)
	*d.t = time.Unix(n*24*60*60, 0).UTC()
	return nil
}

// whichDays picks rows of a kept count by the arguments of a query.
const whichDays = `d.workspace_id = ?1 and d.day between ?2 and ?3 and ?4 in (0, d.project_id)`

// Numbers reads a workspace's kept numbers. They are rows a day and project, type, member or bucket: the days
// bound how many it reads, and the tickets do not.
func (db *DB) Numbers(ctx context.Context, ws model.WorkspaceID, which NumbersQuery) (n model.Numbers, err error) {
	q, args := db.reader(ctx), which.args(ws)
	for _, read := range []func() error{
		func() (err error) { n.Days, err = dayCounts(q, args); return },
		func() (err error) { n.Times, err = timeCounts(q, args); return },
		func() (err error) { n.Types, err = typeCounts(q, args); return },
		func() (err error) { n.Members, err = memberCounts(q, args); return },
		func() (err error) { n.Suggestions, err = suggestionCount(q, args); return },
		func() (err error) { n.Storage, err = storageOf(q, ws, which.Project); return },
	} {
		if err := read(); err != nil {
			return n, err
		}
	}
	return n, nil
}

func dayCounts(q querier, args []any) ([]model.DayCount, error) {
	return all(q, func(d *model.DayCount) []any { return []any{day{&d.Day}, &d.Opened, &d.Closed} }, `
		select d.day, sum(d.opened), sum(d.closed)
		from daily_tickets d
		where `+whichDays+`
		group by d.day
		order by d.day`, args...)
}

// timeCounts returns a row a day, project and measure, with its buckets in one text. Why: a year of a busy team
// has 50,000 buckets, and a row costs ten times what its share of a text does.
func timeCounts(q querier, args []any) ([]model.TimeCount, error) {
	into := func(t *model.TimeCount) []any { return []any{day{&t.Day}, &t.Measure, buckets{&t.Times}} }
	return all(q, into, `
		select d.day, d.measure, group_concat(d.from_ms || ' ' || d.tickets, ' ')
		from daily_times d
		where `+whichDays+` and d.tickets > 0
		group by d.day, d.project_id, d.measure`, args...)
}

// buckets scans pairs of numbers: where a bucket begins, in milliseconds, and how many tickets are in it.
type buckets struct{ h *model.Histogram }

func (b buckets) Scan(v any) error {
	text, _ := v.(string)
	*b.h = model.Histogram{}
	for text != "" {
		var from, tickets string
		from, text, _ = strings.Cut(text, " ")
		tickets, text, _ = strings.Cut(text, " ")
		ms, err := strconv.ParseInt(from, 10, 64)
		if err != nil {
			return fmt.Errorf("a bucket begins at %q: %w", from, err)
		}
		n, err := strconv.Atoi(tickets)
		if err != nil {
			return fmt.Errorf("a bucket has %q tickets: %w", tickets, err)
		}
		(*b.h)[time.Duration(ms)*time.Millisecond] += n
	}
	return nil
}

func typeCounts(q querier, args []any) ([]model.TypeCount, error) {
	return all(q, func(t *model.TypeCount) []any { return []any{&t.Name, &t.Opened, &t.Closed} }, `
		select coalesce(y.name, d.type) as name, sum(d.opened), sum(d.closed)
		from daily_tickets d
		left join ticket_types y on y.workspace_id = d.workspace_id and y.project_id = d.project_id and y.key = d.type
		where `+whichDays+`
		group by name
		having sum(d.opened) + sum(d.closed) > 0
		order by sum(d.opened) desc, name
		limit 200`, args...)
}

func memberCounts(q querier, args []any) ([]model.MemberCount, error) {
	return all(q, func(m *model.MemberCount) []any { return []any{&m.Name, &m.Answers, &m.Closed} }, `
		select m.name, sum(d.answers), sum(d.closed)
		from daily_members d join members m on m.id = d.member_id
		where `+whichDays+`
		group by d.member_id
		having sum(d.answers) + sum(d.closed) > 0
		order by sum(d.answers) desc, m.name
		limit 500`, args...)
}

func suggestionCount(q querier, args []any) (model.SuggestionCount, error) {
	into := func(s *model.SuggestionCount) []any { return []any{opt(&s.Shown), opt(&s.Opened), opt(&s.Spared)} }
	return one(q, into, `
		select sum(d.shown), sum(d.opened), sum(d.spared)
		from daily_suggestions d
		where `+whichDays, args...)
}

// keptNumbers are the kept counts beside the views that count the same over all rows. A row of nothing is none.
var keptNumbers = []struct{ kept, something, counted string }{
	{"daily_tickets", "opened <> 0 or closed <> 0", "counted_tickets"},
	{"daily_members", "answers <> 0 or closed <> 0", "counted_members"},
	{"daily_times", "tickets <> 0", "counted_times"},
}

// NumbersDrift returns how many kept numbers differ from a count over all tickets and messages, which it reads:
// 0 while all is well.
func (db *DB) NumbersDrift(ctx context.Context) (int, error) {
	drift := 0
	for _, n := range keptNumbers {
		rows, err := value[int](db.reader(ctx), `
			select count(*)
			from (
				select * from (select * from `+n.kept+` where `+n.something+` except select * from `+n.counted+`)
				union all
				select * from (select * from `+n.counted+` except select * from `+n.kept+`)
			)`)
		if err != nil {
			return 0, err
		}
		drift += rows
	}
	return drift, nil
}
