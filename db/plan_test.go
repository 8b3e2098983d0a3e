package db

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"deskbell/db/model"
)

// growing are the tables that grow with use: no statement may scan one of them.
var growing = []string{"tickets", "messages", "events", "recipients", "customers", "outbox", "sessions", "counters", "logins", "intake_links", "ticket_answers",
	"uploads", "attachments", "audit", "saved_views", "drafts", "presence", "ticket_links", "merges", "merged_links",
	"daily_tickets", "daily_members", "daily_times", "daily_suggestions", "suggestion_visits"} // and not doomed_files, which holds what is due alone

// sorted lists statements that may sort what they found, because what they sort is bounded by
// something else than the number of tickets; by a part of their text.
var sorted = []string{
	"limit 500\n\t\t)\n\t\torder by id",                       // a page of the timeline
	"limit ?\n\t\t)\n\t\torder by",                            // a page of a conversation
	"customer_id\n\t\torder by n.id",                          // the same, with who wrote
	"from recipients r join customers c",                      // the recipients of one ticket
	"from recipients r join tickets t on t.id = r.",           // the links of one customer
	"with mine as (",                                          // the tickets of one customer
	"from uploads where file > ?1",                            // two bounded lists in one order
	"expires_at\n\t\tfrom sessions",                           // the browsers of one person
	"from ticket_labels t join", "cross join ticket_labels t", // the labels of a page or of one ticket
	"known\n\t\tjoin saved_views v",                                    // the views of one member and of the team
	"from presence p join members m",                                   // who is at one ticket
	"from json_each(?) found cross join tickets w",                     // what a search found
	"from ticket_links where",                                          // the tickets that one is linked to
	"from daily_tickets d\n\t\tleft join", "from daily_members d join", // the types and the members of some days
	"from members", "from ticket_types", "from projects p", "from statuses", "from template_fields",
}

// Runs every statement that a ticket's life and the lists around it use, then reads their plans.
func TestQueryPlans_NoStatementScansAGrowingTable(t *testing.T) {
	t.Parallel()
	db := open(t)
	useEverything(t, db)
	plans := 0
	explain := func(query string) {
		plans++
		for i, piece := range strings.Split(query, "'") {
			if i%2 == 1 && strings.Contains(piece, "?") {
				t.Errorf("steady would change the text %q in %s", piece, query)
			}
		}
		for _, step := range plan(t, db, query) {
			for _, table := range growing {
				if scans(step, table, query) {
					t.Errorf("%s\n  in %s", step, query)
				}
			}
			if strings.Contains(step, "TEMP B-TREE") && !slices.ContainsFunc(sorted, func(s string) bool { return strings.Contains(query, s) }) {
				t.Errorf("%s\n  in %s", step, query)
			}
		}
	}
	db.stmts.Range(func(query, _ any) bool { explain(query.(string)); return true })
	for query := range db.write.stmts {
		explain(query)
	}
	if plans < 60 {
		t.Errorf("only %d statements ran: the test lost what it looks at", plans)
	}
}

func plan(t *testing.T, db *DB, query string) []string {
	t.Helper()
	args := make([]any, strings.Count(query, "?"))
	for n := 1; n <= 9 && strings.Contains(query, "?1"); n++ { // numbered ones may repeat
		if strings.Contains(query, fmt.Sprint("?", n)) {
			args = args[:n]
		}
	}
	rows, err := db.read.Query("explain query plan "+steady(query), args...)
	if err != nil {
		t.Fatalf("explain %s: %v", query, err)
	}
	defer rows.Close()
	var steps []string
	for rows.Next() {
		var id, parent, unused int
		var step string
		if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
			t.Fatal(err)
		}
		steps = append(steps, step)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return steps
}

// scans says whether a step reads a whole table: by its name, or by the alias it has in the query. A
// scan of an index that only holds what is due is none.
func scans(step, table, query string) bool {
	rest, ok := strings.CutPrefix(step, "SCAN ")
	if !ok || strings.Contains(rest, "INDEX outbox_due") || strings.Contains(rest, "INDEX outbox_sending") ||
		strings.Contains(rest, "INDEX logins_unhandled") || strings.Contains(rest, "INDEX customers_unconfirmed") {
		return false
	}
	name, _, _ := strings.Cut(rest, " ")
	return name == table || strings.Contains(query, table+" "+name+" ") || strings.Contains(query, table+" "+name+"\n")
}

// useEverything lives a ticket's life with every verb.
func useEverything(t *testing.T, db *DB) {
	t.Helper()
	ctx := context.Background()
	ok := func(err error) {
		t.Helper()
		if err != nil && model.KindOf(err) == "" {
			t.Fatal(err)
		}
	}
	ws, p := testWorkspace(t, db, "acme.test")
	useTemplates(t, db, ws, p, ok)
	_, err := db.Vitals(ctx)
	ok(err)
	m, err := db.CreateMember(ctx, model.Member{WorkspaceID: ws.ID, Email: "a@acme.test", Name: "A", Role: model.Admin, NewTicketMail: true}, "x")
	ok(err)
	first := newTicket("one", "ada@example.com")
	first.Intake.Fields = model.Typed{"order": {"7"}}
	ok(db.CreateTicket(ctx, ws, "support", first))
	link, err := db.LinkByForm(ctx, ws.ID, 0, "one")
	ok(err)
	r, err := db.ReaderByLink(ctx, ws.ID, link)
	ok(err)
	ok(db.Confirm(ctx, ws.ID, r))
	text := model.RichText{Source: "x", HTML: "<p>x</p>"}
	page, err := db.TicketPage(ctx, ws.ID, 1)
	ok(err)
	ok(db.Assign(ctx, m, 1, m.ID))
	m.ReplyMail = model.RepliesAny
	ok(db.ChangeAccount(ctx, m, []model.ProjectID{p.ID}))
	_, err = db.QuietProjects(ctx, m)
	ok(err)
	useTeam(t, db, m, ok)
	useComposer(t, db, m, page.Ticket.ID, ok)
	ok(db.AddReply(ctx, m, 1, NewReply{FormKey: "a", Text: text, Status: page.Statuses[3].ID, Seen: 1}))
	ok(db.AddNote(ctx, m, 1, NewReply{FormKey: "b", Text: text}))
	ok(db.AddCustomerReply(ctx, ws, r, NewReply{FormKey: "c", Text: text}))
	useViews(t, db, m, ok)
	for _, f := range []InboxFilter{
		{}, {Category: model.Open}, {Assignee: m.ID}, {Project: p.ID}, {Type: "bug"}, {Statuses: []model.StatusID{1}}, {Labels: []model.LabelID{1}},
		{Unassigned: true, Category: model.Open}, {Priority: model.PriorityHigh}, {Reporters: []model.CustomerID{1}}, {Category: model.Closed, Project: p.ID},
		{Words: []string{"word"}}, {Words: []string{"wor"}, Project: p.ID, Category: model.Open},
		{Category: model.Open, Statuses: []model.StatusID{1, 2}, Project: p.ID, Type: "bug", Assignee: m.ID, Labels: []model.LabelID{1, 2}, Priority: model.PriorityNormal, HasAttachment: true, Reporters: []model.CustomerID{1, 2}},
	} {
		for _, above := range []bool{true, false} {
			_, err = db.Inbox(ctx, ws.ID, f, Cursor{At: db.Now(), Number: 1}, above)
			ok(err)
		}
	}
	_, err = db.TicketCounts(ctx, ws.ID)
	ok(err)
	useNumbers(t, db, p, ok)
	_, err = db.PublicThread(ctx, ws.ID, r, 0)
	ok(err)
	_, err = db.PollVersion(ctx, ws.ID, link)
	ok(err)
	ok(db.Unsubscribe(ctx, ws.ID, r))
	ok(db.Subscribe(ctx, ws.ID, r))
	_, _, err = db.CustomerTickets(ctx, ws.ID, r.Customer, OverviewFilter{Text: "x"}, OverviewPlace{})
	ok(err)
	_, err = db.UnreadTickets(ctx, ws.ID, r.Customer)
	ok(err)
	ok(db.Seen(ctx, ws.ID, r, 1<<40))
	ok(db.SetLanguage(ctx, ws.ID, r, "de"))
	_, err = db.ReaderByRef(ctx, ws.ID, r.Customer, "nonsense")
	ok(err)
	ok(db.ReplaceLink(ctx, ws.ID, r))
	useRecipients(t, db, ws, m, ok)
	_, err = db.ReaderByUnsubscribe(ctx, ws.ID, "nonsense")
	ok(err)
	ok(db.AskLinks(ctx, ws.ID, r.Email, "de"))
	ok(db.HandleLinkRequests(ctx))
	_, err = linksOf(db.reader(ctx), ws, r.Customer)
	ok(err)
	useFiles(t, db, ws, p, m, r, ok)
	useMailAndSessions(t, db, ws, m, r, ok)
	useErasure(t, db, ws, m, r, ok)
}

func useComposer(t *testing.T, db *DB, m model.Member, ticket model.TicketID, ok func(error)) {
	t.Helper()
	ctx := t.Context()
	id, err := db.SaveReply(ctx, m.WorkspaceID, model.SavedReply{Name: "Hello", Body: "Hello {customer}"})
	ok(err)
	_, err = db.SaveReply(ctx, m.WorkspaceID, model.SavedReply{ID: id, Name: "Hello", Body: "x"})
	ok(err)
	_, err = db.SavedReply(ctx, m.WorkspaceID, id)
	ok(err)
	_, err = db.SavedReplies(ctx, m.WorkspaceID)
	ok(err)
	ok(db.DeleteSavedReply(ctx, m.WorkspaceID, id))
	for _, text := range []string{"x", ""} {
		_, err = db.SaveDraft(ctx, m, 1, "draft", model.AnswerDraft{Text: text})
		ok(err)
	}
	second := newTicket("two", "bob@example.com")
	second.Intake.Fields = model.Typed{"order": {"8"}}
	ws, err := db.Workspace(ctx, m.WorkspaceID)
	ok(err)
	ok(db.CreateTicket(ctx, ws, "support", second))
	ok(db.LinkTickets(ctx, m, 1, 2))
	ok(db.UnlinkTickets(ctx, m, 1, 2))
	fields, err := db.TicketFields(ctx, ws.ID, 1, "")
	ok(err)
	ok(db.SetTicketFields(ctx, m, 1, FieldsChange{Type: fields.Types[len(fields.Types)-1].Key, State: fields.State(), Typed: model.Typed{"order": {"12"}}}))
	_, err = db.FirstSteps(ctx, ws.ID)
	ok(err)
	useParts(t, db, m, ok)
	ok(db.AskMailTest(ctx, m, "a@example.com"))
	test, err := db.ClaimMailTest(ctx)
	ok(err)
	ok(db.FinishMailTest(ctx, test, "", "said"))
	_, err = db.MailTest(ctx, ws.ID)
	ok(err)
	useMerge(t, db, ws, m, ok)
	ok(db.SeeTicket(ctx, m, ticket))
	_, err = db.Composer(ctx, m, ticket)
	ok(err)
	_, err = db.TicketMark(ctx, m, 1)
	ok(err)
	_, err = db.TicketRef(ctx, m.WorkspaceID, 1)
	ok(err)
}

func useParts(t *testing.T, db *DB, m model.Member, ok func(error)) {
	t.Helper()
	ctx := t.Context()
	p, err := db.AddProject(ctx, m.WorkspaceID, NewProject{PublicID: "more", Name: "More", Intake: model.IntakeOpen, DefaultType: "q", Types: []model.TicketType{{Key: "q", Name: "Q"}}})
	ok(err)
	ws, err := db.Workspace(ctx, m.WorkspaceID)
	ok(err)
	opened := newTicket("parts", "cy@example.com")
	opened.Intake.Type = "q"
	ok(db.CreateTicket(ctx, ws, "more", opened))
	for _, kind := range []model.PartKind{model.TypePart, model.StatusPart} {
		ok(db.SavePart(ctx, m.WorkspaceID, p.ID, model.Part{Kind: kind, Name: "New", Category: model.Open}))
		_, parts, err := db.ProjectParts(ctx, m.WorkspaceID, p.ID, kind)
		ok(err)
		first, last := parts[0], parts[len(parts)-1]
		ok(db.SavePart(ctx, m.WorkspaceID, p.ID, model.Part{Kind: kind, Key: first.Key, Name: "Renamed"}))
		ok(db.MovePart(ctx, m.WorkspaceID, p.ID, kind, last.Key, true))
		_, _, err = db.ProjectPart(ctx, m.WorkspaceID, p.ID, kind, first.Key)
		ok(err)
		p.DefaultType = last.Key
		if kind == model.TypePart {
			ok(db.SetProject(ctx, p))
		}
		ok(db.DeletePart(ctx, m, p.ID, first, last.Key))
	}
}

// useNumbers has a form with suggestions, and looks at the numbers.
func useNumbers(t *testing.T, db *DB, p model.Project, ok func(error)) {
	t.Helper()
	ctx := t.Context()
	ok(db.SuggestionsShown(ctx, p, "visit"))
	ok(db.SuggestionOpened(ctx, p.WorkspaceID, "visit"))
	_, err := db.SweepSuggestions(At(ctx, db.Now().Add(48*time.Hour)))
	ok(err)
	third := newTicket("numbered", "cleo@example.com")
	third.Intake.Fields, third.Visit = model.Typed{"order": {"9"}}, "another"
	ws, err := db.Workspace(ctx, p.WorkspaceID)
	ok(err)
	ok(db.CreateTicket(ctx, ws, "support", third))
	for _, project := range []model.ProjectID{0, p.ID} {
		_, err = db.Numbers(ctx, ws.ID, NumbersQuery{From: db.Now().AddDate(0, 0, -90), To: db.Now(), Project: project})
		ok(err)
	}
}

func useMerge(t *testing.T, db *DB, ws model.Workspace, m model.Member, ok func(error)) {
	t.Helper()
	ctx := t.Context()
	twice := newTicket("three", "bob@example.com")
	twice.Intake.Fields = model.Typed{"order": {"9"}}
	ok(db.CreateTicket(ctx, ws, "support", twice))
	_, _, err := db.LikelyDuplicates(ctx, ws.ID, 3)
	ok(err)
	_, err = db.MergePlan(ctx, ws.ID, 3, 2)
	ok(err)
	if err := db.MergeTickets(ctx, m, 3, 2, true); err != nil {
		t.Fatal(err)
	}
	_, err = db.TicketPage(ctx, ws.ID, 2)
	ok(err)
	_, err = db.ReaderOf(ctx, ws.ID, 2)
	ok(err)
	_, err = db.MergedRef(ctx, ws.ID, "nonsense")
	ok(err)
	link, err := db.LinkByForm(ctx, ws.ID, 0, "three")
	ok(err)
	r, err := db.ReaderByLink(ctx, ws.ID, link)
	ok(err)
	_, err = db.PublicThread(ctx, ws.ID, r, 0)
	ok(err)
}

func useErasure(t *testing.T, db *DB, ws model.Workspace, m model.Member, r model.Reader, ok func(error)) {
	t.Helper()
	ctx := context.Background()
	ok(db.AskErasure(ctx, ws.ID, r.Customer))
	ok(db.WithdrawErasure(ctx, ws.ID, r.Customer))
	_, err := db.Erasure(ctx, ws.ID, r.Customer)
	ok(err)
	_, err = db.Erasures(ctx, ws.ID)
	ok(err)
	_, err = db.Footprint(ctx, ws.ID, r.Customer)
	ok(err)
	useHeld(t, db, ws, r, ok)
	ok(db.BeginErasure(ctx, m, r.Customer, r.Email))
	for n := 1; n > 0; {
		n, err = db.Erase(ctx)
		ok(err)
	}
	for _, f := range []AuditFilter{{}, {Member: 1}, {Subject: model.AuditPortal}, {Member: 1, Subject: model.AuditPortal}} {
		_, _, err = db.Audit(ctx, ws.ID, f)
		ok(err)
	}
}

func useHeld(t *testing.T, db *DB, ws model.Workspace, r model.Reader, ok func(error)) {
	t.Helper()
	ctx := context.Background()
	_, err := db.HeldData(ctx, ws.ID, r.Customer)
	ok(err)
	tickets, err := db.HeldTickets(ctx, ws.ID, r.Customer, 0)
	ok(err)
	if len(tickets) != 1 {
		t.Fatalf("%d tickets are held, want one", len(tickets))
	}
	_, err = db.HeldMessages(ctx, ws.ID, r.Customer, tickets[0], 0)
	ok(err)
	_, err = db.HeldFiles(ctx, ws.ID, r.Customer, tickets[0])
	ok(err)
}

func useRecipients(t *testing.T, db *DB, ws model.Workspace, m model.Member, ok func(error)) {
	t.Helper()
	ctx := context.Background()
	for _, name := range []string{"", "Bea"} {
		_, _, err := db.AddRecipient(ctx, m, 1, model.NewRecipient{Email: "bea@example.com", Name: name})
		ok(err)
	}
	page, err := db.TicketPage(ctx, ws.ID, 1)
	ok(err)
	added := page.Recipients[1].ID
	_, _, err = db.Recipient(ctx, ws.ID, 1, added)
	ok(err)
	ok(db.RemoveRecipient(ctx, m, 1, added))
	ok(db.SetTicketRules(ctx, ws.ID, 1))
	ok(db.SetStatus(ctx, m, 1, page.Statuses[2].ID))
	_, err = db.CloseWaiting(At(ctx, db.Now().Add(48*time.Hour)))
	ok(err)
	ok(db.SetStatus(ctx, m, 1, page.Statuses[0].ID))
}

func useFiles(t *testing.T, db *DB, ws model.Workspace, p model.Project, m model.Member, r model.Reader, ok func(error)) {
	t.Helper()
	ctx := context.Background()
	text := model.RichText{Source: "with a file", HTML: "<p>x</p>"}
	file := func(name string) model.NewUpload {
		return model.NewUpload{File: name, Name: "a.png", Type: model.FileType{Media: "image/png", Ext: "png"}, Bytes: 1, SHA256: strings.Repeat("0", 64), Width: 1, Height: 1}
	}
	_, err := db.AddUpload(ctx, ws.ID, UploadForm{Key: "form", Project: p.ID, Client: "c"}, file("f1"))
	ok(err)
	first, err := db.AddUpload(ctx, ws.ID, UploadForm{Key: "reply", Ticket: r.Ticket, Recipient: r.Recipient}, file("f2"))
	ok(err)
	_, err = db.Waiting(ctx, ws.ID, "reply")
	ok(err)
	_, err = db.UploadPreview(ctx, ws.ID, first.Ref)
	ok(err)
	ok(db.AddCustomerReply(ctx, ws, r, NewReply{FormKey: "reply", Text: text}))
	ok(db.RemoveUpload(ctx, ws.ID, "form", "nonsense"))
	_, err = db.PublicAttachment(ctx, ws.ID, r, first.Ref)
	ok(err)
	_, err = db.Attachment(ctx, ws.ID, 1, first.Ref)
	ok(err)
	ok(db.RemoveAttachment(ctx, m, 1, first.Ref))
	ok(db.RemoveAttachment(ctx, m, 1, first.Ref))
	_, err = db.AddUpload(ctx, ws.ID, UploadForm{Key: "note", Ticket: r.Ticket, Team: true}, file("f3"))
	ok(err)
	ok(db.AddNote(ctx, m, 1, NewReply{FormKey: "note", Text: text}))
	ws.Uploads.Retention = model.Retention{Value: 1, Unit: model.RetentionDays}
	_, _, err = db.RetainAttachments(ctx, ws, 0)
	ok(err)
	_, err = db.retain(ctx, ws.ID, []int64{1, 2}, 0)
	ok(err)
	ok(db.RequestRetention(ctx, ws.ID))
	_, err = db.DueRetention(ctx)
	ok(err)
	ok(db.RetentionRan(ctx, ws.ID, model.StorageUse{}, ""))
	_, err = db.RetentionRun(ctx, ws.ID)
	ok(err)
	_, err = db.SweepUploads(ctx)
	ok(err)
	doomed, err := db.DoomedFiles(ctx)
	ok(err)
	ok(db.FilesRemoved(ctx, doomed))
	_, err = db.NamedFile(ctx, "f3")
	ok(err)
	_, err = db.StoredFiles(ctx, "")
	ok(err)
	_, err = db.StorageUse(ctx, ws.ID)
	ok(err)
	_, err = db.Due(ctx, "job", 1)
	ok(err)
}

func useTemplates(t *testing.T, db *DB, ws model.Workspace, p model.Project, ok func(error)) {
	t.Helper()
	ctx := context.Background()
	order := model.Field{PublicField: model.PublicField{Key: "order", Label: "Order", Kind: model.FieldText}, Visibility: model.Shown}
	id, err := db.CreateTemplate(ctx, ws.ID, "Every ticket", []model.Field{order})
	ok(err)
	ok(db.SetFields(ctx, ws.ID, id, []model.Field{order}))
	ok(db.Bind(ctx, ws.ID, p.PublicID, "", id))
	ok(db.Bind(ctx, ws.ID, p.PublicID, "question", id))
	_, err = db.PublicForm(ctx, ws, p, "question")
	ok(err)
	_, err = db.Templates(ctx, ws.ID)
	ok(err)
	_, err = db.HeldAnswers(ctx, ws.ID, id, "order")
	ok(err)
}

func useMailAndSessions(t *testing.T, db *DB, ws model.Workspace, m model.Member, r model.Reader, ok func(error)) {
	t.Helper()
	ctx := context.Background()
	claimed, err := db.ClaimMail(ctx)
	ok(err)
	_, err = db.Letter(ctx, claimed)
	ok(err)
	ok(db.MailRefused(ctx, claimed, "busy", false))
	claimed, err = db.ClaimMail(ctx)
	ok(err)
	ok(db.MailRefused(ctx, claimed, "no", true))
	ok(db.RetryMail(ctx, ws.ID, claimed.ID))
	claimed, err = db.ClaimMail(ctx)
	ok(err)
	ok(db.MailSent(ctx, claimed.ID))
	ok(db.ReturnMail(ctx, true))
	_, err = db.Outbox(ctx, ws.ID, 0)
	ok(err)
	_, err = db.SweepMail(ctx)
	ok(err)
	_, err = db.DropUnconfirmed(ctx)
	ok(err)
	intake, err := db.CreateIntakeLink(ctx, m, NewIntakeLink{ProjectID: "support", Email: "b@example.com", Life: 1e12})
	ok(err)
	_, err = db.IntakeLink(ctx, ws.ID, intake)
	ok(err)
	useCustomers(t, db, ws, r.Customer, ok)
	ok(db.RevokeIntakeLink(ctx, ws.ID, intake))
	ok(db.AskLogin(ctx, ws.ID, "acme.test", r.Email, "browser", "de"))
	ok(db.HandleLogins(ctx))
	_, err = db.Login(ctx, ws.ID, "nonsense")
	ok(err)
	_, err = db.UseCode(ctx, ws.ID, "browser", func(model.LinkID) bool { return true })
	ok(err)
	ok(db.CreateSession(ctx, model.Session{Hash: "h", Workspace: ws.ID, Member: m.ID}, ""))
	_, err = db.Session(ctx, "h")
	ok(err)
	ok(db.TouchSession(ctx, "h"))
	ok(db.SetFlash(ctx, "h", "x"))
	ok(db.EndSession(ctx, "h"))
	ok(db.EndCustomerSessions(ctx, ws.ID, r.Customer))
	ok(db.SetPassword(ctx, m, "y"))
	ok(db.AskPassword(ctx, m.Email))
	ok(db.HandlePasswordRequests(ctx))
	ok(db.SweepSessions(ctx))
	ok(db.Spend(ctx, "", Count{Scope: "s", Key: "k", Limit: 5, Per: 1e9}))
	ok(db.Refund(ctx, Count{Scope: "s", Key: "k", Limit: 5, Per: 1e9}))
	ok(db.SweepCounters(ctx))
}

func useCustomers(t *testing.T, db *DB, ws model.Workspace, c model.CustomerID, ok func(error)) {
	t.Helper()
	ctx := context.Background()
	for _, of := range []model.CustomerID{0, c} {
		_, err := db.IntakeLinks(ctx, ws.ID, of)
		ok(err)
	}
	ok(db.NameCustomer(ctx, ws.ID, c, "Ada"))
	for _, from := range []CustomerPlace{{}, {After: c}, {After: c, ByName: true}} {
		_, err := db.Customers(ctx, ws.ID, "a", from)
		ok(err)
	}
}

// Both walks of the list of customers begin and end at the text that is searched for.
func TestQueryPlans_CustomersAreFoundWithinTheirRange(t *testing.T) {
	t.Parallel()
	db := open(t)
	for query, want := range map[string]string{
		customersByAddress: "(workspace_id=? AND email>? AND email<?)",
		customersByName:    "USING INDEX customers_name (workspace_id=? AND (name_key,email)>(?,?) AND name_key<?)",
	} {
		if steps := plan(t, db, query); !strings.Contains(steps[0], want) {
			t.Errorf("%q is not %q in\n%s", steps, want, query)
		}
	}
}

// The tickets of a customer are picked and sorted without a look at a row with its long texts.
func TestQueryPlans_AnOverviewIsSortedByItsIndex(t *testing.T) {
	t.Parallel()
	steps := strings.Join(plan(t, open(t), overview), "\n")
	for _, want := range []string{
		"USING INDEX recipients_customer (customer_id=?)", "USING COVERING INDEX tickets_overview (id=?)", "USING INDEX messages_public (ticket_id=?)",
	} {
		if !strings.Contains(steps, want) {
			t.Errorf("no %q in\n%s", want, steps)
		}
	}
}

// useTeam lets somebody join, change and leave.
// useViews saves a view, and does what one does to many tickets.
func useViews(t *testing.T, db *DB, m model.Member, ok func(error)) {
	t.Helper()
	ctx := t.Context()
	ok(db.SaveView(ctx, m, model.SavedView{Name: "V", Query: "status=open", Shared: true}))
	ok(db.SaveView(ctx, m, model.SavedView{ID: 1, Name: "W"}))
	_, err := db.SavedViews(ctx, m)
	ok(err)
	_, err = db.SavedView(ctx, m, 1)
	ok(err)
	ok(db.DeleteView(ctx, m, 1))
	_, err = db.ChangeTickets(ctx, m, []int64{1}, BulkChange{Assign: true, Status: "Open"})
	ok(err)
	_, _, err = db.ExportTickets(ctx, m.WorkspaceID, 0)
	ok(err)
}

func useTeam(t *testing.T, db *DB, by model.Member, ok func(error)) {
	t.Helper()
	ctx, ws := t.Context(), by.WorkspaceID
	by.ReplyMail = model.RepliesMine
	ok(db.ChangeAccount(ctx, by, nil))
	id, err := db.Invite(ctx, MemberLink{ID: "link", Workspace: ws, Email: "b@acme.test", Name: "B", Role: model.Agent, Mail: model.MailInvitation})
	ok(err)
	_, err = db.MemberLinks(ctx, ws)
	ok(err)
	_, err = db.MemberLink(ctx, id)
	ok(err)
	b, err := db.UseMemberLink(ctx, id, "B", "y")
	ok(err)
	ok(db.ChangeMember(ctx, b))
	id, err = db.PasswordLink(ctx, by, b.ID)
	ok(err)
	ok(db.WithdrawMemberLink(ctx, ws, id))
	for _, of := range []model.Session{{Workspace: ws, Member: b.ID}, {Workspace: ws, Customer: 1}} {
		_, err = db.Sessions(ctx, of)
		ok(err)
		ok(db.EndOneSession(ctx, of, "x"))
		ok(db.EndOtherSessions(ctx, of))
	}
	ok(db.SetPassword(ctx, b, "z"))
	ok(db.RemoveMember(ctx, by, b.ID))
	_, err = db.Members(ctx, ws)
	ok(err)
	_, err = db.Workspaces(ctx)
	ok(err)
}

// An address is looked for among the events that have one, not among all of a workspace.
func TestQueryPlans_MentionsAreFoundAmongTheEventsWithAnAddress(t *testing.T) {
	t.Parallel()
	steps := strings.Join(plan(t, open(t), mentioned), "\n")
	for _, want := range []string{
		"USING COVERING INDEX events_from_address (workspace_id=?)", "USING COVERING INDEX events_to_address (workspace_id=?)", "USING INTEGER PRIMARY KEY (rowid=?)",
	} {
		if !strings.Contains(steps, want) {
			t.Errorf("no %q in\n%s", want, steps)
		}
	}
}
