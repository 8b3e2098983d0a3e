package db

import (
	"database/sql"
	"io/fs"
	"path/filepath"
	"testing"

	"github.com/pressly/goose/v3"
)

// beforeNewLinks is the version of the database before its outbox was rebuilt.
const beforeNewLinks = 10

// aLifeBefore is a workspace with mail of each kind, as the versions before wrote it.
const aLifeBefore = `
	begin;
	insert into workspaces (id, name, kind, created_at) values (1, 'Acme', 'standard', 1);
	insert into projects (id, workspace_id, public_id, name, default_type) values (1, 1, 'support', 'Support', 'bug');
	insert into ticket_types (workspace_id, project_id, key, name, position) values (1, 1, 'bug', 'Bug', 1);
	insert into statuses (id, workspace_id, project_id, name, category, position) values (1, 1, 1, 'Open', 'open', 1);
	insert into members (id, workspace_id, email, name, role, password_hash, created_at) values (1, 1, 'm@acme.test', 'M', 'admin', 'x', 1);
	insert into customers (id, workspace_id, email, created_at) values (1, 1, 'ada@example.com', 1);
	insert into tickets (id, workspace_id, project_id, number, ref, form_key, submission, host, type, status_id, category, reporter_id,
		reporter_name, title, description, description_html, created_at, last_activity_at)
	values (1, 1, 1, 1, 'r', 'k', 's', 'acme.test', 'bug', 1, 'open', 1, 'Ada', 'Help', 'x', 'x', 1, 1);
	insert into recipients (id, workspace_id, ticket_id, customer_id, link_id, mail_root, created_at) values (1, 1, 1, 1, 'link', 'root', 1);
	insert into messages (id, workspace_id, ticket_id, kind, public_version, form_key, member_id, author_name, body, body_html, created_at)
	values (1, 1, 1, 'message', 2, 'm', 1, 'M', 'x', 'x', 1);
	insert into logins (id, workspace_id, host, email, browser, customer_id, created_at, expires_at) values ('l', 1, 'acme.test', 'ada@example.com', 'b', 1, 1, 2);
	insert into outbox (id, workspace_id, kind, ticket_id, message_id, recipient_id, member_id, login_id, to_address, message_ref, state, attempts, next_try_at, last_error, created_at, finished_at)
	values (1, 1, 'first', 1, null, 1, null, null, 'ada@example.com', 'a', 'sent', 1, 2, '', 3, 4), (2, 1, 'message', 1, 1, 1, null, null, 'ada@example.com', 'b', 'failed', 9, 5, 'no', 6, 7),
		(5, 1, 'new ticket', 1, null, null, 1, null, 'm@acme.test', 'c', 'waiting', 0, 8, '', 9, null), (7, 1, 'login', null, null, null, null, 'l', 'ada@example.com', 'd', 'held', 0, 0, 'x', 1, 1);
	commit`

// everyMail is the outbox in one line.
const everyMail = `
	select group_concat(concat_ws(',', id, workspace_id, kind, ticket_id, message_id, recipient_id, member_id, login_id, to_address, message_ref,
		state, attempts, next_try_at, last_error, created_at, finished_at), ';')
	from (select * from outbox order by id)`

func TestO8_TheOutboxIsKeptWhenItIsRebuilt(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "deskbell.db")
	before := upTo(t, path, beforeNewLinks)
	run(t, before, aLifeBefore)
	mails := text(t, before, everyMail)
	if err := before.Close(); err != nil {
		t.Fatal(err)
	}
	db, err := Open(t.Context(), path, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	if got := text(t, db.read, everyMail); got != mails {
		t.Errorf("the outbox was\n%s\nand is\n%s", mails, got)
	}
	if broken := text(t, db.read, `select count(*) from pragma_foreign_key_check`); broken != "0" {
		t.Errorf("%s rows point nowhere", broken)
	}
	if _, err := db.ReaderByUnsubscribe(t.Context(), 1, "link"); err != nil {
		t.Errorf("the unsubscribe link of an old mail: %v", err)
	}
	raw := upTo(t, path, beforeNewLinks) // a connection of our own: there is nothing to migrate
	defer raw.Close()
	for _, gone := range []struct{ remove, left string }{ // what a mail tells of takes it along, as before
		{`delete from logins`, "1,2,5"}, {`delete from messages`, "1,5"}, {`delete from recipients`, "5"}, {`delete from tickets`, ""},
	} {
		run(t, raw, gone.remove)
		if got := text(t, db.read, `select coalesce(group_concat(id), '') from outbox`); got != gone.left {
			t.Errorf("after %q the outbox has %q, want %q", gone.remove, got, gone.left)
		}
	}
}

// upTo makes a database of an earlier version.
func upTo(t *testing.T, path string, version int64) *sql.DB {
	t.Helper()
	raw, err := sql.Open("sqlite3", dsn(path, "rwc", writePragmas))
	if err != nil {
		t.Fatal(err)
	}
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		t.Fatal(err)
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, raw, files)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := provider.UpTo(t.Context(), version); err != nil {
		t.Fatal(err)
	}
	return raw
}

func run(t *testing.T, db *sql.DB, script string) {
	t.Helper()
	if _, err := db.Exec(script); err != nil {
		t.Fatalf("%v\n  in %s", err, script)
	}
}

func text(t *testing.T, db *sql.DB, query string) string {
	t.Helper()
	var s string
	if err := db.QueryRow(query).Scan(&s); err != nil {
		t.Fatalf("%v\n  in %s", err, query)
	}
	return s
}

// One check of the outbox was changed where it stands: it still refuses what it refused before.
func TestO8_TheOutboxTakesMailToTheErasedAndStaysAsStrict(t *testing.T) {
	t.Parallel()
	db := open(t)
	testWorkspace(t, db, "acme.test")
	for kind, taken := range map[string]bool{"erased": true, "message": false, "created": false, "links": false, "login": false, "unknown": false} {
		err := db.update(t.Context(), func(tx *tx) error {
			_, err := tx.insert(`
				insert into outbox (workspace_id, kind, to_address, message_ref, state, next_try_at, created_at)
				values (1, ?, 'ada@example.com', 'ref', 'waiting', 1, 1)`, kind)
			return err
		})
		if (err == nil) != taken {
			t.Errorf("a mail of the kind %s to nobody: %v", kind, err)
		}
	}
	writable := ""
	if err := db.update(t.Context(), func(tx *tx) (err error) {
		writable, err = value[string](tx, `pragma writable_schema`)
		return err
	}); err != nil || writable != "0" {
		t.Errorf("the schema can be written: %s, %v", writable, err)
	}
	if faults, err := db.Faults(t.Context()); err != nil || len(faults) > 0 {
		t.Errorf("the file has the faults %v, %v", faults, err)
	}
}

func TestO8_ColoursAndLogosAreKeptWhenTheirColumnsChange(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "deskbell.db")
	before := upTo(t, path, 20) // the version before branding
	run(t, before, `
		insert into workspaces (id, name, kind, color, created_at)
		values (1, 'Acme', 'standard', '#17605c', 1), (2, 'Globex', 'standard', '#4b4fc4', 1);
		insert into logos (workspace_id, hash, media_type, bytes) values (1, 'h', 'image/png', x'89504e47')`)
	if err := before.Close(); err != nil {
		t.Fatal(err)
	}
	db, err := Open(t.Context(), path, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	if got := text(t, db.read, `select group_concat(color, ' ') from (select color from workspaces order by id)`); got != " #4b4fc4" {
		t.Errorf("the colours are %q: the product's own becomes none, and any other stays", got)
	}
	logo, err := db.Logo(t.Context(), 1)
	if err != nil || logo.Hash != "h" || len(logo.PNG) != 4 || logo.Width != 96 {
		t.Errorf("the logo is %v, %v", logo, err)
	}
	if ws, err := db.Workspace(t.Context(), 1); err != nil || ws.Logo != logo.Logo {
		t.Errorf("the workspace's logo is %v, %v", ws.Logo, err)
	}
}
