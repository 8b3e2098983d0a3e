package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"deskbell/db/files/filestest"
	"deskbell/handlers/handlerstest"
	"deskbell/replica"
)

// drillTime is for how long the load runs before and again after the last sync that the drill waits for;
// DESKBELL_DRILL makes it longer (`make drill`).
func drillTime(t *testing.T) time.Duration {
	text := os.Getenv("DESKBELL_DRILL")
	if text == "" {
		return 3 * time.Second
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		t.Fatalf("DESKBELL_DRILL: %v", err)
	}
	return d
}

// longestWindow is how much may be lost: the two intervals of Litestream of a second each, and what a busy
// machine takes to send.
const longestWindow = 10 * time.Second

// The drill: everything is killed under load and the disk is lost; the replica and the bucket bring it back.
func TestO7_DrillAfterAPowerCutAndALostDiskTheReplicaHasEverythingThatWasSynced(t *testing.T) {
	box := handlerstest.NewMailbox(t)
	bucket, err := url.Parse(filestest.S3(t))
	if err != nil {
		t.Fatal(err)
	}
	env := drillEnv(t, bucket, box.Address)
	dir := dataFolder(t)
	p := launchBy(t, func(p *process) { p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }, dir, env...)
	lift(p)

	load := &drillLoad{}
	stop := load.begin(p)
	pause(t, drillTime(t))
	synced := time.Now() // what was acknowledged before must come back
	copier := replica.Replica{Data: dir}
	if err := copier.Sync(context.Background()); err != nil {
		t.Fatal(err)
	}
	took := time.Since(synced)
	pause(t, drillTime(t))
	killed := time.Now()
	if err := syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	stop()
	<-p.ended
	loseVolume(t, dir)

	began := time.Now()
	p = launch(t, dir, env...)
	back := time.Since(began)
	p.waitFor(p.logs, "restored the database from the replica")
	written := load.check(t, p, box, synced, killed)
	p.stop()
	checkIntegrity(t, dir)
	code, report, errs := command(t, append(env, "DESKBELL_DATA="+dir), "doctor", "-deep")
	if code != 0 || !strings.Contains(report, "all are there as they came") {
		t.Errorf("doctor ends with %d:\n%s%s", code, report, errs)
	}
	t.Logf("\nacknowledged: %d tickets, each with a file\nwaiting for a sync took %s\nlost window: %.1f s, %d tickets\nrestored and serving after %s",
		written.all, took.Round(time.Millisecond), written.window.Seconds(), written.lost, back.Round(time.Millisecond))
}

// drillEnv are the variables of an installation whose database and files are in one bucket.
func drillEnv(t *testing.T, bucket *url.URL, mailServer string) []string {
	secret, _ := bucket.User.Password()
	at := func(path string) string {
		return (&url.URL{Scheme: "s3", Host: bucket.Host, Path: path, RawQuery: bucket.RawQuery}).String()
	}
	return append(replicated(t, at("/replica")), "DESKBELL_FILES_URL="+at("/files"), "DESKBELL_DEMO=1",
		"AWS_ACCESS_KEY_ID="+bucket.User.Username(), "AWS_SECRET_ACCESS_KEY="+secret,
		"DESKBELL_SMTP_URL=smtp://"+mailServer, "DESKBELL_TRUSTED_PROXIES=127.0.0.1")
}

// pause lets the load run: the time is what the drill is about.
func pause(t *testing.T, d time.Duration) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), d)
	defer cancel()
	<-ctx.Done()
}

// drillLoad is clients that open tickets with a file, and what they were told.
type drillLoad struct {
	next  atomic.Int64
	mu    sync.Mutex
	known []drillTicket
}

// drillTicket is one that was acknowledged.
type drillTicket struct {
	title, address string
	sum            [sha256.Size]byte
	at             time.Time // before its answer was read
}

// begin lets the clients loose, and returns what ends them.
func (l *drillLoad) begin(p *process) (stop func()) {
	var ended atomic.Bool
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			for !ended.Load() {
				l.open(p, int(l.next.Add(1)))
			}
		})
	}
	return func() { ended.Store(true); wait.Wait() }
}

func (l *drillLoad) open(p *process, client int) {
	content := make([]byte, 2000+rand.IntN(20_000))
	for i := range content {
		content[i] = byte(rand.Uint32())
	}
	ticket := drillTicket{title: fmt.Sprintf("Drill %d.", client), address: fmt.Sprintf("drill%d@example.org", client), sum: sha256.Sum256(content)}
	if !openWithFile(p, client, ticket, content) {
		return // no answer, no promise
	}
	ticket.at = time.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.known = append(l.known, ticket)
}

// openWithFile opens a ticket from an address of its own, and says whether the program took it.
func openWithFile(p *process, client int, ticket drillTicket, content []byte) bool {
	jar, _ := cookiejar.New(nil) // its error is always nil
	browser := &http.Client{Jar: jar, Timeout: patience, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	defer browser.CloseIdleConnections()
	do := func(method string, body []byte, contentType string) (int, string) {
		r, err := http.NewRequest(method, "http://"+p.address+"/ticket/support", bytes.NewReader(body))
		if err != nil {
			return 0, ""
		}
		r.Host = "localhost"
		r.Header.Set("Content-Type", contentType)
		r.Header.Set("X-Forwarded-For", fmt.Sprintf("10.2.%d.%d", client/250, client%250+1))
		answer, err := browser.Do(r)
		if err != nil {
			return 0, ""
		}
		defer answer.Body.Close()
		page, err := io.ReadAll(answer.Body)
		if err != nil {
			return 0, ""
		}
		return answer.StatusCode, string(page)
	}
	_, page := do(http.MethodGet, nil, "")
	key := regexp.MustCompile(`name="form_key" value="([^"]+)"`).FindStringSubmatch(page)
	if key == nil {
		return false
	}
	body, contentType := handlerstest.Multipart(url.Values{"form_key": {key[1]}, "email": {ticket.address}, "title": {ticket.title},
		"description": {"Before the power cut."}, "type": {"question"}}, handlerstest.Attach{Name: "drill.bin", Content: string(content)})
	code, _ := do(http.MethodPost, body, contentType)
	return code == http.StatusSeeOther
}

// drillFigures is what came of a load.
type drillFigures struct {
	all, lost int
	window    time.Duration // before the kill; what was acknowledged before it is there
}

// check looks for every ticket, and opens the mailed links of those that are there.
func (l *drillLoad) check(t *testing.T, p *process, box *handlerstest.Mailbox, synced, killed time.Time) drillFigures {
	t.Helper()
	there := inboxTitles(p)
	figures := drillFigures{all: len(l.known)}
	opened := 0
	for _, ticket := range l.known {
		if there[ticket.title] {
			opened += opens(t, p, box, ticket)
			continue
		}
		figures.lost++
		figures.window = max(figures.window, killed.Sub(ticket.at))
		if ticket.at.Before(synced) {
			t.Errorf("%s was acknowledged %s before the sync, and is lost", ticket.title, synced.Sub(ticket.at))
		}
	}
	early := slices.IndexFunc(l.known, func(k drillTicket) bool { return k.at.Before(synced) })
	if early < 0 || opened == 0 {
		t.Errorf("the drill tried nothing: %d tickets, %d mailed links", figures.all, opened)
	}
	if figures.window > longestWindow {
		t.Errorf("what was written in the last %s is lost", figures.window)
	}
	return figures
}

// opens follows the link that was mailed before the power cut to the thread and to its file, and counts it.
func opens(t *testing.T, p *process, box *handlerstest.Mailbox, ticket drillTicket) int {
	t.Helper()
	mails := box.Mails(ticket.address)
	if len(mails) == 0 {
		return 0 // it waited in the outbox
	}
	visitor := p.browser("")
	page := visitor.Get(mails[0].Link(t, "/ticket/thread/")).Status(200).Has(ticket.title)
	links := page.Links("/ticket/thread/", "")
	at := slices.IndexFunc(links, func(s string) bool { return strings.Contains(s, "/attachments/") })
	if at < 0 {
		t.Errorf("the thread of %s has no file", ticket.title)
		return 1
	}
	if sum := sha256.Sum256([]byte(visitor.Get(links[at]).Status(200).Body)); sum != ticket.sum {
		t.Errorf("the file of %s is not as it was sent", ticket.title)
	}
	return 1
}
