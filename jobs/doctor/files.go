package doctor

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"

	"deskbell/db"
	"deskbell/db/files"
	"deskbell/db/model"
	"deskbell/jobs"
)

// files looks at the store, and at the bytes in it against the rows that name them.
func (e *exam) files(ctx context.Context, data *db.DB) {
	store, ok := e.store(ctx)
	if !ok {
		return
	}
	e.kept(ctx, data, store)
	e.leftOver(ctx, data, store)
}

func (e *exam) store(ctx context.Context) (files.Store, bool) {
	const check = "store"
	if e.FilesFolder != "" {
		if info, err := os.Stat(e.FilesFolder); err != nil || !info.IsDir() {
			e.report(Problem, check, "The folder of files %s is not there. Restore it from a backup, or name the right one by DESKBELL_FILES_URL.", e.FilesFolder)
			return nil, false
		} else if !ours(info) {
			e.report(Problem, check, "%s belongs to user %d, and this is user %d. Have it belong to the user that runs deskbell.", e.FilesFolder, owner(info), os.Geteuid())
			return nil, false
		}
	}
	store, err := e.OpenFiles()
	if err == nil {
		err = store.Check(ctx)
	}
	if err != nil {
		e.report(Problem, check, "It does not keep files (%v). Look at DESKBELL_FILES_URL, at the permissions and at the free space there.", err)
		return nil, false
	}
	e.report(OK, check, "It keeps, reads and removes files.")
	return store, true
}

// audit compares the rows with a store.
type audit struct {
	data   *db.DB
	store  files.Store
	deep   bool
	listed map[string]int64 // size by name, of all that the store has
	files  int
	bytes  int64

	lost, changed, noPreview []string
}

// kept looks for the bytes of every file that a row names.
func (e *exam) kept(ctx context.Context, data *db.DB, store files.Store) {
	const check = "files"
	a := audit{data: data, store: store, deep: e.Deep, listed: map[string]int64{}}
	if err := a.run(ctx); err != nil {
		e.report(Problem, check, "They could not be looked through: %v.", err)
		return
	}
	if len(a.lost)+len(a.changed)+len(a.noPreview) == 0 {
		e.report(OK, check, "%s (%s) are named, and all are there%s.", model.Thousands(a.files), model.HumanSize(a.bytes),
			map[bool]string{false: " with the right size", true: " as they came"}[a.deep])
		return
	}
	const restore = "Restore them from a backup of the store, or remove them from their tickets in the desk."
	e.faulty("%d of the files that rows name are missing: %s. "+restore, a.lost)
	e.faulty("%d of the files are not as they came: %s. "+restore, a.changed)
	e.faulty("%d of the pictures have lost their preview: %s. "+restore, a.noPreview)
}

func (e *exam) faulty(format string, names []string) {
	if len(names) > 0 {
		e.report(Problem, "files", format, len(names), some(names))
	}
}

func (a *audit) run(ctx context.Context) error {
	err := a.store.Each(ctx, func(f files.Info) error { a.listed[f.Name] = f.Size; return nil })
	if err != nil {
		return err
	}
	for after := ""; ; {
		rows, err := a.data.StoredFiles(ctx, after)
		if err != nil || len(rows) == 0 {
			return err
		}
		for _, row := range rows {
			if err := a.compare(ctx, row); err != nil {
				return err
			}
		}
		after = rows[len(rows)-1].File
	}
}

// compare looks at one file. What a running server removed meanwhile is no fault.
func (a *audit) compare(ctx context.Context, row model.StoredFile) error {
	a.files++
	a.bytes += row.Bytes
	list, err := a.fault(ctx, row)
	if err != nil || list == nil {
		return err
	}
	needed, err := a.data.NeededFile(ctx, row.File)
	if needed {
		*list = append(*list, row.File)
	}
	return err
}

// fault returns the list to which a file belongs, nil for one that is well.
func (a *audit) fault(ctx context.Context, row model.StoredFile) (*[]string, error) {
	whole, err := a.whole(ctx, row)
	switch {
	case errors.Is(err, files.ErrMissing):
		return &a.lost, nil
	case err != nil:
		return nil, err
	case !whole:
		return &a.changed, nil
	}
	if size, listed := a.listed[row.File+model.PreviewSuffix]; !row.HasPreview || listed && size > 0 {
		return nil, nil
	}
	file, err := a.store.Open(ctx, row.File+model.PreviewSuffix)
	if errors.Is(err, files.ErrMissing) {
		return &a.noPreview, nil
	}
	if err != nil {
		return nil, err
	}
	defer file.Close()
	if file.Size() == 0 {
		return &a.noPreview, nil
	}
	return nil, nil
}

// whole says whether the bytes of a file are those that its row tells of. What came after the store was
// listed is opened.
func (a *audit) whole(ctx context.Context, row model.StoredFile) (bool, error) {
	if size, listed := a.listed[row.File]; listed && !a.deep {
		return size == row.Bytes, nil
	}
	file, err := a.store.Open(ctx, row.File)
	if err != nil {
		return false, err
	}
	defer file.Close()
	if file.Size() != row.Bytes || !a.deep {
		return file.Size() == row.Bytes, nil
	}
	sum := sha256.New()
	if _, err := io.Copy(sum, file); err != nil {
		return false, err
	}
	return hex.EncodeToString(sum.Sum(nil)) == row.SHA256, nil
}

// leftOver looks for bytes that no row names.
func (e *exam) leftOver(ctx context.Context, data *db.DB, store files.Store) {
	const check = "leftovers"
	var names []string
	var bytes int64
	err := jobs.Orphans(ctx, data, store, data.Now(), func(f files.Info) error {
		file, err := store.Open(ctx, f.Name)
		if errors.Is(err, files.ErrMissing) { // removed meanwhile, with its row
			return nil
		}
		if err != nil {
			return err
		}
		names = append(names, f.Name)
		bytes += f.Size
		return file.Close()
	})
	switch {
	case err != nil:
		e.report(Problem, check, "The store could not be looked through: %v.", err)
	case len(names) > 0:
		e.report(Warning, check, "%d of the files in the store (%s) have no row that names them: %s. A running deskbell removes them within a day. If this database is an older backup, restore the newest one before you start it.",
			len(names), model.HumanSize(bytes), some(names))
	default:
		e.report(OK, check, "No bytes lie about without a row.")
	}
}
