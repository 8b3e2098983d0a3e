// Package doctor looks at an installation from outside, beside a running server or without one, and
// says of each part whether it is well, and what to do where it is not (O1). It changes nothing but for
// the small file by which a store checks itself.
package doctor

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"deskbell/db"
	"deskbell/db/files"
	"deskbell/db/model"
)

// State is how well something is.
type State string

// The states. A warning is for somebody to decide; with a problem, something does not work or is lost.
const (
	OK      State = "ok"
	Warning State = "warning"
	Problem State = "problem"
)

// Finding is what one check found.
type Finding struct {
	State State
	Check string // the part that was looked at
	Says  string // full sentences on one line: what is, and what to do
}

// Installation is what is looked at.
type Installation struct {
	Base        model.BaseURL
	Data        string // the data folder
	Certificate string // file of the base host's; empty: something before Deskbell has it
	MailServer  bool   // one is set
	SecretKey   string // of the environment; empty: it lies in the data folder
	StoredKey   func() (string, error)
	FilesFolder string // of the store; empty: a bucket
	OpenFiles   func() (files.Store, error)
	Replica     func(context.Context) model.Replica // nil: what is looked at is itself a copy
	Deep        bool                                // read all bytes and compare their SHA-256
	Now         func() time.Time                    // nil: the wall clock
}

// databasePath is where the database lies.
func (in Installation) databasePath() string { return filepath.Join(in.Data, "deskbell.db") }

// exam is one look at an installation.
type exam struct {
	Installation
	say      func(Finding)
	problems int
}

// Examine calls say for each check as it ends, and returns how many found a problem. What cannot be
// looked at for a problem before it is left out. In a folder that is missing or empty it makes nothing.
func Examine(ctx context.Context, in Installation, say func(Finding)) (problems int) {
	e := &exam{Installation: in, say: say}
	e.baseURL()
	e.mail()
	if !e.folder() {
		return e.problems
	}
	e.space()
	e.key()
	e.certificate()
	data, ok := e.database(ctx)
	if !ok {
		return e.problems
	}
	defer data.Close() // nothing was written
	e.files(ctx, data)
	if e.Deep {
		e.numbers(ctx, data)
	}
	if e.Replica != nil {
		e.copies(ctx, data)
	}
	return e.problems
}

// ExamineCopy is Examine for a database that was restored beside the installation to try it: it looks at the
// database, and at the files that it names, alone.
func ExamineCopy(ctx context.Context, in Installation, say func(Finding)) (problems int) {
	e := &exam{Installation: in, say: say}
	data, ok := e.database(ctx)
	if !ok {
		return e.problems
	}
	defer data.Close() // nothing was written
	if store, ok := e.store(ctx); ok {
		e.kept(ctx, data, store)
	}
	return e.problems
}

func (e *exam) report(state State, check, format string, args ...any) {
	if state == Problem {
		e.problems++
	}
	says := strings.Join(strings.Fields(fmt.Sprintf(format, args...)), " ") // one line, whatever an error says
	e.say(Finding{State: state, Check: check, Says: says})
}

// folder looks at the data folder, and says whether there is something to look into.
func (e *exam) folder() bool {
	const check = "data folder"
	info, err := os.Stat(e.Data)
	switch {
	case os.IsNotExist(err):
		e.report(Problem, check, "There is no folder %s. Name the right one by DESKBELL_DATA, or start deskbell once: it makes the folder.", e.Data)
	case err != nil:
		e.report(Problem, check, "%s cannot be looked at (%v). Run doctor as the user that runs deskbell.", e.Data, err)
	case !info.IsDir():
		e.report(Problem, check, "%s is no folder. Name one by DESKBELL_DATA.", e.Data)
	case !ours(info):
		// Why no further: what would be made on the way, a store's check or a database's log, would be
		// another user's than the server's.
		e.report(Problem, check, "%s belongs to user %d, and this is user %d. Run doctor, and deskbell, as the user to whom it belongs.",
			e.Data, owner(info), os.Geteuid())
	case info.Mode().Perm()&0o077 != 0:
		e.report(Warning, check, "Other users of this machine may look into %s. Run: chmod 700 %s", e.Data, e.Data)
		return true
	default:
		e.report(OK, check, "%s is open to its owner alone.", e.Data)
		return true
	}
	return false
}

func ours(info os.FileInfo) bool { return owner(info) == os.Geteuid() }

func owner(info os.FileInfo) int {
	if stat, ok := info.Sys().(*syscall.Stat_t); ok {
		return int(stat.Uid)
	}
	return os.Geteuid()
}

// database opens the database, and says whether its rows can be relied on.
func (e *exam) database(ctx context.Context) (*db.DB, bool) {
	const check = "database"
	path := e.databasePath()
	info, err := os.Stat(path)
	if err != nil {
		e.report(Problem, check, "There is no database in %s. Name the right folder by DESKBELL_DATA, restore a backup, or start deskbell once: it makes a new one.", e.Data)
		return nil, false
	}
	data, err := db.OpenReadOnly(ctx, path, e.Now)
	if err != nil {
		e.report(Problem, check, "%s cannot be opened (%v). Stop deskbell, and restore the database from a backup.", path, err)
		return nil, false
	}
	if e.sound(ctx, data, info.Size()) {
		return data, true
	}
	data.Close() // nothing was written
	return nil, false
}

func (e *exam) sound(ctx context.Context, data *db.DB, size int64) bool {
	const check = "database"
	has, knows, err := data.Versions(ctx)
	if err != nil {
		e.report(Problem, check, "%s is no database of Deskbell, or it is damaged (%v). Stop deskbell, and restore it from a backup.", e.databasePath(), err)
		return false
	}
	faults, err := data.Faults(ctx)
	if err != nil {
		faults = []string{err.Error()}
	}
	switch {
	case len(faults) > 0:
		e.report(Problem, check, "It is damaged: %s. Stop deskbell, keep a copy of the file, and restore it from a backup.", some(faults))
	case has > knows:
		e.report(Problem, check, "It is of version %d, and this Deskbell knows up to %d. Start the newer Deskbell that made it, or restore a backup.", has, knows)
	case has < knows:
		e.report(Warning, check, "It is of version %d, and this Deskbell makes it %d at its next start. Make a backup, start it, and run doctor again to look at the files too.", has, knows)
	default:
		e.report(OK, check, "Version %d, %s, whole.", has, model.HumanSize(size))
		return true
	}
	return false
}

// numbers compares what is kept for the page of numbers with a count over all tickets.
func (e *exam) numbers(ctx context.Context, data *db.DB) {
	const check = "numbers"
	drift, err := data.NumbersDrift(ctx)
	switch {
	case err != nil:
		e.report(Problem, check, "They cannot be counted (%v). Look at the lines above first.", err)
	case drift > 0:
		e.report(Warning, check, "%d figures of the page of numbers are not what the tickets say. Tickets are as they were: tell the makers of Deskbell.", drift)
	default:
		e.report(OK, check, "The page of numbers says what the tickets say.")
	}
}

// some names the first of a list.
func some(list []string) string {
	const few = 5
	if len(list) <= few {
		return strings.Join(list, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(list[:few], ", "), len(list)-few)
}
