package db

import (
	"context"

	"deskbell/db/model"
)

// CloseWaiting closes up to 100 tickets that wait on their reporter and in which nothing has happened
// for the days of their workspace's setting, and mails so to their recipients (K1). It returns how many
// it closed. A project without a closed status keeps its tickets open.
func (db *DB) CloseWaiting(ctx context.Context) (int, error) {
	closed := 0
	err := db.update(ctx, func(tx *tx) error {
		list, err := all(tx, intoTicket, `
			select `+ticketColumns+`
			from workspaces w
			cross join `+ticketTables+`
			where w.auto_close_after > 0 and t.workspace_id = w.id and t.category = 'waiting'
				and t.last_activity_at <= ? - w.auto_close_after * 86400000
				and exists (
					select 1
					from statuses e
					where e.workspace_id = t.workspace_id and e.project_id = t.project_id and e.category = 'closed'
				)
			limit 100`, millis(tx.now))
		for _, t := range list {
			if err := tx.closeWaiting(t); err != nil {
				return err
			}
		}
		closed = len(list)
		return err
	})
	return closed, err
}

func (tx *tx) closeWaiting(t model.Ticket) error {
	ws := t.Project.WorkspaceID
	to, err := firstStatus(tx, ws, t.Project.ID, model.Closed)
	if err != nil {
		return err
	}
	if err := tx.moveTo(ws, t, to, bySystem(), model.EventAutoClosed); err != nil {
		return err
	}
	return tx.mailRecipients(ws, t.ID, model.MailAutoClosed, 0, cause{})
}

// SetTicketRules changes after how many days a workspace's tickets close when they wait on their
// reporter, 0 for never.
func (db *DB) SetTicketRules(ctx context.Context, ws model.WorkspaceID, autoCloseAfter int) error {
	return db.update(ctx, func(tx *tx) error {
		return tx.setting(ws, model.AuditTickets, "rules for tickets changed", `
			update workspaces
			set auto_close_after = ?, version = version + 1
			where id = ?`, autoCloseAfter, ws)
	})
}
