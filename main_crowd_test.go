package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strconv"
	"sync"
	"testing"

	"deskbell/handlers/handlerstest"
)

// crowd is how many clients a test brings: few in every run, as many as `make crowd` says on demand.
func crowd(t *testing.T, variable string, usual int) int {
	t.Helper()
	asked := os.Getenv(variable)
	if asked == "" {
		return usual
	}
	n, err := strconv.Atoi(asked)
	if err != nil || n < 1 {
		t.Fatalf("%s=%q is no number of clients", variable, asked)
	}
	return n
}

// guest is a client on a connection of its own, which stays open.
type guest struct {
	conn net.Conn
	in   *bufio.Reader
}

// guests connect to a program.
func guests(t *testing.T, p *process, n int) []guest {
	t.Helper()
	list := make([]guest, n)
	for i := range list {
		conn, err := net.Dial("tcp", p.address)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { conn.Close() })
		list[i] = guest{conn, bufio.NewReaderSize(conn, 512)}
	}
	return list
}

// get asks for a path and returns the status; the connection stays open.
func (g guest) get(p *process, path string) (int, error) {
	_, port, _ := net.SplitHostPort(p.address)
	if _, err := fmt.Fprintf(g.conn, "GET %s HTTP/1.1\r\nHost: localhost:%s\r\nHX-Request: true\r\n\r\n", path, port); err != nil {
		return 0, err
	}
	response, err := http.ReadResponse(g.in, nil)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	_, err = io.Copy(io.Discard, response.Body)
	return response.StatusCode, err
}

var privateMemory = regexp.MustCompile(`(?m)^Private_(?:Clean|Dirty): +(\d+) kB$`)

// memory is what a program has for itself alone, in bytes.
func memory(t *testing.T, p *process) int {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", p.cmd.Process.Pid))
	if err != nil {
		t.Skipf("this machine does not say what a process takes: %v", err)
	}
	bytes := 0
	for _, found := range privateMemory.FindAllSubmatch(text, -1) {
		n, _ := strconv.Atoi(string(found[1])) // the pattern lets digits through alone
		bytes += n << 10
	}
	return bytes
}

// Connections that nobody uses cost a bounded amount each, and keep nobody else out.
func TestP5_IdleConnectionsCostLittleMemory(t *testing.T) {
	t.Parallel()
	n := crowd(t, "DESKBELL_IDLE", 1000)
	p := launch(t, t.TempDir(), "DESKBELL_DEMO=1")
	for range 100 { // what the first requests take is not theirs
		p.browser("").Get("/ticket/support").Status(200)
	}
	before := memory(t, p)
	for i, g := range guests(t, p, n) {
		if i%2 == 0 { // the other half has not said a word
			continue
		}
		if status, err := g.get(p, "/up"); status != http.StatusOK || err != nil {
			t.Fatalf("guest %d gets %d, %v", i, status, err)
		}
	}
	p.browser("").OpenTicket("support", "new@example.org", "Among many who say nothing")
	p.signIn("agent@example.com", "deskbell-demo").Get("/desk").Status(200).Has("Among many who say nothing")
	each := (memory(t, p) - before) / n
	t.Logf("%d idle connections: %d bytes each", n, each)
	const most = 48 << 10
	if before+n*most < memory(t, p)-(8<<20) { // the work beside them takes a little too
		t.Errorf("%d idle connections take %d bytes each, want at most %d", n, each, most)
	}
}

// Many threads are open in browsers and ask whether there is something new, while tickets are opened: each poll
// is answered, and each ticket is there.
func TestI4_ManyPollWhileTicketsAreOpened(t *testing.T) {
	t.Parallel()
	n := crowd(t, "DESKBELL_POLLS", 200)
	box := handlerstest.NewMailbox(t)
	p := launch(t, t.TempDir(), "DESKBELL_DEMO=1", "DESKBELL_SMTP_URL=smtp://"+box.Address)
	allowCreations(p)
	poll := newPoll(p, box)
	all := guests(t, p, n)
	var wait sync.WaitGroup
	for i, g := range all {
		wait.Go(func() {
			for range 5 {
				if status, err := g.get(p, poll); status != http.StatusNoContent || err != nil {
					t.Errorf("poll %d is answered %d, %v", i, status, err)
					return
				}
			}
		})
	}
	const tickets, writers = 40, 4
	for w := range writers {
		visitor := p.browser("")
		wait.Go(func() {
			for i := range tickets / writers {
				form := visitor.Get("/ticket/support").Form("/ticket/support")
				for field, value := range map[string]string{"email": "busy@example.org", "title": fmt.Sprintf("Busy %d-%d", w, i), "description": "Among polls"} {
					form.Set(field, value)
				}
				if page := visitor.Post("/ticket/support", form); page.Code != http.StatusSeeOther {
					t.Errorf("ticket %d-%d is answered %d", w, i, page.Code)
				}
			}
		})
	}
	wait.Wait()
	agent := p.signIn("agent@example.com", "deskbell-demo")
	for w := range writers {
		for i := range tickets / writers {
			title := fmt.Sprintf("Busy %d-%d", w, i)
			agent.Get("/desk?q=" + url.QueryEscape(`"`+title+`"`)).Status(200).Has(title)
		}
	}
}

// newPoll opens a thread and returns the address at which its page asks for news.
func newPoll(p *process, box *handlerstest.Mailbox) string {
	p.t.Helper()
	visitor := p.browser("")
	visitor.OpenTicket("support", "poll@example.org", "Any news?")
	until(p.t, "the link is mailed", func() bool { return len(box.Mails("poll@example.org")) > 0 })
	thread := box.Last(p.t, "poll@example.org").Link(p.t, "/ticket/thread/")
	visitor.Get(thread).Status(200) // by this its address counts as confirmed
	return thread + "/messages?after=" + visitor.Get(thread).Status(200).Form(thread+"/reply").Get("after")
}
