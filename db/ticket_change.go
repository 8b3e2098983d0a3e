package db

import (
	"context"

	"deskbell/db/model"
)

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
		set status_id = ?1, category = ?2,
			closed_at = case when ?2 <> 'closed' then null when category = 'closed' then closed_at else ?3 end,
			closed_by = case when ?2 <> 'closed' then null when category = 'closed' then closed_by else ?4 end
		where workspace_id = ?5 and id = ?6`, to.ID, to.Category, millis(tx.now), orNull(by.Member), ws, t.ID); err != nil {
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
