package db

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"deskbell/db/model"
)

const documentColumns = `d.id, p.public_id, d.slug, d.title, d.body, d.state, d.version, d.updated_at`

func intoDocument(d *model.Document) []any {
	return []any{&d.ID, &d.Project, &d.Slug, &d.Title, &d.Body, &d.State, &d.Version, at(&d.UpdatedAt)}
}

// Document returns a workspace's document, draft or published.
func (db *DB) Document(ctx context.Context, ws model.WorkspaceID, id model.DocumentID) (model.Document, error) {
	return document(db.reader(ctx), ws, id)
}

func document(q querier, ws model.WorkspaceID, id model.DocumentID) (model.Document, error) {
	return one(q, intoDocument, `
		select `+documentColumns+`
		from documents d join projects p on p.id = d.project_id
		where d.workspace_id = ? and d.id = ?`, ws, id)
}

// DocumentPageSize is how many documents a page of a list holds.
const DocumentPageSize = 50

// Documents returns a project's documents by title, without their text: a page of those that follow
// a slug ("": the first ones), and whether there are more.
func (db *DB) Documents(ctx context.Context, ws model.WorkspaceID, project model.ProjectID, after string) ([]model.Document, bool, error) {
	return documentPage(all(db.reader(ctx), intoDocument, documentPageQuery, ws, project, after, DocumentPageSize+1))
}

// documentPageQuery walks documents_title from a slug on.
const documentPageQuery = `
	select d.id, p.public_id, d.slug, d.title, '', d.state, d.version, d.updated_at
	from documents d join projects p on p.id = d.project_id
	where d.workspace_id = ?1 and d.project_id = ?2 and (d.title, d.slug) > (
		select coalesce(max(title), ''), coalesce(max(slug), '')
		from documents
		where workspace_id = ?1 and project_id = ?2 and slug = ?3)
	order by d.title, d.slug
	limit ?4`

func intoPublicDocument(d *model.PublicDocument) []any {
	return []any{&d.Slug, &d.Title, &d.Excerpt, &d.HTML, headings(&d.Headings), at(&d.UpdatedAt)}
}

// PublicDocuments returns a project's published documents by title, in pages as Documents does.
func (db *DB) PublicDocuments(ctx context.Context, ws model.WorkspaceID, project model.ProjectID, after string) ([]model.PublicDocument, bool, error) {
	return documentPage(all(db.reader(ctx), intoPublicDocument, publicDocumentPage, ws, project, after, DocumentPageSize+1))
}

// publicDocumentPage walks documents_published from a slug on.
const publicDocumentPage = `
	select slug, title, excerpt, '', '[]', updated_at
	from documents
	where workspace_id = ?1 and project_id = ?2 and state = 'published' and (title, slug) > (
		select coalesce(max(title), ''), coalesce(max(slug), '')
		from documents
		where workspace_id = ?1 and project_id = ?2 and slug = ?3 and state = 'published')
	order by title, slug
	limit ?4`

func documentPage[T any](list []T, err error) ([]T, bool, error) {
	if len(list) > DocumentPageSize {
		return list[:DocumentPageSize], true, err
	}
	return list, false, err
}

// PublicDocument returns a project's published document.
func (db *DB) PublicDocument(ctx context.Context, ws model.WorkspaceID, project model.ProjectID, slug string) (model.PublicDocument, error) {
	return one(db.reader(ctx), intoPublicDocument, `
		select slug, title, excerpt, body_html, headings, updated_at
		from documents
		where workspace_id = ? and project_id = ? and slug = ? and state = 'published'`, ws, project, slug)
}

// HasDocuments says whether a project has published documents (B4).
func (db *DB) HasDocuments(ctx context.Context, ws model.WorkspaceID, project model.ProjectID) (bool, error) {
	return value[bool](db.reader(ctx), `
		select exists (
			select 1 from documents where workspace_id = ? and project_id = ? and state = 'published')`, ws, project)
}

// SaveDocument stores a document, new when it has no id, and returns its id. A broken field or a
// taken slug fails with Invalid. A document that was changed since the version at hand fails with
// Conflict, and is left as it is.
func (db *DB) SaveDocument(ctx context.Context, ws model.WorkspaceID, d model.Document, text model.DocumentText) (model.DocumentID, error) {
	err := db.update(ctx, func(tx *tx) error {
		if err := d.Check(); err != nil {
			return err
		}
		p, err := project(tx, ws, d.Project)
		if model.KindOf(err) == model.NotFound {
			return model.FieldErrors{{Field: "project", Message: "Choose a project from the list."}}.Err()
		}
		if err == nil && d.ID != 0 {
			err = tx.documentIsAt(ws, d.ID, d.Version)
		}
		if err == nil {
			err = tx.slugIsFree(ws, p.ID, d)
		}
		if err != nil {
			return err
		}
		line := model.AuditLine{Subject: model.AuditDocument, What: "document added", About: d.Title, Changes: model.Document{}.ChangesTo(d)}
		if d.ID != 0 {
			before, err := document(tx, ws, d.ID)
			if err != nil {
				return err
			}
			line.What, line.About, line.Changes = "document changed", before.Title, before.ChangesTo(d)
		}
		if d.ID, err = tx.saveDocument(ws, p.ID, d, text); err != nil {
			return err
		}
		return tx.auditChanges(ws, line)
	})
	return d.ID, err
}

func (tx *tx) documentIsAt(ws model.WorkspaceID, id model.DocumentID, version int64) error {
	current, err := value[int64](tx, `
		select version from documents where workspace_id = ? and id = ?`, ws, id)
	if err == nil && current != version {
		err = model.Fail(model.Conflict, "Somebody else has saved this document while you were writing.")
	}
	return err
}

func (tx *tx) slugIsFree(ws model.WorkspaceID, project model.ProjectID, d model.Document) error {
	taken, err := value[bool](tx, `
		select exists (
			select 1 from documents where workspace_id = ? and project_id = ? and slug = ? and id <> ?)`,
		ws, project, d.Slug, d.ID)
	if err == nil && taken {
		err = model.FieldErrors{{Field: "slug", Message: fmt.Sprintf(
			"Another document of this project has the address “%s”. Choose another one.", d.Slug)}}.Err()
	}
	return err
}

func (tx *tx) saveDocument(ws model.WorkspaceID, project model.ProjectID, d model.Document, text model.DocumentText) (model.DocumentID, error) {
	contents, err := json.Marshal(text.Headings)
	if err != nil {
		return 0, fmt.Errorf("store the headings: %w", err)
	}
	var published any
	if d.State == model.Published {
		published = millis(tx.now)
	}
	if d.ID == 0 {
		id, err := tx.insert(`
			insert into documents (workspace_id, project_id, slug, title, body, body_html, headings, excerpt,
				state, created_at, updated_at, published_at)
			values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			ws, project, d.Slug, d.Title, d.Body, text.HTML, string(contents), text.Excerpt,
			d.State, millis(tx.now), millis(tx.now), published)
		return model.DocumentID(id), err
	}
	_, err = tx.exec(`
		update documents set project_id = ?, slug = ?, title = ?, body = ?, body_html = ?, headings = ?, excerpt = ?,
			state = ?, version = version + 1, updated_at = ?,
			published_at = case when ? is null then null else coalesce(published_at, ?) end
		where workspace_id = ? and id = ?`,
		project, d.Slug, d.Title, d.Body, text.HTML, string(contents), text.Excerpt,
		d.State, millis(tx.now), published, published, ws, d.ID)
	return d.ID, err
}

// DeleteDocument removes a document for good.
func (db *DB) DeleteDocument(ctx context.Context, ws model.WorkspaceID, id model.DocumentID) error {
	return db.update(ctx, func(tx *tx) error {
		d, err := document(tx, ws, id)
		if err != nil {
			return err
		}
		if err := must(tx.exec(`delete from documents where workspace_id = ? and id = ?`, ws, id)); err != nil {
			return err
		}
		return tx.audit(ws, model.AuditLine{Subject: model.AuditDocument, What: "document deleted", About: d.Title})
	})
}

// headings scans a stored table of contents.
func headings(to *[]model.Heading) sql.Scanner { return headingScanner{to} }

type headingScanner struct{ to *[]model.Heading }

func (s headingScanner) Scan(v any) error {
	text, ok := v.(string)
	if !ok {
		return fmt.Errorf("headings are stored as %T", v)
	}
	return json.Unmarshal([]byte(text), s.to)
}
