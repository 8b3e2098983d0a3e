package db

import (
	"context"

	"deskbell/db/model"
)

// ChangeAccount sets what members say of themselves: name, what they hear of by mail, and the projects of
// which they hear only what concerns their own tickets. A project of another workspace fails.
func (db *DB) ChangeAccount(ctx context.Context, m model.Member, quiet []model.ProjectID) error {
	if err := model.CheckMemberName(m.Name); err != nil {
		return err
	}
	return db.update(ctx, func(tx *tx) error {
		if err := must(tx.exec(`
			update members set name = ?, new_ticket_mail = ?, assigned_mail = ?, reply_mail = ?, reopened_mail = ?
			where workspace_id = ? and id = ? and left_at is null`,
			m.Name, m.NewTicketMail, m.AssignedMail, m.ReplyMail, m.ReopenedMail, m.WorkspaceID, m.ID)); err != nil {
			return err
		}
		if _, err := tx.exec(`delete from quiet_projects where workspace_id = ? and member_id = ?`, m.WorkspaceID, m.ID); err != nil {
			return err
		}
		for _, p := range quiet {
			if _, err := tx.exec(`
				insert into quiet_projects (workspace_id, member_id, project_id) values (?, ?, ?)`, m.WorkspaceID, m.ID, p); err != nil {
				return err
			}
		}
		return nil
	})
}

// QuietProjects returns the projects of which a member hears only what concerns their own tickets.
func (db *DB) QuietProjects(ctx context.Context, m model.Member) ([]model.ProjectID, error) {
	return all(db.reader(ctx), func(p *model.ProjectID) []any { return []any{p} }, `
		select project_id from quiet_projects where workspace_id = ? and member_id = ? order by project_id`, m.WorkspaceID, m.ID)
}

func intoMemberMail(m *newMail) []any { return []any{&m.Member, &m.To} }

// mailNewTicket tells the members who want it of a new ticket, all but its reporter.
func (tx *tx) mailNewTicket(ws model.WorkspaceID, p model.ProjectID, ticket model.TicketID, ref, reporter string) error {
	to, err := wantNewTickets(tx, ws, p, reporter)
	if err != nil {
		return err
	}
	for i := range to {
		to[i].Ref = model.TeamMailRoot(ref)
	}
	return tx.mailAll(ws, to, newMail{Kind: model.MailNewTicket, Ticket: ticket})
}

// wantNewTickets returns the members who want mail about a project's new tickets, but not one of their own.
func wantNewTickets(q querier, ws model.WorkspaceID, p model.ProjectID, reporter string) ([]newMail, error) {
	return all(q, intoMemberMail, `
		select m.id, m.email
		from members m
		where m.workspace_id = ? and m.new_ticket_mail = 1 and m.left_at is null and m.email <> ? and not exists (
			select 1
			from quiet_projects q
			where q.workspace_id = m.workspace_id and q.member_id = m.id and q.project_id = ?)
		order by m.id`, ws, reporter, p)
}

// mailCustomerReply tells the members who want it of a customer's reply, all but its writer. Who follows
// the ticket as a recipient too has that mail already.
func (tx *tx) mailCustomerReply(ws model.WorkspaceID, t model.Ticket, message model.MessageID, writer string) error {
	kind := model.MailReply
	if t.Status.Category == model.Closed {
		kind = model.MailReopened
	}
	to, err := all(tx, intoMemberMail, `
		select m.id, m.email
		from members m
		where m.workspace_id = ?1 and m.left_at is null and m.email <> ?2
			and case when m.id = ?3
				then m.reply_mail <> 'none' or (m.reopened_mail = 1 and ?4)
				else (m.reply_mail = 'any' or (m.reply_mail = 'unassigned' and ?3 = 0)) and not exists (
					select 1
					from quiet_projects q
					where q.workspace_id = m.workspace_id and q.member_id = m.id and q.project_id = ?5)
				end
			and not exists (
				select 1
				from recipients r join customers c on c.id = r.customer_id
				where r.workspace_id = ?1 and r.ticket_id = ?6 and r.unsubscribed_at is null and c.email = m.email)
		order by m.id`, ws, writer, t.Assignee, kind == model.MailReopened, t.Project.ID, t.ID)
	if err != nil {
		return err
	}
	return tx.mailAll(ws, to, newMail{Kind: kind, Ticket: t.ID, Message: message})
}

// mailAssigned tells a member that a ticket is theirs now, unless they took it themselves or want no such
// mail.
func (tx *tx) mailAssigned(by model.Member, ticket model.TicketID, to model.Member) error {
	if to.ID == by.ID || !to.AssignedMail {
		return nil
	}
	return tx.mail(by.WorkspaceID, newMail{Kind: model.MailAssigned, Ticket: ticket, Member: to.ID, To: to.Email})
}

// mailAll writes one mail to each of several members.
func (tx *tx) mailAll(ws model.WorkspaceID, to []newMail, what newMail) error {
	for _, m := range to {
		m.Kind, m.Ticket, m.Message = what.Kind, what.Ticket, what.Message
		if err := tx.mail(ws, m); err != nil {
			return err
		}
	}
	return nil
}

// assigner returns the name of the member who gave a ticket to somebody at a time.
func assigner(q querier, ws model.WorkspaceID, ticket model.TicketID, at int64) (string, error) {
	name, err := value[string](q, `
		select actor_name
		from events
		where workspace_id = ? and ticket_id = ? and what = 'assignee' and at = ?
		order by id desc
		limit 1`, ws, ticket, at)
	if model.KindOf(err) == model.NotFound {
		return "", nil
	}
	return name, err
}
