package db

import (
	"context"
	"time"

	"deskbell/db/model"
)

// Composer is what a member finds at a ticket's answer form.
type Composer struct {
	Draft      model.AnswerDraft // zero: nothing is kept
	Replies    []model.SavedReply
	Colleagues []model.Colleague
}

// Composer reads what belongs to a member's answer form of a ticket. Nobody else's draft is in it.
func (db *DB) Composer(ctx context.Context, by model.Member, ticket model.TicketID) (Composer, error) {
	q := db.reader(ctx)
	replies, err := savedReplies(q, by.WorkspaceID)
	if err != nil {
		return Composer{}, err
	}
	c := Composer{Replies: replies}
	if c.Draft, err = draft(q, by, ticket); err != nil {
		return c, err
	}
	c.Colleagues, err = colleagues(q, by, ticket, db.timeOf(ctx))
	return c, err
}

func draft(q querier, by model.Member, ticket model.TicketID) (model.AnswerDraft, error) {
	into := func(d *model.AnswerDraft) []any { return []any{&d.Note, &d.Text, at(&d.SavedAt)} }
	d, err := one(q, into, `
		select note, body, saved_at
		from drafts
		where workspace_id = ? and ticket_id = ? and member_id = ?`, by.WorkspaceID, ticket, by.ID)
	if model.KindOf(err) == model.NotFound {
		return model.AnswerDraft{}, nil
	}
	return d, err
}

// SaveDraft keeps what a member has typed in a ticket's form, in place of what was kept before, and returns
// when. An empty text is kept as nothing; so is one that the form has sent already, because the last keystroke
// can arrive after it. A text that is too long fails with Invalid.
func (db *DB) SaveDraft(ctx context.Context, by model.Member, number int64, formKey string, d model.AnswerDraft) (time.Time, error) {
	if d.Text != "" {
		if err := model.CheckMessage(d.Text); err != nil {
			return time.Time{}, err
		}
	}
	var saved time.Time
	err := db.update(ctx, func(tx *tx) error {
		id, err := value[model.TicketID](tx, `
			select id from tickets where workspace_id = ? and number = ?`, by.WorkspaceID, number)
		if err != nil {
			return err
		}
		key := NewReply{FormKey: formKey, Text: model.RichText{Source: d.Text}}.key()
		sent, err := tx.hasEntry(id, key)
		if err != nil {
			return err
		}
		if sent || d.Text == "" {
			return tx.dropDraft(by, id)
		}
		saved = tx.now
		return tx.saveDraft(by, id, d)
	})
	return saved, err
}

func (tx *tx) saveDraft(by model.Member, ticket model.TicketID, d model.AnswerDraft) error {
	if _, err := tx.exec(`
		insert into drafts (workspace_id, ticket_id, member_id, note, body, saved_at)
		values (?, ?, ?, ?, ?, ?)
		on conflict (ticket_id, member_id) do update
		set note = excluded.note, body = excluded.body, saved_at = excluded.saved_at`,
		by.WorkspaceID, ticket, by.ID, d.Note, d.Text, millis(tx.now)); err != nil {
		return err
	}
	return tx.present(by, ticket, true)
}

// dropDraft ends a draft, and with it the notice that its writer is at work.
func (tx *tx) dropDraft(by model.Member, ticket model.TicketID) error {
	if _, err := tx.exec(`
		delete from drafts where workspace_id = ? and ticket_id = ? and member_id = ?`, by.WorkspaceID, ticket, by.ID); err != nil {
		return err
	}
	_, err := tx.exec(`
		update presence set typed_at = null
		where workspace_id = ? and ticket_id = ? and member_id = ?`, by.WorkspaceID, ticket, by.ID)
	return err
}
