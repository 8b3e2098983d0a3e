package db

import (
	"context"

	"deskbell/db/model"
)

// SignIn is a sign-in on its way: who began it, and where its end belongs.
type SignIn struct {
	Workspace model.WorkspaceID
	Provider  model.Provider
	Host      string // of the page on which it began
	Project   string // public id; empty for an admin who tries the settings
	Browser   string // the hash of a cookie on Host
	Starter   string // the hash of a cookie on the base host
}

// BeginSignIn records a sign-in. State is the hash of what the provider is to bring back.
func (db *DB) BeginSignIn(ctx context.Context, state string, in SignIn) error {
	return db.update(ctx, func(tx *tx) error {
		var p model.Project
		if in.Project != "" {
			var err error
			if p, err = project(tx, in.Workspace, in.Project); err != nil {
				return err
			}
		}
		_, err := tx.exec(`
			insert into sign_ins (state, workspace_id, provider, host, project_id, browser, starter, created_at, expires_at)
			values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			state, in.Workspace, in.Provider, in.Host, orNull(p.ID), in.Browser, in.Starter,
			millis(tx.now), millis(tx.now.Add(model.SignInLife)))
		return err
	})
}

// UseSignIn uses a sign-in up, for the provider and the browser with which it began. A state that was
// used, has ended, was never there, or belongs to another browser fails with Gone.
func (db *DB) UseSignIn(ctx context.Context, provider model.Provider, state, starter string) (SignIn, error) {
	var used SignIn
	into := func(s *SignIn) []any {
		return []any{&s.Workspace, &s.Provider, &s.Host, opt(&s.Project), &s.Browser, &s.Starter}
	}
	err := db.update(ctx, func(tx *tx) (err error) {
		used, err = one(tx, into, `
			update sign_ins set used_at = ?
			where state = ? and provider = ? and starter = ? and used_at is null and expires_at > ?
			returning workspace_id, provider, host, (
				select public_id from projects p where p.id = sign_ins.project_id), browser, starter`,
			millis(tx.now), state, provider, starter, millis(tx.now))
		return err
	})
	if model.KindOf(err) == model.NotFound {
		err = model.Fail(model.Gone, "This sign-in has ended, or it was begun in another browser. Go back to your form and sign in again: what you typed is still there.")
	}
	return used, err
}

// SetSignIn changes by what people sign in to a workspace besides email: its kind, the Slack team of that
// kind, and its own app with the secret sealed, or none.
func (db *DB) SetSignIn(ctx context.Context, ws model.WorkspaceID, kind model.WorkspaceKind, slackTeam string, app model.App) error {
	return db.update(ctx, func(tx *tx) error {
		tx.workspaces = true
		return must(tx.exec(`
			update workspaces
			set kind = ?, slack_team = ?, sign_in_client_id = ?, sign_in_secret = ?, version = version + 1
			where id = ?`, kind, slackTeam, app.ClientID, app.Secret, ws))
	})
}
