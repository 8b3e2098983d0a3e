package main

import (
	"bufio"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"deskbell/handlers/handlerstest"
)

var setupLink = regexp.MustCompile(`http://localhost:\d+(/desk/setup/\S+)`)

func TestG9_AStoreThatDoesNotWorkIsSaidAtTheStart(t *testing.T) {
	t.Parallel()
	p := launch(t, t.TempDir(), "DESKBELL_FILES_URL=s3://no-such-bucket?endpoint=http://127.0.0.1:9", "AWS_ACCESS_KEY_ID=key", "AWS_SECRET_ACCESS_KEY=secret")
	p.browser("").Get("/up").Status(200)
	p.waitFor(p.logs, "files cannot be kept: look at DESKBELL_FILES_URL")
}

func TestO4_AnEmptyFolderIsSetUpOnceThroughThePrintedLink(t *testing.T) {
	t.Parallel()
	p := launch(t, t.TempDir())
	p.waitFor(p.out, "/desk/setup/")
	link := setupLink.FindStringSubmatch(p.out.String())
	if link == nil {
		t.Fatalf("no link in %s", p.out)
	}
	path, admin := link[1], p.browser("")
	admin.Get(path[:len(path)-4] + "AAAA").Status(404)
	form := admin.Get(path).Status(200).Form(path)
	admin.Post(path, form).Status(422).Has("Enter your team’s name")
	for field, value := range map[string]string{"workspace": "Umbrella", "project": "Umbrella Help", "name": "Ada",
		"email": "ada@example.org", "password": "correct horse"} {
		form.Set(field, value)
	}
	form.Set("public_id", "thread")
	admin.Post(path, form).Status(422).Has("This word is taken by other pages.")
	form.Set("public_id", "help")
	steps := admin.Follow(admin.Post(path, form)).Status(200).Has("Welcome", "First steps", "/ticket/help", "Answer the sample ticket", "DESKBELL_SMTP_URL")
	admin.Get(steps.Links("/desk/tickets/", "")[0]).Status(200).Has("Sample: how do I answer a ticket?", "ada@example.org")
	p.browser("").Get(path).Status(410)
	p.browser("").Post(path, form).Status(410)
	p.signIn("ada@example.org", "correct horse").Get("/desk").Status(200).Has("Umbrella")
	p.browser("").Get("/ticket/help").Status(200).Has("Umbrella Help")
	if strings.Contains(p.logs.String(), path) {
		t.Error("the log carries the link's token")
	}
}

func TestO5_TheLogOfAJourneyTellsNoSecretAndNoWord(t *testing.T) {
	t.Parallel()
	for _, form := range []string{"text", "json"} {
		t.Run(form, func(t *testing.T) {
			t.Parallel()
			box := handlerstest.NewMailbox(t)
			box.Refuse = func(to string) *smtp.SMTPError {
				if to == "refused@example.org" {
					return &smtp.SMTPError{Code: 550, Message: "no mailbox refused@example.org"}
				}
				return nil
			}
			arrived := make(chan handlerstest.Received, 100)
			box.Arrived = func(r handlerstest.Received) error { arrived <- r; return nil }
			p := launch(t, t.TempDir(), "DESKBELL_DEMO=1", "DESKBELL_LOG="+form, "DESKBELL_SMTP_URL=smtp://"+box.Address)
			secrets := journey(p, arrived)
			p.stop()
			log := p.logs.String()
			for _, secret := range secrets {
				if secret == "" || strings.Contains(log, secret) {
					t.Errorf("the log tells %q:\n%s", secret, log)
				}
			}
			checkRequestLines(t, form, p.logs.lines())
		})
	}
}

// next returns the next mail to an address.
func next(p *process, arrived <-chan handlerstest.Received, to string) handlerstest.Received {
	p.t.Helper()
	for late := time.After(patience); ; {
		select {
		case r := <-arrived:
			if r.To == to {
				return r
			}
		case <-late:
			p.t.Fatalf("no mail to %s:\n%s", to, p.logs)
		}
	}
}

// journey walks through the portal and the desk, and returns all that no log may tell.
func journey(p *process, arrived <-chan handlerstest.Received) (secrets []string) {
	visitor := p.browser("")
	form := visitor.Get("/ticket/support").Status(200).Form("/ticket/support")
	for field, value := range map[string]string{"email": "who@example.org", "name": "Wanda", "title": "Titleword", "description": "Bodyword"} {
		form.Set(field, value)
		secrets = append(secrets, value)
	}
	sent := visitor.Post("/ticket/support", form).Status(303)
	secrets = append(secrets, form.Get("form_key"), sent.Location[len(sent.Location)-40:])
	mail := next(p, arrived, "who@example.org")
	thread, unsubscribe := mail.Link(p.t, "/ticket/thread/"), mail.Link(p.t, "/ticket/unsubscribe/")
	reply := visitor.Get(thread).Status(200).Form(thread + "/reply")
	reply.Set("message", "Replyword")
	visitor.Post(thread+"/reply", reply).Status(303)
	visitor.Get("/ticket/thread/" + strings.Repeat("x", 43)).Status(404)
	visitor.Post(unsubscribe, url.Values{"List-Unsubscribe": {"One-Click"}}).Status(200)
	visitor.Post("/tickets/login", url.Values{"email": {"who@example.org"}}).Status(303)
	mail = next(p, arrived, "who@example.org")
	login := mail.Link(p.t, "/tickets/login/")
	code := regexp.MustCompile(`Your code: (\d{6})`).FindStringSubmatch(mail.Text)[1]
	visitor.Post(login, visitor.Get(login).Status(200).Form(login)).Status(303)
	visitor.Get("/tickets").Status(200).Has("Titleword")
	p.browser("").OpenTicket("support", "refused@example.org", "Refusedword")
	p.waitFor(p.logs, "mail not sent")

	p.browser("").Post("/desk/login", url.Values{"email": {"agent@example.com"}, "password": {"wrong-hunter2"}})
	agent := p.signIn("agent@example.com", "deskbell-demo")
	answer := agent.Get("/desk/tickets/7").Status(200).Form("/desk/tickets/7/messages")
	answer.Set("message", "Answerword")
	agent.Post("/desk/tickets/7/messages", answer).Status(303)
	last := func(path string) string { return path[strings.LastIndex(path, "/")+1:] }
	return append(secrets, last(thread), last(unsubscribe), last(login), code, reply.Get("form_key"), "Replyword",
		"refused@example.org", "Refusedword", "agent@example.com", "deskbell-demo", "wrong-hunter2", "Answerword",
		answer.Get("form_key"), strings.Repeat("x", 43))
}

// checkRequestLines wants a request's line to carry an id of its own.
func checkRequestLines(t *testing.T, form string, lines []string) {
	t.Helper()
	ids := map[string]bool{}
	n := 0
	for _, line := range lines {
		var id string
		if form == "json" {
			var fields map[string]any
			if err := json.Unmarshal([]byte(line), &fields); err != nil {
				t.Fatalf("%s: %v", line, err)
			}
			if fields["msg"] != "request" {
				continue
			}
			id, _ = fields["id"].(string)
		} else if strings.Contains(line, "msg=request ") {
			id = regexp.MustCompile(`\bid=(\S*)`).FindStringSubmatch(line)[1]
		} else {
			continue
		}
		n++
		ids[id] = true
	}
	if n < 10 || len(ids) != n || ids[""] {
		t.Errorf("%d requests have %d ids", n, len(ids))
	}
}

func TestO6_AStopLetsSlowRequestsFinishAndLeavesACleanFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	p := launch(t, dir, "DESKBELL_DEMO=1")
	slow := make([]*slowPost, 3)
	for i := range slow {
		slow[i] = startSlowPost(p, fmt.Sprintf("Slow %d", i))
	}
	began := time.Now()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	p.waitFor(p.logs, "stopping")
	until(t, "new connections are refused", func() bool {
		c, err := net.Dial("tcp", p.address)
		if err == nil {
			c.Close()
		}
		return err != nil
	})
	for _, s := range slow {
		s.finish(t)
	}
	if code := p.wait(); code != 0 {
		t.Errorf("exit code %d:\n%s", code, p.logs)
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("the stop took %s", took)
	}
	if wal, err := os.Stat(filepath.Join(dir, "deskbell.db-wal")); err == nil && wal.Size() > 0 {
		t.Errorf("%d bytes of the write-ahead log are left", wal.Size())
	}
	checkIntegrity(t, dir)
	p = launch(t, dir)
	p.signIn("admin@example.com", "deskbell-demo").Get("/desk").Has("Slow 0", "Slow 1", "Slow 2")
}

// slowPost is a submission of which the last byte is still to come.
type slowPost struct {
	conn net.Conn
	rest string
}

func startSlowPost(p *process, title string) *slowPost {
	p.t.Helper()
	form := p.browser("").Get("/ticket/support").Status(200).Form("/ticket/support")
	form.Set("email", "slow@example.org")
	form.Set("title", title)
	form.Set("description", "It takes its time.")
	body := form.Encode()
	conn, err := net.Dial("tcp", p.address)
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { conn.Close() })
	// The server says "continue" once the handler reads the body: from then on the request runs.
	fmt.Fprintf(conn, "POST /ticket/support HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n"+
		"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n", len(body))
	line, err := bufio.NewReader(io.LimitReader(conn, 25)).ReadString('\n')
	if err != nil || !strings.Contains(line, "100 Continue") {
		p.t.Fatalf("the server says %q, %v", line, err)
	}
	io.WriteString(conn, body[:len(body)-1])
	return &slowPost{conn, body[len(body)-1:]}
}

func (s *slowPost) finish(t *testing.T) {
	t.Helper()
	io.WriteString(s.conn, s.rest)
	answer, err := http.ReadResponse(bufio.NewReader(s.conn), nil)
	if err != nil || answer.StatusCode != http.StatusSeeOther {
		t.Errorf("a request in flight got %v, %v", answer, err)
	}
}

func open(t *testing.T, dir string) *sql.DB {
	t.Helper()
	file, err := sql.Open("sqlite3", filepath.Join(dir, "deskbell.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { file.Close() })
	return file
}

func checkIntegrity(t *testing.T, dir string) {
	t.Helper()
	file := open(t, dir)
	defer file.Close()
	var verdict string
	if err := file.QueryRow("pragma integrity_check").Scan(&verdict); err != nil || verdict != "ok" {
		t.Errorf("the database is %q, %v", verdict, err)
	}
}

func TestO8_ASecondProcessOnTheFolderIsRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	p := launch(t, dir)
	code, _, errs := command(t, []string{"DESKBELL_DATA=" + dir})
	if code != 1 || !strings.Contains(errs, "another Deskbell is running on "+dir) {
		t.Errorf("%d, %q", code, errs)
	}
	p.browser("").Get("/readyz").Status(200)
	p.kill()
	launch(t, dir).browser("").Get("/readyz").Status(200) // a killed process holds nothing
}

func TestO8_ANewerDatabaseIsRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	launch(t, dir).stop()
	file := open(t, dir)
	if _, err := file.Exec("insert into goose_db_version (version_id, is_applied) values (9999, 1)"); err != nil {
		t.Fatal(err)
	}
	file.Close()
	code, _, errs := command(t, []string{"DESKBELL_DATA=" + dir})
	if code != 1 || !strings.Contains(errs, "the database is of version 9999") || !strings.Contains(errs, "newer Deskbell") {
		t.Errorf("%d, %q", code, errs)
	}
}

func TestP3_TheSigningKeyIsMadeOnceAndKept(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "secret.key")
	box := handlerstest.NewMailbox(t)
	arrived := make(chan handlerstest.Received, 100)
	box.Arrived = func(r handlerstest.Received) error { arrived <- r; return nil }
	p := launch(t, dir, "DESKBELL_DEMO=1", "DESKBELL_SMTP_URL=smtp://"+box.Address)
	key, err := os.ReadFile(path)
	info, statErr := os.Stat(path)
	if err != nil || statErr != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("the key's mode is %v, %v, %v", info.Mode(), err, statErr)
	}
	p.browser("").OpenTicket("support", "new@example.org", "Linked")
	thread := next(p, arrived, "new@example.org").Link(t, "/ticket/thread/")
	p.stop()

	p = launch(t, dir)
	p.browser("").Get(thread).Status(200).Has("Linked")
	if again, _ := os.ReadFile(path); string(again) != string(key) {
		t.Error("the second start made another key")
	}
	p.stop()
	write := func(content string) {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, damaged := range []string{"", string(key[:40]), strings.Repeat("?", 64)} {
		write(damaged)
		code, _, errs := command(t, []string{"DESKBELL_DATA=" + dir})
		if code != 1 || !strings.Contains(errs, "is damaged: restore it from a backup") || strings.Contains(errs, string(key[:40])) {
			t.Errorf("%q: %d, %q", damaged, code, errs)
		}
	}
	if err := os.Remove(filepath.Join(dir, "secret.key")); err != nil {
		t.Fatal(err)
	}
	if code, _, errs := command(t, []string{"DESKBELL_DATA=" + dir}); code != 1 || !strings.Contains(errs, "is missing, and the database has links that need it") {
		t.Errorf("without the key: %d, %q", code, errs)
	}
	// The key's text as a variable gives the same links, whatever lies in the folder; another does not.
	p = launch(t, dir, "DESKBELL_SECRET_KEY="+strings.TrimSpace(string(key)))
	p.browser("").Get(thread).Status(200)
	p.stop()
	write(string(key))
	launch(t, dir, "DESKBELL_SECRET_KEY="+strings.Repeat("another ", 5)).browser("").Get(thread).Status(404)
}

func TestO6_NoClientAndNoMailServerHoldsTheStopUp(t *testing.T) {
	t.Parallel()
	dir, box := t.TempDir(), handlerstest.NewMailbox(t)
	release, reached := make(chan struct{}), make(chan struct{}, 1)
	t.Cleanup(func() { close(release) })
	box.Arrived = func(handlerstest.Received) error {
		reached <- struct{}{}
		<-release
		return nil
	}
	p := launch(t, dir, "DESKBELL_DEMO=1", "DESKBELL_SMTP_URL=smtp://"+box.Address)
	p.browser("").OpenTicket("support", "first@example.org", "Hangs")
	<-reached
	startSlowPost(p, "Never sent in full")
	code, took := p.stop()
	if code != 0 || took > 10*time.Second {
		t.Errorf("exit code %d after %s:\n%s", code, took, p.logs)
	}
	if !strings.Contains(p.logs.String(), "have been cut off") {
		t.Errorf("the log does not tell of the request:\n%s", p.logs)
	}
	checkIntegrity(t, dir)
}
