package db

import (
	"context"

	"deskbell/db/model"
)

// PageDomain is a host name on which a workspace's public pages answer.
type PageDomain struct {
	Host    string
	Primary bool
}

func intoPageDomain(d *PageDomain) []any { return []any{&d.Host, &d.Primary} }

// MaxPageDomains bounds how many page domains a workspace has.
const MaxPageDomains = 50

// PageDomains returns a workspace's page domains, the primary one first.
func (db *DB) PageDomains(ctx context.Context, ws model.WorkspaceID) ([]PageDomain, error) {
	return pageDomains(db.reader(ctx), ws)
}

func pageDomains(q querier, ws model.WorkspaceID) ([]PageDomain, error) {
	return all(q, intoPageDomain, `
		select host, is_primary
		from page_domains
		where workspace_id = ?
		order by is_primary desc, host
		limit 100`, ws)
}

// AddPageDomain adds a host name in lower case and ASCII; the first one of a workspace is primary. A name that
// another workspace has, or the base host for any workspace but the first, fails with Invalid.
//
// With its first page domain a workspace leaves the base host (A12). Where links to there may be about, the
// base host becomes one of its page domains too.
func (db *DB) AddPageDomain(ctx context.Context, ws model.WorkspaceID, host, baseHost string) error {
	return db.update(ctx, func(tx *tx) error {
		first, err := value[model.WorkspaceID](tx, `select min(id) from workspaces`)
		if err != nil {
			return err
		}
		if host == baseHost && ws != first {
			return model.FieldFail("host", "This is where the desk of this server is reached. Use another name for your pages.")
		}
		if err := tx.domainIsFree(ws, host); err != nil {
			return err
		}
		list, err := pageDomains(tx, ws)
		if err != nil {
			return err
		}
		if len(list) >= MaxPageDomains {
			return model.FieldFail("host", "A workspace can have 50 page domains. Remove one first.")
		}
		if len(list) == 0 && ws == first && host != baseHost {
			if err := tx.addDomain(ws, baseHost, false); err != nil {
				return err
			}
		}
		return tx.addDomain(ws, host, len(list) == 0)
	})
}

func (tx *tx) domainIsFree(ws model.WorkspaceID, host string) error {
	owner, err := value[model.WorkspaceID](tx, `select workspace_id from page_domains where host = ?`, host)
	switch {
	case model.KindOf(err) == model.NotFound:
		return nil
	case err != nil:
		return err
	case owner == ws:
		return model.FieldFail("host", "Your pages answer at this name already.")
	}
	return model.FieldFail("host", "Another workspace of this server answers at this name. Use another one.")
}

func (tx *tx) addDomain(ws model.WorkspaceID, host string, primary bool) error {
	if _, err := tx.exec(`
		insert into page_domains (host, workspace_id, is_primary)
		values (?, ?, ?)`, host, ws, primary); err != nil {
		return err
	}
	return tx.domainChanged(ws, "page domain added", host)
}

func (tx *tx) domainChanged(ws model.WorkspaceID, what, host string) error {
	if err := tx.workspaceChanged(ws); err != nil {
		return err
	}
	return tx.audit(ws, model.AuditLine{Subject: model.AuditDomain, What: what, About: host})
}

// SetPrimaryDomain makes one of a workspace's page domains the primary one. Doing it twice is fine.
func (db *DB) SetPrimaryDomain(ctx context.Context, ws model.WorkspaceID, host string) error {
	return db.update(ctx, func(tx *tx) error {
		d, err := pageDomain(tx, ws, host)
		if err != nil || d.Primary {
			return err
		}
		return tx.makePrimary(ws, host)
	})
}

func (tx *tx) makePrimary(ws model.WorkspaceID, host string) error {
	if _, err := tx.exec(`update page_domains set is_primary = 0 where workspace_id = ? and is_primary = 1`, ws); err != nil {
		return err
	}
	if _, err := tx.exec(`update page_domains set is_primary = 1 where workspace_id = ? and host = ?`, ws, host); err != nil {
		return err
	}
	return tx.domainChanged(ws, "page domain made primary", host)
}

// PageDomain returns one of a workspace's page domains, or NotFound.
func (db *DB) PageDomain(ctx context.Context, ws model.WorkspaceID, host string) (PageDomain, error) {
	return pageDomain(db.reader(ctx), ws, host)
}

func pageDomain(q querier, ws model.WorkspaceID, host string) (PageDomain, error) {
	return one(q, intoPageDomain, `
		select host, is_primary
		from page_domains
		where workspace_id = ? and host = ?`, ws, host)
}

// RemovePageDomain takes a page domain away: links of its tickets lead to the primary one from then on (A11),
// which is the next by name where this one was it. The last one stays with Conflict, unless the base host
// serves the workspace without any (A12).
func (db *DB) RemovePageDomain(ctx context.Context, ws model.WorkspaceID, host string) error {
	return db.update(ctx, func(tx *tx) error {
		d, err := pageDomain(tx, ws, host)
		if err != nil {
			return err
		}
		needed, err := lastDomain(tx, ws)
		if err == nil && needed {
			err = model.Fail(model.Conflict, "This is the only name at which your pages answer. Add another one first.")
		}
		if err != nil {
			return err
		}
		if _, err := tx.exec(`delete from page_domains where workspace_id = ? and host = ?`, ws, host); err != nil {
			return err
		}
		if err := tx.domainChanged(ws, "page domain removed", host); err != nil || !d.Primary {
			return err
		}
		left, err := pageDomains(tx, ws)
		if err != nil || len(left) == 0 {
			return err
		}
		return tx.makePrimary(ws, left[0].Host)
	})
}

// DomainNeeded says whether a workspace's pages would be nowhere without the one page domain that it has.
func (db *DB) DomainNeeded(ctx context.Context, ws model.WorkspaceID) (bool, error) {
	return lastDomain(db.reader(ctx), ws)
}

func lastDomain(q querier, ws model.WorkspaceID) (bool, error) {
	return value[bool](q, `
		select ?1 <> (select min(id) from workspaces)
			and (select count(*) from page_domains where workspace_id = ?1) <= 1`, ws)
}
