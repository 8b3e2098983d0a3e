package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"deskbell/db/model"
	"deskbell/handlers/handlerstest"
)

func TestK2_KilledBetweenCommitAndSendNoMailIsLost(t *testing.T) {
	t.Parallel()
	dir, box := t.TempDir(), handlerstest.NewMailbox(t)
	release, reached := make(chan struct{}), make(chan struct{}, 1)
	t.Cleanup(func() { close(release) })
	box.Arrived = func(handlerstest.Received) error { // the mail is kept, and the answer never goes out
		reached <- struct{}{}
		<-release
		return nil
	}
	p := launch(t, dir, "DESKBELL_DEMO=1")
	p.stop()
	p = launch(t, dir, "DESKBELL_SMTP_URL=smtp://"+box.Address)
	p.browser("").OpenTicket("support", "first@example.org", "Cut off")
	<-reached
	const tickets = 4        // and the first are as many as one client may open
	for i := range tickets { // committed while the server hangs
		p.browser("").OpenTicket("support", fmt.Sprintf("p%d@example.org", i), fmt.Sprint("Crash ", i))
	}
	p.kill()

	kept := box.Mails("")
	if len(kept) != 1 {
		t.Fatalf("%d mails had arrived, want one", len(kept))
	}
	working := handlerstest.NewMailbox(t)
	arrived := make(chan handlerstest.Received, 1000)
	working.Arrived = func(r handlerstest.Received) error { arrived <- r; return nil }
	p = launch(t, dir, "DESKBELL_SMTP_URL=smtp://"+working.Address)
	for i := range tickets {
		next(p, arrived, fmt.Sprintf("p%d@example.org", i))
	}
	admin := p.signIn("admin@example.com", "deskbell-demo")
	until(t, "the outbox is empty", func() bool { return nothingWaits(admin) })
	times := map[string]int{}
	for _, m := range working.Mails("") {
		times[m.Header.Get("Message-Id")]++
	}
	for id, n := range times {
		if n != 1 {
			t.Errorf("%s was sent %d times", id, n)
		}
	}
	if id := kept[0].Header.Get("Message-Id"); times[id] != 1 {
		t.Errorf("the mail that was cut off, %s, was sent again %d times, want once", id, times[id])
	}
}

// Nobody can tell a mail that the server took, before the program could write that down, from one that it
// did not take. It is sent again, and not without end.
func TestK2_KilledEachTimeTheServerHasTakenItAMailIsSentABoundedNumberOfTimes(t *testing.T) {
	t.Parallel()
	dir, box := t.TempDir(), handlerstest.NewMailbox(t)
	release, reached := make(chan struct{}), make(chan struct{}, 1)
	t.Cleanup(func() { close(release) })
	box.Arrived = func(r handlerstest.Received) error {
		if r.To == "poison@example.org" { // kept, and the answer never goes out
			reached <- struct{}{}
			<-release
		}
		return nil
	}
	p := launch(t, dir, "DESKBELL_DEMO=1")
	p.browser("").OpenTicket("support", "poison@example.org", "Taken each time")
	p.stop()
	for range model.MailAttempts {
		p = launch(t, dir, "DESKBELL_SMTP_URL=smtp://"+box.Address)
		<-reached
		p.kill()
	}
	p = launch(t, dir, "DESKBELL_SMTP_URL=smtp://"+box.Address)
	admin := p.signIn("admin@example.com", "deskbell-demo")
	until(t, "the outbox is empty", func() bool { return nothingWaits(admin) })
	admin.Get("/desk/outbox").Has("Given up", "Deskbell ended each time before the mail server had answered.")
	kept, ids := box.Mails("poison@example.org"), map[string]bool{}
	for _, m := range kept {
		ids[m.Header.Get("Message-Id")] = true
	}
	if len(kept) != model.MailAttempts || len(ids) != 1 {
		t.Errorf("%d mails of %d ids arrived, want %d of one", len(kept), len(ids), model.MailAttempts)
	}
}

// nothingWaits says whether the outbox holds no mail that still has to go.
func nothingWaits(admin *handlerstest.Browser) bool {
	return !strings.Contains(admin.Get("/desk/outbox").Status(200).Body, "badge--queued")
}

func TestK2_KilledUnderLoadEachAcknowledgedTicketIsThere(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	p := launch(t, dir, "DESKBELL_DEMO=1", "DESKBELL_TRUSTED_PROXIES=127.0.0.1")
	const tickets, clients, killAfter = 200, 8, 100
	var acknowledged sync.Map
	var done, next atomic.Int64
	var wait sync.WaitGroup
	for range clients {
		wait.Go(func() {
			for {
				i := next.Add(1)
				if i > tickets {
					return
				}
				title := fmt.Sprintf("Load %d.", i)
				if !openQuietly(p, int(i), title) {
					continue // no answer, no promise
				}
				acknowledged.Store(title, true)
				if done.Add(1) == killAfter {
					p.cmd.Process.Kill()
				}
			}
		})
	}
	wait.Wait()
	<-p.ended
	checkIntegrity(t, dir)
	p = launch(t, dir)
	there := inboxTitles(p)
	n := 0
	acknowledged.Range(func(title, _ any) bool {
		if n++; !there[title.(string)] {
			t.Errorf("%s was acknowledged and is lost", title)
		}
		return true
	})
	if n < killAfter || n == tickets {
		t.Errorf("%d tickets were acknowledged; the kill came at %d", n, killAfter)
	}
	p.browser("").OpenTicket("support", "after@example.org", "After the crash")
}

// openQuietly opens a ticket from an address of its own and says whether the program took it.
func openQuietly(p *process, client int, title string) bool {
	jar, _ := cookiejar.New(nil) // its error is always nil
	browser := &http.Client{Jar: jar, Timeout: patience, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	defer browser.CloseIdleConnections()
	target := "http://" + p.address + "/ticket/support"
	do := func(method string, form url.Values) (int, string) {
		r, err := http.NewRequest(method, target, strings.NewReader(form.Encode()))
		if err != nil {
			return 0, ""
		}
		r.Host = "localhost"
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("X-Forwarded-For", fmt.Sprintf("10.1.%d.%d", client/250, client%250+1))
		answer, err := browser.Do(r)
		if err != nil {
			return 0, ""
		}
		defer answer.Body.Close()
		body, err := io.ReadAll(answer.Body)
		if err != nil {
			return 0, ""
		}
		return answer.StatusCode, string(body)
	}
	_, page := do(http.MethodGet, nil)
	key := regexp.MustCompile(`name="form_key" value="([^"]+)"`).FindStringSubmatch(page)
	if key == nil {
		return false
	}
	code, _ := do(http.MethodPost, url.Values{"form_key": {key[1]}, "email": {fmt.Sprintf("c%d@example.org", client)},
		"title": {title}, "description": {"Under load."}, "type": {"question"}})
	return code == http.StatusSeeOther
}

var (
	titleLink = regexp.MustCompile(`class="table__title"[^>]*>([^<]+)<`)
	olderLink = regexp.MustCompile(`rel="next" href="([^"]+)"`)
)

// inboxTitles reads the whole inbox, page after page.
func inboxTitles(p *process) map[string]bool {
	agent, titles := p.signIn("agent@example.com", "deskbell-demo"), map[string]bool{}
	for path := "/desk"; path != ""; {
		page := agent.Get(path).Status(200).Body
		for _, found := range titleLink.FindAllStringSubmatch(page, -1) {
			titles[found[1]] = true
		}
		path = ""
		if older := olderLink.FindStringSubmatch(page); older != nil {
			path = strings.ReplaceAll(older[1], "&amp;", "&")
		}
	}
	return titles
}

func TestA9_ReadinessFollowsTheDisk(t *testing.T) {
	t.Parallel()
	p := launch(t, t.TempDir())
	p.browser("").Get("/up").Status(200).Has("up")
	p.browser("").Get("/readyz").Status(200).Has("ready")

	// A folder on a file system of its own, in a namespace that ends with the process.
	if out, err := exec.Command("unshare", "-rm", "mount", "-t", "tmpfs", "none", "/mnt").CombinedOutput(); err != nil {
		t.Skipf("this machine lets nobody mount a small file system: %v %s", err, out)
	}
	small := func(size string) *process {
		dir := t.TempDir()
		return launchBy(t, func(p *process) {
			script := "mount -t tmpfs -o size=" + size + " none \"$1\" && exec \"$2\""
			unshare := exec.Command("unshare", "-rm", "sh", "-c", script, "sh", dir, binary)
			p.cmd.Path, p.cmd.Args = unshare.Path, unshare.Args
		}, dir)
	}
	small("200m").browser("").Get("/readyz").Status(200)
	small("40m").browser("").Get("/readyz").Status(503).Has("the disk has only", "MB left").HasNot("does not write")

	p = small("200m")
	dir := ""
	for _, v := range p.cmd.Env {
		if value, ok := strings.CutPrefix(v, "DESKBELL_DATA="); ok {
			dir = value
		}
	}
	filler := filepath.Join("/proc", fmt.Sprint(p.cmd.Process.Pid), "root", dir, "fill")
	fill(t, filler)
	probe := p.browser("")
	probe.Get("/readyz").Status(503).Has("the database does not write", "the disk has only 0 MB left")
	probe.Get("/up").Status(200)
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	until(t, "it is ready again", func() bool { return probe.Get("/readyz").Code == 200 })
}

// fill writes a file until its disk is full.
func fill(t *testing.T, path string) {
	t.Helper()
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for err == nil {
		_, err = file.Write(make([]byte, 1<<20))
	}
	if pathErr, ok := err.(*os.PathError); !ok || pathErr.Err != syscall.ENOSPC {
		t.Fatal(err)
	}
}
