package db

import (
	"context"

	"deskbell/db/model"
)

// FirstSteps returns how far a team has come after the first start.
func (db *DB) FirstSteps(ctx context.Context, ws model.WorkspaceID) (model.FirstSteps, error) {
	into := func(s *model.FirstSteps) []any {
		return []any{&s.Project, &s.Sample, &s.Answered, &s.Look, &s.Document, &s.Template, &s.Colleague}
	}
	return one(db.reader(ctx), into, `
		select
			coalesce((select public_id from projects where workspace_id = w.id and intake = 'open' order by id limit 1), ''),
			exists (select 1 from tickets where workspace_id = w.id and number = 1),
			exists (select 1 from tickets where workspace_id = w.id and category in ('waiting', 'closed')),
			w.color <> '' or exists (select 1 from logos where workspace_id = w.id),
			exists (select 1 from documents where workspace_id = w.id and state = 'published'),
			exists (select 1 from bindings where workspace_id = w.id),
			(select count(*) from members where workspace_id = w.id and left_at is null) > 1
		from workspaces w
		where w.id = ?`, ws)
}
