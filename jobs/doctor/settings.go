package doctor

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"

	"deskbell/db/model"
)

func (e *exam) baseURL() {
	const check = "address"
	url := e.Base.Origin("")
	switch {
	case e.Base.Loopback():
		e.report(OK, check, "%s is for this machine alone. Before others use the desk, set DESKBELL_BASE_URL.", url)
	case !e.Base.Secure():
		e.report(Warning, check, "Over %s passwords and links can be read on their way. Put a proxy with TLS in front, and set DESKBELL_BASE_URL to its https:// address.", url)
	default:
		e.report(OK, check, "The desk is at %s.", url)
	}
}

func (e *exam) mail() {
	if e.MailServer {
		e.report(OK, "mail", "A mail server is set.")
		return
	}
	e.report(Warning, "mail", "No mail server is set: mail waits in the outbox. Set DESKBELL_SMTP_URL.")
}

// key looks where the signing key lies. Without it no mailed link works.
func (e *exam) key() {
	const check = "signing key"
	path := filepath.Join(e.Data, "secret.key")
	stored, err := e.StoredKey()
	missing := errors.Is(err, os.ErrNotExist)
	switch {
	case e.SecretKey != "" && err == nil && stored != e.SecretKey:
		e.report(Warning, check, "DESKBELL_SECRET_KEY counts, and another key lies in %s: links that were mailed with that one do not open. If they should, unset DESKBELL_SECRET_KEY; else remove the file.", path)
	case e.SecretKey != "":
		e.report(OK, check, "It comes from DESKBELL_SECRET_KEY. Keep a copy: mailed links need it.")
	case missing && e.hasDatabase():
		e.report(Problem, check, "%s is missing, and the database has links that need it. Restore it from a backup, or set DESKBELL_SECRET_KEY to a new one and have every mailed link end.", path)
	case missing:
		e.report(Warning, check, "There is none yet: the first start makes %s.", path)
	case err != nil:
		e.report(Problem, check, "It cannot be used: %v.", err)
	case openToOthers(path):
		e.report(Problem, check, "Other users of this machine may read %s, and make links that open any ticket. Run: chmod 600 %s", path, path)
	default:
		e.report(OK, check, "It lies in %s. Keep a copy apart from those of the database: who has both can open every mailed link.", path)
	}
}

func (e *exam) hasDatabase() bool {
	_, err := os.Stat(e.databasePath())
	return err == nil
}

// openToOthers says whether another user may read the file: its own permissions and its folder's count.
func openToOthers(path string) bool {
	file, err := os.Stat(path)
	if err != nil {
		return false
	}
	folder, err := os.Stat(filepath.Dir(path))
	return err == nil && file.Mode().Perm()&0o044 != 0 && folder.Mode().Perm()&0o011 != 0
}

// Free space below which deskbell counts as not ready, and below which it is time to make room.
const (
	tooLittle = 64 * model.MB
	little    = 1 << 30
)

// space looks at the disk of the data folder, and at that of the files where it is another.
func (e *exam) space() {
	e.spaceOf(e.Data)
	if other := device(e.FilesFolder); other != 0 && other != device(e.Data) {
		e.spaceOf(e.FilesFolder)
	}
}

func (e *exam) spaceOf(folder string) {
	const check = "disk"
	var disk syscall.Statfs_t
	if err := syscall.Statfs(folder, &disk); err != nil {
		e.report(Problem, check, "The disk of %s does not answer (%v).", folder, err)
		return
	}
	free := int64(disk.Bavail) * int64(disk.Bsize)
	state, what := OK, ""
	switch {
	case free < tooLittle:
		state, what = Problem, " Deskbell is not ready with so little. Make room."
	case free < little:
		state, what = Warning, " Make room before it is full."
	}
	e.report(state, check, "%s are free for %s.%s", model.HumanSize(free), folder, what)
}

// device is the number of the file system on which a folder lies; 0 for one that is not there.
func device(folder string) uint64 {
	var stat syscall.Stat_t
	if err := syscall.Stat(folder, &stat); err != nil {
		return 0
	}
	return uint64(stat.Dev)
}
