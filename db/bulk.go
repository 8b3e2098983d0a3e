package db

import (
	"context"
	"slices"

	"deskbell/db/model"
)

// BulkChange is what is done to several tickets in one act (M2). What is not set stays as it is.
type BulkChange struct {
	Assign      bool           // to Assignee; zero is nobody
	Assignee    model.MemberID // where Assign is set
	Status      string         // by its name, since each project has statuses of its own
	Priority    model.Priority // empty: as it is
	AddLabel    model.LabelID
	RemoveLabel model.LabelID
}

// Nothing says whether everything stays.
func (c BulkChange) Nothing() bool { return c == BulkChange{} }

// BulkResult counts tickets.
type BulkResult struct {
	Done int
	Left int // without a status of this name in their project, merged, or gone: nothing happened to them
}

// ChangeTickets does the same to the tickets with these numbers, all or none: each gets the events and the
// mail that it would get alone. More than a page of the inbox, or something that is not on a list, fails with
// Invalid.
//
// Why one transaction: everybody's writes wait for it, and a page's worth takes some milliseconds.
func (db *DB) ChangeTickets(ctx context.Context, by model.Member, numbers []int64, c BulkChange) (BulkResult, error) {
	if len(numbers) == 0 {
		return BulkResult{}, model.FieldErrors{{Field: "tickets", Message: "Tick the tickets that you want to change."}}.Err()
	}
	if c.Nothing() {
		return BulkResult{}, model.FieldErrors{{Field: "bulk_assignee", Message: "Choose what shall change: assignee, status, priority or labels."}}.Err()
	}
	if len(numbers) > InboxPageSize {
		return BulkResult{}, model.FieldErrors{{Field: "tickets", Message: "Tick 30 tickets at the most, which is a page of the inbox."}}.Err()
	}
	var result BulkResult
	err := db.update(ctx, func(tx *tx) error {
		for _, number := range slices.Compact(slices.Sorted(slices.Values(numbers))) {
			done, err := tx.changeTicket(by, number, c)
			if err != nil {
				return err
			}
			if done {
				result.Done++
			} else {
				result.Left++
			}
		}
		return nil
	})
	return result, err
}

// changeTicket returns false for a ticket that cannot have the status, and for one that is merged or gone.
func (tx *tx) changeTicket(by model.Member, number int64, c BulkChange) (bool, error) {
	t, err := tx.live(by.WorkspaceID, number)
	if kind := model.KindOf(err); kind == model.NotFound || kind == model.Conflict {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	var status model.StatusID
	if c.Status != "" {
		if status, err = statusNamed(tx, by.WorkspaceID, t.Project.ID, c.Status); err != nil || status == 0 {
			return false, err
		}
	}
	if c.Assign {
		if err := tx.assign(by, t, c.Assignee); err != nil {
			return false, err
		}
	}
	if c.Priority != "" {
		if err := tx.setPriority(by, t, c.Priority); err != nil {
			return false, err
		}
	}
	if err := tx.changeLabels(by, t, c); err != nil {
		return false, err
	}
	return true, tx.changeStatus(by, t, status)
}

func (tx *tx) changeLabels(by model.Member, t model.Ticket, c BulkChange) error {
	if c.AddLabel != 0 {
		if err := tx.addLabel(by, t, c.AddLabel); err != nil {
			return err
		}
	}
	if c.RemoveLabel == 0 {
		return nil
	}
	l, err := label(tx, by.WorkspaceID, c.RemoveLabel)
	if model.KindOf(err) == model.NotFound {
		return model.Fail(model.Invalid, "Choose labels from the list.")
	}
	if err != nil {
		return err
	}
	return tx.removeLabel(by, t, l)
}

// statusNamed returns a project's status by its name, zero where it has none of this name.
func statusNamed(q querier, ws model.WorkspaceID, project model.ProjectID, name string) (model.StatusID, error) {
	list, err := statuses(q, ws, project)
	for _, s := range list {
		if model.Fold(s.Name) == model.Fold(name) {
			return s.ID, nil
		}
	}
	return 0, err
}
