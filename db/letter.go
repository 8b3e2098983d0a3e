package db

import (
	"context"

	"deskbell/db/model"
)

// Letter returns what a claimed mail is made of.
func (db *DB) Letter(ctx context.Context, m OutboxMail) (model.Letter, error) {
	return letter(db.reader(ctx), m)
}

func letter(q querier, m OutboxMail) (model.Letter, error) {
	var openedOn string
	var stillOurs bool
	var ticketID model.TicketID
	var messageID model.MessageID
	var customerID model.CustomerID
	into := func(l *model.Letter) []any {
		return []any{&l.To, &l.Language, &l.MessageRef, &l.MailRoot, &l.Link, &l.Unsubscribe, &l.Login, &l.MemberLink, &customerID, &l.Confirmed, &l.AddedBy, &l.ToMember,
			&openedOn, &stillOurs, &ticketID, &messageID, &l.Number, &l.Ref, &l.Title, &l.ProjectID, &l.ProjectName,
			&l.Author, &l.Team, &l.HasMessage, &l.Text.Source, &l.Text.HTML, at(&l.CreatedAt)}
	}
	l, err := one(q, into, `
		select o.to_address, coalesce(nullif(o.language, ''), nullif(r.language, ''), t.language, ''), o.message_ref, coalesce(r.mail_root, ''), coalesce(r.link_id, ''), coalesce(r.unsubscribe_id, ''), coalesce(o.login_id, ''), coalesce(o.member_link, ''), coalesce(o.customer_id, 0),
			coalesce(c.confirmed_at is not null, 0), coalesce(r.added_by, k.made_by, ''), o.member_id is not null,
			coalesce(t.host, n.host, ''), exists (
				select 1 from page_domains d where d.workspace_id = o.workspace_id and d.host = coalesce(t.host, n.host)),
			coalesce(t.id, 0), coalesce(m.id, 0), coalesce(t.number, 0), coalesce(t.ref, ''), coalesce(t.title, ''), coalesce(p.public_id, ''), coalesce(p.name, ''),
			coalesce(m.author_name, t.reporter_name, ''), m.member_id is not null, m.id is not null,
			coalesce(m.body, t.description, ''), coalesce(m.body_html, t.description_html, ''), o.created_at
		from outbox o
		left join tickets t on t.id = o.ticket_id
		left join projects p on p.id = t.project_id
		left join messages m on m.id = o.message_id
		left join recipients r on r.id = o.recipient_id
		left join customers c on c.id = coalesce(r.customer_id, o.customer_id)
		left join logins n on n.id = o.login_id
		left join member_links k on k.id = o.member_link
		where o.id = ?`, m.ID)
	if err != nil {
		return l, err
	}
	l.Kind, l.ToMember = m.Kind, l.ToMember || m.Kind.OfAccount()
	if l.Workspace, err = workspace(q, m.Workspace); err != nil {
		return l, err
	}
	l.Host = model.Origin(openedOn, stillOurs, l.Workspace.PrimaryHost)
	if l.Files, err = filesOf(q, m.Workspace, ticketID, messageID); err != nil {
		return l, err
	}
	switch l.Kind {
	case model.MailNewTicket:
		l.Answers, err = publicAnswers(q, m.Workspace, ticketID)
	case model.MailAssigned:
		l.AssignedBy, err = assigner(q, m.Workspace, ticketID, millis(l.CreatedAt))
	case model.MailLinks:
		l.Tickets, err = linksOf(q, l.Workspace, customerID)
	}
	return l, err
}
