package db

import (
	"context"

	"deskbell/db/model"
)

// waitingTickets are the tickets that wait on their reporter, in workspaces that close such ones. A project
// without a closed status keeps its tickets open.
const waitingTickets = `
	workspaces w
	cross join ` + ticketTables + `
	where w.auto_close_after > 0 and t.workspace_id = w.id and t.category = 'waiting'
		and exists (
			select 1
			from statuses e
			where e.workspace_id = t.workspace_id and e.project_id = t.project_id and e.category = 'closed'
		)`

// noticeDays is model.ClosingNoticeDays in SQL.
const noticeDays = `min(3, w.auto_close_after / 2)`

// NoticeWaiting tells the recipients of up to 100 tickets by mail that they close soon unless somebody
// answers (K1). It returns how many tickets it told of.
func (db *DB) NoticeWaiting(ctx context.Context) (int, error) {
	return db.eachWaiting(ctx, `
		select `+ticketColumns+`
		from `+waitingTickets+`
			and `+noticeDays+` > 0
			and t.last_activity_at <= ? - (w.auto_close_after - `+noticeDays+`) * 86400000
			and coalesce(t.closing_notice_at, 0) <= t.last_activity_at
		limit 100`, (*tx).noticeWaiting)
}

// CloseWaiting closes up to 100 tickets that wait on their reporter and in which nothing has happened
// for the days of their workspace's setting, and mails so to their recipients (K1). Those who have time
// for a notice before had it for its days: a setting that is new closes nothing by surprise. It returns
// how many it closed.
func (db *DB) CloseWaiting(ctx context.Context) (int, error) {
	return db.eachWaiting(ctx, `
		select `+ticketColumns+`
		from `+waitingTickets+`
			and t.last_activity_at <= ?1 - w.auto_close_after * 86400000
			and (`+noticeDays+` = 0
				or t.closing_notice_at > t.last_activity_at and t.closing_notice_at <= ?1 - `+noticeDays+` * 86400000)
		limit 100`, (*tx).closeWaiting)
}

func (db *DB) eachWaiting(ctx context.Context, query string, do func(*tx, model.Ticket) error) (int, error) {
	done := 0
	err := db.update(ctx, func(tx *tx) error {
		list, err := all(tx, intoTicket, query, millis(tx.now))
		for _, t := range list {
			if err := do(tx, t); err != nil {
				return err
			}
		}
		done = len(list)
		return err
	})
	return done, err
}

func (tx *tx) noticeWaiting(t model.Ticket) error {
	ws := t.Project.WorkspaceID
	if _, err := tx.exec(`
		update tickets set closing_notice_at = ? where workspace_id = ? and id = ?`, millis(tx.now), ws, t.ID); err != nil {
		return err
	}
	return tx.mailRecipients(ws, t.ID, model.MailClosingSoon, 0, cause{})
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
