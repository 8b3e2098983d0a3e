package db

import (
	"context"
	"time"

	"deskbell/db/model"
)

// suggestionsSpareAfter is how long a form whose suggestion was opened may still make a ticket.
const suggestionsSpareAfter = 24 * time.Hour

// SuggestionsShown counts a form that had suggestions, once, however often it asks for others. Visit is a
// random word of the form, which is kept as a hash and for a day.
func (db *DB) SuggestionsShown(ctx context.Context, p model.Project, visit string) error {
	known, err := value[bool](db.reader(ctx), `
		select exists (select 1 from suggestion_visits where workspace_id = ? and visit = ?)`, p.WorkspaceID, model.Hash(visit))
	if err != nil || known {
		return err
	}
	return db.update(ctx, func(tx *tx) error {
		n, err := tx.exec(`
			insert into suggestion_visits (workspace_id, visit, project_id, shown_at)
			values (?, ?, ?, ?)
			on conflict do nothing`, p.WorkspaceID, model.Hash(visit), p.ID, millis(tx.now))
		if err != nil || n == 0 {
			return err
		}
		_, err = tx.exec(`
			insert into daily_suggestions (workspace_id, day, project_id, shown) values (?, ?, ?, 1)
			on conflict do update set shown = shown + 1`, p.WorkspaceID, dayOf(tx.now), p.ID)
		return err
	})
}

// SuggestionOpened counts a form of which a suggestion was opened, once. Of a form that is not known it does
// nothing.
func (db *DB) SuggestionOpened(ctx context.Context, ws model.WorkspaceID, visit string) error {
	return db.update(ctx, func(tx *tx) error {
		v, err := one(tx, intoVisit, `
			update suggestion_visits set opened = 1
			where workspace_id = ? and visit = ? and opened = 0
			returning workspace_id, visit, project_id, shown_at, opened`, ws, model.Hash(visit))
		if model.KindOf(err) == model.NotFound {
			return nil
		}
		if err != nil {
			return err
		}
		return tx.countVisit(v, `
			update daily_suggestions set opened = opened + 1
			where workspace_id = ? and day = ? and project_id = ?`)
	})
}

// visit is a form that had suggestions.
type visit struct {
	ws      model.WorkspaceID
	hash    string
	project model.ProjectID
	shown   time.Time
	opened  bool
}

func intoVisit(v *visit) []any { return []any{&v.ws, &v.hash, &v.project, at(&v.shown), &v.opened} }

func (tx *tx) countVisit(v visit, query string) error {
	_, err := tx.exec(query, v.ws, dayOf(v.shown), v.project)
	return err
}

// notSpared forgets a form that made a ticket after all.
func (tx *tx) notSpared(ws model.WorkspaceID, visit string) error {
	if visit == "" {
		return nil
	}
	_, err := tx.exec(`
		delete from suggestion_visits where workspace_id = ? and visit = ?`, ws, model.Hash(visit))
	return err
}

// SweepSuggestions ends up to 500 forms that had suggestions a day ago: those of which one was opened, and that
// made no ticket, count as spared. It returns how many ended.
func (db *DB) SweepSuggestions(ctx context.Context) (int, error) {
	ended := 0
	err := db.update(ctx, func(tx *tx) error {
		list, err := all(tx, intoVisit, `
			delete from suggestion_visits
			where (workspace_id, visit) in (
				select workspace_id, visit from suggestion_visits where shown_at <= ? order by shown_at limit 500
			)
			returning workspace_id, visit, project_id, shown_at, opened`, millis(tx.now.Add(-suggestionsSpareAfter)))
		for _, v := range list {
			if !v.opened {
				continue
			}
			if err := tx.countVisit(v, `
				update daily_suggestions set spared = spared + 1
				where workspace_id = ? and day = ? and project_id = ?`); err != nil {
				return err
			}
		}
		ended = len(list)
		return err
	})
	return ended, err
}
