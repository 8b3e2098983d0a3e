package db

import (
	"errors"
	"fmt"

	"github.com/mattn/go-sqlite3"

	"deskbell/db/model"
)

// wrapDriver turns what the driver says into the domain's errors, by code and never by text.
func wrapDriver(doing string, err error) error {
	if err == nil {
		return nil
	}
	if driver, ok := errors.AsType[sqlite3.Error](err); ok {
		switch driver.ExtendedCode {
		case sqlite3.ErrConstraintUnique, sqlite3.ErrConstraintPrimaryKey:
			return errors.Join(model.Fail(model.Conflict, "This exists already. Choose another one."), err)
		}
	}
	return fmt.Errorf("%s: %w", doing, err)
}
