package db

import (
	"testing"

	"deskbell/db/model"
)

// Whatever changes of a recipient, the next look knows it: what is remembered never outlives what is so.
func TestI5_AReaderIsRememberedOnlyAsLongAsNothingChanges(t *testing.T) {
	t.Parallel()
	db := open(t)
	ctx := t.Context()
	ws, _ := testWorkspace(t, db, "acme.test")
	if err := db.CreateTicket(ctx, ws, "support", newTicket("one", "ada@example.com")); err != nil {
		t.Fatal(err)
	}
	link, err := db.LinkByForm(ctx, ws.ID, 0, "one")
	if err != nil {
		t.Fatal(err)
	}
	upload := `insert into uploads (ref, workspace_id, project_id, ticket_id, form_key, field_key, file, name, media_type, extension, bytes, sha256, width, height, created_at, expires_at)
		values ('r', 1, 1, 1, 'k', '', 'f', 'n', 'text/plain', 'txt', 1, '` + sha256OfNothing + `', 0, 0, 1, 2)`
	for _, change := range []string{
		`update recipients set unsubscribed_at = 1`, `update recipients set unsubscribed_at = null`, `update recipients set language = 'de'`,
		`update recipients set seen_version = 7`, `update tickets set public_version = 9`, `update tickets set reporter_name = 'Ada L.'`,
		`update tickets set signed_in_by = 'discord'`, `update tickets set language = 'en'`, `update recipients set language = ''`,
		`update customers set name = 'Augusta'`, `update customers set email = 'augusta@example.com'`, `update customers set confirmed_at = 5`,
		`insert into customers (workspace_id, email, name, created_at) values (1, 'bob@example.com', 'Bob', 1)`,
		`update tickets set reporter_id = (select id from customers where name = 'Bob')`, upload, `delete from uploads`,
		`update customers set erased_at = 9 where name = 'Augusta'`,
	} {
		if _, err := db.ReaderByLink(ctx, ws.ID, link); err != nil {
			t.Fatalf("before %s: %v", change, err)
		}
		if err := db.update(ctx, func(tx *tx) error { _, err := tx.exec(change); return err }); err != nil {
			t.Fatalf("%s: %v", change, err)
		}
		got, gotErr := db.ReaderByLink(ctx, ws.ID, link)
		want, wantErr := db.readerByLink(ctx, ws.ID, link)
		if got != want || model.KindOf(gotErr) != model.KindOf(wantErr) {
			t.Errorf("after %s it is\n%+v, %v\nand not\n%+v, %v", change, got, gotErr, want, wantErr)
		}
	}
}

const sha256OfNothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
