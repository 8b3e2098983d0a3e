package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime/debug"
	"time"
)

// maxBatch bounds how many writes share a commit, and with it how long the first of them waits.
const maxBatch = 128

var errClosed = errors.New("the database is closed")

// writer runs every write on one connection. Writes that wait together share one transaction, each
// inside a savepoint of its own, and one durable commit.
type writer struct {
	db        *sql.DB
	conn      *sql.Conn
	stmts     map[string]*sql.Stmt // used by the loop alone
	queue     chan *write
	stop      chan struct{}
	stopped   chan struct{}
	committed func(touched)
	limited   tally // by scope: how often a limit was hit
}

type write struct {
	ctx  context.Context
	now  time.Time
	fn   func(*tx) error
	done chan error
	err  error
	touched
}

// tx is a write transaction as a verb sees it. Its time is the same for all that it writes.
type tx struct {
	ctx context.Context
	w   *writer
	now time.Time
	*touched
}

func newWriter(ctx context.Context, db *sql.DB, committed func(touched)) (*writer, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("open the writing connection: %w", err)
	}
	w := &writer{
		db: db, conn: conn, stmts: map[string]*sql.Stmt{}, committed: committed,
		queue: make(chan *write), stop: make(chan struct{}), stopped: make(chan struct{}),
	}
	go w.loop()
	return w, nil
}

// update runs fn in a write transaction and returns when its changes are on disk, or undone. An
// error of fn undoes what fn wrote and nothing else. Fn must not touch the network, files or
// templates: everybody waits for it.
func (db *DB) update(ctx context.Context, fn func(*tx) error) error {
	if db.write == nil {
		return errReadOnly
	}
	job := &write{ctx: ctx, now: db.timeOf(ctx), fn: fn, done: make(chan error, 1)}
	select {
	case db.write.queue <- job:
	case <-db.write.stop:
		return errClosed
	case <-ctx.Done():
		return ctx.Err()
	}
	// Why not wait for ctx here: the commit may be under way, and its outcome is the answer.
	return <-job.done
}

func (w *writer) loop() {
	defer close(w.stopped)
	for {
		select {
		case first := <-w.queue:
			w.batch(first)
		case <-w.stop:
			return
		}
	}
}

// batch runs the first write and those that wait behind it, commits once, then answers all.
func (w *writer) batch(first *write) {
	ctx := context.Background()
	jobs := make([]*write, 0, maxBatch)
	if err := w.control(ctx, "begin immediate"); err != nil {
		// Those who wait behind it have waited as long: one after the other, the last would wait for minutes.
		for job := first; job != nil; job = w.next(0) {
			job.done <- wrapDriver("begin", err)
		}
		return
	}
	var broken error
	for job := first; job != nil && broken == nil; job = w.next(len(jobs)) {
		jobs = append(jobs, job)
		broken = w.run(job)
	}
	if broken == nil {
		broken = w.control(ctx, "commit")
	}
	var all touched
	if broken != nil {
		_ = w.control(ctx, "rollback") // it may have happened already; the cause is what counts
	} else {
		for _, job := range jobs {
			if job.err == nil {
				all.merge(job.touched)
			}
		}
		w.committed(all)
	}
	for _, job := range jobs {
		if broken != nil {
			job.err = wrapDriver("commit", broken)
		}
		job.done <- job.err
	}
}

// next returns a write that waits already, nil when there is none or the batch is full.
func (w *writer) next(size int) *write {
	if size >= maxBatch {
		return nil
	}
	select {
	case job := <-w.queue:
		return job
	default:
		return nil
	}
}

// run runs one write inside a savepoint. The error it returns is that of the whole transaction.
func (w *writer) run(job *write) error {
	if job.err = job.ctx.Err(); job.err != nil {
		return nil
	}
	// Why not job.ctx: an interrupted statement undoes the whole transaction, that is, everybody's.
	ctx := context.WithoutCancel(job.ctx)
	if err := w.control(ctx, "savepoint job"); err != nil {
		return err
	}
	job.err = w.call(&tx{ctx: ctx, w: w, now: job.now, touched: &job.touched}, job.fn)
	if job.err != nil {
		if err := w.control(ctx, "rollback to job"); err != nil {
			return errors.Join(job.err, err)
		}
	}
	return w.control(ctx, "release job")
}

// call turns a panic of fn into its error, so that it undoes this write alone.
func (w *writer) call(tx *tx, fn func(*tx) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic in a write: %v\n%s", p, debug.Stack())
		}
	}()
	return fn(tx)
}

// control runs a statement that begins or ends a transaction or a savepoint. Each write needs two:
// they are prepared as all others are.
func (w *writer) control(ctx context.Context, statement string) error {
	stmt, err := w.prepare(ctx, statement)
	if err != nil {
		return err
	}
	_, err = stmt.ExecContext(ctx)
	return err
}

func (w *writer) prepare(ctx context.Context, query string) (*sql.Stmt, error) {
	if stmt, ok := w.stmts[query]; ok {
		return stmt, nil
	}
	stmt, err := w.conn.PrepareContext(ctx, steady(query))
	if err != nil {
		return nil, err
	}
	w.stmts[query] = stmt
	return stmt, nil
}

func (w *writer) close() error {
	close(w.stop)
	<-w.stopped
	for _, stmt := range w.stmts {
		stmt.Close()
	}
	// A reader that is still at work keeps the log from being folded: the next start folds it.
	_, err := w.conn.ExecContext(context.Background(), "pragma busy_timeout = 1000; pragma wal_checkpoint(truncate)")
	return errors.Join(err, w.conn.Close(), w.db.Close())
}
