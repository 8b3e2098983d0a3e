package db

import (
	"context"
	"database/sql/driver"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/mattn/go-sqlite3"
	"golang.org/x/text/unicode/norm"
)

// readDriver is the driver of the read pool: SQLite with the function contains_folded(text, folded),
// which says whether a text has a part, without regard to case and accents.
// Why not like: SQLite folds the letters of English alone, and knows wildcards.
var readDriver = &sqlite3.SQLiteDriver{ConnectHook: func(c *sqlite3.SQLiteConn) error {
	return c.RegisterFunc("contains_folded", func(text, folded string) bool {
		return strings.Contains(fold(text), folded)
	}, true)
}}

// connector opens connections of the read pool to one database.
type connector struct{ dsn string }

func (c connector) Connect(context.Context) (driver.Conn, error) { return readDriver.Open(c.dsn) }

func (c connector) Driver() driver.Driver { return readDriver }

// fold returns a text as it is compared in a search: in one case, and without the accents and other
// marks of its letters.
func fold(s string) string {
	if isASCII(s) {
		return strings.ToLower(s)
	}
	return strings.ReplaceAll(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return unicode.ToLower(unicode.ToUpper(r)) // there and back: some letters have two small forms
	}, norm.NFKD.String(s)), "ß", "ss")
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
