package main

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"deskbell/db/files"
)

// stoppedDemo is the folder of a demo that was stopped clean: a copy of one that is made once.
func stoppedDemo(t *testing.T) string {
	t.Helper()
	made := demoOnce(t)
	dir := filepath.Join(t.TempDir(), "data")
	if err := os.CopyFS(dir, os.DirFS(made)); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"", "secret.key"} { // CopyFS lets everybody read
		if err := os.Chmod(filepath.Join(dir, name), map[bool]fs.FileMode{true: 0o700, false: 0o600}[name == ""]); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

var demo struct {
	once sync.Once
	dir  string
}

func demoOnce(t *testing.T) string {
	t.Helper()
	demo.once.Do(func() {
		dir, err := os.MkdirTemp(filepath.Dir(binary), "demo-") // removed with the binary
		if err != nil {
			t.Fatal(err)
		}
		launch(t, dir, "DESKBELL_DEMO=1").stop()
		demo.dir = dir
	})
	if demo.dir == "" {
		t.Fatal("another test could not make the demo")
	}
	return demo.dir
}

// examine runs the program's doctor on a folder.
func examine(t *testing.T, dir string, args ...string) (code int, report string) {
	t.Helper()
	code, out, errs := command(t, []string{"DESKBELL_DATA=" + dir}, append([]string{"doctor"}, args...)...)
	if (errs != "") != (code != 0) || strings.Contains(out, "problem  ") != (code != 0) {
		t.Errorf("exit code %d with\n%s%s", code, out, errs)
	}
	return code, out
}

// ill wants the doctor to find a problem and to say so.
func ill(t *testing.T, dir, says string, args ...string) {
	t.Helper()
	if code, report := examine(t, dir, args...); code != 1 || !strings.Contains(report, says) {
		t.Errorf("exit code %d, and no %q in\n%s", code, says, report)
	}
}

// well wants it to find no problem, and to say this as well.
func well(t *testing.T, dir, says string, args ...string) {
	t.Helper()
	if code, report := examine(t, dir, args...); code != 0 || !strings.Contains(report, says) {
		t.Errorf("exit code %d, and no %q in\n%s", code, says, report)
	}
}

// kept is the path and the size of every file in a folder.
func kept(t *testing.T, dir string) map[string]int64 {
	t.Helper()
	list := map[string]int64{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		list[path] = info.Size()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// stored is the path of a stored file of the demo: a preview, or one without a preview's name.
func stored(t *testing.T, dir string, preview bool) string {
	t.Helper()
	for _, path := range slices.Sorted(maps.Keys(kept(t, filepath.Join(dir, "files")))) {
		if strings.HasSuffix(path, "-p") == preview {
			return path
		}
	}
	t.Fatal("the demo has no such file")
	return ""
}

func TestO1_DoctorFindsAHealthyFolderWellAndLeavesItAsItIs(t *testing.T) {
	t.Parallel()
	dir := stoppedDemo(t)
	before := kept(t, dir)
	for _, args := range [][]string{nil, {"-deep"}} {
		code, report := examine(t, dir, args...)
		if code != 0 {
			t.Errorf("exit code %d", code)
		}
		if deep := len(args) > 0; strings.Contains(report, "ok       numbers: ") != deep {
			t.Errorf("a deep look is the one that counts the numbers:\n%s", report)
		}
		for _, check := range []string{"address", "data folder", "disk", "signing key", "database", "store", "files", "leftovers"} {
			if !strings.Contains(report, "ok       "+check+": ") {
				t.Errorf("%s is not ok in\n%s", check, report)
			}
		}
	}
	if after := kept(t, dir); !maps.Equal(before, after) {
		t.Errorf("the files were\n%v\nand are\n%v", before, after)
	}
}

func TestO1_DoctorFindsANumberThatIsNotWhatTheTicketsSay(t *testing.T) {
	t.Parallel()
	dir := stoppedDemo(t)
	data := open(t, dir)
	if _, err := data.Exec(`update daily_tickets set opened = opened + 1 where opened > 0`); err != nil {
		t.Fatal(err)
	}
	if err := data.Close(); err != nil {
		t.Fatal(err)
	}
	if _, report := examine(t, dir, "-deep"); !strings.Contains(report, "warning  numbers: ") {
		t.Errorf("nothing is said of it in\n%s", report)
	}
}

func TestO1_DoctorLooksBesideARunningServer(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	p := launch(t, dir, "DESKBELL_DEMO=1")
	p.browser("").OpenTicket("support", "new@example.org", "In the log of the database alone")
	well(t, dir, "ok       database: Version ", "-deep")
	p.browser("").OpenTicket("support", "new@example.org", "Written after the doctor looked")
	p.stop()
	well(t, dir, "ok       leftovers: ")
}

func TestO1_DoctorLooksAtAFolderAfterACrash(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	p := launch(t, dir, "DESKBELL_DEMO=1")
	p.kill()
	well(t, dir, "ok       database: Version ")
}

func TestO1_DoctorFindsFilesThatAreLostOrChanged(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		preview bool
		harm    func(path string) error
		says    string
	}{
		"bytes gone":    {false, os.Remove, "problem  files: 1 of the files that rows name are missing: "},
		"truncated":     {false, func(path string) error { return os.Truncate(path, 10) }, "problem  files: 1 of the files are not as they came: "},
		"preview gone":  {true, os.Remove, "problem  files: 1 of the pictures have lost their preview: "},
		"preview empty": {true, func(path string) error { return os.Truncate(path, 0) }, "problem  files: 1 of the pictures have lost their preview: "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := stoppedDemo(t)
			path := stored(t, dir, c.preview)
			if err := c.harm(path); err != nil {
				t.Fatal(err)
			}
			ill(t, dir, c.says+strings.TrimSuffix(filepath.Base(path), "-p")+". Restore")
		})
	}
}

func TestO1_DoctorComparesAllBytesWhenAsked(t *testing.T) {
	t.Parallel()
	dir := stoppedDemo(t)
	path := stored(t, dir, false)
	bytes, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	bytes[len(bytes)/2] ^= 1
	if err := os.WriteFile(path, bytes, 0o600); err != nil {
		t.Fatal(err)
	}
	well(t, dir, "ok       files: ")
	ill(t, dir, "files are not as they came: "+filepath.Base(path), "-deep")
}

func TestO1_DoctorFindsBytesThatNoRowNames(t *testing.T) {
	t.Parallel()
	dir := stoppedDemo(t)
	name := files.NewName()
	path := filepath.Join(dir, "files", name[:2], name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("left by a crash"), 0o600); err != nil {
		t.Fatal(err)
	}
	well(t, dir, "ok       leftovers: ") // it may be on its way to a row
	old := time.Now().Add(-61 * time.Minute)
	if err := os.Chtimes(path, old, old); err != nil {
		t.Fatal(err)
	}
	well(t, dir, "warning  leftovers: 1 of the files in the store (15 bytes) have no row that names them: "+name)
	if err := os.RemoveAll(filepath.Join(dir, "files")); err != nil {
		t.Fatal(err)
	}
	ill(t, dir, "problem  store: The folder of files ")
}

func TestO1_DoctorFindsADamagedDatabase(t *testing.T) {
	t.Parallel()
	for name, harm := range map[string]func([]byte){
		"header":  func(b []byte) { copy(b, "no database at all") },
		"indexes": func(b []byte) { clear(b[len(b)/4:]) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := stoppedDemo(t)
			path := filepath.Join(dir, "deskbell.db")
			bytes, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			harm(bytes)
			if err := os.WriteFile(path, bytes, 0o600); err != nil {
				t.Fatal(err)
			}
			ill(t, dir, "problem  database: ")
		})
	}
}

func TestO1_DoctorFindsWhatTheDatabaseDoesNotFitTo(t *testing.T) {
	t.Parallel()
	for statement, says := range map[string]string{
		"insert into goose_db_version (version_id, is_applied) values (9999, 1)":                         "problem  database: It is of version 9999",
		"delete from goose_db_version where version_id = (select max(version_id) from goose_db_version)": "warning  database: It is of version ",
		"delete from projects where public_id = 'support'":                                               "points to a missing one of projects",
		"drop table goose_db_version":                                                                    "is no database of Deskbell",
	} {
		t.Run(statement, func(t *testing.T) {
			t.Parallel()
			dir := stoppedDemo(t)
			file := open(t, dir)
			if _, err := file.Exec(statement); err != nil {
				t.Fatal(err)
			}
			file.Close()
			if strings.HasPrefix(says, "warning") {
				well(t, dir, says)
			} else {
				ill(t, dir, says)
			}
		})
	}
}

func TestO1_DoctorMakesNothingWhereNothingIs(t *testing.T) {
	t.Parallel()
	empty := t.TempDir()
	ill(t, empty, "problem  database: There is no database in ")
	if list := kept(t, empty); len(list) > 0 {
		t.Errorf("it made %v", list)
	}
	missing := filepath.Join(empty, "missing")
	ill(t, missing, "problem  data folder: There is no folder ")
	if _, err := os.Stat(missing); !os.IsNotExist(err) {
		t.Errorf("the folder is there: %v", err)
	}
	file := filepath.Join(empty, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	ill(t, file, "is no folder")
}

func TestO1_DoctorSaysWhatToChangeInTheSettings(t *testing.T) {
	t.Parallel()
	dir := stoppedDemo(t)
	well(t, dir, "warning  mail: No mail server is set")
	well(t, dir, "warning  address: Over http://desk.example.com", "-base-url", "http://desk.example.com")
	well(t, dir, "ok       address: The desk is at https://desk.example.com.", "-base-url", "https://desk.example.com")
	well(t, dir, "ok       mail: ", "-smtp-url", "smtp://mail.example.com")
	well(t, dir, "warning  signing key: DESKBELL_SECRET_KEY counts, and another key lies in", "-secret-key", strings.Repeat("k", 32))
	chmod := func(name string, mode fs.FileMode) {
		if err := os.Chmod(filepath.Join(dir, name), mode); err != nil {
			t.Fatal(err)
		}
	}
	chmod("", 0o755)
	well(t, dir, "warning  data folder: Other users")
	chmod("secret.key", 0o644)
	ill(t, dir, "problem  signing key: Other users")
	chmod("", 0o700)
	well(t, dir, "ok       signing key: ")
	if err := os.Rename(filepath.Join(dir, "secret.key"), filepath.Join(dir, "elsewhere")); err != nil {
		t.Fatal(err)
	}
	ill(t, dir, "problem  signing key: ")
	well(t, dir, "ok       signing key: It comes from DESKBELL_SECRET_KEY", "-secret-key", strings.Repeat("k", 32))
}

func TestO1_DoctorRefusesWrongUsage(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"doctor", "now"}, {"doctor", "-depp"}, {"doctor", "-log", "xml"}} {
		code, out, errs := command(t, nil, args...)
		if code != 2 || out != "" || !strings.HasPrefix(errs, "deskbell: ") {
			t.Errorf("%v: %d, %q, %q", args, code, out, errs)
		}
	}
	if code, out, _ := command(t, nil, "doctor", "--help"); code != 0 || !strings.Contains(out, "deskbell doctor [flags]") {
		t.Errorf("--help: %d, %q", code, out)
	}
}

func TestO1_DoctorTouchesNothingInAnotherUsersFolder(t *testing.T) {
	t.Parallel()
	dir := stoppedDemo(t)
	if err := os.Chown(dir, 12345, -1); err != nil {
		t.Skipf("only root can give a folder away: %v", err)
	}
	before := kept(t, dir)
	ill(t, dir, "belongs to user 12345, and this is user 0. Run doctor, and deskbell, as the user to whom it belongs.")
	if after := kept(t, dir); !maps.Equal(before, after) {
		t.Errorf("the files were\n%v\nand are\n%v", before, after)
	}
}
