package files

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// folder is a store in a folder of the local disk. Files lie in folders of their names' first two
// characters, so that none of them grows too large to look into.
type folder struct {
	inbox
	root string
}

// incoming is where files are received: on the file system of the store, so that keeping one is a move.
const incoming = ".incoming"

func openFolder(root string) (Store, error) {
	in, err := openInbox(filepath.Join(root, incoming))
	if err != nil {
		return nil, err
	}
	return &folder{inbox: in, root: root}, nil
}

func (f *folder) path(name string) (string, error) {
	return filepath.Join(f.root, name[:min(2, len(name))], name), checkName(name)
}

// Put moves the received file to its name. It was synced when it came; the folders are synced here.
func (f *folder) Put(_ context.Context, name string, from *Received) error {
	path, err := f.path(name)
	if err != nil {
		return err
	}
	dir := filepath.Dir(path)
	if err := os.Mkdir(dir, 0o700); err == nil {
		err = syncFolder(f.root)
		if err != nil {
			return err
		}
	} else if !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("make a folder for %s: %w", name, err)
	}
	if err := os.Rename(from.file.Name(), path); err != nil {
		return fmt.Errorf("keep %s: %w", name, err)
	}
	from.taken = true
	if err := syncFolder(dir); err != nil {
		return errors.Join(err, os.Remove(path))
	}
	return nil
}

func syncFolder(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("sync a folder of files: %w", err)
	}
	if err := errors.Join(dir.Sync(), dir.Close()); err != nil {
		return fmt.Errorf("sync a folder of files: %w", err)
	}
	return nil
}

func (f *folder) Open(_ context.Context, name string) (File, error) {
	path, err := f.path(name)
	if err != nil {
		return nil, err
	}
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrMissing
	}
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", name, err)
	}
	info, err := file.Stat()
	if err != nil {
		return nil, errors.Join(fmt.Errorf("look at %s: %w", name, err), file.Close())
	}
	return folderFile{file, info.Size()}, nil
}

type folderFile struct {
	*os.File
	size int64
}

func (f folderFile) Size() int64 { return f.size }

func (f *folder) Remove(_ context.Context, names ...string) error {
	for _, name := range names {
		path, err := f.path(name)
		if err != nil {
			return err
		}
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("remove %s: %w", name, err)
		}
	}
	return nil
}

func (f *folder) Each(ctx context.Context, call func(Info) error) error {
	return filepath.WalkDir(f.root, func(path string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) { // removed meanwhile
			return nil
		}
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return err
		}
		if entry.IsDir() && entry.Name() == incoming {
			return fs.SkipDir
		}
		if entry.IsDir() || checkName(entry.Name()) != nil {
			return nil
		}
		info, err := entry.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("look at %s: %w", entry.Name(), err)
		}
		return call(Info{Name: entry.Name(), Size: info.Size(), Modified: info.ModTime()})
	})
}

func (f *folder) Check(ctx context.Context) error { return check(ctx, f) }
