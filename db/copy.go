package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"

	"github.com/mattn/go-sqlite3"
)

// Copy writes the database at from, as it is at one moment, to a new file, durably. Who writes to the
// database meanwhile is not held up, in this process or another; what they write is not in the copy.
func Copy(ctx context.Context, from, to string) error {
	file, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("make the copy: %w", err)
	}
	if err := file.Close(); err != nil {
		return fmt.Errorf("make the copy: %w", err)
	}
	if err := copyPages(ctx, from, to); err != nil {
		return errors.Join(fmt.Errorf("copy %s: %w", from, err), os.Remove(to))
	}
	return nil
}

func copyPages(ctx context.Context, from, to string) error {
	source, err := sql.Open("sqlite3", dsn(from, "ro", lookingPragmas(from)))
	if err != nil {
		return err
	}
	defer source.Close() // nothing was written
	if err := checkBuild(ctx, source); err != nil {
		return err
	}
	target, err := sql.Open("sqlite3", dsn(to, "rw", url.Values{"_synchronous": {"FULL"}}))
	if err != nil {
		return err
	}
	err = onDriver(ctx, source, func(from *sqlite3.SQLiteConn) error {
		return onDriver(ctx, target, func(to *sqlite3.SQLiteConn) error { return backup(from, to) })
	})
	return errors.Join(err, target.Close())
}

// backup copies all pages in one step. Why not piece by piece: between two pieces it lets go of the moment
// that it copies, and begins again whenever somebody wrote.
func backup(from, to *sqlite3.SQLiteConn) error {
	work, err := to.Backup("main", from, "main")
	if err != nil {
		return err
	}
	done, err := work.Step(-1)
	if err == nil && !done {
		err = errors.New("it is locked")
	}
	return errors.Join(err, work.Finish())
}

func onDriver(ctx context.Context, db *sql.DB, fn func(*sqlite3.SQLiteConn) error) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close() // back to its pool, which closes next
	return conn.Raw(func(raw any) error { return fn(raw.(*sqlite3.SQLiteConn)) })
}

// keptSnapshots is how many copies from before migrations stay.
const keptSnapshots = 2

// snapshot copies a database that is about to be migrated to deskbell-before-NNNNN.db beside it, named by
// the version that it gets, and throws away all but the last of these. A copy that a migration that was
// cut off left is the older, and stays.
func snapshot(ctx context.Context, path string, current, target int64) error {
	folder := filepath.Dir(path)
	name := filepath.Join(folder, fmt.Sprintf("deskbell-before-%05d.db", target))
	if has, err := versionOf(ctx, name); err == nil && has < current {
		return nil
	}
	if err := os.Remove(name + ".part"); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if err := Copy(ctx, path, name+".part"); err != nil {
		return err
	}
	if err := os.Rename(name+".part", name); err != nil {
		return err
	}
	old, err := filepath.Glob(filepath.Join(folder, "deskbell-before-*.db"))
	if err != nil {
		return err
	}
	slices.Sort(old)
	for _, name := range old[:max(0, len(old)-keptSnapshots)] {
		if err := os.Remove(name); err != nil {
			return err
		}
	}
	return nil
}

func versionOf(ctx context.Context, path string) (int64, error) {
	if _, err := os.Stat(path); err != nil {
		return 0, err
	}
	db, err := OpenReadOnly(ctx, path, nil)
	if err != nil {
		return 0, err
	}
	defer db.Close() // nothing was written
	has, _, err := db.Versions(ctx)
	return has, err
}
