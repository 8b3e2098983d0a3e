package db

import (
	"context"
	"fmt"
	"time"

	"deskbell/db/model"
)

// AskMailTest asks for a test message, in place of the last one. A bad address fails with Invalid, too many with
// Limited.
func (db *DB) AskMailTest(ctx context.Context, by model.Member, to string) error {
	address, ok := model.CleanAddress(to)
	if !ok {
		return model.FieldErrors{{Field: "to", Message: "Enter an email address like name@example.com."}}.Err()
	}
	return db.update(ctx, func(tx *tx) error {
		if err := tx.spend("You have sent many test messages in a short time.",
			Count{Scope: "mail test", Key: fmt.Sprint(by.WorkspaceID), Limit: 10, Per: 10 * time.Minute}); err != nil {
			return err
		}
		if _, err := tx.exec(`
			insert into mail_tests (workspace_id, id, to_address, state, asked_at)
			values (?, ?, ?, 'waiting', ?)
			on conflict (workspace_id) do update
			set id = excluded.id, to_address = excluded.to_address, state = excluded.state, asked_at = excluded.asked_at,
				finished_at = null, problem = '', dialogue = ''`,
			by.WorkspaceID, model.RandomID(), address, millis(tx.now)); err != nil {
			return err
		}
		tx.touched.mail = true
		return tx.audit(by.WorkspaceID, model.AuditLine{Subject: model.AuditMail, What: "test message sent"})
	})
}

const mailTestColumns = `id, workspace_id, to_address, state, asked_at, finished_at, problem, dialogue`

func intoMailTest(t *model.MailTest) []any {
	return []any{&t.ID, &t.Workspace, &t.To, &t.State, at(&t.AskedAt), at(&t.FinishedAt), &t.Problem, &t.Dialogue}
}

// MailTest returns a workspace's last test message, or NotFound.
func (db *DB) MailTest(ctx context.Context, ws model.WorkspaceID) (model.MailTest, error) {
	return one(db.reader(ctx), intoMailTest, `
		select `+mailTestColumns+`
		from mail_tests
		where workspace_id = ?`, ws)
}

// ClaimMailTest returns the test message that has waited longest, as one that is being sent, or NotFound.
func (db *DB) ClaimMailTest(ctx context.Context) (model.MailTest, error) {
	var t model.MailTest
	// Why look first: there hardly ever is one, and a write would wait for the disk.
	if _, err := value[string](db.reader(ctx), nextMailTest); err != nil {
		return t, err
	}
	err := db.update(ctx, func(tx *tx) error {
		id, err := value[string](tx, nextMailTest)
		if err != nil {
			return err
		}
		t, err = one(tx, intoMailTest, `
			update mail_tests set state = 'sending' where id = ? returning `+mailTestColumns, id)
		return err
	})
	return t, err
}

const nextMailTest = `
	select id
	from mail_tests indexed by mail_tests_waiting
	where state = 'waiting'
	order by asked_at
	limit 1`

// FinishMailTest records what became of a test message that was claimed. One that another has replaced is left
// alone.
func (db *DB) FinishMailTest(ctx context.Context, t model.MailTest, problem, dialogue string) error {
	state := model.MailTestSent
	if problem != "" {
		state = model.MailTestFailed
	}
	return db.update(ctx, func(tx *tx) error {
		_, err := tx.exec(`
			update mail_tests set state = ?, problem = ?, dialogue = ?, finished_at = ?
			where id = ? and state = 'sending'`, state, problem, dialogue, millis(tx.now), t.ID)
		return err
	})
}
