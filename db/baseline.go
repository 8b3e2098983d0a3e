package db

import (
	"context"

	"deskbell/db/model"
)

// Baseline writes the rows of new tickets, every one that CreateTicket makes durable, and does nothing else, for
// `make bench` alone: it looks up no settings, compares nothing with a limit and checks no answer. It shares
// commits as every write does.
type Baseline struct {
	db   *DB
	past pastWriter
	team []newMail // to members who want mail about new tickets
}

// NewBaseline writes into a workspace's project.
func NewBaseline(ctx context.Context, db *DB, ws model.Workspace, p model.Project) (*Baseline, error) {
	open, err := firstStatus(db.reader(ctx), ws.ID, p.ID, model.Open)
	if err != nil {
		return nil, err
	}
	team, err := wantNewTickets(db.reader(ctx), ws.ID, p.ID, "")
	return &Baseline{db: db, team: team, past: pastWriter{ws: ws, project: p, opened: open, ended: open}}, err
}

// Insert writes the rows of a ticket of somebody new, and returns when they are on disk: customer, ticket,
// recipient, event, uses of the limits for a client's address, and mail. The first mail is held, with its event, as
// it is from the 301st of an hour on (B10).
func (b *Baseline) Insert(ctx context.Context, client, email, title string, text model.RichText) error {
	return b.db.update(ctx, func(tx *tx) error {
		past := b.past
		past.tx = tx
		for _, l := range creationLimits(past.ws, client) {
			if err := tx.count(l); err != nil {
				return err
			}
		}
		_, err := past.write(PastTicket{
			Intake:      model.Intake{Email: email, Name: "Max", Title: title, Type: b.past.project.DefaultType},
			Description: text, Category: model.Open, At: tx.now,
		})
		if err != nil {
			return err
		}
		held := model.FirstMailHold(0, 0, past.ws.FirstMailsPerHour, past.ws.FirstMailsPerHour)
		if err := tx.event(past.ws.ID, past.ticket, bySystem(), model.EventMailHeld, "", held); err != nil {
			return err
		}
		first := newMail{Kind: model.MailFirst, Ticket: past.ticket, Recipient: past.recipient.id, To: email, Ref: past.recipient.root, Hold: held}
		if err := tx.mail(past.ws.ID, first); err != nil {
			return err
		}
		return tx.mailAll(past.ws.ID, b.team, newMail{Kind: model.MailNewTicket, Ticket: past.ticket})
	})
}

// BareRead reads one row by its primary key, as little as can be read of this database: what `make bench`
// compares a search with, and nothing else uses.
func (db *DB) BareRead(ctx context.Context, id model.DocumentID) error {
	_, err := value[string](db.reader(ctx), `select title from documents where id = ?`, id)
	return err
}
