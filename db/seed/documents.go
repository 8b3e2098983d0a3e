package seed

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"time"

	"deskbell/db"
	"deskbell/db/model"
)

// Each file is a document: its name is the slug, its first line the title. Those in drafts are not
// published.
//
//go:embed documents
var documentFiles embed.FS

// documents writes the help texts about the demo's product.
func (s *seeder) documents(ctx context.Context, ws model.Workspace, project string) error {
	for _, folder := range []string{"documents/drafts", "documents"} {
		names, err := fs.Glob(documentFiles, folder+"/*.md")
		if err != nil {
			return err
		}
		for i, name := range names {
			at := s.start.Add(time.Duration(i) * 7 * time.Hour)
			if err := s.document(db.At(ctx, at), ws, project, name, folder == "documents"); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
	}
	return nil
}

func (s *seeder) document(ctx context.Context, ws model.Workspace, project, name string, published bool) error {
	source, err := documentFiles.ReadFile(name)
	if err != nil {
		return err
	}
	title, body, _ := strings.Cut(strings.TrimPrefix(string(source), "# "), "\n")
	d := model.Document{
		Project: project, Slug: strings.TrimSuffix(path.Base(name), ".md"), Title: title, Body: body, State: model.Draft,
	}.Clean()
	if published {
		d.State = model.Published
	}
	_, err = s.db.SaveDocument(ctx, ws.ID, d, s.render.Document(d.Body))
	return err
}
