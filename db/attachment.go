package db

import (
	"context"
	"fmt"

	"deskbell/db/model"
)

// attachable returns the files that wait for a form and go with it. Listed are the refs that the form
// showed: one that is gone meanwhile fails with Invalid, because nothing may go missing unseen.
func (tx *tx) attachable(ws model.WorkspaceID, formKey string, listed []string) ([]model.Upload, error) {
	files, err := tx.waiting(ws, formKey)
	if err != nil {
		return nil, err
	}
	there := map[string]bool{}
	for _, f := range files {
		there[f.Ref] = true
	}
	for _, ref := range listed {
		if !there[ref] {
			return nil, model.FieldErrors{{Field: model.UploadName(""),
				Message: "A file has waited here for more than an hour and is gone. Choose it again, or send your text without it."}}.Err()
		}
	}
	return files, nil
}

// attach makes attachments of waiting files: of a message, or of the description for message 0.
func (tx *tx) attach(ws model.Workspace, ticket model.TicketID, message model.MessageID, files []model.Upload) error {
	if len(files) == 0 {
		return nil
	}
	used, err := tx.used(ws.ID, ticket, files)
	if err != nil {
		return err
	}
	if err := ws.Uploads.CheckRoom(used, 0); err != nil { // the limits may have been lowered meanwhile
		return err
	}
	for _, f := range files {
		if err := must(tx.exec(`
			insert into attachments (ref, workspace_id, project_id, ticket_id, message_id, field_key, file, name,
				media_type, extension, bytes, sha256, width, height, created_at)
			select ref, workspace_id, project_id, ?, ?, field_key, file, name,
				media_type, extension, bytes, sha256, width, height, created_at
			from uploads
			where workspace_id = ? and ref = ?`, ticket, orNull(message), ws.ID, f.Ref)); err != nil {
			return err
		}
		if _, err := tx.exec(`delete from uploads where workspace_id = ? and ref = ?`, ws.ID, f.Ref); err != nil {
			return err
		}
	}
	return nil
}

const attachmentColumns = `
	a.ref, a.name, a.media_type, a.extension, a.bytes,
	case when a.file is null then 0 else a.width end, case when a.file is null then 0 else a.height end, a.removed_at`

func intoAttachment(a *model.PublicAttachment) []any {
	return []any{&a.Ref, &a.Name, &a.Type.Media, &a.Type.Ext, &a.Bytes, &a.Width, &a.Height, at(&a.RemovedAt)}
}

// maxAttachments bounds how many files of one ticket a page shows.
const maxAttachments = 2000

// publicAttachments returns the files of a ticket's description and public messages (G8).
func publicAttachments(q querier, ws model.WorkspaceID, ticket model.TicketID) ([]model.PublicAttachment, error) {
	into := func(a *model.PublicAttachment) []any { return append([]any{&a.Version}, intoAttachment(a)...) }
	return all(q, into, `
		select coalesce(m.public_version, 0), `+attachmentColumns+`
		from attachments a left join messages m on m.workspace_id = a.workspace_id and m.id = a.message_id
		where a.workspace_id = ? and a.ticket_id = ? and (a.message_id is null or m.kind = 'message')
		order by a.id
		limit ?`, ws, ticket, maxAttachments)
}

// filesOf returns the names of the files of a message, or of a ticket's description for message 0.
func filesOf(q querier, ws model.WorkspaceID, ticket model.TicketID, message model.MessageID) ([]string, error) {
	return all(q, func(name *string) []any { return []any{name} }, `
		select name
		from attachments
		where workspace_id = ? and ticket_id = ? and coalesce(message_id, 0) = ?
		order by id
		limit ?`, ws, ticket, message, model.MaxFormFiles)
}

// deskAttachments returns every file of a ticket.
func deskAttachments(q querier, ws model.WorkspaceID, ticket model.TicketID) ([]model.Attachment, error) {
	into := func(a *model.Attachment) []any {
		return append([]any{opt(&a.Message)}, intoAttachment(&a.PublicAttachment)...)
	}
	return all(q, into, `
		select a.message_id, `+attachmentColumns+`
		from attachments a
		where a.workspace_id = ? and a.ticket_id = ?
		order by a.id
		limit ?`, ws, ticket, maxAttachments)
}

func intoStored(f *model.StoredFile) []any {
	return []any{&f.File, &f.Name, &f.Type.Media, &f.Type.Ext, &f.Bytes, &f.SHA256, &f.HasPreview, at(&f.CreatedAt)}
}

// PublicAttachment returns a file for a recipient of its ticket, or NotFound: for a note's file as for
// one that never was (G8), and for one that was removed.
func (db *DB) PublicAttachment(ctx context.Context, ws model.WorkspaceID, r model.Reader, ref string) (model.StoredFile, error) {
	return one(db.reader(ctx), intoStored, `
		select a.file, a.name, a.media_type, a.extension, a.bytes, a.sha256, a.width > 0, a.created_at
		from attachments a left join messages m on m.workspace_id = a.workspace_id and m.id = a.message_id
		where a.workspace_id = ? and a.ref = ? and a.ticket_id = ? and a.file is not null
			and (a.message_id is null or m.kind = 'message')`, ws, ref, r.Ticket)
}

// Attachment returns a file of a ticket for the team, or NotFound.
func (db *DB) Attachment(ctx context.Context, ws model.WorkspaceID, number int64, ref string) (model.StoredFile, error) {
	return one(db.reader(ctx), intoStored, `
		select a.file, a.name, a.media_type, a.extension, a.bytes, a.sha256, a.width > 0, a.created_at
		from attachments a join tickets t on t.id = a.ticket_id
		where a.workspace_id = ? and a.ref = ? and t.number = ? and a.file is not null`, ws, ref, number)
}

// RemoveAttachment removes one file of a ticket: its name and the day stay in the conversation, and
// the timeline says who did it. One that is gone already is no error.
func (db *DB) RemoveAttachment(ctx context.Context, by model.Member, number int64, ref string) error {
	return db.update(ctx, func(tx *tx) error {
		t, err := tx.live(by.WorkspaceID, number)
		if err != nil {
			return err
		}
		name, err := value[string](tx, `
			update attachments set file = null, removed_at = ?
			where workspace_id = ? and ticket_id = ? and ref = ? and file is not null
			returning name`, millis(tx.now), by.WorkspaceID, t.ID, ref)
		if model.KindOf(err) == model.NotFound {
			return tx.knownAttachment(by.WorkspaceID, t.ID, ref)
		}
		if err != nil {
			return err
		}
		tx.doomed = true
		if err := tx.event(by.WorkspaceID, t.ID, byMember(by), model.EventAttachmentRemoved, name, ""); err != nil {
			return err
		}
		return tx.shownChange(by.WorkspaceID, t.ID)
	})
}

func (tx *tx) knownAttachment(ws model.WorkspaceID, ticket model.TicketID, ref string) error {
	_, err := value[int64](tx, `
		select id from attachments where workspace_id = ? and ticket_id = ? and ref = ?`, ws, ticket, ref)
	return err
}

// shownChange records that a page of a ticket is no longer as it was, without any activity in it.
func (tx *tx) shownChange(ws model.WorkspaceID, id model.TicketID) error {
	v, err := value[int64](tx, `
		update tickets set public_version = public_version + 1
		where workspace_id = ? and id = ?
		returning public_version`, ws, id)
	tx.version(id, v)
	return err
}

// RetainAttachments removes the files of tickets that have been closed for longer than the workspace
// keeps them (G6), of those after an attachment's id: it looks at no more than 500 and removes no more
// than 50, so that no writer waits for it. It returns where to go on, 0 at the end, and what went.
func (db *DB) RetainAttachments(ctx context.Context, ws model.Workspace, after int64) (next int64, went model.StorageUse, err error) {
	before, on := ws.Uploads.Retention.ClosedBefore(db.timeOf(ctx))
	if !on {
		return 0, went, nil
	}
	type candidate struct {
		id  int64
		due bool
	}
	list, err := all(db.reader(ctx), func(c *candidate) []any { return []any{&c.id, &c.due} }, `
		select a.id, coalesce(t.closed_at < ?, 0)
		from attachments a join tickets t on t.id = a.ticket_id
		where a.workspace_id = ? and a.file is not null and a.id > ?
		order by a.id
		limit 500`, millis(before), ws.ID, after)
	if err != nil || len(list) == 0 {
		return 0, went, err
	}
	var due []int64
	for _, c := range list {
		next = c.id
		if c.due {
			due = append(due, c.id)
		}
		if len(due) == 50 {
			break
		}
	}
	if len(due) == 0 {
		return next, went, nil
	}
	went, err = db.retain(ctx, ws.ID, due, millis(before))
	return next, went, err
}

// retain removes these files, where their tickets are still closed since before that time.
func (db *DB) retain(ctx context.Context, ws model.WorkspaceID, due []int64, before int64) (went model.StorageUse, err error) {
	err = db.update(ctx, func(tx *tx) error {
		tx.doomed = true
		byTicket := map[model.TicketID]int{}
		type gone struct {
			ticket model.TicketID
			bytes  int64
		}
		for _, id := range due {
			g, err := one(tx, func(g *gone) []any { return []any{&g.ticket, &g.bytes} }, `
				update attachments set file = null, removed_at = ?
				where workspace_id = ? and id = ? and file is not null
					and (select closed_at from tickets t where t.id = ticket_id) < ?
				returning ticket_id, bytes`, millis(tx.now), ws, id, before)
			if model.KindOf(err) == model.NotFound {
				continue
			}
			if err != nil {
				return err
			}
			went.Files++
			went.Bytes += g.bytes
			byTicket[g.ticket]++
		}
		for id, n := range byTicket {
			if err := tx.event(ws, id, model.Actor{Kind: model.BySystem}, model.EventRetention, "", fmt.Sprint(n)); err != nil {
				return err
			}
			if err := tx.shownChange(ws, id); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		went = model.StorageUse{}
	}
	return went, err
}
