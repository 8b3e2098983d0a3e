package db

import (
	"context"
	"fmt"

	"deskbell/db/model"
)

const ticketColumns = `
	t.id, t.number, p.id, p.workspace_id, p.public_id, p.name,
	coalesce((select name from ticket_types y where y.workspace_id = t.workspace_id and y.project_id = t.project_id and y.key = t.type), t.type), t.type,
	s.id, s.name, s.category, t.assignee_id, coalesce(m.name, ''),
	t.priority, c.id, t.reporter_name, c.email, t.signed_in_by, c.confirmed_at is not null, t.title, t.description, t.description_html,
	t.created_at, t.last_activity_at,
	coalesce((select i.number from merges g join tickets i on i.id = g.into_id where g.ticket_id = t.id), 0)`

const ticketTables = `
	tickets t
	join projects p on p.id = t.project_id
	join statuses s on s.id = t.status_id
	join customers c on c.id = t.reporter_id
	left join members m on m.id = t.assignee_id`

func intoTicket(t *model.Ticket) []any {
	return []any{&t.ID, &t.Number, &t.Project.ID, &t.Project.WorkspaceID, &t.Project.PublicID, &t.Project.Name, &t.Type, &t.TypeKey,
		&t.Status.ID, &t.Status.Name, &t.Status.Category, opt(&t.Assignee), &t.AssigneeName,
		&t.Priority, &t.Reporter, &t.ReporterName, address{shown: &t.ReporterEmail}, &t.SignedInBy, &t.Confirmed, &t.Title,
		&t.Description.Source, &t.Description.HTML, at(&t.CreatedAt), at(&t.LastActivityAt), &t.MergedInto}
}

func ticket(q querier, ws model.WorkspaceID, number int64) (model.Ticket, error) {
	return one(q, intoTicket, `
		select `+ticketColumns+`
		from `+ticketTables+`
		where t.workspace_id = ? and t.number = ?`, ws, number)
}

// live is ticket for what changes it: one that was merged fails with Conflict.
func (tx *tx) live(ws model.WorkspaceID, number int64) (model.Ticket, error) {
	t, err := ticket(tx, ws, number)
	if err == nil {
		err = live(t)
	}
	return t, err
}

func live(t model.Ticket) error {
	if t.MergedInto != 0 {
		return model.Fail(model.Conflict, fmt.Sprintf("Ticket #%d was merged into #%d. Go on there.", t.Number, t.MergedInto))
	}
	return nil
}

// TicketID returns the id of the ticket with a number, or NotFound.
func (db *DB) TicketID(ctx context.Context, ws model.WorkspaceID, number int64) (model.TicketID, error) {
	return value[model.TicketID](db.reader(ctx), `
		select id from tickets where workspace_id = ? and number = ?`, ws, number)
}

func byMember(m model.Member) model.Actor {
	return model.Actor{Kind: model.ByMember, Member: m.ID, Name: m.Name}
}

func bySystem() model.Actor { return model.Actor{Kind: model.BySystem, Name: "Deskbell"} }
