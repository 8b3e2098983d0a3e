package db

import (
	"context"
	"sync"

	"deskbell/db/model"
)

const workspaceColumns = `
	w.id, w.name, w.kind, w.slack_team, w.sign_in_client_id, w.sign_in_secret, w.color, w.language, w.version, w.anonymous_creation, w.customer_login,
	w.public_replies, w.public_uploads, w.suggestions, w.first_mails_per_hour, w.unconfirmed_drop_after, w.auto_close_after, w.require_codes,
	w.create_per_10_minutes, w.create_per_day, w.replies_per_10_minutes, w.upload_mb_per_day,
	w.max_file_mb, w.max_ticket_mb, w.storage_mb, w.allowed_types, w.custom_types, w.retention_value, w.retention_unit,
	coalesce((select host from page_domains p where p.workspace_id = w.id and p.is_primary = 1), ''),
	coalesce((select hash from logos l where l.workspace_id = w.id), ''),
	coalesce((select width from logos l where l.workspace_id = w.id), 0),
	coalesce((select height from logos l where l.workspace_id = w.id), 0)`

func intoWorkspace(w *model.Workspace) []any {
	return []any{&w.ID, &w.Name, &w.Kind, &w.SlackTeam, &w.SignIn.ClientID, &w.SignIn.Secret, &w.Color, &w.Language, &w.Version, &w.AnonymousCreation, &w.CustomerLogin,
		&w.PublicReplies, &w.PublicUploads, &w.Suggestions, &w.FirstMailsPerHour, &w.UnconfirmedDropAfter, &w.AutoCloseAfter, &w.RequireCodes,
		&w.Limits.CreatePer10Minutes, &w.Limits.CreatePerDay, &w.Limits.RepliesPer10Minutes, &w.Limits.UploadMBPerDay,
		&w.Uploads.MaxFileMB, &w.Uploads.MaxTicketMB, &w.Uploads.StorageMB, &w.Uploads.Types.Kind, words{&w.Uploads.Types.Custom},
		&w.Uploads.Retention.Value, &w.Uploads.Retention.Unit,
		&w.PrimaryHost, &w.Logo.Hash, &w.Logo.Width, &w.Logo.Height}
}

// WorkspaceByHost returns the workspace whose page domain the host is (A10).
func (db *DB) WorkspaceByHost(ctx context.Context, host string) (model.Workspace, error) {
	return db.hosts.get(host, func() (model.Workspace, error) {
		return one(db.reader(ctx), intoWorkspace, `
			select `+workspaceColumns+`
			from page_domains d join workspaces w on w.id = d.workspace_id
			where d.host = ?`, host)
	})
}

// WorkspaceOfBaseHost returns the workspace whose pages the base host serves: its own where it is a
// page domain, else the first while that has no page domain (A12).
func (db *DB) WorkspaceOfBaseHost(ctx context.Context, host string) (model.Workspace, error) {
	ws, err := db.WorkspaceByHost(ctx, host)
	if model.KindOf(err) != model.NotFound {
		return ws, err
	}
	// Why kept under the host: else each request would look once more for a domain that is none.
	return db.hosts.get(host, func() (model.Workspace, error) {
		return one(db.reader(ctx), intoWorkspace, `
			select `+workspaceColumns+`
			from workspaces w
			where w.id = (select min(id) from workspaces)
				and not exists (select 1 from page_domains d where d.workspace_id = w.id)`)
	})
}

// Workspace returns a workspace by its id.
func (db *DB) Workspace(ctx context.Context, id model.WorkspaceID) (model.Workspace, error) {
	return workspace(db.reader(ctx), id)
}

// Workspaces returns every workspace, the first one first.
func (db *DB) Workspaces(ctx context.Context) ([]model.Workspace, error) {
	return all(db.reader(ctx), intoWorkspace, `select `+workspaceColumns+` from workspaces w order by w.id limit 1000`)
}

func workspace(q querier, id model.WorkspaceID) (model.Workspace, error) {
	return one(q, intoWorkspace, `select `+workspaceColumns+` from workspaces w where w.id = ?`, id)
}

// SetWorkspace changes how a workspace presents itself. Settings that were changed since the version at
// hand fail with Conflict, and are left as they are.
func (db *DB) SetWorkspace(ctx context.Context, ws model.Workspace) error {
	return db.update(ctx, func(tx *tx) error {
		if err := ws.Check(); err != nil {
			return err
		}
		current, err := workspace(tx, ws.ID)
		if err == nil && current.Version != ws.Version {
			err = model.Fail(model.Conflict, "Somebody else has changed the settings meanwhile. What you entered is still in the form: look at it, and save again.")
		}
		if err != nil {
			return err
		}
		return tx.setting(ws.ID, model.AuditWorkspace, "workspace changed", `
			update workspaces
			set name = ?, language = ?, color = ?, version = version + 1
			where id = ?`, ws.Name, ws.Language, ws.Color, ws.ID)
	})
}

// SetPortal changes a workspace's switches of the portal: B5, B6, F3, I6.
func (db *DB) SetPortal(ctx context.Context, ws model.Workspace) error {
	return db.update(ctx, func(tx *tx) error {
		return tx.setting(ws.ID, model.AuditPortal, "portal changed", `
			update workspaces
			set anonymous_creation = ?, customer_login = ?, public_replies = ?, public_uploads = ?, suggestions = ?,
				version = version + 1
			where id = ?`, ws.AnonymousCreation, ws.CustomerLogin, ws.PublicReplies, ws.PublicUploads, ws.Suggestions, ws.ID)
	})
}

// SetLimits changes a workspace's limits.
func (db *DB) SetLimits(ctx context.Context, ws model.WorkspaceID, l model.Limits) error {
	return db.update(ctx, func(tx *tx) error {
		return tx.setting(ws, model.AuditLimits, "limits changed", `
			update workspaces
			set create_per_10_minutes = ?, create_per_day = ?, replies_per_10_minutes = ?, upload_mb_per_day = ?,
				version = version + 1
			where id = ?`, l.CreatePer10Minutes, l.CreatePerDay, l.RepliesPer10Minutes, l.UploadMBPerDay, ws)
	})
}

// NewWorkspace is what a workspace starts with. Hosts may be empty; the first of them is primary.
type NewWorkspace struct {
	Name      string
	Kind      model.WorkspaceKind
	SlackTeam string
	Color     string // "#rrggbb"; empty: the product's own
	Hosts     []string
}

// CreateWorkspace makes a workspace without projects or members.
func (db *DB) CreateWorkspace(ctx context.Context, in NewWorkspace) (model.Workspace, error) {
	var made model.Workspace
	err := db.update(ctx, func(tx *tx) (err error) {
		made, err = tx.createWorkspace(in)
		return err
	})
	return made, err
}

// workspaceChanged tells every page of a workspace that its projects or page domains are no longer as they were.
func (tx *tx) workspaceChanged(ws model.WorkspaceID) error {
	tx.workspaces = true
	return must(tx.exec(`update workspaces set version = version + 1 where id = ?`, ws))
}

func (tx *tx) createWorkspace(in NewWorkspace) (model.Workspace, error) {
	tx.workspaces = true
	id, err := tx.insert(`
		insert into workspaces (name, kind, slack_team, color, created_at)
		values (?, ?, ?, ?, ?)`, in.Name, in.Kind, in.SlackTeam, in.Color, millis(tx.now))
	if err != nil {
		return model.Workspace{}, err
	}
	for i, host := range in.Hosts {
		if _, err := tx.exec(`
			insert into page_domains (host, workspace_id, is_primary)
			values (?, ?, ?)`, host, id, i == 0); err != nil {
			return model.Workspace{}, err
		}
	}
	return workspace(tx, model.WorkspaceID(id))
}

// hostCache keeps the workspace of each host that was asked for, until any workspace changes. It
// holds no unknown hosts but the base host, so that nobody can fill it.
type hostCache struct {
	mu         sync.RWMutex
	generation int
	byHost     map[string]model.Workspace
}

func (c *hostCache) get(host string, load func() (model.Workspace, error)) (model.Workspace, error) {
	c.mu.RLock()
	w, ok := c.byHost[host]
	generation := c.generation
	c.mu.RUnlock()
	if ok {
		return w, nil
	}
	w, err := load()
	if err != nil {
		return w, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.generation == generation { // else what was loaded may be old
		if c.byHost == nil {
			c.byHost = map[string]model.Workspace{}
		}
		c.byHost[host] = w
	}
	return w, nil
}

func (c *hostCache) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.generation++
	c.byHost = nil
}
