package db

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"deskbell/db/model"
)

// PastTicket is a ticket that ran its course elsewhere or long ago. Its texts are rendered, its
// reporter's address is confirmed, and its mail is no longer kept.
type PastTicket struct {
	Intake      model.Intake // cleaned and valid for the project; Message is left out: it is an entry
	Description model.RichText
	Category    model.Category // in which it ended
	Priority    model.Priority // empty: normal
	At          time.Time
	Entries     []PastEntry // oldest first
}

// PastEntry is a message or a note of a past ticket.
type PastEntry struct {
	At     time.Time
	Member model.Member // zero: the reporter
	Note   bool
	Text   model.RichText
}

// PastThread says how the conversation of a past ticket is reached.
type PastThread struct {
	Link    model.LinkID // of the reporter
	Version int64
}

// AddHistory writes past tickets with their conversations and timelines, all or none, and returns
// their threads in order. It writes each row once in its last state, which is many times faster
// than living every ticket through; nobody is told of anything.
func (db *DB) AddHistory(ctx context.Context, ws model.Workspace, projectID string, tickets []PastTicket) ([]PastThread, error) {
	var threads []PastThread
	err := db.update(ctx, func(tx *tx) error {
		threads = make([]PastThread, 0, len(tickets))
		p, err := project(tx, ws.ID, projectID)
		if err != nil {
			return err
		}
		status := map[model.Category]model.Status{}
		for _, c := range []model.Category{model.Open, model.Waiting, model.Closed} {
			if status[c], err = firstStatus(tx, ws.ID, p.ID, c); err != nil {
				return err
			}
		}
		for _, t := range tickets {
			past := pastWriter{tx: tx, ws: ws, project: p, opened: status[model.Open], ended: status[t.Category]}
			thread, err := past.write(t)
			if err != nil {
				return err
			}
			threads = append(threads, thread)
		}
		return nil
	})
	return threads, err
}

// pastWriter writes one past ticket.
type pastWriter struct {
	tx            *tx
	ws            model.Workspace
	project       model.Project
	opened, ended model.Status
	ticket        model.TicketID
	reporter      model.Actor
	recipient     enrolled // the reporter
	version       int64    // of the last public change so far
}

func (w *pastWriter) write(t PastTicket) (PastThread, error) {
	customer, err := value[model.CustomerID](w.tx, `
		insert into customers (workspace_id, email, name, name_key, confirmed_at, created_at)
		values (?, ?, ?, ?, ?, ?)
		on conflict (workspace_id, email) do update set confirmed_at = coalesce(confirmed_at, excluded.confirmed_at)
		returning id`, w.ws.ID, t.Intake.Email, t.Intake.Name, model.Fold(t.Intake.Name), millis(t.At), millis(t.At))
	if err != nil {
		return PastThread{}, err
	}
	w.reporter = model.Actor{Kind: model.ByCustomer, Customer: customer, Name: t.Intake.Name}
	if err := w.insertTicket(t); err != nil {
		return PastThread{}, err
	}
	at := w.at(t.At)
	if w.recipient, err = at.addReporter(w.ws.ID, w.ticket, customer); err != nil {
		return PastThread{}, err
	}
	if err := at.event(w.ws.ID, w.ticket, w.reporter, model.EventCreated, "", ""); err != nil {
		return PastThread{}, err
	}
	if err := w.entries(t); err != nil {
		return PastThread{}, err
	}
	link, err := value[model.LinkID](w.tx, `
		select link_id from recipients where workspace_id = ? and id = ?`, w.ws.ID, w.recipient.id)
	return PastThread{Link: link, Version: w.version}, err
}

// at is the transaction at a time in the past.
func (w *pastWriter) at(t time.Time) *tx {
	past := *w.tx
	past.now = t
	return &past
}

func (w *pastWriter) insertTicket(t PastTicket) error {
	number, err := value[int64](w.tx, `
		insert into ticket_numbers (workspace_id, last) values (?, 1)
		on conflict do update set last = last + 1
		returning last`, w.ws.ID)
	if err != nil {
		return err
	}
	w.version = w.versionAfter(t)
	assignee, last := assignedTo(t), lastActivity(t)
	closed, closer := any(nil), any(nil)
	if t.Category == model.Closed {
		closed, closer = millis(last), orNull(closedBy(t))
	}
	id, err := w.tx.insert(`
		insert into tickets (workspace_id, project_id, number, ref, form_key, submission, host, type, status_id, category,
			priority, assignee_id, reporter_id, reporter_name, title, description, description_html, public_version,
			created_at, last_activity_at, closed_at, closed_by)
		values (?, ?, ?, ?, ?, '', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		w.ws.ID, w.project.ID, number, model.RandomID(), model.RandomID(), w.ws.PrimaryHost, t.Intake.Type,
		w.ended.ID, w.ended.Category, cmp.Or(t.Priority, model.PriorityNormal), orNull(assignee), w.reporter.Customer, t.Intake.Name, t.Intake.Title,
		t.Description.Source, t.Description.HTML, w.version, millis(t.At), millis(last), closed, closer)
	w.ticket = model.TicketID(id)
	return err
}

// versionAfter counts the changes that recipients see: the opening, messages, and the last status.
func (w *pastWriter) versionAfter(t PastTicket) int64 {
	version := int64(1)
	for _, e := range t.Entries {
		if !e.Note {
			version++
		}
	}
	if len(t.Entries) > 0 && w.ended.ID != w.opened.ID {
		version++
	}
	return version
}

// assignedTo is the member who wrote last, zero where nobody has.
func assignedTo(t PastTicket) model.MemberID {
	for _, e := range slices.Backward(t.Entries) {
		if e.Member.ID != 0 {
			return e.Member.ID
		}
	}
	return 0
}

// closedBy is the member whose entry was the last, which is the one that closed the ticket.
func closedBy(t PastTicket) model.MemberID {
	if len(t.Entries) == 0 {
		return 0
	}
	return t.Entries[len(t.Entries)-1].Member.ID
}

func lastActivity(t PastTicket) time.Time {
	if len(t.Entries) == 0 {
		return t.At
	}
	return t.Entries[len(t.Entries)-1].At
}

// entries writes the conversation, and the change of status at its end.
func (w *pastWriter) entries(t PastTicket) error {
	version := int64(1)
	var last *tx
	by := w.reporter
	for i, e := range t.Entries {
		last, by = w.at(e.At), w.reporter
		if e.Member.ID != 0 {
			by = byMember(e.Member)
		}
		what, kind, public := model.EventNote, "note", any(nil)
		if !e.Note {
			version++
			what, kind, public = model.EventMessage, "message", version
		}
		if _, err := last.insert(`
			insert into messages (workspace_id, ticket_id, kind, public_version, form_key, member_id, customer_id,
				author_name, body, body_html, created_at)
			values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			w.ws.ID, w.ticket, kind, public, fmt.Sprintf("past-%d", i), orNull(by.Member), orNull(by.Customer),
			by.Name, e.Text.Source, e.Text.HTML, millis(e.At)); err != nil {
			return err
		}
		if err := last.event(w.ws.ID, w.ticket, by, what, "", ""); err != nil {
			return err
		}
	}
	if last == nil || w.ended.ID == w.opened.ID {
		return nil
	}
	return last.event(w.ws.ID, w.ticket, by, model.EventStatus, w.opened.Name, w.ended.Name)
}
