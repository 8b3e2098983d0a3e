package db

import (
	"context"

	"deskbell/db/model"
)

// DropUnconfirmed removes up to 100 tickets whose reporter has not shown within the workspace's days
// that the address is theirs, and that nobody of the team has answered or merged (B10), and then the customers
// who have nothing left. It returns how many tickets went.
func (db *DB) DropUnconfirmed(ctx context.Context) (int, error) {
	dropped := 0
	err := db.update(ctx, func(tx *tx) error {
		list, err := all(tx, func(id *model.TicketID) []any { return []any{id} }, `
			select t.id
			from workspaces w
			cross join customers c on c.workspace_id = w.id and c.confirmed_at is null
			cross join tickets t on t.workspace_id = w.id and t.reporter_id = c.id
			where w.unconfirmed_drop_after > 0
				and c.created_at < ?1 - w.unconfirmed_drop_after * 86400000
				and t.created_at < ?1 - w.unconfirmed_drop_after * 86400000
				and not exists (select 1 from messages m where m.ticket_id = t.id and m.member_id is not null)
				and not exists (select 1 from merges g where g.ticket_id = t.id)
				and not exists (select 1 from merges g where g.workspace_id = t.workspace_id and g.into_id = t.id)
			limit 100`, millis(tx.now))
		if err != nil {
			return err
		}
		for _, id := range list {
			if _, err := tx.exec(`delete from tickets where id = ?`, id); err != nil {
				return err
			}
			tx.version(id, 0)
		}
		dropped = len(list)
		_, err = tx.exec(`
			delete from customers
			where id in (
				select c.id
				from workspaces w
				join customers c on c.workspace_id = w.id and c.confirmed_at is null
				where w.unconfirmed_drop_after > 0
					and c.created_at < ?1 - w.unconfirmed_drop_after * 86400000
					and not exists (select 1 from tickets t where t.workspace_id = c.workspace_id and t.reporter_id = c.id)
					and not exists (select 1 from recipients r where r.customer_id = c.id)
					and not exists (select 1 from intake_links l where l.workspace_id = c.workspace_id and l.customer_id = c.id)
				limit 1000
			)`, millis(tx.now))
		return err
	})
	return dropped, err
}

// SetMailRules changes how a workspace treats addresses that nobody has confirmed (B10): first mails
// an hour, and the days after which their tickets are dropped, 0 for never.
func (db *DB) SetMailRules(ctx context.Context, ws model.WorkspaceID, firstMailsPerHour, dropAfter int) error {
	return db.update(ctx, func(tx *tx) error {
		return tx.setting(ws, model.AuditMail, "rules for mail changed", `
			update workspaces
			set first_mails_per_hour = ?, unconfirmed_drop_after = ?, version = version + 1
			where id = ?`, firstMailsPerHour, dropAfter, ws)
	})
}
