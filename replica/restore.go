package replica

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Restore brings the database back where the data folder has none and a replica exists, and says whether
// it did. No replica yet is no error: that is a first start. A replica that cannot be read is one: an
// empty database would take its place.
func (r Replica) Restore(ctx context.Context) (restored bool, err error) {
	_, err = os.Stat(r.database())
	if err == nil || !errors.Is(err, fs.ErrNotExist) {
		return false, err
	}
	if _, err := os.Stat(r.database() + "-wal"); err == nil {
		return false, fmt.Errorf("%s-wal lies there without its database: move it away, and keep it", r.database())
	}
	// What Litestream noted about a database that is gone would not fit the one that comes.
	if err := os.RemoveAll(filepath.Join(r.Data, ".deskbell.db-litestream")); err != nil {
		return false, err
	}
	return r.RestoreTo(ctx, r.database())
}

// RestoreTo writes the newest state of the replica to path, checked by SQLite, whole or not at all. It
// says false where there is no replica.
func (r Replica) RestoreTo(ctx context.Context, path string) (bool, error) {
	part := path + ".restoring"
	if err := removeDatabase(part); err != nil { // of a restore that was cut off
		return false, err
	}
	if err := r.writeConfig(); err != nil {
		return false, err
	}
	cmd := exec.CommandContext(ctx, r.Program, "restore", "-config", r.config(), "-if-replica-exists",
		"-integrity-check", "full", "-o", part, r.database())
	cmd.Env = r.environment()
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Run(); err != nil {
		return false, errors.Join(fmt.Errorf("the replica %s cannot be restored: %s", Where(r.URL), reason(&said, err)), removeDatabase(part))
	}
	if _, err := os.Stat(part); errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return true, errors.Join(syncPath(part), os.Rename(part, path), syncPath(filepath.Dir(path)))
}

// reason is the last line that Litestream wrote.
func reason(said *bytes.Buffer, err error) string {
	last := err.Error()
	for s := bufio.NewScanner(said); s.Scan(); {
		if line := strings.TrimSpace(s.Text()); line != "" {
			last = line
		}
	}
	return last
}

func removeDatabase(path string) error {
	var errs []error
	for _, end := range []string{"", "-wal", "-shm", ".tmp"} {
		if err := os.Remove(path + end); err != nil && !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// syncPath makes a file, or the names in a folder, durable.
func syncPath(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(file.Sync(), file.Close())
}
