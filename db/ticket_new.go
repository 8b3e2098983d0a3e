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
	Visit       string           // random word of the form by which its suggestions are counted; empty where it had none
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
		if err := tx.notSpared(ws.ID, in.Visit); err != nil {
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
	for _, l := range creationLimits(ws, client) {
		if err := tx.spend("You have opened many tickets in a short time.", l); err != nil {
			return err
		}
	}
	return nil
}

func creationLimits(ws model.Workspace, client string) [2]Count {
	key := fmt.Sprintf("%d %s", ws.ID, client)
	return [2]Count{
		{Scope: "create 10 minutes", Key: key, Limit: ws.Limits.CreatePer10Minutes, Per: 10 * time.Minute},
		{Scope: "create day", Key: key, Limit: ws.Limits.CreatePerDay, Per: 24 * time.Hour},
	}
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
