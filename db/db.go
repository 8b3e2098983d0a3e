// Package db is Deskbell's data: one SQLite file, every SQL statement, one file a noun. A verb is
// one transaction: it loads the facts, asks the rule in db/model and writes rows, event and outbox.
package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	_ "github.com/mattn/go-sqlite3"

	"deskbell/db/model"
)

// DB is the open database: one writer with group commit, and a pool of readers.
type DB struct {
	write   *writer // nil: open for reading alone
	read    *sql.DB
	stmts   sync.Map // query text → *sql.Stmt of the read pool
	now     func() time.Time
	path    string
	hosts   hostCache
	polls   versionCache
	readers readerCache
	// mailWaits has room for one signal: a commit wrote mail that a job can claim.
	mailWaits chan struct{}
	// filesDoomed has room for one signal: a commit left bytes for a job to remove.
	filesDoomed chan struct{}
}

// Open opens or makes the database at path, checks that it is what Deskbell relies on, and
// migrates it. Now tells the time of each transaction; nil is the wall clock.
func Open(ctx context.Context, path string, now func() time.Time) (*DB, error) {
	if now == nil {
		now = time.Now
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("make the data folder: %w", err)
	}
	writing, err := sql.Open("sqlite3", dsn(path, "rwc", writePragmas))
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	writing.SetMaxOpenConns(1)
	if err := errors.Join(checkBuild(ctx, writing), checkPragmas(ctx, writing)); err != nil {
		return nil, errors.Join(err, writing.Close())
	}
	if err := migrate(ctx, writing, path); err != nil {
		return nil, errors.Join(err, writing.Close())
	}
	reading := sql.OpenDB(connector{dsn(path, "ro", readPragmas)})
	readers := max(4, 2*runtime.NumCPU())
	reading.SetMaxOpenConns(readers)
	reading.SetMaxIdleConns(readers)
	db := &DB{read: reading, now: now, path: path, mailWaits: make(chan struct{}, 1), filesDoomed: make(chan struct{}, 1)}
	if db.write, err = newWriter(ctx, writing, db.committed); err != nil {
		return nil, errors.Join(err, reading.Close(), writing.Close())
	}
	return db, nil
}

// Close finishes the running transaction, folds the write-ahead log into the file and closes it.
func (db *DB) Close() error {
	readErr := db.read.Close()
	if db.write == nil {
		return readErr
	}
	return errors.Join(db.write.close(), readErr)
}

// Now is the time by the database's clock, at the precision in which it is stored.
func (db *DB) Now() time.Time { return db.now().UTC().Truncate(time.Millisecond) }

type timeKey struct{}

// At gives what is done with this context another time than now: the demo's past, for one.
func At(ctx context.Context, t time.Time) context.Context {
	return context.WithValue(ctx, timeKey{}, t.UTC().Truncate(time.Millisecond))
}

func (db *DB) timeOf(ctx context.Context) time.Time {
	if t, ok := ctx.Value(timeKey{}).(time.Time); ok {
		return t
	}
	return db.Now()
}

// MailWaits signals that a commit wrote mail. A signal may be late or stand for many mails.
func (db *DB) MailWaits() <-chan struct{} { return db.mailWaits }

// committed runs after each commit with what its transactions touched.
func (db *DB) committed(t touched) {
	if t.workspaces {
		db.hosts.forget()
	}
	db.polls.update(t.versions, t.links)
	if t.mail {
		signal(db.mailWaits)
	}
	if t.doomed {
		signal(db.filesDoomed)
	}
}

func signal(waits chan struct{}) {
	select {
	case waits <- struct{}{}:
	default: // one is waiting already
	}
}

// Pragmas stand in the DSN, so that every connection has them. The driver ignores a key that it
// does not know: checkPragmas reads them back. What is deleted or replaced is overwritten with zeros
// (secure_delete), so that who was erased is gone from the file too.
var (
	writePragmas = url.Values{
		"_journal_mode": {"WAL"}, "_synchronous": {"FULL"}, "_busy_timeout": {"5000"},
		"_foreign_keys": {"on"}, "_txlock": {"immediate"}, "_cache_size": {"-16000"}, "_secure_delete": {"on"},
	}
	readPragmas = url.Values{"_query_only": {"1"}, "_busy_timeout": {"5000"}, "_foreign_keys": {"on"}}
)

func dsn(path, mode string, pragmas url.Values) string {
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?mode=" + mode + "&" + pragmas.Encode()
}

// checkBuild refuses a SQLite that lacks FTS5, or one before 3.51.3, which can corrupt a
// write-ahead log that two processes checkpoint, as Deskbell and Litestream do.
func checkBuild(ctx context.Context, db *sql.DB) error {
	var fts bool
	var version string
	const query = `select sqlite_compileoption_used('ENABLE_FTS5'), sqlite_version()`
	if err := db.QueryRowContext(ctx, query).Scan(&fts, &version); err != nil {
		return fmt.Errorf("ask SQLite for its version: %w", err)
	}
	return checkSQLite(version, fts)
}

func checkSQLite(version string, fts bool) error {
	number := 0
	for part := range strings.SplitSeq(version, ".") {
		n := 0
		_, _ = fmt.Sscan(part, &n) // anything else than a number counts as 0 and is refused below
		number = number*1000 + n
	}
	if number < 3_051_003 {
		return fmt.Errorf("this binary has SQLite %s; Deskbell needs 3.51.3 or newer", version)
	}
	if !fts {
		return errors.New("this binary was built without full-text search; build it with `make build`, which sets the tag sqlite_fts5")
	}
	return nil
}

func checkPragmas(ctx context.Context, db *sql.DB) error {
	for pragma, want := range map[string]string{
		"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "5000", "secure_delete": "1",
	} {
		var got string
		if err := db.QueryRowContext(ctx, "pragma "+pragma).Scan(&got); err != nil {
			return fmt.Errorf("read the pragma %s: %w", pragma, err)
		}
		if got != want {
			return fmt.Errorf("SQLite runs with %s=%s, and Deskbell needs %s", pragma, got, want)
		}
	}
	return nil
}

// touched collects what a transaction changed that something outside the database keeps.
type touched struct {
	workspaces bool
	mail       bool
	doomed     bool                     // bytes, or a run of the retention, wait for a job
	versions   map[model.TicketID]int64 // 0: forget it
	links      []pollKey                // that open nothing any more
}

func (t *touched) version(id model.TicketID, v int64) {
	if t.versions == nil {
		t.versions = map[model.TicketID]int64{}
	}
	t.versions[id] = v
}

// lost says that a link ends with this transaction.
func (t *touched) lost(ws model.WorkspaceID, link model.LinkID) {
	t.links = append(t.links, pollKey{ws, link})
}

func (t *touched) merge(o touched) {
	t.workspaces = t.workspaces || o.workspaces
	t.mail = t.mail || o.mail
	t.doomed = t.doomed || o.doomed
	t.links = append(t.links, o.links...)
	for id, v := range o.versions {
		t.version(id, v)
	}
}
