package db

import (
	"context"

	"deskbell/db/model"
)

// RenderedDocument is a document with what is made of its text.
type RenderedDocument struct {
	model.Document // cleaned and valid
	Text           model.DocumentText
}

// AddDocuments writes new documents of one project, all or none, in one transaction: many times faster than
// saving each. Addresses that are taken fail.
func (db *DB) AddDocuments(ctx context.Context, ws model.WorkspaceID, project model.ProjectID, documents []RenderedDocument) error {
	return db.update(ctx, func(tx *tx) error {
		for _, d := range documents {
			d.ID = 0
			if _, err := tx.saveDocument(ws, project, d.Document, d.Text); err != nil {
				return err
			}
		}
		return nil
	})
}
