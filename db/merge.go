package db

import (
	"context"
	"fmt"

	"deskbell/db/model"
)

// MergePlan reads what a merge of one ticket into another would bring together. NotFound is for the first; where
// there is no other one, or the two cannot be merged, it fails with Invalid, and for one that was merged with
// Conflict.
func (db *DB) MergePlan(ctx context.Context, ws model.WorkspaceID, number, into int64) (model.MergePlan, error) {
	plan, err := mergePlan(db.reader(ctx), ws, number, into)
	if err == nil {
		err = mayMerge(plan)
	}
	return plan, err
}

// mayMerge says whether two tickets can become one.
func mayMerge(p model.MergePlan) error {
	wrong := func(message string) error { return model.FieldErrors{{Field: "into", Message: message}}.Err() }
	switch {
	case p.From.ID == p.Into.ID:
		return wrong("This is the ticket itself. Enter the number of another one.")
	case p.From.MergedInto != 0:
		return live(p.From)
	case p.Into.MergedInto != 0:
		return wrong(fmt.Sprintf("#%d was merged itself. Enter #%d, which it was merged into.", p.Into.Number, p.Into.MergedInto))
	case p.Recipients() > model.MaxRecipients:
		return wrong(fmt.Sprintf("Together the tickets have more than %d recipients. Remove some first.", model.MaxRecipients))
	}
	return nil
}

func mergePlan(q querier, ws model.WorkspaceID, number, into int64) (plan model.MergePlan, err error) {
	if plan.From, err = ticket(q, ws, number); err != nil {
		return plan, err
	}
	plan.Into, err = ticket(q, ws, into)
	if model.KindOf(err) == model.NotFound {
		err = model.FieldErrors{{Field: "into", Message: fmt.Sprintf("There is no ticket #%d. Enter the number of another one.", into)}}.Err()
	}
	if err != nil {
		return plan, err
	}
	if plan.FromPeople, err = recipients(q, ws, plan.From); err != nil {
		return plan, err
	}
	if plan.IntoPeople, err = recipients(q, ws, plan.Into); err != nil {
		return plan, err
	}
	plan.Strangers = plan.Recipients() > min(len(plan.FromPeople), len(plan.IntoPeople))
	type counts struct{ messages, notes int }
	n, err := one(q, func(c *counts) []any { return []any{&c.messages, &c.notes} }, `
		select coalesce(sum(kind = 'message'), 0), coalesce(sum(kind = 'note'), 0)
		from messages
		where ticket_id = ?`, plan.From.ID)
	plan.Messages, plan.Notes = n.messages, n.notes
	return plan, err
}

// MergeTickets makes a ticket part of another one, which it is a duplicate of, with an event on both: its
// conversation, files, notes, recipients and links follow, and it stays behind closed. Nobody gets mail. Where
// the duplicate waited for somebody, the other one does so too. It fails as MergePlan does, and with Invalid where people would read
// what they could not read before, unless the member has agreed to that.
//
// What moves stands behind what was there, with its own times: an open page gets it as news.
func (db *DB) MergeTickets(ctx context.Context, by model.Member, number, into int64, agreed bool) error {
	return db.update(ctx, func(tx *tx) error {
		plan, err := mergePlan(tx, by.WorkspaceID, number, into)
		if err != nil {
			return err
		}
		if err := mayMerge(plan); err != nil {
			return err
		}
		if plan.Strangers && !agreed {
			return model.FieldErrors{{Field: "agreed", Message: "Tick this when they may read each other’s messages."}}.Err()
		}
		m := merger{tx: tx, ws: by.WorkspaceID, by: by, from: plan.From, into: plan.Into, becomes: plan.Becomes()}
		for _, r := range plan.FromPeople {
			tx.lost(m.ws, r.Link)
		}
		for _, move := range []func() error{
			m.messages, m.recipients, m.outbox, m.drafts, m.uploads, m.labels, m.links, m.earlier, m.properties, m.record,
		} {
			if err := move(); err != nil {
				return err
			}
		}
		return nil
	})
}

// mergedTicket is a duplicate, and which entry of the other ticket its description became.
type mergedTicket struct {
	id      model.TicketID
	number  int64
	title   string
	message model.MessageID
	version int64 // of the message
}

// merged returns the duplicates that were merged into a ticket, 100 at most.
func merged(q querier, ws model.WorkspaceID, into model.TicketID) ([]mergedTicket, error) {
	return all(q, func(t *mergedTicket) []any { return []any{&t.id, &t.number, &t.title, &t.message, &t.version} }, `
		select t.id, t.number, t.title, m.id, m.public_version
		from merges g join tickets t on t.id = g.ticket_id join messages m on m.id = g.message_id
		where g.workspace_id = ? and g.into_id = ?
		limit 100`, ws, into)
}

// addMerged says of entries that they were descriptions of duplicates.
func addMerged(q querier, ws model.WorkspaceID, into model.TicketID, list []model.Message) error {
	tickets, err := merged(q, ws, into)
	for _, t := range tickets {
		for i := range list {
			if list[i].ID != t.message {
				continue
			}
			list[i].Merged = model.Merged{Number: t.number, Title: t.title}
			if list[i].Merged.Answers, err = answers(q, ws, t.id); err != nil {
				return err
			}
		}
	}
	return err
}

// addPublicMerged is addMerged for recipients.
func addPublicMerged(q querier, ws model.WorkspaceID, into model.TicketID, list []model.PublicMessage) error {
	tickets, err := merged(q, ws, into)
	for _, t := range tickets {
		for i := range list {
			if list[i].Version != t.version {
				continue
			}
			list[i].Merged.Title = t.title
			if list[i].Merged.Answers, err = publicAnswers(q, ws, t.id); err != nil {
				return err
			}
		}
	}
	return err
}
