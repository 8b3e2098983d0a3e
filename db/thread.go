package db

import (
	"context"
	"sync"

	"deskbell/db/model"
)

// MergedRef returns the ref of the ticket into which one was merged, or NotFound.
func (db *DB) MergedRef(ctx context.Context, ws model.WorkspaceID, ref string) (string, error) {
	return value[string](db.reader(ctx), `
		select i.ref
		from tickets t
		join merges g on g.ticket_id = t.id
		join tickets i on i.id = g.into_id
		where t.workspace_id = ? and t.ref = ?`, ws, ref)
}

// LinkByForm returns a customer's link to the ticket that a form made; the reporter's for 0.
func (db *DB) LinkByForm(ctx context.Context, ws model.WorkspaceID, customer model.CustomerID, formKey string) (model.LinkID, error) {
	return value[model.LinkID](db.reader(ctx), `
		select r.link_id
		from tickets t
		left join merges g on g.ticket_id = t.id
		join recipients r on r.ticket_id = coalesce(g.into_id, t.id)
		where t.workspace_id = ? and t.form_key = ? and r.customer_id = coalesce(?, t.reporter_id)`,
		ws, formKey, orNull(customer))
}

// Confirm records that a recipient's address is theirs, because its owner opened a mailed link (B10).
func (db *DB) Confirm(ctx context.Context, ws model.WorkspaceID, r model.Reader) error {
	return db.update(ctx, func(tx *tx) error {
		news, err := tx.confirm(ws, r.Customer)
		if err != nil || !news {
			return err
		}
		by := model.Actor{Kind: model.ByCustomer, Customer: r.Customer, Name: r.Label()}
		return tx.event(ws, r.Ticket, by, model.EventConfirmed, "", "")
	})
}

// PublicThread returns what a recipient may see of a ticket: its messages after a version, or all
// that a page holds for after 0.
func (db *DB) PublicThread(ctx context.Context, ws model.WorkspaceID, r model.Reader, after int64) (model.PublicThread, error) {
	q := db.reader(ctx)
	thread, has, err := publicThread(q, ws, r)
	if err != nil {
		return thread, err
	}
	into := func(m *model.PublicMessage) []any {
		return []any{&m.Version, &m.Author, &m.Team, &m.Mine, &m.HTML, at(&m.At)}
	}
	// Messages newer than the thread's version are left to the next poll, which would repeat them.
	thread.Messages, err = all(q, into, `
		select public_version, author_name, member_id is not null, coalesce(customer_id = ?, 0), body_html, created_at
		from (
			select public_version, author_name, member_id, customer_id, body_html, created_at
			from messages
			where workspace_id = ? and ticket_id = ? and kind = 'message'
				and public_version > ? and public_version <= ?
			order by public_version desc
			limit ?
		)
		order by public_version`, r.Customer, ws, r.Ticket, after, thread.Version, maxMessages)
	if err == nil && has.merged {
		err = addPublicMerged(q, ws, r.Ticket, thread.Messages)
	}
	if err != nil || !has.files {
		return thread, err
	}
	files, err := publicAttachments(q, ws, r.Ticket)
	thread.AddFiles(files)
	return thread, err
}

// belongings says what a thread has besides messages: most have nothing, and save the statements.
type belongings struct{ files, merged bool }

// publicThread returns a thread without its messages and files, and whether it has any.
func publicThread(q querier, ws model.WorkspaceID, r model.Reader) (thread model.PublicThread, has belongings, err error) {
	var category model.Category
	into := func(t *model.PublicThread) []any {
		return []any{&t.Title, &t.Description, &t.Opener, &t.OpenedByMe, at(&t.OpenedAt), &category,
			&t.Version, &t.ProjectID, &t.ProjectName, &has.files, &has.merged}
	}
	thread, err = one(q, into, `
		select t.title, t.description_html, t.reporter_name, t.reporter_id = ?, t.created_at, t.category,
			t.public_version, p.public_id, p.name,
			exists (select 1 from attachments a where a.workspace_id = t.workspace_id and a.ticket_id = t.id),
			exists (select 1 from merges g where g.workspace_id = t.workspace_id and g.into_id = t.id)
		from tickets t join projects p on p.id = t.project_id
		where t.workspace_id = ? and t.id = ?`, r.Customer, ws, r.Ticket)
	if err != nil {
		return thread, has, err
	}
	thread.State = category.Public()
	thread.Answers, err = publicAnswers(q, ws, r.Ticket)
	return thread, has, err
}

// PollVersion returns the version of the thread behind a link, from memory where it is known, so
// that a poll with nothing new costs no statement.
func (db *DB) PollVersion(ctx context.Context, ws model.WorkspaceID, link model.LinkID) (int64, error) {
	if v, ok := db.polls.get(ws, link); ok {
		return v, nil
	}
	generation := db.polls.now()
	row, err := one(db.reader(ctx), func(r *polled) []any { return []any{&r.ticket, &r.version} }, `
		select t.id, t.public_version
		from recipients r join tickets t on t.id = r.ticket_id
		where r.workspace_id = ? and r.link_id = ?`, ws, link)
	if err == nil {
		db.polls.put(ws, link, row, generation)
	}
	return row.version, err
}

// maxPolled bounds how many links the version cache knows, at some 200 bytes each.
const maxPolled = 50_000

// versionCache knows the version of each thread that is being polled. A commit tells it what it
// changed before the writer's caller hears of success.
type versionCache struct {
	mu         sync.RWMutex
	generation int64
	links      map[pollKey]model.TicketID
	versions   map[model.TicketID]int64
}

type pollKey struct {
	ws   model.WorkspaceID
	link model.LinkID
}

type polled struct {
	ticket  model.TicketID
	version int64
}

func (c *versionCache) get(ws model.WorkspaceID, link model.LinkID) (int64, bool) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	id, ok := c.links[pollKey{ws, link}]
	if !ok {
		return 0, false
	}
	v, ok := c.versions[id]
	return v, ok
}

func (c *versionCache) now() int64 {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.generation
}

// put keeps what was read at a generation, unless something was forgotten since.
func (c *versionCache) put(ws model.WorkspaceID, link model.LinkID, p polled, generation int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.generation != generation {
		return
	}
	if c.links == nil || len(c.links) >= maxPolled || len(c.versions) >= maxPolled {
		c.generation++
		c.links = map[pollKey]model.TicketID{}
		c.versions = map[model.TicketID]int64{}
	}
	c.links[pollKey{ws, link}] = p.ticket
	c.versions[p.ticket] = max(p.version, c.versions[p.ticket])
}

// update takes the versions of a commit, where 0 forgets a ticket and the links to it, and the links
// that it ended.
func (c *versionCache) update(versions map[model.TicketID]int64, ended []pollKey) {
	if len(versions) == 0 && len(ended) == 0 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	// Why each commit moves the generation: a reader may hold a version from before it.
	c.generation++
	for _, link := range ended {
		delete(c.links, link)
	}
	for id, v := range versions {
		if v == 0 {
			delete(c.versions, id)
		} else if _, known := c.versions[id]; known {
			c.versions[id] = v
		}
	}
}
