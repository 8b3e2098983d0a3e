package db

import (
	"context"
	"sync"

	"deskbell/db/model"
)

// ReaderByLink returns the recipient whose thread link has this id, or NotFound. A link to a ticket that was
// merged leads to the other one; the reader's own link is the one to that.
func (db *DB) ReaderByLink(ctx context.Context, ws model.WorkspaceID, link model.LinkID) (model.Reader, error) {
	known, err := value[int64](db.reader(ctx), `
		select changes from recipients where workspace_id = ? and link_id = ?`, ws, link)
	if err == nil {
		if r, ok := db.readers.get(ws, link, known); ok {
			return r, nil
		}
		return db.readerByLink(ctx, ws, link)
	}
	if model.KindOf(err) != model.NotFound {
		return model.Reader{}, err
	}
	return one(db.reader(ctx), intoReader, `
		select `+readerColumns+`
		from merged_links l
		join recipients r on r.id = l.recipient_id`+readerTables+`
		where l.workspace_id = ? and l.link_id = ? and c.erased_at is null`, ws, link)
}

// readerByLink reads the recipient whole, and remembers them.
func (db *DB) readerByLink(ctx context.Context, ws model.WorkspaceID, link model.LinkID) (model.Reader, error) {
	r, err := one(db.reader(ctx), intoReader, `
		select `+readerColumns+`
		from recipients r`+readerTables+`
		where r.workspace_id = ? and r.link_id = ? and c.erased_at is null`, ws, link)
	if err == nil {
		db.readers.put(ws, link, r)
	}
	return r, err
}

// ReaderByUnsubscribe returns the recipient whose unsubscribe link has this id, or NotFound. That link
// outlives the thread link.
func (db *DB) ReaderByUnsubscribe(ctx context.Context, ws model.WorkspaceID, link model.LinkID) (model.Reader, error) {
	r, err := one(db.reader(ctx), intoReader, `
		select `+readerColumns+`
		from recipients r`+readerTables+`
		where r.workspace_id = ? and r.unsubscribe_id = ? and c.erased_at is null`, ws, link)
	if model.KindOf(err) != model.NotFound {
		return r, err
	}
	return one(db.reader(ctx), intoReader, `
		select `+readerColumns+`
		from merged_links l
		join recipients r on r.id = l.recipient_id`+readerTables+`
		where l.workspace_id = ? and l.unsubscribe_id = ? and c.erased_at is null`, ws, link)
}

// ReaderByRef returns the signed-in customer as the recipient of one of their tickets, or NotFound.
func (db *DB) ReaderByRef(ctx context.Context, ws model.WorkspaceID, customer model.CustomerID, ref string) (model.Reader, error) {
	return one(db.reader(ctx), intoReader, `
		select `+readerColumns+`
		from tickets t
		join recipients r on r.ticket_id = t.id and r.customer_id = ?
		join customers c on c.id = r.customer_id
		where t.workspace_id = ? and t.ref = ?`, customer, ws, ref)
}

// ReaderOf returns a ticket's reporter as one of its recipients, or NotFound: an erased one has no link.
func (db *DB) ReaderOf(ctx context.Context, ws model.WorkspaceID, number int64) (model.Reader, error) {
	return one(db.reader(ctx), intoReader, `
		select `+readerColumns+`
		from tickets t
		join recipients r on r.ticket_id = t.id and r.customer_id = t.reporter_id
		join customers c on c.id = r.customer_id
		where t.workspace_id = ? and t.number = ?`, ws, number)
}

// readerTables are joined to a recipient r for readerColumns.
const readerTables = `
		join tickets t on t.id = r.ticket_id
		join customers c on c.id = r.customer_id`

const readerColumns = `
	r.id, r.ticket_id, r.customer_id, r.link_id, c.email,
	iif(t.reporter_id = r.customer_id, t.reporter_name, c.name), iif(t.reporter_id = r.customer_id, t.signed_in_by, ''),
	c.confirmed_at is not null, r.unsubscribed_at is null, coalesce(nullif(r.language, ''), t.language),
	r.seen_version, r.changes, t.public_version, coalesce((
		select group_concat(u.ref || ' ' || u.form_key, ' ')
		from uploads u
		where u.workspace_id = r.workspace_id and u.ticket_id = r.ticket_id), '')`

func intoReader(r *model.Reader) []any {
	return []any{&r.Recipient, &r.Ticket, &r.Customer, &r.Link, address{shown: &r.Email}, &r.Name, &r.SignedIn,
		&r.Confirmed, &r.Subscribed, &r.Language, &r.Seen, &r.Changes, &r.Version, &r.Waiting}
}

// maxReaders bounds how many recipients are remembered, at some 500 bytes each.
const maxReaders = 10_000

// readerCache remembers recipients. Each is asked for with what their row says now, so that it knows nothing that
// is not so in the database.
type readerCache struct {
	mu      sync.RWMutex
	readers map[pollKey]model.Reader
}

// get returns a recipient as long as nothing has changed of them.
func (c *readerCache) get(ws model.WorkspaceID, link model.LinkID, changes int64) (model.Reader, bool) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	r, ok := c.readers[pollKey{ws, link}]
	return r, ok && r.Changes == changes
}

func (c *readerCache) put(ws model.WorkspaceID, link model.LinkID, r model.Reader) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.readers == nil || len(c.readers) >= maxReaders {
		c.readers = map[pollKey]model.Reader{}
	}
	c.readers[pollKey{ws, link}] = r
}
