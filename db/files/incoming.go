package files

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// incoming is the temporary folder of files that are being received. Each file is locked by the
// process that receives it: a file without a lock is what a dead process left. So doctor can open
// a store beside a server that is receiving.
type incoming struct{ folder string }

// openIncoming makes the folder where it is missing and empties it of what dead processes left.
func openIncoming(folder string) (*incoming, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of files being received: %w", err)
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, fmt.Errorf("list files being received: %w", err)
	}
	for _, entry := range entries {
		if namePattern.MatchString(entry.Name()) {
			removeUnlocked(filepath.Join(folder, entry.Name()))
		}
	}
	return &incoming{folder: folder}, nil
}

// removeUnlocked removes a file that no process is receiving. One that cannot be removed stays
// for the next start.
func removeUnlocked(path string) {
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return
	}
	defer file.Close()
	if syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil {
		_ = os.Remove(path)
	}
}

// create makes an empty, locked file that only this process's user can read.
func (in *incoming) create() (*os.File, error) {
	for {
		path := filepath.Join(in.folder, NewName())
		file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			return nil, err
		}
		if err := lock(file); err != nil {
			_ = os.Remove(path)
			_ = file.Close()
			return nil, fmt.Errorf("lock %s: %w", path, err)
		}
		// Another process may have taken it for a leftover before the lock stood.
		if stands(file, path) {
			return file, nil
		}
		_ = file.Close()
	}
}

func lock(file *os.File) error {
	for {
		err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX)
		if err != syscall.EINTR {
			return err
		}
	}
}

func stands(file *os.File, path string) bool {
	opened, err := file.Stat()
	if err != nil {
		return false
	}
	named, err := os.Stat(path)
	return err == nil && os.SameFile(opened, named)
}
