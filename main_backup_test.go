package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"database/sql"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/pressly/goose/v3"
)

// backUp makes a backup of a folder.
func backUp(t *testing.T, dir string, args ...string) (path, says string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "deskbell.backup")
	code, out, errs := command(t, []string{"DESKBELL_DATA=" + dir}, append([]string{"backup", path}, args...)...)
	if code != 0 || out != "" {
		t.Fatalf("exit code %d, %s%s", code, out, errs)
	}
	return path, errs
}

// restore brings a backup into a new folder.
func restore(t *testing.T, path string) (dir, says string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "data")
	code, out, errs := command(t, []string{"DESKBELL_DATA=" + dir}, "restore", path)
	if code != 0 {
		t.Fatalf("exit code %d, %s%s", code, out, errs)
	}
	return dir, out
}

func TestO7_ABackupBringsDatabaseAndFilesBackByteForByte(t *testing.T) {
	t.Parallel()
	dir := stoppedDemo(t)
	path, says := backUp(t, dir)
	if !strings.Contains(says, "The signing key is not in it") {
		t.Errorf("it says\n%s", says)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the backup's mode is %v, %v", info.Mode(), err)
	}
	back, says := restore(t, path)
	if !strings.Contains(says, "Put the signing key into "+filepath.Join(back, "secret.key")) {
		t.Errorf("the restore says\n%s", says)
	}
	if _, err := os.Stat(filepath.Join(back, "secret.key")); err == nil {
		t.Error("the backup had the signing key")
	}
	key, err := os.ReadFile(filepath.Join(dir, "secret.key"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(back, "secret.key"), key, 0o600); err != nil {
		t.Fatal(err)
	}
	well(t, back, "are named, and all are there as they came", "-deep")
	// Doctor has found all that rows name; the folder may have had bytes that none names, of a check that a stop cut off.
	was, is := sums(t, filepath.Join(dir, "files")), sums(t, filepath.Join(back, "files"))
	for line := range strings.Lines(is) {
		if !strings.Contains(was, line) {
			t.Errorf("%s was not there before", line)
		}
	}
	launch(t, back).signIn("admin@example.com", "deskbell-demo").Get("/desk").Status(200)
}

// sums is a line for each file of a folder, less what is being received.
func sums(t *testing.T, dir string) string {
	t.Helper()
	var list strings.Builder
	err := filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		fmt.Fprintf(&list, "%x %s\n", sha256.Sum256(content), strings.TrimPrefix(path, dir))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list.String()
}

func TestO7_ABackupUnderRunningWritesIsOneMoment(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	p := launch(t, dir, "DESKBELL_DEMO=1", "DESKBELL_TRUSTED_PROXIES=127.0.0.1")
	var stop, next, before atomic.Int64
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			for stop.Load() == 0 {
				if i := next.Add(1); openQuietly(p, int(i), fmt.Sprintf("Running %d.", i)) {
					before.Add(1)
				}
			}
		})
	}
	until(t, "tickets are opened", func() bool { return before.Load() > 20 })
	sure := before.Load()
	path, _ := backUp(t, dir, "-with-key")
	stop.Store(1)
	wait.Wait()
	back, _ := restore(t, path)
	well(t, back, "whole", "-deep")
	p = launch(t, back)
	n := 0
	for title := range inboxTitles(p) {
		if strings.HasPrefix(title, "Running ") {
			n++
		}
	}
	if n < int(sure) {
		t.Errorf("%d tickets are in the backup, and %d were acknowledged before it began", n, sure)
	}
}

func TestO7_ARestoreReplacesNothing(t *testing.T) {
	t.Parallel()
	dir := stoppedDemo(t)
	path, _ := backUp(t, dir)
	before := sums(t, dir)
	code, _, errs := command(t, []string{"DESKBELL_DATA=" + dir}, "restore", path)
	if code != 1 || !strings.Contains(errs, "it is not empty, and a restore replaces nothing") {
		t.Errorf("%d, %q", code, errs)
	}
	if sums(t, dir) != before {
		t.Error("the folder is not as it was")
	}
	if code, _, errs := command(t, []string{"DESKBELL_DATA=" + dir}, "backup", path); code != 1 || !strings.Contains(errs, "is there already") {
		t.Errorf("a second backup to the same file: %d, %q", code, errs)
	}
}

func TestO7_ADamagedBackupRestoresNothing(t *testing.T) {
	t.Parallel()
	path, _ := backUp(t, stoppedDemo(t))
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	flipped := bytes.Clone(whole)
	flipped[len(flipped)/2] ^= 0x10
	for name, content := range map[string][]byte{
		"empty": nil, "text": []byte("no backup at all"), "half": whole[:len(whole)/2], "without its last bytes": whole[:len(whole)-5], "a bit": flipped,
	} {
		refuses(t, name, content)
	}
}

// refuses wants a backup to be refused as damaged, and nothing to be left of it.
func refuses(t *testing.T, name string, content []byte) {
	t.Helper()
	path, dir := filepath.Join(t.TempDir(), "backup"), filepath.Join(t.TempDir(), "data")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	code, _, errs := command(t, []string{"DESKBELL_DATA=" + dir}, "restore", path)
	if code != 1 || !strings.Contains(errs, "the backup is damaged or cut off") {
		t.Errorf("%s: %d, %q", name, code, errs)
	}
	for path, size := range kept(t, dir) {
		if filepath.Base(path) != "deskbell.lock" {
			t.Errorf("%s: %s of %d bytes is left", name, path, size)
		}
	}
}

// rewrite passes each entry of a backup through change, which may add entries before and after.
func rewrite(t *testing.T, path string, change func(*tar.Writer, *tar.Header, []byte)) []byte {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	packed, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	gz := gzip.NewWriter(&out)
	to, from := tar.NewWriter(gz), tar.NewReader(packed)
	for header, err := from.Next(); err == nil; header, err = from.Next() {
		content, err := io.ReadAll(from)
		if err != nil {
			t.Fatal(err)
		}
		change(to, header, content)
	}
	to.Close()
	gz.Close()
	return out.Bytes()
}

func put(to *tar.Writer, header *tar.Header, content []byte) {
	header.Size = int64(len(content))
	to.WriteHeader(header)
	to.Write(content)
}

func TestO7_ABackupThatSomebodyChangedRestoresNothing(t *testing.T) {
	t.Parallel()
	path, _ := backUp(t, stoppedDemo(t))
	for name, extra := range map[string]tar.Header{
		"a path upwards":   {Name: "../outside", Mode: 0o600},
		"one in the files": {Name: "files/../../outside", Mode: 0o600},
		"an absolute path": {Name: "/tmp/outside", Mode: 0o600},
		"a link":           {Name: "deskbell.db", Typeflag: tar.TypeSymlink, Linkname: "/etc/passwd"},
		"a hard link":      {Name: "files/AAAAAAAAAAAAAAAAAAAAAAAAAA", Typeflag: tar.TypeLink, Linkname: "/etc/passwd"},
		"another database": {Name: "deskbell.db", Mode: 0o600},
		"an unlisted file": {Name: "files/AAAAAAAAAAAAAAAAAAAAAAAAAA", Mode: 0o600},
	} {
		first := true
		refuses(t, name, rewrite(t, path, func(to *tar.Writer, header *tar.Header, content []byte) {
			put(to, header, content)
			if first {
				put(to, &extra, nil)
			}
			first = false
		}))
	}
	refuses(t, "a file less", rewrite(t, path, func(to *tar.Writer, header *tar.Header, content []byte) {
		if !strings.HasPrefix(header.Name, "files/") {
			put(to, header, content)
		}
	}))
	refuses(t, "another file", rewrite(t, path, func(to *tar.Writer, header *tar.Header, content []byte) {
		if strings.HasPrefix(header.Name, "files/") {
			content = append(content, '!')
		}
		put(to, header, content)
	}))
}

func TestO7_ARestoreIsProvenAndNoted(t *testing.T) {
	t.Parallel()
	dir, env := dataFolder(t), replicated(t, "file://"+t.TempDir())
	p := launch(t, dir, append(env, "DESKBELL_DEMO=1")...)
	p.browser("").OpenTicket("support", "now@example.org", "A moment ago")
	code, out, errs := command(t, append(env, "DESKBELL_DATA="+dir), "restore", "-prove")
	if code != 0 || !strings.Contains(out, "Restored 11 tickets from file://") || !strings.Contains(out, "all are there") {
		t.Errorf("%d\n%s%s", code, out, errs)
	}
	p.signIn("admin@example.com", "deskbell-demo").Get("/desk/settings/status").Has("proven", "11 tickets from file://", "were restored in").HasNot("Nobody has tried")
	_, report, _ := command(t, append(env, "DESKBELL_DATA="+dir), "doctor")
	if !strings.Contains(report, "ok       proven restore: 11 tickets from file://") {
		t.Errorf("doctor says\n%s", report)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, ".proof-*")); len(left) > 0 {
		t.Errorf("the proof left %v", left)
	}
	path, _ := backUp(t, dir)
	code, out, errs = command(t, append(env, "DESKBELL_DATA="+dir), "restore", path, "-prove")
	if code != 0 || !strings.Contains(out, "Restored 11 tickets from a backup") {
		t.Errorf("of a backup: %d\n%s%s", code, out, errs)
	}
	if err := os.Remove(stored(t, dir, false)); err != nil {
		t.Fatal(err)
	}
	code, out, _ = command(t, append(env, "DESKBELL_DATA="+dir), "restore", "-prove")
	if code != 1 || !strings.Contains(out, "are missing") {
		t.Errorf("with a file lost: %d\n%s", code, out)
	}
}

func TestO8_BeforeAMigrationTheDatabaseIsCopiedAndTheLastTwoCopiesStay(t *testing.T) {
	t.Parallel()
	const oldVersion = 20
	dir := t.TempDir()
	launch(t, dir).stop()
	if left, _ := filepath.Glob(filepath.Join(dir, "deskbell-before-*")); len(left) > 0 {
		t.Errorf("a first start left %v", left)
	}
	var version int
	if err := open(t, dir).QueryRow("select max(version_id) from goose_db_version").Scan(&version); err != nil {
		t.Fatal(err)
	}
	dir = t.TempDir()
	databaseOf(t, dir, oldVersion)
	for _, old := range []string{"00001", "00002", "00003"} {
		if err := os.WriteFile(filepath.Join(dir, "deskbell-before-"+old+".db"), []byte("old"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	p := launch(t, dir, "DESKBELL_SECRET_KEY=a key of enough bytes for a test")
	p.browser("").Get("/readyz").Status(200)
	p.stop()
	left, err := filepath.Glob(filepath.Join(dir, "deskbell-before-*"))
	want := filepath.Join(dir, fmt.Sprintf("deskbell-before-%05d.db", version))
	if err != nil || len(left) != 2 || left[1] != want || filepath.Base(left[0]) != "deskbell-before-00003.db" {
		t.Fatalf("there are %v, want %s and the newest old one: %v", left, want, err)
	}
	before := t.TempDir()
	if err := os.Rename(want, filepath.Join(before, "deskbell.db")); err != nil {
		t.Fatal(err)
	}
	checkIntegrity(t, before)
	has := 0
	if err := open(t, before).QueryRow("select max(version_id) from goose_db_version").Scan(&has); err != nil || has != oldVersion {
		t.Errorf("the copy is of version %d, %v", has, err)
	}
}

// databaseOf makes the database of an older version in a folder.
func databaseOf(t *testing.T, dir string, version int64) {
	t.Helper()
	file, err := sql.Open("sqlite3", filepath.Join(dir, "deskbell.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	provider, err := goose.NewProvider(goose.DialectSQLite3, file, os.DirFS("db/migrations"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := provider.UpTo(t.Context(), version); err != nil {
		t.Fatal(err)
	}
}

func TestO7_HealthSaysWhetherTheServerAnswers(t *testing.T) {
	t.Parallel()
	p := launch(t, t.TempDir())
	if code, out, errs := command(t, []string{"DESKBELL_ADDR=" + p.address}, "health"); code != 0 || out != "up\n" {
		t.Errorf("%d, %q, %q", code, out, errs)
	}
	p.stop()
	if code, _, errs := command(t, []string{"DESKBELL_ADDR=" + p.address}, "health"); code != 1 || !strings.Contains(errs, "deskbell does not answer") {
		t.Errorf("of a stopped one: %d, %q", code, errs)
	}
}

// An installer copies a volume while Deskbell writes to it, and calls these two before and after.
func TestO7_TheHooksMakeACopiedVolumeConsistent(t *testing.T) {
	t.Parallel()
	dir := stoppedDemo(t)
	hook := func(name string) {
		t.Helper()
		path, err := filepath.Abs(filepath.Join("hooks", name))
		if err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(path)
		cmd.Env = []string{"DESKBELL_DATA=" + dir, "PATH=" + filepath.Dir(binary) + ":" + os.Getenv("PATH")}
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", name, err, out)
		}
	}
	hook("post-restore") // of a volume without a copy it does nothing
	hook("pre-backup")
	hook("pre-backup") // each day
	for _, torn := range []string{"deskbell.db", "deskbell.db-wal"} {
		if err := os.WriteFile(filepath.Join(dir, torn), []byte("torn"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	hook("post-restore")
	well(t, dir, "whole", "-deep")
}
