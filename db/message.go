package db

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"deskbell/db/model"
)

// NewReply is what somebody sends into a conversation. The text is cleaned; the verbs check it.
type NewReply struct {
	FormKey string // of the form; the same text with the same key is one entry (B9)
	Text    model.RichText
	Status  model.StatusID // for members: the status that the reply sets in the same act; 0: none
	Seen    int64          // for members: the newest event that the form showed; 0: nobody says
	Files   []string       // refs of the waiting files that the form showed; all that wait for it go with it
}

// key tells a repetition from another entry: a form can be shown more than once with one key.
func (r NewReply) key() string { return model.Hash(r.FormKey + "\x00" + r.Text.Source) }

// AddCustomerReply adds a public message of a recipient. It moves a ticket that waited on the
// reporter, or was closed, back to open (I7), and tells the other recipients, and the members who
// want it. Replies that are switched off fail with Off, a bad text with Invalid.
func (db *DB) AddCustomerReply(ctx context.Context, ws model.Workspace, r model.Reader, in NewReply) error {
	return db.update(ctx, func(tx *tx) error {
		if err := model.MayReply(ws); err != nil {
			return err
		}
		if err := model.CheckMessage(in.Text.Source); err != nil {
			return err
		}
		t, name, err := tx.readerTicket(ws.ID, r)
		if err != nil {
			return err
		}
		entry := newMessage{FormKey: in.key(), Text: in.Text, Customer: r.Customer, Author: name}
		id, err := tx.addMessage(ws.ID, t.ID, entry)
		if err != nil || id == 0 {
			return err
		}
		if err := tx.spend("You have sent many replies in a short time.",
			Count{Scope: "reply", Key: fmt.Sprint(r.Recipient), Limit: ws.Limits.RepliesPer10Minutes, Per: 10 * time.Minute}); err != nil {
			return err
		}
		if err := tx.attachTo(ws, t.ID, id, in); err != nil {
			return err
		}
		by := model.Actor{Kind: model.ByCustomer, Customer: r.Customer, Name: name}
		if by.Name == "" {
			by.Name = r.Label()
		}
		if err := tx.event(ws.ID, t.ID, by, model.EventMessage, "", ""); err != nil {
			return err
		}
		if err := tx.reopen(ws.ID, t, by); err != nil {
			return err
		}
		if err := tx.seenByReply(ws.ID, r, id); err != nil {
			return err
		}
		if err := tx.mailRecipients(ws.ID, t.ID, model.MailMessage, id, cause{recipient: r.Recipient}); err != nil {
			return err
		}
		return tx.mailCustomerReply(ws.ID, t, id, r.Email)
	})
}

// readerTicket returns a recipient's ticket and the name by which the recipient writes in it; NotFound for
// somebody who has been erased since they opened it.
func (tx *tx) readerTicket(ws model.WorkspaceID, r model.Reader) (model.Ticket, string, error) {
	t, err := one(tx, intoTicket, `
		select `+ticketColumns+`
		from `+ticketTables+`
		where t.workspace_id = ? and t.id = ? and exists (
			select 1
			from recipients r join customers k on k.id = r.customer_id
			where r.id = ? and k.erased_at is null
		)`, ws, r.Ticket, r.Recipient)
	if err != nil || t.Reporter == r.Customer {
		return t, t.ReporterName, err
	}
	c, err := customer(tx, ws, r.Customer)
	return t, c.Name, err
}

func (tx *tx) reopen(ws model.WorkspaceID, t model.Ticket, by model.Actor) error {
	if t.Status.Category == model.AfterCustomerReply {
		return nil
	}
	to, err := firstStatus(tx, ws, t.Project.ID, model.AfterCustomerReply)
	if err != nil {
		return err
	}
	if t.Status.Category != model.Closed {
		return tx.moveTo(ws, t, to, by, model.EventStatus)
	}
	return tx.moveTo(ws, t, to, by, model.EventReopened)
}

// AddReply adds a public message of a member, tells the recipients, and sets a status where the
// reply asks for one. It ends the member's draft. Where somebody else has written since what the form
// showed, it fails with Conflict.
func (db *DB) AddReply(ctx context.Context, by model.Member, number int64, in NewReply) error {
	return db.addByMember(ctx, by, number, in, false)
}

// AddNote adds an internal note. No customer ever sees it or hears of it.
func (db *DB) AddNote(ctx context.Context, by model.Member, number int64, in NewReply) error {
	return db.addByMember(ctx, by, number, in, true)
}

func (db *DB) addByMember(ctx context.Context, by model.Member, number int64, in NewReply, note bool) error {
	return db.update(ctx, func(tx *tx) error {
		if err := model.CheckMessage(in.Text.Source); err != nil {
			return err
		}
		t, err := tx.live(by.WorkspaceID, number)
		if err != nil {
			return err
		}
		entry := newMessage{FormKey: in.key(), Text: in.Text, Member: by.ID, Author: by.Name, Note: note}
		id, err := tx.addMessage(by.WorkspaceID, t.ID, entry)
		if err != nil || id == 0 {
			return err
		}
		if err := tx.dropDraft(by, t.ID); err != nil {
			return err
		}
		if note {
			in.Seen = 0 // a note answers nobody
		}
		if err := tx.crossed(by, t.ID, in.Seen); err != nil {
			return err
		}
		ws, err := workspace(tx, by.WorkspaceID)
		if err != nil {
			return err
		}
		if err := tx.attachTo(ws, t.ID, id, in); err != nil {
			return err
		}
		if note {
			return tx.event(by.WorkspaceID, t.ID, byMember(by), model.EventNote, "", "")
		}
		if err := tx.event(by.WorkspaceID, t.ID, byMember(by), model.EventMessage, "", ""); err != nil {
			return err
		}
		closed, err := tx.setStatus(by, t, in.Status)
		if err != nil {
			return err
		}
		kind := model.MailMessage
		if closed { // one mail tells of both
			kind = model.MailClosed
		}
		return tx.mailRecipients(by.WorkspaceID, t.ID, kind, id, cause{address: by.Email})
	})
}

// attachTo attaches the files that wait for a form to the entry that was made of it.
func (tx *tx) attachTo(ws model.Workspace, ticket model.TicketID, message model.MessageID, in NewReply) error {
	files, err := tx.attachable(ws.ID, in.FormKey, in.Files)
	if err != nil {
		return err
	}
	return tx.attach(ws, ticket, message, files)
}

type newMessage struct {
	FormKey  string
	Text     model.RichText
	Note     bool
	Member   model.MemberID
	Customer model.CustomerID
	Author   string
}

// addMessage writes an entry of a conversation and returns its id; 0 for a repetition, which
// writes nothing.
func (tx *tx) addMessage(ws model.WorkspaceID, ticket model.TicketID, m newMessage) (model.MessageID, error) {
	repeated, err := tx.hasEntry(ticket, m.FormKey)
	if err != nil || repeated {
		return 0, err
	}
	kind, version := "note", any(nil)
	if !m.Note {
		kind = "message"
		if version, err = tx.publicChange(ws, ticket); err != nil {
			return 0, err
		}
	} else if _, err := tx.exec(`
		update tickets set last_activity_at = max(last_activity_at, ?)
		where workspace_id = ? and id = ?`, millis(tx.now), ws, ticket); err != nil {
		return 0, err
	}
	id, err := tx.insert(`
		insert into messages (workspace_id, ticket_id, kind, public_version, form_key, member_id, customer_id,
			author_name, body, body_html, created_at)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		ws, ticket, kind, version, m.FormKey, orNull(m.Member), orNull(m.Customer),
		m.Author, m.Text.Source, m.Text.HTML, millis(tx.now))
	return model.MessageID(id), err
}

// hasEntry says whether a form has made an entry already.
func (tx *tx) hasEntry(ticket model.TicketID, key string) (bool, error) {
	return value[bool](tx, `
		select exists (select 1 from messages where ticket_id = ? and form_key = ?)`, ticket, key)
}

// maxMessages bounds a page: the newest messages of a longer conversation are shown.
const maxMessages = 500

// deskMessages returns a ticket's conversation with its notes, oldest first, each entry with its
// files, and the files of the description.
func deskMessages(q querier, ws model.WorkspaceID, ticket model.TicketID) ([]model.Message, []model.Attachment, error) {
	messages, err := entries(q, ws, ticket)
	if err != nil {
		return nil, nil, err
	}
	files, err := deskAttachments(q, ws, ticket)
	if err != nil {
		return nil, nil, err
	}
	of := map[model.MessageID][]model.Attachment{}
	for _, f := range files {
		of[f.Message] = append(of[f.Message], f)
	}
	for i, m := range messages {
		messages[i].Files = of[m.ID]
	}
	return messages, of[0], addMerged(q, ws, ticket, messages)
}

func entries(q querier, ws model.WorkspaceID, ticket model.TicketID) ([]model.Message, error) {
	type entry struct {
		model.Message
		email string // of a customer, for one who gave no name: a ticket can have several
	}
	into := func(e *entry) []any {
		return []any{&e.ID, &e.Note, &e.Team, &e.Author, address{shown: &e.email}, &e.HTML, at(&e.At)}
	}
	list, err := all(q, into, `
		select n.id, n.kind = 'note', n.member_id is not null, n.author_name, coalesce(c.email, ''), n.body_html, n.created_at
		from (
			select id, kind, member_id, customer_id, author_name, body_html, created_at
			from messages
			where workspace_id = ? and ticket_id = ?
			order by ticket_id desc, id desc
			limit ?
		) n
		left join customers c on c.id = n.customer_id
		order by n.id`, ws, ticket, maxMessages)
	messages := make([]model.Message, len(list))
	for i, e := range list {
		messages[i] = e.Message
		messages[i].Author = cmp.Or(e.Author, e.email)
	}
	return messages, err
}
