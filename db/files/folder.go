package files

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
)

// folder is a Store in a folder: each name lies in a subfolder called by its first two characters,
// so that no folder grows too long to list.
type folder struct {
	*incoming
	root   string
	shards sync.Map // shard's name → struct{}: it stands, and the root was synced since
}

// OpenFolder returns the store in a folder, made when missing. Files being received lie in its
// subfolder .incoming.
func OpenFolder(root string) (Store, error) {
	in, err := openIncoming(filepath.Join(root, ".incoming"))
	if err != nil {
		return nil, err
	}
	return &folder{incoming: in, root: root}, nil
}

func (f *folder) path(name string) string { return filepath.Join(f.root, name[:2], name) }

// Put renames the synced temporary file to its place and syncs the folder, so that it is there
// after a power cut.
func (f *folder) Put(ctx context.Context, name string, from *Received) error {
	if err := errors.Join(checkName(name), from.usable(), ctx.Err()); err != nil {
		return err
	}
	if err := f.makeShard(name[:2]); err != nil {
		return fmt.Errorf("make the folder of file %s: %w", name, err)
	}
	path := f.path(name)
	if err := os.Rename(from.file.Name(), path); err != nil {
		return fmt.Errorf("store file %s: %w", name, err)
	}
	from.taken()
	if err := syncFolder(filepath.Dir(path)); err != nil {
		return errors.Join(fmt.Errorf("store file %s: %w", name, err), os.Remove(path))
	}
	return nil
}

// makeShard makes sure that a subfolder stands durably. Each Put syncs the root for itself until
// one has done so: a subfolder that is there may have been made a moment ago by another Put.
func (f *folder) makeShard(shard string) error {
	err := os.Mkdir(filepath.Join(f.root, shard), 0o700)
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	if _, synced := f.shards.Load(shard); synced && err != nil {
		return nil
	}
	if err := syncFolder(f.root); err != nil {
		return err
	}
	f.shards.Store(shard, struct{}{})
	return nil
}

func syncFolder(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	defer dir.Close()
	return dir.Sync()
}

// folderFile is an *os.File, so that the server can hand it to the kernel to send.
type folderFile struct {
	*os.File
	size int64
}

func (f folderFile) Size() int64 { return f.size }

// Open opens the file under a name.
func (f *folder) Open(ctx context.Context, name string) (File, error) {
	if err := errors.Join(checkName(name), ctx.Err()); err != nil {
		return nil, err
	}
	file, err := os.Open(f.path(name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("open file %s: %w", name, ErrMissing)
	}
	if err != nil {
		return nil, fmt.Errorf("open file %s: %w", name, err)
	}
	info, err := file.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = errors.New("it is no regular file")
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open file %s: %w", name, err), file.Close())
	}
	return folderFile{file, info.Size()}, nil
}

// Remove removes every name that it can, whatever becomes of the others. Why not sync: a file that
// comes back after a power cut is one that the next sweep removes.
func (f *folder) Remove(ctx context.Context, names ...string) error {
	var errs []error
	for _, name := range names {
		if err := errors.Join(checkName(name), ctx.Err()); err != nil {
			return errors.Join(append(errs, err)...)
		}
		if err := os.Remove(f.path(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, fmt.Errorf("remove file %s: %w", name, err))
		}
	}
	return errors.Join(errs...)
}

// Each lists one subfolder at a time.
func (f *folder) Each(ctx context.Context, fn func(Info) error) error {
	shards, err := os.ReadDir(f.root)
	if err != nil {
		return fmt.Errorf("list files: %w", err)
	}
	for _, shard := range shards {
		if len(shard.Name()) != 2 || !shard.IsDir() {
			continue
		}
		if err := f.eachIn(ctx, shard.Name(), fn); err != nil {
			return err
		}
	}
	return nil
}

func (f *folder) eachIn(ctx context.Context, shard string, fn func(Info) error) error {
	entries, err := os.ReadDir(filepath.Join(f.root, shard))
	if err != nil {
		return fmt.Errorf("list files: %w", err)
	}
	for _, entry := range entries {
		if err := ctx.Err(); err != nil {
			return err
		}
		if !namePattern.MatchString(entry.Name()) || entry.Name()[:2] != shard || !entry.Type().IsRegular() {
			continue
		}
		info, err := entry.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue // removed since it was listed
		}
		if err != nil {
			return fmt.Errorf("list files: %w", err)
		}
		if err := fn(Info{Name: entry.Name(), Size: info.Size(), Modified: info.ModTime()}); err != nil {
			return err
		}
	}
	return nil
}

// Check writes, reads and removes a small file.
func (f *folder) Check(ctx context.Context) error { return check(ctx, f) }
