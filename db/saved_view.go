package db

import (
	"context"
	"net/url"

	"deskbell/db/model"
)

// maxViews bounds how many views a member has, and how many of the team's are listed.
const maxViews = 50

func intoSavedView(v *model.SavedView) []any {
	return []any{&v.ID, &v.Owner, &v.By, &v.Name, &v.Query, &v.Shared}
}

// SavedViews returns a member's own views and those of the team, by name.
func (db *DB) SavedViews(ctx context.Context, by model.Member) ([]model.SavedView, error) {
	return all(db.reader(ctx), intoSavedView, `
		select v.id, v.member_id, m.name, v.name, v.query, v.shared
		from (
			select id from (select id from saved_views where workspace_id = ?1 and member_id = ?2 limit ?3)
			union
			select id from (select id from saved_views where workspace_id = ?1 and shared order by name_key limit ?3)
		) known
		join saved_views v on v.id = known.id
		join members m on m.id = v.member_id
		order by v.name_key, v.id`, by.WorkspaceID, by.ID, maxViews)
}

// SavedView returns a view that a member may change, or NotFound.
func (db *DB) SavedView(ctx context.Context, by model.Member, id model.SavedViewID) (model.SavedView, error) {
	return changeableView(db.reader(ctx), by, id)
}

func changeableView(q querier, by model.Member, id model.SavedViewID) (model.SavedView, error) {
	v, err := one(q, intoSavedView, `
		select v.id, v.member_id, m.name, v.name, v.query, v.shared
		from saved_views v join members m on m.id = v.member_id
		where v.workspace_id = ? and v.id = ?`, by.WorkspaceID, id)
	if err == nil && !v.ChangedBy(by) {
		return model.SavedView{}, model.Fail(model.NotFound, "There is no view here that you can change.")
	}
	return v, err
}

// SaveView keeps a filter under a name, new where it has no id; else its name and who sees it change. A name
// that the owner has already fails with Invalid.
func (db *DB) SaveView(ctx context.Context, by model.Member, v model.SavedView) error {
	return db.update(ctx, func(tx *tx) error {
		if err := v.Check(); err != nil {
			return err
		}
		owner := by.ID
		if v.ID != 0 {
			stored, err := changeableView(tx, by, v.ID)
			if err != nil {
				return err
			}
			owner = stored.Owner
		}
		if err := tx.viewFits(by.WorkspaceID, owner, v); err != nil {
			return err
		}
		if v.ID != 0 {
			return must(tx.exec(`
				update saved_views set name = ?, name_key = ?, shared = ?
				where workspace_id = ? and id = ?`, v.Name, model.Fold(v.Name), v.Shared, by.WorkspaceID, v.ID))
		}
		_, err := tx.insert(`
			insert into saved_views (workspace_id, member_id, name, name_key, query, shared, created_at)
			values (?, ?, ?, ?, ?, ?, ?)`, by.WorkspaceID, owner, v.Name, model.Fold(v.Name), v.Query, v.Shared, millis(tx.now))
		return err
	})
}

// viewFits says whether an owner has room for a view, and no other one of its name.
func (tx *tx) viewFits(ws model.WorkspaceID, owner model.MemberID, v model.SavedView) error {
	taken, err := value[bool](tx, `
		select exists (select 1 from saved_views where workspace_id = ? and member_id = ? and name_key = ? and id <> ?)`,
		ws, owner, model.Fold(v.Name), v.ID)
	if err != nil {
		return err
	}
	if taken {
		return model.FieldErrors{{Field: "view_name", Message: "There is a view with this name already. Choose another one."}}.Err()
	}
	full, err := value[bool](tx, `
		select count(*) >= ? from saved_views where workspace_id = ? and member_id = ?`, maxViews, ws, owner)
	if err == nil && full && v.ID == 0 {
		return model.FieldErrors{{Field: "view_name", Message: "There are 50 views already. Delete one that you do not use first."}}.Err()
	}
	return err
}

// DeleteView removes a view that a member may change.
func (db *DB) DeleteView(ctx context.Context, by model.Member, id model.SavedViewID) error {
	return db.update(ctx, func(tx *tx) error {
		if _, err := changeableView(tx, by, id); err != nil {
			return err
		}
		return must(tx.exec(`delete from saved_views where workspace_id = ? and id = ?`, by.WorkspaceID, id))
	})
}

// follow lets the saved views that pick tickets by a name go on with another one. Parameter is that of the inbox's
// URL; a name that stands in somebody's search text is left to them.
func (tx *tx) follow(ws model.WorkspaceID, parameter, old, new string) error {
	type view struct {
		id    model.SavedViewID
		query string
	}
	views, err := all(tx, func(v *view) []any { return []any{&v.id, &v.query} }, `
		select id, query
		from saved_views
		where workspace_id = ? and instr(query, ?) > 0`, ws, parameter+"=")
	for _, v := range views {
		values, err := url.ParseQuery(v.query)
		if err != nil || model.Fold(values.Get(parameter)) != model.Fold(old) {
			continue // one that cannot be read finds nothing as it is
		}
		values.Set(parameter, new)
		if _, err := tx.exec(`update saved_views set query = ? where workspace_id = ? and id = ?`, values.Encode(), ws, v.id); err != nil {
			return err
		}
	}
	return err
}
