package main

import (
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"deskbell/handlers/handlerstest"
)

// dataOf is the data folder of a process, as it stands in the process's own file systems.
func dataOf(p *process) string {
	for _, v := range p.cmd.Env {
		if dir, ok := strings.CutPrefix(v, "DESKBELL_DATA="); ok {
			return filepath.Join("/proc", fmt.Sprint(p.cmd.Process.Pid), "root", dir)
		}
	}
	p.t.Fatal("the process has no data folder")
	return ""
}

// onSmallDisk starts the demo on a file system of its own, in a namespace that ends with the process.
func onSmallDisk(t *testing.T, size string) *process {
	t.Helper()
	if out, err := exec.Command("unshare", "-rm", "mount", "-t", "tmpfs", "none", "/mnt").CombinedOutput(); err != nil {
		t.Skipf("this machine lets nobody mount a small file system: %v %s", err, out)
	}
	dir := t.TempDir()
	return launchBy(t, func(p *process) {
		script := "mount -t tmpfs -o size=" + size + " none \"$1\" && exec \"$2\""
		unshare := exec.Command("unshare", "-rm", "sh", "-c", script, "sh", dir, binary)
		p.cmd.Path, p.cmd.Args = unshare.Path, unshare.Args
	}, dir, "DESKBELL_DEMO=1")
}

func TestA9_AFullDiskKeepsWhatIsTypedAndHealsByItself(t *testing.T) {
	t.Parallel()
	p := onSmallDisk(t, "200m")
	allowCreations(p)
	visitor := p.browser("")
	create := typed(visitor)
	create.Set("description", longText)
	filler := filepath.Join(dataOf(p), "fill")
	fill(t, filler)
	useLogUp(p)
	page := refusedForTrouble(p, visitor, create)
	withFile := visitor.PostFiles("/ticket/support", create, handlerstest.Attach{Name: "a.bin", Content: strings.Repeat("x", 1<<20)})
	withFile.Status(503).Has("Typed in trouble", "What you typed is kept")
	visitor.Get("/readyz").Status(503).Has("the disk has only 0 MB left")
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	healed(p, visitor, page)
}

// longText is more than the last room in the write-ahead log takes.
var longText = strings.Repeat("words and more ", 1000)

func allowCreations(p *process) {
	p.t.Helper()
	admin := p.signIn("admin@example.com", "deskbell-demo")
	form := admin.Get("/desk/settings/limits").Status(200).Form("/desk/settings/limits")
	form.Set("create_per_10_minutes", "10000")
	form.Set("create_per_day", "10000")
	admin.Post("/desk/settings/limits", form).Status(303)
}

// useLogUp opens tickets until nothing can be written: the write-ahead log has room of its own in a file
// that is there already.
func useLogUp(p *process) {
	p.t.Helper()
	visitor := p.browser("")
	for range 1000 {
		form := typed(visitor)
		form.Set("title", "Into the last room")
		form.Set("description", longText)
		page := visitor.Post("/ticket/support", form)
		if page.Code == 503 {
			return
		}
		page.Status(303)
	}
	p.t.Fatal("a full disk takes a thousand tickets")
}

// The system says that it could not bring a commit to the disk, as a failing disk does.
func TestK2_ACommitThatFailsOnTheDiskIsNotAcknowledged(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("strace"); err != nil {
		t.Skip("strace, which makes the disk fail, is not installed")
	}
	p := launch(t, t.TempDir(), "DESKBELL_DEMO=1")
	visitor := p.browser("")
	create := typed(visitor)
	stop := failSyncs(p)
	page := refusedForTrouble(p, visitor, create)
	visitor.Get("/readyz").Status(503).Has("the database does not write")
	stop()
	healed(p, visitor, page)
	p.stop()
	for _, v := range p.cmd.Env {
		if dir, ok := strings.CutPrefix(v, "DESKBELL_DATA="); ok {
			checkIntegrity(t, dir)
		}
	}
}

// failSyncs makes each fsync of a process fail until stop is called.
func failSyncs(p *process) (stop func()) {
	p.t.Helper()
	said := newOutput()
	tracer := exec.Command("strace", "-f", "-p", fmt.Sprint(p.cmd.Process.Pid), "-e", "trace=fsync,fdatasync", "-e", "inject=fsync,fdatasync:error=EIO")
	tracer.Stderr = said
	if err := tracer.Start(); err != nil {
		p.t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { defer close(ended); tracer.Wait() }()
	stop = func() { tracer.Process.Signal(os.Interrupt); <-ended }
	p.t.Cleanup(stop)
	attached := func() bool { return strings.Contains(said.String(), "attached") }
	until(p.t, "strace watches, or has ended", func() bool {
		select {
		case <-ended:
			return true
		default:
			return attached()
		}
	})
	if !attached() {
		p.t.Skipf("this machine lets nobody trace a process: %s", said)
	}
	return stop
}

// typed is a creation form that somebody has filled in.
func typed(visitor *handlerstest.Browser) url.Values {
	form := visitor.Get("/ticket/support").Status(200).Form("/ticket/support")
	for field, value := range map[string]string{"email": "typed@example.org", "title": "Typed in trouble", "description": "All of it."} {
		form.Set(field, value)
	}
	return form
}

// refusedForTrouble sends a form while nothing can be written: it is kept, the log says why, and pages
// are read on.
func refusedForTrouble(p *process, visitor *handlerstest.Browser, form url.Values) handlerstest.Page {
	p.t.Helper()
	page := visitor.Post("/ticket/support", form).Status(503).Has("Our storage has trouble", "Typed in trouble", "What you typed is kept")
	if page.Header.Get("Retry-After") == "" {
		p.t.Error("no Retry-After")
	}
	p.waitFor(p.logs, "the database is in trouble")
	visitor.Get("/ticket/support").Status(200)
	visitor.Get("/doc/support").Status(200)
	return page
}

// healed waits until the program is ready again by itself, and sends what was kept: one ticket of it is there.
func healed(p *process, visitor *handlerstest.Browser, kept handlerstest.Page) {
	p.t.Helper()
	until(p.t, "it is ready again", func() bool { return visitor.Get("/readyz").Code == 200 })
	visitor.Post("/ticket/support", kept.Form("/ticket/support")).Status(303)
	agent := p.signIn("agent@example.com", "deskbell-demo")
	if n := strings.Count(agent.Get("/desk").Status(200).Body, ">Typed in trouble<"); n != 1 {
		p.t.Errorf("%d tickets of it are in the inbox", n)
	}
}
