package db

import (
	"context"

	"deskbell/db/model"
)

// Baseline writes the rows of new tickets and nothing else, for `make bench` alone: no limit is counted, no
// answer checked, no mail written. It shares commits as every write does.
type Baseline struct {
	db   *DB
	past pastWriter
}

// NewBaseline writes into a workspace's project.
func NewBaseline(ctx context.Context, db *DB, ws model.Workspace, p model.Project) (*Baseline, error) {
	open, err := firstStatus(db.reader(ctx), ws.ID, p.ID, model.Open)
	return &Baseline{db: db, past: pastWriter{ws: ws, project: p, opened: open, ended: open}}, err
}

// Insert writes ticket, customer, recipient and event, and returns when they are on disk.
func (b *Baseline) Insert(ctx context.Context, email, title string, text model.RichText) error {
	return b.db.update(ctx, func(tx *tx) error {
		past := b.past
		past.tx = tx
		_, err := past.write(PastTicket{
			Intake:      model.Intake{Email: email, Name: "Max", Title: title, Type: b.past.project.DefaultType},
			Description: text, Category: model.Open, At: tx.now,
		})
		return err
	})
}

// BareRead reads one row by its primary key, as little as can be read of this database: what `make bench`
// compares a search with, and nothing else uses.
func (db *DB) BareRead(ctx context.Context, id model.DocumentID) error {
	_, err := value[string](db.reader(ctx), `select title from documents where id = ?`, id)
	return err
}
