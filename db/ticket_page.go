package db

import (
	"context"

	"deskbell/db/model"
)

// TicketPage is all that the desk shows of one ticket.
type TicketPage struct {
	Ticket     model.Ticket
	Answers    []model.Answer
	Messages   []model.Message
	Files      []model.Attachment // of the description
	Recipients []model.Recipient
	Events     []model.Event
	Statuses   []model.Status
	Members    []model.Member
	Mails      []OutboxMail  // that are not sent
	Labels     []model.Label // of the ticket
	AllLabels  []model.Label // of the workspace
	Related    []model.TicketLine
	Others     []model.TicketLine // newest of the same reporter
	Newer      int64              // number of the ticket above it in the inbox; 0: none
	Older      int64
}

// TicketPage reads a ticket and what belongs to it.
func (db *DB) TicketPage(ctx context.Context, ws model.WorkspaceID, number int64) (TicketPage, error) {
	q := db.reader(ctx)
	t, err := ticket(q, ws, number)
	if err != nil {
		return TicketPage{}, err
	}
	page := TicketPage{Ticket: t}
	for _, read := range []func() error{
		func() (err error) { page.Answers, err = answers(q, ws, t.ID); return },
		func() (err error) { page.Messages, page.Files, err = deskMessages(q, ws, t.ID); return },
		func() (err error) { page.Recipients, err = recipients(q, ws, t); return },
		func() (err error) { page.Events, err = events(q, ws, t.ID); return },
		func() (err error) { page.Statuses, err = statuses(q, ws, t.Project.ID); return },
		func() (err error) { page.Members, err = members(q, ws); return },
		func() (err error) { page.Mails, err = unsentMails(q, ws, t.ID); return },
		func() (err error) { page.Related, err = related(q, ws, t.ID); return },
		func() (err error) { page.Others, err = others(q, ws, t); return },
		func() (err error) { page.Labels, err = ticketLabels(q, ws, t.ID); return },
		func() (err error) { page.AllLabels, err = labels(q, ws); return },
		func() (err error) { page.Newer, page.Older, err = neighbours(q, ws, t); return },
	} {
		if err := read(); err != nil {
			return TicketPage{}, err
		}
	}
	return page, nil
}

// neighbours returns the numbers of the tickets around one in the inbox of its category.
func neighbours(q querier, ws model.WorkspaceID, t model.Ticket) (newer, older int64, err error) {
	number := func(query string) (int64, error) {
		n, err := value[int64](q, query, ws, t.Status.Category, millis(t.LastActivityAt), t.Number)
		if model.KindOf(err) == model.NotFound {
			return 0, nil
		}
		return n, err
	}
	if newer, err = number(`
		select number from tickets
		where workspace_id = ? and category = ? and (last_activity_at, number) > (?, ?)
		order by last_activity_at, number limit 1`); err != nil {
		return 0, 0, err
	}
	older, err = number(`
		select number from tickets
		where workspace_id = ? and category = ? and (last_activity_at, number) < (?, ?)
		order by last_activity_at desc, number desc limit 1`)
	return newer, older, err
}
