package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/pressly/goose/v3"
)

// The power fails while a start migrates: the next start goes on where the last whole migration ended, and
// nothing is half done.
func TestO8_AMigrationKilledHalfwayIsWholeAfterTheNextStart(t *testing.T) {
	t.Parallel()
	halfway, last := 0, lastVersion(t)
	for _, size := range []int64{40 << 10, 100 << 10, 200 << 10, 300 << 10, 500 << 10} {
		dir := t.TempDir()
		p := begin(t, func(*process) {}, dir)
		until(t, "it has written something", func() bool { return written(dir) >= size || ended(p) || listens(p) })
		p.kill()
		if version := versionOf(t, dir); 0 < version && version < last {
			halfway++
		}
		p = launch(t, dir)
		p.browser("").Get("/readyz").Status(200)
		p.waitFor(p.out, "/desk/setup/") // nobody is in it yet
		p.stop()
		checkIntegrity(t, dir)
		if version := versionOf(t, dir); version != last {
			t.Errorf("killed at %d bytes it is of version %d afterwards, want %d", size, version, last)
		}
	}
	if halfway == 0 {
		t.Error("no start was killed halfway")
	}
}

// beforeMuch is an early version of the database: most migrations have still to come.
const beforeMuch = 10

// aYearBefore is a workspace of that version, with enough tickets that its migrations take a while.
const aYearBefore = `
	pragma journal_mode = wal;
	create temp table series as with recursive n (value) as (select 1 union all select value + 1 from n where value < 3000) select value from n;
	begin;
	insert into workspaces (id, name, kind, created_at) values (1, 'Acme', 'standard', 1);
	insert into projects (id, workspace_id, public_id, name, default_type) values (1, 1, 'support', 'Support', 'bug');
	insert into ticket_types (workspace_id, project_id, key, name, position) values (1, 1, 'bug', 'Bug', 1);
	insert into statuses (id, workspace_id, project_id, name, category, position)
	values (1, 1, 1, 'Open', 'open', 1), (2, 1, 1, 'Waiting', 'waiting', 2), (3, 1, 1, 'Done', 'closed', 3);
	insert into members (id, workspace_id, email, name, role, password_hash, created_at) values (1, 1, 'm@acme.test', 'M', 'admin', 'x', 1);
	insert into customers (id, workspace_id, email, created_at) select value, 1, 'c' || value || '@example.com', 1 from series;
	insert into tickets (id, workspace_id, project_id, number, ref, form_key, submission, host, type, status_id, category, reporter_id,
		reporter_name, title, description, description_html, created_at, last_activity_at)
	select value, 1, 1, value, 'r' || value, 'k' || value, 's' || value, 'acme.test', 'bug', 1, 'open', value, 'Ada', 'Help ' || value, 'It stops.', '<p>It stops.</p>', value, value
	from series;
	insert into recipients (id, workspace_id, ticket_id, customer_id, link_id, mail_root, created_at)
	select value, 1, value, value, 'link' || value, 'root' || value, 1 from series;
	insert into messages (id, workspace_id, ticket_id, kind, public_version, form_key, member_id, author_name, body, body_html, created_at)
	select value, 1, value, 'message', 2, 'm' || value, 1, 'M', 'Does it start again?', '<p>Does it start again?</p>', value from series;
	commit`

// whatWasWritten is all that people wrote, in one line.
const whatWasWritten = `
	select (select group_concat(title || description || reporter_id, ';') from (select * from tickets order by id)) ||
		(select group_concat(ticket_id || body || created_at, ';') from (select * from messages order by id)) ||
		(select group_concat(ticket_id || link_id, ';') from (select * from recipients order by id))`

// The same with a database that a team has used: whatever the moment, all of it is there after the next start.
func TestO8_AnUpgradeKilledHalfwayLosesNothing(t *testing.T) {
	t.Parallel()
	const key = "DESKBELL_SECRET_KEY=a-secret-of-more-than-thirty-two-letters"
	halfway, last := 0, lastVersion(t)
	for _, version := range []int{beforeMuch + 1, 20, 23, 32, last - 1} {
		dir := t.TempDir()
		written := fillBefore(t, dir)
		p := begin(t, func(*process) {}, dir, key)
		until(t, "it has migrated some", func() bool { return versionOf(t, dir) >= version || ended(p) || listens(p) })
		p.kill()
		if version := versionOf(t, dir); beforeMuch < version && version < last {
			halfway++
		}
		p = launch(t, dir, key)
		p.browser("").Get("/readyz").Status(200)
		p.stop()
		checkIntegrity(t, dir)
		if now := versionOf(t, dir); now != last {
			t.Errorf("killed at version %d it is of version %d afterwards, want %d", version, now, last)
		}
		if now := textIn(t, dir, whatWasWritten); now != written {
			t.Errorf("killed at version %d it has %d bytes of what was %d", version, len(now), len(written))
		}
		if copies, _ := filepath.Glob(filepath.Join(dir, "*before*")); len(copies) == 0 {
			t.Error("there is no copy of the database as it was")
		}
	}
	if halfway == 0 {
		t.Error("no start was killed halfway")
	}
}

// fillBefore makes a database of an earlier version, and returns what people wrote into it.
func fillBefore(t *testing.T, dir string) string {
	t.Helper()
	file := open(t, dir)
	defer file.Close()
	provider, err := goose.NewProvider(goose.DialectSQLite3, file, os.DirFS("db/migrations"))
	if err == nil {
		_, err = provider.UpTo(t.Context(), beforeMuch)
	}
	if err == nil {
		_, err = file.Exec(aYearBefore)
	}
	if err != nil {
		t.Fatal(err)
	}
	return textIn(t, dir, whatWasWritten)
}

// textIn asks a database for one text.
func textIn(t *testing.T, dir, query string) (text string) {
	t.Helper()
	file := open(t, dir)
	defer file.Close()
	if err := file.QueryRow(query).Scan(&text); err != nil {
		t.Fatal(err)
	}
	return text
}

// lastVersion is that of a database that nothing went wrong with.
func lastVersion(t *testing.T) int {
	t.Helper()
	dir := t.TempDir()
	launch(t, dir).stop()
	return versionOf(t, dir)
}

// versionOf is the version of a database, 0 where not even that is in it.
func versionOf(t *testing.T, dir string) int {
	t.Helper()
	file := open(t, dir)
	defer file.Close()
	version := 0
	if err := file.QueryRow("select max(version_id) from goose_db_version").Scan(&version); err != nil {
		return 0
	}
	return version
}

// written is the size of a database with its log.
func written(dir string) (bytes int64) {
	paths, _ := filepath.Glob(filepath.Join(dir, "deskbell.db*")) // the pattern is one
	for _, path := range paths {
		if info, err := os.Stat(path); err == nil {
			bytes += info.Size()
		}
	}
	return bytes
}

func ended(p *process) bool {
	select {
	case <-p.ended:
		return true
	default:
		return false
	}
}

func listens(p *process) bool { return len(p.logs.lines()) > 0 }
