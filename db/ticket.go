package db

import (
	"context"
	"fmt"
	"time"

	"deskbell/db/model"
)

// NewTicket is a submission of the creation form. Its answers are cleaned; CreateTicket checks them.
type NewTicket struct {
	FormKey     string
	Host        string // on which the form was opened (A11)
	Intake      model.Intake
	Description model.RichText
	Message     model.RichText   // Source empty: no first message
	Customer    model.CustomerID // whose session sends it; zero for a visitor
	IntakeLink  model.LinkID     // by which the form was opened (D1); empty without one
	Language    string           // of the form (BCP 47); "": that of the workspace
	Identity    string           // hash of the cookie by which the reporter is signed in (E3); empty without one
	Client      string           // by which creation is limited (H1); empty for the program itself
	Files       []string         // refs of the waiting files that the form showed; all that wait for it go with it

	identity model.Identity // of Identity, read in the transaction
}

// CreateTicket makes a ticket with its reporter as the one recipient, the answers to the template that
// holds now, its first event and its mail. A second call with the same form key makes nothing: it
// succeeds for the same text and fails with Conflict for another (B9), whatever has become of the
// template. Answers that break a rule fail with Invalid.
func (db *DB) CreateTicket(ctx context.Context, ws model.Workspace, projectID string, in NewTicket) error {
	return db.update(ctx, func(tx *tx) error {
		p, err := project(tx, ws.ID, projectID)
		if err != nil {
			return err
		}
		if in.IntakeLink != "" {
			if in.Customer, err = tx.useIntakeLink(ws.ID, p, in.IntakeLink); err != nil {
				return err
			}
		}
		if err := model.MayOpen(ws, p, in.Customer != 0); err != nil {
			return err
		}
		if in.Identity != "" {
			if in.identity, err = identity(tx, ws.ID, in.Host, in.Identity); err != nil {
				return err
			}
			in.Intake = in.Intake.By(in.identity)
		}
		if done, err := tx.alreadyMade(ws.ID, in); done || err != nil {
			return err
		}
		t, _, err := ticketTemplate(tx, ws, p, in.Intake.Type)
		if err != nil {
			return err
		}
		files, err := tx.attachable(ws.ID, in.FormKey, in.Files)
		if err != nil {
			return err
		}
		answers, err := in.Intake.WithFiles(t, files).Check(p, t)
		if err != nil {
			return err
		}
		if err := tx.spendCreation(ws, in.Client); err != nil {
			return err
		}
		return tx.createTicket(ws, p, in, answers, t.Takes(files))
	})
}

// spendCreation counts a ticket that is about to be made. What makes none counts nothing.
func (tx *tx) spendCreation(ws model.Workspace, client string) error {
	if client == "" {
		return nil
	}
	key := fmt.Sprintf("%d %s", ws.ID, client)
	const message = "You have opened many tickets in a short time."
	if err := tx.spend(message, Count{Scope: "create 10 minutes", Key: key, Limit: ws.Limits.CreatePer10Minutes, Per: 10 * time.Minute}); err != nil {
		return err
	}
	return tx.spend(message, Count{Scope: "create day", Key: key, Limit: ws.Limits.CreatePerDay, Per: 24 * time.Hour})
}

// alreadyMade says whether this form made a ticket before.
func (tx *tx) alreadyMade(ws model.WorkspaceID, in NewTicket) (bool, error) {
	same, err := value[bool](tx, `
		select submission = ?
		from tickets
		where workspace_id = ? and form_key = ?`, in.Intake.Digest(), ws, in.FormKey)
	if model.KindOf(err) == model.NotFound {
		return false, nil
	}
	if err == nil && !same {
		err = model.Fail(model.Conflict, "This form has made a ticket already. If this is another request, send it once more.")
	}
	return true, err
}

func (tx *tx) createTicket(ws model.Workspace, p model.Project, in NewTicket, answers []model.Answer, files []model.Upload) error {
	reporter, err := tx.reporter(ws.ID, in)
	if err != nil {
		return err
	}
	ref := model.RandomID()
	id, err := tx.insertTicket(ws.ID, p, in, reporter.ID, ref)
	if err != nil {
		return err
	}
	if err := tx.addAnswers(ws.ID, id, answers); err != nil {
		return err
	}
	if err := tx.attach(ws, id, 0, files); err != nil {
		return err
	}
	by := model.Actor{Kind: model.ByCustomer, Customer: reporter.ID, Name: in.Intake.Name}
	if by.Name == "" {
		by.Name = reporter.Email
	}
	if err := tx.event(ws.ID, id, by, model.EventCreated, "", ""); err != nil {
		return err
	}
	if in.Message.Source != "" {
		entry := newMessage{FormKey: in.FormKey, Text: in.Message, Customer: reporter.ID, Author: in.Intake.Name}
		if _, err := tx.addMessage(ws.ID, id, entry); err != nil {
			return err
		}
	}
	recipient, err := tx.addReporter(ws.ID, id, reporter.ID)
	if err != nil {
		return err
	}
	if err := tx.mailFirst(ws, id, recipient, reporter, model.MailCreated); err != nil {
		return err
	}
	if err := tx.notify(ws, id, in, reporter); err != nil {
		return err
	}
	return tx.mailNewTicket(ws.ID, p.ID, id, ref, reporter.Email)
}

// notify enrols the address to which somebody who signed in without one wants the mail. It is a recipient
// of its own, with a link of its own: whoever typed it has not shown that it is theirs (B10).
func (tx *tx) notify(ws model.Workspace, ticket model.TicketID, in NewTicket, reporter Customer) error {
	email, ok := model.CleanAddress(in.Intake.Email)
	if in.Identity == "" || reporter.Email != "" || !ok {
		return nil
	}
	c, err := tx.enrol(ws.ID, email, in.Intake.Name)
	if err != nil {
		return err
	}
	recipient, err := tx.addRecipient(ws.ID, ticket, c.ID, "")
	if err != nil {
		return err
	}
	return tx.mailFirst(ws, ticket, recipient, c, model.MailCreated)
}

// reporter returns the customer who opens the ticket: who is known by a session, a link or a sign-in, or
// who has the address.
func (tx *tx) reporter(ws model.WorkspaceID, in NewTicket) (Customer, error) {
	if in.Customer != 0 {
		return customer(tx, ws, in.Customer)
	}
	if in.Identity != "" {
		return tx.identified(ws, in.identity)
	}
	email, _ := model.CleanAddress(in.Intake.Email) // Check has refused what is none
	return tx.enrol(ws, email, in.Intake.Name)
}

func (tx *tx) insertTicket(ws model.WorkspaceID, p model.Project, in NewTicket, reporter model.CustomerID, ref string) (model.TicketID, error) {
	status, err := firstStatus(tx, ws, p.ID, model.Open)
	if err != nil {
		return 0, err
	}
	number, err := value[int64](tx, `
		insert into ticket_numbers (workspace_id, last) values (?, 1)
		on conflict do update set last = last + 1
		returning last`, ws)
	if err != nil {
		return 0, err
	}
	id, err := tx.insert(`
		insert into tickets (workspace_id, project_id, number, ref, form_key, submission, host, type, status_id, category,
			reporter_id, reporter_name, signed_in_by, title, description, description_html, language, created_at, last_activity_at)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		ws, p.ID, number, ref, in.FormKey, in.Intake.Digest(), in.Host, in.Intake.Type, status.ID, status.Category,
		reporter, in.Intake.Name, in.Intake.SignedIn, in.Intake.Title, in.Description.Source, in.Description.HTML, in.Language,
		millis(tx.now), millis(tx.now))
	return model.TicketID(id), err
}

const ticketColumns = `
	t.id, t.number, p.id, p.workspace_id, p.public_id, p.name,
	coalesce((select name from ticket_types y where y.workspace_id = t.workspace_id and y.project_id = t.project_id and y.key = t.type), t.type), t.type,
	s.id, s.name, s.category, t.assignee_id, coalesce(m.name, ''),
	t.priority, c.id, t.reporter_name, c.email, t.signed_in_by, c.confirmed_at is not null, t.title, t.description, t.description_html,
	t.created_at, t.last_activity_at,
	coalesce((select i.number from merges g join tickets i on i.id = g.into_id where g.ticket_id = t.id), 0)`

const ticketTables = `
	tickets t
	join projects p on p.id = t.project_id
	join statuses s on s.id = t.status_id
	join customers c on c.id = t.reporter_id
	left join members m on m.id = t.assignee_id`

func intoTicket(t *model.Ticket) []any {
	return []any{&t.ID, &t.Number, &t.Project.ID, &t.Project.WorkspaceID, &t.Project.PublicID, &t.Project.Name, &t.Type, &t.TypeKey,
		&t.Status.ID, &t.Status.Name, &t.Status.Category, opt(&t.Assignee), &t.AssigneeName,
		&t.Priority, &t.Reporter, &t.ReporterName, address{shown: &t.ReporterEmail}, &t.SignedInBy, &t.Confirmed, &t.Title,
		&t.Description.Source, &t.Description.HTML, at(&t.CreatedAt), at(&t.LastActivityAt), &t.MergedInto}
}

func ticket(q querier, ws model.WorkspaceID, number int64) (model.Ticket, error) {
	return one(q, intoTicket, `
		select `+ticketColumns+`
		from `+ticketTables+`
		where t.workspace_id = ? and t.number = ?`, ws, number)
}

// live is ticket for what changes it: one that was merged fails with Conflict.
func (tx *tx) live(ws model.WorkspaceID, number int64) (model.Ticket, error) {
	t, err := ticket(tx, ws, number)
	if err == nil {
		err = live(t)
	}
	return t, err
}

func live(t model.Ticket) error {
	if t.MergedInto != 0 {
		return model.Fail(model.Conflict, fmt.Sprintf("Ticket #%d was merged into #%d. Go on there.", t.Number, t.MergedInto))
	}
	return nil
}

// TicketID returns the id of the ticket with a number, or NotFound.
func (db *DB) TicketID(ctx context.Context, ws model.WorkspaceID, number int64) (model.TicketID, error) {
	return value[model.TicketID](db.reader(ctx), `
		select id from tickets where workspace_id = ? and number = ?`, ws, number)
}

// TicketPage is all that the desk shows of one ticket.
type TicketPage struct {
	Ticket     model.Ticket
	Answers    []model.Answer
	Messages   []model.Message
	Files      []model.Attachment // of the description
	Recipients []model.Recipient
	Events     []model.Event
	Statuses   []model.Status
	Members    []model.Member
	Mails      []OutboxMail  // that are not sent
	Labels     []model.Label // of the ticket
	AllLabels  []model.Label // of the workspace
	Related    []model.TicketLine
	Others     []model.TicketLine // newest of the same reporter
	Newer      int64              // number of the ticket above it in the inbox; 0: none
	Older      int64
}

// TicketPage reads a ticket and what belongs to it.
func (db *DB) TicketPage(ctx context.Context, ws model.WorkspaceID, number int64) (TicketPage, error) {
	q := db.reader(ctx)
	t, err := ticket(q, ws, number)
	if err != nil {
		return TicketPage{}, err
	}
	page := TicketPage{Ticket: t}
	for _, read := range []func() error{
		func() (err error) { page.Answers, err = answers(q, ws, t.ID); return },
		func() (err error) { page.Messages, page.Files, err = deskMessages(q, ws, t.ID); return },
		func() (err error) { page.Recipients, err = recipients(q, ws, t); return },
		func() (err error) { page.Events, err = events(q, ws, t.ID); return },
		func() (err error) { page.Statuses, err = statuses(q, ws, t.Project.ID); return },
		func() (err error) { page.Members, err = members(q, ws); return },
		func() (err error) { page.Mails, err = unsentMails(q, ws, t.ID); return },
		func() (err error) { page.Related, err = related(q, ws, t.ID); return },
		func() (err error) { page.Others, err = others(q, ws, t); return },
		func() (err error) { page.Labels, err = ticketLabels(q, ws, t.ID); return },
		func() (err error) { page.AllLabels, err = labels(q, ws); return },
		func() (err error) { page.Newer, page.Older, err = neighbours(q, ws, t); return },
	} {
		if err := read(); err != nil {
			return TicketPage{}, err
		}
	}
	return page, nil
}

// neighbours returns the numbers of the tickets around one in the inbox of its category.
func neighbours(q querier, ws model.WorkspaceID, t model.Ticket) (newer, older int64, err error) {
	number := func(query string) (int64, error) {
		n, err := value[int64](q, query, ws, t.Status.Category, millis(t.LastActivityAt), t.Number)
		if model.KindOf(err) == model.NotFound {
			return 0, nil
		}
		return n, err
	}
	if newer, err = number(`
		select number from tickets
		where workspace_id = ? and category = ? and (last_activity_at, number) > (?, ?)
		order by last_activity_at, number limit 1`); err != nil {
		return 0, 0, err
	}
	older, err = number(`
		select number from tickets
		where workspace_id = ? and category = ? and (last_activity_at, number) < (?, ?)
		order by last_activity_at desc, number desc limit 1`)
	return newer, older, err
}

// SetStatus moves a ticket to a status of its project. The one it has already changes nothing.
func (db *DB) SetStatus(ctx context.Context, by model.Member, number int64, status model.StatusID) error {
	return db.update(ctx, func(tx *tx) error {
		t, err := tx.live(by.WorkspaceID, number)
		if err != nil {
			return err
		}
		return tx.changeStatus(by, t, status)
	})
}

// changeStatus moves a ticket, with the mail that its recipients get where that closes it.
func (tx *tx) changeStatus(by model.Member, t model.Ticket, id model.StatusID) error {
	closed, err := tx.setStatus(by, t, id)
	if err != nil || !closed {
		return err
	}
	return tx.mailRecipients(by.WorkspaceID, t.ID, model.MailClosed, 0, cause{address: by.Email})
}

// setStatus moves a ticket and says whether that closed it. The status it has, and 0, change nothing.
func (tx *tx) setStatus(by model.Member, t model.Ticket, id model.StatusID) (closed bool, err error) {
	if id == 0 || t.Status.ID == id {
		return false, nil
	}
	to, err := one(tx, intoStatus, `
		select id, name, category
		from statuses
		where workspace_id = ? and project_id = ? and id = ?`, by.WorkspaceID, t.Project.ID, id)
	if model.KindOf(err) == model.NotFound {
		err = model.FieldErrors{{Field: "status", Message: "Choose a status from the list."}}.Err()
	}
	if err != nil {
		return false, err
	}
	closed = to.Category == model.Closed && t.Status.Category != model.Closed
	return closed, tx.moveTo(by.WorkspaceID, t, to, byMember(by), model.EventStatus)
}

// moveTo gives a ticket another status, with the event that says so.
func (tx *tx) moveTo(ws model.WorkspaceID, t model.Ticket, to model.Status, by model.Actor, what model.EventKind) error {
	if _, err := tx.exec(`
		update tickets
		set status_id = ?, category = ?,
			closed_at = case when ? <> 'closed' then null when category = 'closed' then closed_at else ? end
		where workspace_id = ? and id = ?`, to.ID, to.Category, to.Category, millis(tx.now), ws, t.ID); err != nil {
		return err
	}
	if err := tx.event(ws, t.ID, by, what, t.Status.Name, to.Name); err != nil {
		return err
	}
	_, err := tx.publicChange(ws, t.ID)
	return err
}

// publicChange records that what recipients see of a ticket has changed, and returns the version.
func (tx *tx) publicChange(ws model.WorkspaceID, id model.TicketID) (int64, error) {
	v, err := value[int64](tx, `
		update tickets
		set public_version = public_version + 1, last_activity_at = max(last_activity_at, ?)
		where workspace_id = ? and id = ?
		returning public_version`, millis(tx.now), ws, id)
	tx.version(id, v)
	return v, err
}

// Assign gives a ticket to a member, or to nobody for a zero id.
func (db *DB) Assign(ctx context.Context, by model.Member, number int64, assignee model.MemberID) error {
	return db.update(ctx, func(tx *tx) error {
		t, err := tx.live(by.WorkspaceID, number)
		if err != nil {
			return err
		}
		return tx.assign(by, t, assignee)
	})
}

// assign gives a ticket to a member or to nobody. Who has it already keeps it, without an event.
func (tx *tx) assign(by model.Member, t model.Ticket, assignee model.MemberID) error {
	if t.Assignee == assignee {
		return nil
	}
	var to model.Member
	if assignee != 0 {
		var err error
		to, err = member(tx, by.WorkspaceID, assignee)
		if model.KindOf(err) == model.NotFound || err == nil && !to.LeftAt.IsZero() {
			return model.FieldErrors{{Field: "assignee", Message: "Choose a member of the team."}}.Err()
		}
		if err != nil {
			return err
		}
	}
	if _, err := tx.exec(`
		update tickets set assignee_id = ?, last_activity_at = max(last_activity_at, ?)
		where workspace_id = ? and id = ?`, orNull(assignee), millis(tx.now), by.WorkspaceID, t.ID); err != nil {
		return err
	}
	if err := tx.event(by.WorkspaceID, t.ID, byMember(by), model.EventAssignee, t.AssigneeName, to.Name); err != nil || assignee == 0 {
		return err
	}
	return tx.mailAssigned(by, t.ID, to)
}

func byMember(m model.Member) model.Actor {
	return model.Actor{Kind: model.ByMember, Member: m.ID, Name: m.Name}
}

func bySystem() model.Actor { return model.Actor{Kind: model.BySystem, Name: "Deskbell"} }
