package db

import (
	"errors"
	"fmt"
	"time"

	"github.com/mattn/go-sqlite3"

	"deskbell/db/model"
)

// troubleFor is after how long what has failed for the database's trouble may be tried again.
const troubleFor = 30 * time.Second

// wrapDriver turns what the driver says into the domain's errors, by code and never by text.
func wrapDriver(doing string, err error) error {
	if err == nil {
		return nil
	}
	driver, ok := errors.AsType[sqlite3.Error](err)
	switch {
	case !ok || model.KindOf(err) == model.Unavailable: // said already
	case driver.ExtendedCode == sqlite3.ErrConstraintUnique, driver.ExtendedCode == sqlite3.ErrConstraintPrimaryKey:
		return errors.Join(model.Fail(model.Conflict, "This exists already. Choose another one."), err)
	case inTrouble(driver.Code):
		err = errors.Join(trouble(), err)
	}
	return fmt.Errorf("%s: %w", doing, err)
}

// trouble is the failure of a database that may be well again in a moment.
func trouble() error {
	failure := model.Fail(model.Unavailable, "Our storage has trouble, and we have noted it.")
	failure.RetryAfter = troubleFor
	return failure
}

// inTrouble says whether a code tells of what lies around the database, and not of what it was asked:
// a full or failing disk, or a lock that somebody else holds.
func inTrouble(code sqlite3.ErrNo) bool {
	switch code {
	case sqlite3.ErrBusy, sqlite3.ErrLocked, sqlite3.ErrFull, sqlite3.ErrIoErr, sqlite3.ErrCantOpen, sqlite3.ErrReadonly, sqlite3.ErrProtocol:
		return true
	}
	return false
}

// Trouble returns what the driver said where an error is the database's own, for the log; else nil.
func Trouble(err error) error {
	if driver, ok := errors.AsType[sqlite3.Error](err); ok && inTrouble(driver.Code) {
		return err
	}
	return nil
}
