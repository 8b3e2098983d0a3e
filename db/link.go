package db

import (
	"context"
	"fmt"
	"time"

	"deskbell/db/model"
)

// ReplaceLink ends a recipient's thread link, with those to tickets that were merged into theirs, and mails a new one to its address (I8). A link that has
// been replaced meanwhile is left alone: its owner has mail already. Over the limit it fails with
// Limited, for a reader without an address with Off.
func (db *DB) ReplaceLink(ctx context.Context, ws model.WorkspaceID, r model.Reader) error {
	if err := r.MayReplaceLink(); err != nil {
		return err
	}
	return db.update(ctx, func(tx *tx) error {
		n, err := tx.exec(`
			update recipients set link_id = ?
			where workspace_id = ? and id = ? and link_id = ?`, model.RandomID(), ws, r.Recipient, r.Link)
		if err != nil || n == 0 {
			return err
		}
		if err := tx.spend("This link has been replaced several times already. Look into your mail for the newest one.",
			Count{Scope: "replace link", Key: fmt.Sprint(r.Recipient), Limit: 3, Per: time.Hour}); err != nil {
			return err
		}
		if _, err := tx.exec(`
			delete from merged_links where workspace_id = ? and recipient_id = ?`, ws, r.Recipient); err != nil {
			return err
		}
		tx.lost(ws, r.Link)
		by := model.Actor{Kind: model.ByCustomer, Customer: r.Customer, Name: r.Label()}
		if err := tx.event(ws, r.Ticket, by, model.EventLinkReplaced, "", ""); err != nil {
			return err
		}
		return tx.mail(ws, newMail{Kind: model.MailNewLink, Ticket: r.Ticket, Recipient: r.Recipient, To: r.Email})
	})
}

// AskLinks records that somebody asked for the links of an address. It looks nobody up, so that it
// costs the same for every address (I8). Language is that of the page.
func (db *DB) AskLinks(ctx context.Context, ws model.WorkspaceID, email, language string) error {
	return db.update(ctx, func(tx *tx) error {
		_, err := tx.insert(`
			insert into link_requests (workspace_id, email, language, created_at)
			values (?, ?, ?, ?)`, ws, email, language, millis(tx.now))
		tx.touched.mail = true
		return err
	})
}

// HandleLinkRequests writes the mail of up to 100 addresses that asked for their links. An address
// without a ticket gets none.
func (db *DB) HandleLinkRequests(ctx context.Context) error {
	type asked struct {
		id       int64
		ws       model.WorkspaceID
		email    string
		language string
	}
	return db.update(ctx, func(tx *tx) error {
		list, err := all(tx, func(a *asked) []any { return []any{&a.id, &a.ws, &a.email, &a.language} }, `
			select id, workspace_id, email, language
			from link_requests
			order by id
			limit 100`)
		for _, a := range list {
			if _, err := tx.exec(`delete from link_requests where id = ?`, a.id); err != nil {
				return err
			}
			if err := tx.mailLinks(a.ws, a.email, a.language); err != nil {
				return err
			}
		}
		return err
	})
}

func (tx *tx) mailLinks(ws model.WorkspaceID, email, language string) error {
	who, err := value[model.CustomerID](tx, `
		select c.id
		from customers c
		where c.workspace_id = ? and c.email = ? and exists (select 1 from recipients r where r.customer_id = c.id)`, ws, email)
	if model.KindOf(err) == model.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	return tx.mail(ws, newMail{Kind: model.MailLinks, Customer: who, To: email, Language: language})
}

// maxMailedLinks is how many tickets a mail of links names: an older one is found by its own mail.
const maxMailedLinks = 10

// linksOf returns the links to a customer's tickets, newest activity first.
func linksOf(q querier, ws model.Workspace, customer model.CustomerID) ([]model.LetterTicket, error) {
	type row struct {
		model.LetterTicket
		openedOn  string
		stillOurs bool
	}
	rows, err := all(q, func(r *row) []any {
		return []any{&r.Link, &r.Title, &r.ProjectName, at(&r.OpenedAt), &r.openedOn, &r.stillOurs}
	}, `
		select r.link_id, t.title, p.name, t.created_at, t.host, exists (
			select 1 from page_domains d where d.workspace_id = t.workspace_id and d.host = t.host)
		from recipients r join tickets t on t.id = r.ticket_id
		join projects p on p.id = t.project_id
		where r.workspace_id = ? and r.customer_id = ?
		order by t.last_activity_at desc, t.id desc
		limit ?`, ws.ID, customer, maxMailedLinks)
	list := make([]model.LetterTicket, len(rows))
	for i, r := range rows {
		list[i] = r.LetterTicket
		list[i].Host = model.Origin(r.openedOn, r.stillOurs, ws.PrimaryHost)
	}
	return list, err
}
