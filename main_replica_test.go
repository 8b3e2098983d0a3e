package main

import (
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// replicatedKey is the signing key of replicated installations: with a replica it comes from outside.
const replicatedKey = "a signing key that lies elsewhere 1"

// litestream is what `make bin/litestream` builds.
func litestream(t *testing.T) string {
	t.Helper()
	path, err := filepath.Abs("bin/litestream")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Fatalf("%s is missing, which keeps replicas: `make bin/litestream` builds it", path)
	}
	return path
}

// replicated are the variables of an installation with a replica.
func replicated(t *testing.T, address string) []string {
	return []string{"DESKBELL_REPLICA_URL=" + address, "DESKBELL_SECRET_KEY=" + replicatedKey, "DESKBELL_LITESTREAM=" + litestream(t)}
}

// dataFolder is a short one: the path of Litestream's socket has at most 107 letters.
func dataFolder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "deskbell-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return filepath.Join(dir, "data")
}

// loseVolume is what happens to a disk.
func loseVolume(t *testing.T, dir string) {
	t.Helper()
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
}

func TestO7_AStopCopiesEverythingAndAnEmptyVolumeGetsItBack(t *testing.T) {
	t.Parallel()
	dir, env := dataFolder(t), replicated(t, "file://"+t.TempDir())
	p := launch(t, dir, append(env, "DESKBELL_DEMO=1")...)
	if strings.Contains(p.logs.String(), "restored the database") {
		t.Error("a first start says that it restored something")
	}
	p.browser("").OpenTicket("support", "ann@example.org", "Written last")
	if code, took := p.stop(); code != 0 || took > 10*time.Second {
		t.Errorf("exit code %d after %s:\n%s", code, took, p.logs)
	}
	loseVolume(t, dir)

	p = launch(t, dir, env...)
	p.waitFor(p.logs, "restored the database from the replica")
	p.signIn("admin@example.com", "deskbell-demo").Get("/desk").Status(200).Has("Written last")
	p.stop()
	checkIntegrity(t, dir)
	p = launch(t, dir, env...) // what is there is not restored again
	if strings.Contains(p.logs.String(), "restored the database") {
		t.Error("a start on a full folder says that it restored something")
	}
}

func TestO7_KilledLitestreamTakesDeskbellWithIt(t *testing.T) {
	t.Parallel()
	dir, env := dataFolder(t), replicated(t, "file://"+t.TempDir())
	p := launch(t, dir, env...)
	p.kill()
	until(t, "nobody listens any more", func() bool {
		c, err := net.Dial("tcp", p.address)
		if err == nil {
			c.Close()
		}
		return err != nil
	})
	launch(t, dir, env...).browser("").Get("/readyz").Status(200) // the folder is free again
}

func TestO7_ABrokenReplicaStopsTheStart(t *testing.T) {
	t.Parallel()
	dir, copies := dataFolder(t), t.TempDir()
	env := replicated(t, "file://"+copies)
	launch(t, dir, env...).stop()
	loseVolume(t, dir)
	err := filepath.WalkDir(copies, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		return os.Truncate(path, 50)
	})
	if err != nil {
		t.Fatal(err)
	}
	code, out, errs := command(t, append(env, "DESKBELL_DATA="+dir, "PATH="+os.Getenv("PATH")))
	if code != 1 || !strings.Contains(errs, "DESKBELL_REPLICA_URL: the replica file://"+copies+" cannot be restored: ") || !strings.Contains(errs, "does not start without it") {
		t.Errorf("%d, %q", code, errs)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*.db*")); len(left) > 0 || strings.Contains(out, "/desk/setup/") {
		t.Errorf("it left %v and said %q", left, out)
	}
}

func TestO7_AReplicaThatCannotBeReachedStopsTheFirstStart(t *testing.T) {
	t.Parallel()
	env := append(replicated(t, "s3://bucket/db?region=us-east-1&endpoint=http://127.0.0.1:9"),
		"AWS_ACCESS_KEY_ID=key", "AWS_SECRET_ACCESS_KEY=hush-hush", "DESKBELL_DATA="+dataFolder(t), "PATH="+os.Getenv("PATH"))
	code, _, errs := command(t, env)
	if code != 1 || !strings.Contains(errs, "the replica s3://bucket/db cannot be restored: ") || strings.Contains(errs, "hush-hush") {
		t.Errorf("%d, %q", code, errs)
	}
}

func TestO7_AReplicaNeedsTheKeyFromTheEnvironment(t *testing.T) {
	t.Parallel()
	dir := stoppedDemo(t) // has a key of its own
	code, _, errs := command(t, []string{"DESKBELL_DATA=" + dir, "DESKBELL_REPLICA_URL=file:///nowhere/copies", "DESKBELL_LITESTREAM=" + litestream(t)})
	if code != 2 || !strings.Contains(errs, "DESKBELL_REPLICA_URL needs DESKBELL_SECRET_KEY") || !strings.Contains(errs, "orphan every mailed link") {
		t.Errorf("%d, %q", code, errs)
	}
}

func TestO7_WithoutLitestreamAReplicaIsRefused(t *testing.T) {
	t.Parallel()
	env := []string{"DESKBELL_DATA=" + stoppedDemo(t), "DESKBELL_REPLICA_URL=file:///nowhere/copies", "DESKBELL_SECRET_KEY=" + replicatedKey, "DESKBELL_LITESTREAM=/no/such/program"}
	code, _, errs := command(t, env)
	if code != 1 || !strings.Contains(errs, "Litestream is not there to keep it") {
		t.Errorf("%d, %q", code, errs)
	}
}

func TestO7_WithoutAReplicaTheLogSaysSoOnce(t *testing.T) {
	t.Parallel()
	p := launch(t, t.TempDir())
	p.browser("").Get("/readyz").Status(200).Has("replica: none is set")
	p.stop()
	if n := strings.Count(p.logs.String(), "no replica is set"); n != 1 {
		t.Errorf("the log says it %d times:\n%s", n, p.logs)
	}
}

func TestO7_TheAddressOfAReplicaIsCheckedAndNeverQuoted(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"bucket", "ftp://user:hush@host/x", "s3://key:hush@bucket/path", "s3://bucket", "file://", "sftp://user:hush@host", "file:///x?y=\"hush"} {
		code, _, errs := command(t, []string{"DESKBELL_REPLICA_URL=" + address})
		if code != 2 || !strings.Contains(errs, "DESKBELL_REPLICA_URL (-replica-url): write file:///") || strings.Contains(errs, "hush") {
			t.Errorf("%s: %d, %q", address, code, errs)
		}
	}
}

func TestA9_ReadinessAndDoctorTellTheReplicasAge(t *testing.T) {
	t.Parallel()
	dir, env := dataFolder(t), replicated(t, "file://"+t.TempDir())
	p := launch(t, dir, append(env, "DESKBELL_DEMO=1")...)
	probe := p.browser("")
	until(t, "the replica has everything", func() bool {
		return strings.Contains(probe.Get("/readyz").Status(200).Body, "replica: had everything 0 s ago")
	})
	p.signIn("admin@example.com", "deskbell-demo").Get("/desk/settings/status").Status(200).
		Has("Copy of the database", "follows", "It had everything", "Nobody has tried a restore yet", "not copied", "Version v0-test")
	_, report, _ := command(t, append(env, "DESKBELL_DATA="+dir), "doctor")
	if !strings.Contains(report, "ok       replica: file://") {
		t.Errorf("doctor says\n%s", report)
	}
	p.stop()
	_, report, _ = command(t, append(env, "DESKBELL_DATA="+dir), "doctor")
	if !strings.Contains(report, "warning  replica: Its age cannot be told: nothing copies the database at this moment: Litestream does not answer") {
		t.Errorf("of a stopped one doctor says\n%s", report)
	}
}

func TestO2_EachVariableMayStandInAFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, content string) string {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	p := launch(t, dir, "DESKBELL_SECRET_KEY_FILE="+write("key", replicatedKey+"\n"), "DESKBELL_LOG_FILE="+write("log", "json"))
	if !strings.HasPrefix(p.logs.String(), "{") {
		t.Errorf("the log is not JSON:\n%s", p.logs)
	}
	if _, err := os.Stat(filepath.Join(dir, "secret.key")); err == nil {
		t.Error("the key of the file did not count: another was made")
	}
	for variable, says := range map[string]string{
		"DESKBELL_LOG_FILE=/no/such/file": "DESKBELL_LOG_FILE: open /no/such/file",
		"DESKBELL_ADDR_FILE=/etc/hosts":   "DESKBELL_ADDR and DESKBELL_ADDR_FILE are both set",
	} {
		if code, _, errs := command(t, []string{variable}); code != 2 || !strings.Contains(errs, says) {
			t.Errorf("%s: %d, %q", variable, code, errs)
		}
	}
}

// A signal to Litestream, as a container's end sends it, reaches requests that are on their way.
func TestO6_AStopUnderLitestreamLetsARequestFinish(t *testing.T) {
	t.Parallel()
	dir, env := dataFolder(t), replicated(t, "file://"+t.TempDir())
	p := launch(t, dir, append(env, "DESKBELL_DEMO=1")...)
	slow := startSlowPost(p, "Finished on the way out")
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	p.waitFor(p.logs, "msg=stopping")
	slow.finish(t)
	if code := p.wait(); code != 0 {
		t.Errorf("exit code %d:\n%s", code, p.logs)
	}
	loseVolume(t, dir)
	p = launch(t, dir, env...)
	p.signIn("admin@example.com", "deskbell-demo").Get("/desk").Has("Finished on the way out")
}
