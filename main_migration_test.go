package main

import (
	"os"
	"path/filepath"
	"testing"
)

// The power fails while a start migrates: the next start goes on where the last whole migration ended, and
// nothing is half done.
func TestO8_AMigrationKilledHalfwayIsWholeAfterTheNextStart(t *testing.T) {
	t.Parallel()
	halfway, last := 0, lastVersion(t)
	for _, size := range []int64{40 << 10, 100 << 10, 200 << 10, 300 << 10, 500 << 10} {
		dir := t.TempDir()
		p := begin(t, func(*process) {}, dir)
		until(t, "it has written something", func() bool { return written(dir) >= size || ended(p) || listens(p) })
		p.kill()
		if version := versionOf(t, dir); 0 < version && version < last {
			halfway++
		}
		p = launch(t, dir)
		p.browser("").Get("/readyz").Status(200)
		p.waitFor(p.out, "/desk/setup/") // nobody is in it yet
		p.stop()
		checkIntegrity(t, dir)
		if version := versionOf(t, dir); version != last {
			t.Errorf("killed at %d bytes it is of version %d afterwards, want %d", size, version, last)
		}
	}
	if halfway == 0 {
		t.Error("no start was killed halfway")
	}
}

// lastVersion is that of a database that nothing went wrong with.
func lastVersion(t *testing.T) int {
	t.Helper()
	dir := t.TempDir()
	launch(t, dir).stop()
	return versionOf(t, dir)
}

// versionOf is the version of a database, 0 where not even that is in it.
func versionOf(t *testing.T, dir string) int {
	t.Helper()
	file := open(t, dir)
	defer file.Close()
	version := 0
	if err := file.QueryRow("select max(version_id) from goose_db_version").Scan(&version); err != nil {
		return 0
	}
	return version
}

// written is the size of a database with its log.
func written(dir string) (bytes int64) {
	paths, _ := filepath.Glob(filepath.Join(dir, "deskbell.db*")) // the pattern is one
	for _, path := range paths {
		if info, err := os.Stat(path); err == nil {
			bytes += info.Size()
		}
	}
	return bytes
}

func ended(p *process) bool {
	select {
	case <-p.ended:
		return true
	default:
		return false
	}
}

func listens(p *process) bool { return len(p.logs.lines()) > 0 }
