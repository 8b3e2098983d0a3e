package db

import (
	"context"
	"fmt"
	"slices"

	"deskbell/db/model"
)

// TicketFields is what the team can change of how a ticket was opened: its type, and the answers to the questions
// of a type.
type TicketFields struct {
	Ticket   model.Ticket
	Types    []model.TicketType
	Template model.Template // of the type that was asked for
	Answers  []model.Answer
}

// State names the type and the answers as they stand, so that a change that comes between is seen.
func (f TicketFields) State() string {
	return model.Hash(fmt.Sprintf("%q %#v", f.Ticket.TypeKey, f.Answers))
}

// FieldsChange is what a member wants of a ticket's type and fields.
type FieldsChange struct {
	Type  string // key
	Typed model.Typed
	State string // of the page
}

// TicketFields reads a ticket's fields for a type, "" for its own. A type that its project does not have fails with
// Invalid, a ticket that was merged with Conflict.
func (db *DB) TicketFields(ctx context.Context, ws model.WorkspaceID, number int64, typeKey string) (TicketFields, error) {
	return ticketFields(db.reader(ctx), ws, number, typeKey)
}

func ticketFields(q querier, ws model.WorkspaceID, number int64, typeKey string) (f TicketFields, err error) {
	if f.Ticket, err = ticket(q, ws, number); err != nil {
		return f, err
	}
	if err := live(f.Ticket); err != nil {
		return f, err
	}
	if f.Types, err = ticketTypes(q, ws, f.Ticket.Project.ID); err != nil {
		return f, err
	}
	if typeKey == "" {
		typeKey = f.Ticket.TypeKey
	}
	if !slices.ContainsFunc(f.Types, func(t model.TicketType) bool { return t.Key == typeKey }) {
		return f, model.FieldErrors{{Field: "type", Message: "Choose a type from the list."}}.Err()
	}
	if f.Template, _, err = templateFor(q, f.Ticket.Project, typeKey); err != nil {
		return f, err
	}
	f.Answers, err = answers(q, ws, f.Ticket.ID)
	return f, err
}

// SetTicketFields changes a ticket's type and the answers that were typed, with an event for each. Answers to other
// questions stay. What somebody else has changed since the page was made fails with Conflict, what breaks a rule
// with Invalid.
func (db *DB) SetTicketFields(ctx context.Context, by model.Member, number int64, in FieldsChange) error {
	return db.update(ctx, func(tx *tx) error {
		f, err := ticketFields(tx, by.WorkspaceID, number, in.Type)
		if err != nil {
			return err
		}
		if f.State() != in.State {
			return model.Fail(model.Conflict, "Somebody else has changed the fields meanwhile.")
		}
		now, changes, err := f.Template.Correct(f.Answers, in.Typed)
		if err != nil {
			return err
		}
		if err := tx.setType(by, f, in.Type); err != nil || len(changes) == 0 {
			return err
		}
		return tx.setAnswers(by, f, now, changes)
	})
}

func (tx *tx) setType(by model.Member, f TicketFields, key string) error {
	if key == f.Ticket.TypeKey {
		return nil
	}
	if _, err := tx.exec(`
		update tickets set type = ?, last_activity_at = max(last_activity_at, ?)
		where workspace_id = ? and id = ?`, key, millis(tx.now), by.WorkspaceID, f.Ticket.ID); err != nil {
		return err
	}
	to := slices.IndexFunc(f.Types, func(t model.TicketType) bool { return t.Key == key })
	return tx.event(by.WorkspaceID, f.Ticket.ID, byMember(by), model.EventType, f.Ticket.Type, f.Types[to].Name)
}

func (tx *tx) setAnswers(by model.Member, f TicketFields, now []model.Answer, changes []model.FieldChange) error {
	if _, err := tx.exec(`
		delete from ticket_answers where workspace_id = ? and ticket_id = ?`, by.WorkspaceID, f.Ticket.ID); err != nil {
		return err
	}
	if err := tx.addAnswers(by.WorkspaceID, f.Ticket.ID, now); err != nil {
		return err
	}
	for _, c := range changes {
		if _, err := tx.insert(`
			insert into events (workspace_id, ticket_id, what, actor_kind, member_id, actor_name, about, from_value, to_value, at)
			values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			by.WorkspaceID, f.Ticket.ID, model.EventField, model.ByMember, by.ID, by.Name, c.Label, c.From, c.To, millis(tx.now)); err != nil {
			return err
		}
	}
	if _, err := tx.exec(`
		update tickets set last_activity_at = max(last_activity_at, ?)
		where workspace_id = ? and id = ?`, millis(tx.now), by.WorkspaceID, f.Ticket.ID); err != nil {
		return err
	}
	return tx.redrawn(by.WorkspaceID, f.Ticket.ID)
}
