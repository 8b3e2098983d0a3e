package db

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

func TestO1_ALookAtADatabaseWritesNothing(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "deskbell.db")
	if looking, err := OpenReadOnly(t.Context(), path, nil); err == nil {
		t.Errorf("a database that is not there was opened: %v", looking.Close())
	}
	served, err := Open(t.Context(), path, nil)
	if err != nil {
		t.Fatal(err)
	}
	look := func(files int) {
		t.Helper()
		looking, err := OpenReadOnly(t.Context(), path, nil)
		if err != nil {
			t.Fatal(err)
		}
		if has, knows, err := looking.Versions(t.Context()); err != nil || has == 0 || has != knows {
			t.Errorf("version %d of %d, %v", has, knows, err)
		}
		if faults, err := looking.Faults(t.Context()); err != nil || len(faults) > 0 {
			t.Errorf("%q, %v", faults, err)
		}
		if err := looking.CheckWrites(t.Context()); !errors.Is(err, errReadOnly) {
			t.Errorf("a write gave %v", err)
		}
		if err := looking.Close(); err != nil {
			t.Error(err)
		}
		if list, err := os.ReadDir(filepath.Dir(path)); err != nil || len(list) != files {
			t.Errorf("the folder has %v, %v", list, err)
		}
	}
	look(3) // with the log and its index
	if err := served.CheckWrites(t.Context()); err != nil {
		t.Errorf("the server writes no more: %v", err)
	}
	if err := served.Close(); err != nil {
		t.Fatal(err)
	}
	look(1)
}
