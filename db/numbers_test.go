package db

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"deskbell/db/model"
)

// life lives random days of a team, on a clock of its own.
type life struct {
	t       *testing.T
	db      *DB
	ctx     context.Context
	ws      model.Workspace
	members []model.Member
	now     time.Time
	random  *rand.Rand
	opened  int // tickets so far
	entries int
}

func newLife(t *testing.T, seed uint64) *life {
	t.Helper()
	l := &life{t: t, db: open(t), now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), random: rand.New(rand.NewPCG(seed, 1))}
	l.ws, _ = testWorkspace(t, l.db, "acme.test")
	_, err := l.db.CreateProject(t.Context(), l.ws.ID, NewProject{
		PublicID: "sales", Name: "Sales", Intake: model.IntakeOpen,
		Types: []model.TicketType{{Key: "question", Name: "Question"}, {Key: "order", Name: "Order"}}, DefaultType: "order",
	})
	l.ok(err)
	for _, name := range []string{"Ann", "Ben"} {
		m, err := l.db.CreateMember(t.Context(), model.Member{WorkspaceID: l.ws.ID, Email: strings.ToLower(name) + "@acme.test", Name: name, Role: model.Admin}, "x")
		l.ok(err)
		l.members = append(l.members, m)
	}
	l.ok(l.db.SetMailRules(t.Context(), l.ws.ID, 300, 20))
	l.ok(l.db.SetTicketRules(t.Context(), l.ws.ID, 5))
	l.ws, err = l.db.Workspace(t.Context(), l.ws.ID)
	l.ok(err)
	l.pass()
	return l
}

// ok takes what the rules refuse: a random life runs into them.
func (l *life) ok(err error) {
	l.t.Helper()
	if err != nil && model.KindOf(err) == "" {
		l.t.Fatal(err)
	}
}

// pass lets a while go by, seldom days.
func (l *life) pass() {
	l.now = l.now.Add(time.Duration(l.random.ExpFloat64() * float64(5*time.Hour)))
	l.ctx = At(l.t.Context(), l.now)
}

func (l *life) member() model.Member { return l.members[l.random.IntN(len(l.members))] }

// number is that of some ticket, maybe of one that is gone.
func (l *life) number() int64 { return 1 + l.random.Int64N(int64(max(1, l.opened))) }

func (l *life) reply() NewReply {
	l.entries++
	return NewReply{FormKey: fmt.Sprint("entry ", l.entries), Text: model.RichText{Source: "Text", HTML: "<p>Text</p>"}, Status: l.status()}
}

func (l *life) status() model.StatusID {
	return model.StatusID(l.random.IntN(11))
}

func (l *life) open() {
	l.opened++
	in := newTicket(fmt.Sprint("form ", l.opened), fmt.Sprintf("c%d@example.com", l.random.IntN(40)))
	project := "support"
	if l.random.IntN(3) == 0 {
		project, in.Intake.Type = "sales", "order"
	}
	l.ok(l.db.CreateTicket(l.ctx, l.ws, project, in))
}

func (l *life) customerReplies() {
	link, err := l.db.LinkByForm(l.ctx, l.ws.ID, 0, fmt.Sprint("form ", l.number()))
	if model.KindOf(err) == model.NotFound {
		return
	}
	l.ok(err)
	r, err := l.db.ReaderByLink(l.ctx, l.ws.ID, link)
	l.ok(err)
	if l.random.IntN(2) == 0 {
		l.ok(l.db.Confirm(l.ctx, l.ws.ID, r))
	}
	l.ok(l.db.AddCustomerReply(l.ctx, l.ws, r, l.reply()))
}

func (l *life) jobs() {
	for _, job := range []func(context.Context) (int, error){l.db.NoticeWaiting, l.db.CloseWaiting, l.db.DropUnconfirmed} {
		_, err := job(l.ctx)
		l.ok(err)
	}
}

func (l *life) erase() {
	c, err := customerByEmail(l.db.reader(l.ctx), l.ws.ID, fmt.Sprintf("c%d@example.com", l.random.IntN(40)))
	if model.KindOf(err) == model.NotFound {
		return
	}
	l.ok(err)
	l.ok(l.db.BeginErasure(l.ctx, l.member(), c.ID, c.Email))
	for n := 1; n > 0; {
		n, err = l.db.Erase(l.ctx)
		l.ok(err)
	}
}

// change does what no verb does yet, or does to few tickets: the counts follow the rows, whoever writes them.
func (l *life) change(query string, args ...any) {
	l.t.Helper()
	if err := l.db.update(l.ctx, func(tx *tx) error {
		_, err := tx.exec(query, args...)
		return err
	}); err != nil {
		l.t.Fatalf("%v\n  in %s", err, query)
	}
}

func (l *life) live(steps int) {
	for range steps {
		l.pass()
		n := l.number()
		switch l.random.IntN(17) {
		case 0, 1, 2, 3:
			l.open()
		case 4, 5, 6:
			l.ok(l.db.AddReply(l.ctx, l.member(), n, l.reply()))
		case 7:
			l.ok(l.db.AddNote(l.ctx, l.member(), n, l.reply()))
		case 8, 9:
			l.customerReplies()
		case 10, 11:
			l.ok(l.db.SetStatus(l.ctx, l.member(), n, l.status()))
		case 12:
			l.jobs()
		case 13:
			l.erase()
		case 14:
			l.change(`update tickets set type = case type when 'order' then 'question' else 'order' end
				where number = ? and project_id = 2`, n)
		case 15:
			l.ok(l.db.MergeTickets(l.ctx, l.member(), n, l.number(), true))
		case 16:
			l.change(`update messages set ticket_id = (select id from tickets where number = ?2)
				where member_id is not null and ticket_id = (select id from tickets where number = ?1)
					and exists (select 1 from tickets where number = ?2)
					and not exists (select 1 from tickets where number = ?2 and id in (select ticket_id from messages where kind = 'message'))`, n, l.number())
		}
	}
}

// Whatever happens to tickets, what is kept of them for the page of numbers is what a count over all gives.
func TestM2_TheKeptNumbersAreThoseOfACountOverAllTickets(t *testing.T) {
	t.Parallel()
	for seed := range uint64(3) {
		l := newLife(t, seed)
		for range 4 {
			l.live(150)
			l.sound()
		}
		if seed == 0 {
			l.percentiles()
		}
		for what, query := range map[string]string{
			"merged": `select count(*) from merges`, "closed by itself": `select count(*) from events where what = 'auto-closed'`,
			"erased":  `select count(*) from tickets t join customers c on c.id = t.reporter_id where c.erased_at is not null`,
			"dropped": `select max(last) - (select count(*) from tickets) from ticket_numbers`,
		} {
			if n, err := value[int](l.db.reader(l.ctx), query); err != nil || n == 0 {
				t.Errorf("in life %d no ticket was %s: the test does not live as it should, %v", seed, what, err)
			}
		}
		l.change(`delete from messages where id % 3 = 0`)
		l.sound()
		l.change(`delete from tickets`)
		l.sound()
		if n := l.numbers(); len(n.Members) != 0 || len(n.Types) != 0 || len(n.Times) != 0 {
			t.Errorf("without a ticket the numbers are %+v", n)
		}
	}
}

func (l *life) sound() {
	l.t.Helper()
	if drift, err := l.db.NumbersDrift(l.t.Context()); err != nil || drift != 0 {
		l.t.Fatalf("%d kept numbers are wrong after %d tickets, %v", drift, l.opened, err)
	}
}

func (l *life) numbers() model.Numbers {
	l.t.Helper()
	n, err := l.db.Numbers(l.t.Context(), l.ws.ID, NumbersQuery{To: l.now.AddDate(1, 0, 0)})
	l.ok(err)
	return n
}

// percentiles compares what the buckets say with the exact durations.
func (l *life) percentiles() {
	l.t.Helper()
	kept := map[model.Measure]model.Histogram{model.FirstAnswer: {}, model.Resolution: {}}
	for _, c := range l.numbers().Times {
		kept[c.Measure].Add(c.Times)
	}
	for measure, end := range map[model.Measure]string{model.FirstAnswer: "answered_at", model.Resolution: "closed_at"} {
		exact, err := all(l.db.reader(l.ctx), func(d *time.Duration) []any { return []any{milliseconds{d}} },
			`select `+end+` - created_at from tickets where `+end+` is not null order by 1`)
		l.ok(err)
		if len(exact) < 20 || kept[measure].Tickets() != len(exact) {
			l.t.Fatalf("%s: %d tickets, and %d counted", measure, len(exact), kept[measure].Tickets())
		}
		for _, p := range []int{1, 50, 90, 100} {
			want, got := exact[(len(exact)*p+99)/100-1], kept[measure].Percentile(p)
			if off := float64(got-want) / float64(want); want > time.Minute && (off > .05 || off < -.05) {
				l.t.Errorf("%s: percentile %d is %s, and %s was counted", measure, p, want, got)
			}
		}
	}
}

// A number that went wrong is found.
func TestM2_ANumberThatIsWrongIsNoticed(t *testing.T) {
	t.Parallel()
	l := newLife(t, 7)
	l.live(200)
	for _, wrong := range []string{
		`update daily_tickets set opened = opened + 1 where opened > 0`, `delete from daily_members where answers > 0`, `update daily_times set tickets = tickets + 1`,
	} {
		before, err := l.db.NumbersDrift(t.Context())
		l.ok(err)
		l.change(wrong)
		if after, err := l.db.NumbersDrift(t.Context()); err != nil || after <= before {
			t.Errorf("%d numbers are wrong after %q, and %d were before, %v", after, wrong, before, err)
		}
	}
}

// A closing counts for who closed the ticket last, while it is closed; each ticket counts once.
func TestM2_AReopenedTicketIsNoLongerCountedAsClosed(t *testing.T) {
	t.Parallel()
	l := newLife(t, 3)
	l.open()
	page, err := l.db.TicketPage(l.ctx, l.ws.ID, 1)
	l.ok(err)
	closed := page.Statuses[slices.IndexFunc(page.Statuses, func(s model.Status) bool { return s.Category == model.Closed })].ID
	closings := func() (total int, by map[string]int) {
		n, by := l.numbers(), map[string]int{}
		for _, d := range n.Days {
			total += d.Closed
		}
		for _, m := range n.Members {
			by[m.Name] = m.Closed
		}
		return total, by
	}
	for i, step := range []struct {
		by   model.Member
		to   model.StatusID
		want int
	}{{l.members[0], closed, 1}, {l.members[0], page.Ticket.Status.ID, 0}, {l.members[1], closed, 1}} {
		l.pass()
		l.ok(l.db.SetStatus(l.ctx, step.by, 1, step.to))
		if total, by := closings(); total != step.want || by[step.by.Name] != step.want {
			t.Errorf("after step %d there are %d closings, %v", i, total, by)
		}
	}
	if _, by := closings(); by["Ann"] != 0 {
		t.Errorf("the first closing still counts: %v", by)
	}
}

// What happened before the numbers were kept is counted when the database learns to keep them.
func TestO8_AnOlderDatabaseHasItsNumbers(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "deskbell.db")
	before := upTo(t, path, beforeNewLinks)
	run(t, before, aLifeBefore)
	run(t, before, `
		insert into statuses (id, workspace_id, project_id, name, category, position) values (2, 1, 1, 'Done', 'closed', 2);
		update tickets set created_at = 1, status_id = 2, category = 'closed', closed_at = 7200001;
		update messages set created_at = 3600001;
		insert into events (workspace_id, ticket_id, what, actor_kind, member_id, actor_name, from_value, to_value, at)
		values (1, 1, 'status', 'member', 1, 'M', 'Open', 'Done', 7200001)`)
	if err := before.Close(); err != nil {
		t.Fatal(err)
	}
	db, err := Open(t.Context(), path, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	n, err := db.Numbers(t.Context(), 1, NumbersQuery{From: time.Unix(0, 0), To: time.Unix(0, 0)})
	if err != nil || len(n.Days) != 1 || len(n.Members) != 1 || len(n.Times) != 2 {
		t.Fatalf("%+v, %v", n, err)
	}
	if n.Days[0].Opened != 1 || n.Days[0].Closed != 1 || n.Members[0] != (model.MemberCount{Name: "M", Answers: 1, Closed: 1}) {
		t.Errorf("%+v", n)
	}
	if drift, err := db.NumbersDrift(t.Context()); err != nil || drift != 0 {
		t.Errorf("%d numbers are wrong, %v", drift, err)
	}
}

// milliseconds scans a duration.
type milliseconds struct{ d *time.Duration }

func (m milliseconds) Scan(v any) error {
	n, _ := v.(int64)
	*m.d = time.Duration(n) * time.Millisecond
	return nil
}

// A merge brings an answer along that is older than the ticket: nobody has answered that one yet.
func TestM2_AnAnswerFromBeforeATicketIsNotItsFirst(t *testing.T) {
	t.Parallel()
	l := newLife(t, 1)
	l.open()
	l.ok(l.db.AddReply(l.ctx, l.members[0], 1, NewReply{FormKey: "early", Text: model.RichText{Source: "Text", HTML: "<p>Text</p>"}}))
	l.now = l.now.Add(48 * time.Hour)
	l.ctx = At(t.Context(), l.now)
	l.open()
	if err := l.db.MergeTickets(l.ctx, l.members[0], 1, 2, true); err != nil {
		t.Fatal(err)
	}
	answered := func() bool {
		yes, err := value[bool](l.db.reader(l.ctx), `select answered_at is not null from tickets where number = 2`)
		l.ok(err)
		return yes
	}
	if answered() {
		t.Error("an answer from before it was opened counts")
	}
	l.ok(l.db.AddReply(l.ctx, l.members[0], 2, NewReply{FormKey: "late", Text: model.RichText{Source: "Text", HTML: "<p>Text</p>"}}))
	if !answered() {
		t.Error("its own answer does not count")
	}
	l.sound()
}
