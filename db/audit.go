package db

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"deskbell/db/model"
)

type actorKey struct{}

// By gives what is done with this context to a member, for the audit log. Without one it was done on the
// server itself.
func By(ctx context.Context, m model.Member) context.Context {
	return context.WithValue(ctx, actorKey{}, m)
}

// as makes a member the actor of what a write does from here on.
func (tx *tx) as(m model.Member) { tx.ctx = By(tx.ctx, m) }

// audit appends a line to a workspace's audit log. Who did it is whom By named, a member of this
// workspace.
func (tx *tx) audit(ws model.WorkspaceID, l model.AuditLine) error {
	l.Actor = model.OnServer
	if by, ok := tx.ctx.Value(actorKey{}).(model.Member); ok && by.WorkspaceID == ws && by.ID != 0 {
		l.Member, l.Actor = by.ID, by.Name
	}
	changes := "[]"
	if len(l.Changes) > 0 {
		text, err := json.Marshal(l.Changes)
		if err != nil {
			return fmt.Errorf("store what changed: %w", err)
		}
		changes = string(text)
	}
	_, err := tx.insert(`
		insert into audit (workspace_id, subject, what, about, customer_id, changes, member_id, actor_name, at)
		values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		ws, l.Subject, l.What, l.About, orNull(l.Customer), changes, orNull(l.Member), l.Actor, millis(tx.now))
	return err
}

// auditChanges appends a line, unless nothing has changed.
func (tx *tx) auditChanges(ws model.WorkspaceID, l model.AuditLine) error {
	if len(l.Changes) == 0 {
		return nil
	}
	return tx.audit(ws, l)
}

// setting changes a workspace's settings by a statement, with the line of the audit log that says how.
func (tx *tx) setting(id model.WorkspaceID, subject model.AuditSubject, what, query string, args ...any) error {
	return tx.settings(id, subject, what, func() error { return must(tx.exec(query, args...)) })
}

// settings does what setting does, by whatever statements it takes.
func (tx *tx) settings(id model.WorkspaceID, subject model.AuditSubject, what string, change func() error) error {
	tx.workspaces = true
	before, err := workspace(tx, id)
	if err != nil {
		return err
	}
	if err := change(); err != nil {
		return err
	}
	after, err := workspace(tx, id)
	if err != nil {
		return err
	}
	return tx.auditChanges(id, model.AuditLine{Subject: subject, What: what, Changes: before.ChangesTo(after)})
}

// AuditFilter says which lines of the audit log are looked for. Its zero value is all of them.
type AuditFilter struct {
	Member  model.MemberID
	Subject model.AuditSubject
	From    time.Time // the first moment
	Until   time.Time // the first moment after; zero: no end
	Below   AuditPlace
	Limit   int // 0: AuditPageSize
}

// AuditPlace is a line behind which, in the order of newest first, a page begins.
type AuditPlace struct {
	At time.Time
	ID int64
}

// AuditPageSize is how many lines a page of the audit log holds.
const AuditPageSize = 50

// Audit returns a page of a workspace's audit log, newest first, and whether there is more.
func (db *DB) Audit(ctx context.Context, ws model.WorkspaceID, f AuditFilter) ([]model.AuditLine, bool, error) {
	if f.Limit == 0 {
		f.Limit = AuditPageSize
	}
	until := int64(1) << 62
	if !f.Until.IsZero() {
		until = millis(f.Until)
	}
	below := AuditPlace{ID: 1 << 62}
	if f.Below.ID != 0 {
		below, until = f.Below, min(until, millis(f.Below.At)+1)
	}
	// Each filter has its index, which gives the order too.
	where, args := `a.workspace_id = ?`, []any{ws}
	if f.Member != 0 {
		where, args = where+` and a.member_id = ?`, append(args, f.Member)
	} else if f.Subject != "" {
		where, args = where+` and a.subject = ?`, append(args, f.Subject)
	}
	if f.Member != 0 && f.Subject != "" {
		where, args = where+` and +a.subject = ?`, append(args, f.Subject)
	}
	args = append(args, max(millis(f.From), 0), until, millis(below.At), below.ID, f.Limit+1)
	list, err := all(db.reader(ctx), intoAuditLine, `
		select a.id, a.subject, a.what, a.about, a.customer_id, coalesce(nullif(c.name, ''), c.email, ''), a.changes, a.member_id, a.actor_name, a.at
		from audit a
		left join customers c on c.id = a.customer_id and c.workspace_id = a.workspace_id and c.created_at <= a.at and c.erased_at is null
		where `+where+` and a.at >= ? and a.at < ? and not (a.at = ? and a.id >= ?)
		order by a.at desc, a.id desc
		limit ?`, args...)
	if len(list) > f.Limit {
		return list[:f.Limit], true, err
	}
	return list, false, err
}

func intoAuditLine(l *model.AuditLine) []any {
	return []any{&l.ID, &l.Subject, &l.What, &l.About, opt(&l.Customer), &l.Person, changes{&l.Changes}, opt(&l.Member), &l.Actor, at(&l.At)}
}

// changes scans a stored list of changes.
type changes struct{ to *[]model.Change }

var _ sql.Scanner = changes{}

func (c changes) Scan(v any) error {
	text, ok := v.(string)
	if !ok {
		return fmt.Errorf("changes are stored as %T", v)
	}
	return json.Unmarshal([]byte(text), c.to)
}

// NoteExport records that a member took data out of the workspace: what, in a few words.
func (db *DB) NoteExport(ctx context.Context, by model.Member, what string) error {
	return db.update(ctx, func(tx *tx) error {
		tx.as(by)
		return tx.audit(by.WorkspaceID, model.AuditLine{Subject: model.AuditExport, What: what})
	})
}
