package backup

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// place moves everything from the staging folders to where it belongs, durably, the database last.
func (r *reader) place() error {
	if r.to.FilesFolder != "" {
		if err := os.MkdirAll(r.to.FilesFolder, 0o700); err != nil {
			return err
		}
		shards, err := os.ReadDir(r.filesStage())
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		for _, shard := range shards {
			if err := errors.Join(syncFolder(filepath.Join(r.filesStage(), shard.Name())), r.move(r.filesStage(), r.to.FilesFolder, shard.Name())); err != nil {
				return err
			}
		}
		if err := syncFolder(r.to.FilesFolder); err != nil {
			return err
		}
	}
	for _, name := range []string{keyName, databaseName} {
		if _, err := os.Stat(filepath.Join(r.dataStage(), name)); errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err := r.move(r.dataStage(), r.to.Data, name); err != nil {
			return err
		}
		r.out.Key = r.out.Key || name == keyName
	}
	return syncFolder(r.to.Data)
}

func (r *reader) move(from, to, name string) error {
	err := os.Rename(filepath.Join(from, name), filepath.Join(to, name))
	if err == nil {
		r.placed = append(r.placed, filepath.Join(to, name))
	}
	return err
}

// clean removes the staging folders, and after a failure what was placed too.
func (r *reader) clean(failed bool) error {
	errs := []error{os.RemoveAll(r.dataStage())}
	if r.to.FilesFolder != "" {
		errs = append(errs, os.RemoveAll(r.filesStage()))
	}
	for _, path := range r.placed {
		if failed {
			errs = append(errs, os.RemoveAll(path))
		}
	}
	return errors.Join(errs...)
}

func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
