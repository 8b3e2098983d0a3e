package handlers_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"deskbell/handlers/handlerstest"
	"deskbell/handlers/web"
)

// wire opens a connection of a client that has no time-outs of its own, and takes in little at a time.
func wire(t *testing.T, s *handlerstest.Server) *net.TCPConn {
	t.Helper()
	conn, err := net.Dial("tcp", "127.0.0.1:"+s.Base.Port)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	tcp := conn.(*net.TCPConn)
	if err := tcp.SetReadBuffer(4 << 10); err != nil {
		t.Fatal(err)
	}
	return tcp
}

// head is that of a request on the base host.
func head(s *handlerstest.Server, method, path, kind string, length int) string {
	origin := s.Origin("")
	return fmt.Sprintf("%s %s HTTP/1.1\r\nHost: %s\r\nOrigin: %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n",
		method, path, strings.TrimPrefix(origin, "http://"), origin, kind, length)
}

// trickle sends a text in pieces, one each while, until it is sent or the server has had enough.
func trickle(conn net.Conn, text string, piece int, each time.Duration) error {
	tick := time.NewTicker(each)
	defer tick.Stop()
	for len(text) > 0 {
		n := min(piece, len(text))
		if _, err := io.WriteString(conn, text[:n]); err != nil {
			return err
		}
		text = text[n:]
		<-tick.C
	}
	return nil
}

// served proves that somebody else gets pages and opens tickets at the same time.
func served(t *testing.T, s *handlerstest.Server, email string) {
	t.Helper()
	thread := s.Ticket("", "support", email, "While others dawdle")
	s.Visitor("").Get(thread).Status(200).Has("While others dawdle")
	s.Member("agent@example.com").Get("/desk").Status(200).Has("While others dawdle")
}

func TestP5_FormsThatTrickleInEndInTimeAndHoldNobodyUp(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t, handlerstest.Pace(web.Pace{Form: 2 * time.Second, Answer: 20 * time.Second, Pause: 20 * time.Second, Transfer: time.Minute}))
	thread := s.Ticket("", "support", "ada@example.org", "Slowly")
	var senders sync.WaitGroup
	answers := make(chan int, 60)
	for i := range cap(answers) {
		path := []string{"/ticket/support", thread + "/reply", "/tickets/login", "/desk/login"}[i%4]
		conn := wire(t, s)
		if _, err := io.WriteString(conn, head(s, "POST", path, "application/x-www-form-urlencoded", 100_000)); err != nil {
			t.Fatal(err)
		}
		senders.Go(func() { trickle(conn, strings.Repeat("a", 100_000), 1, 50*time.Millisecond) })
		senders.Go(func() {
			response, err := http.ReadResponse(bufio.NewReader(conn), nil)
			conn.Close() // the other half stops
			if err != nil {
				answers <- 0 // ended without a word, after bytes that nobody waited for
				return
			}
			answers <- response.StatusCode
		})
	}
	served(t, s, "grace@example.org")
	senders.Wait()
	close(answers)
	said := 0
	for status := range answers {
		if status != 0 && status != http.StatusRequestTimeout {
			t.Errorf("a form that trickles in is answered %d", status)
		}
		if status != 0 {
			said++
		}
	}
	if said == 0 {
		t.Error("nobody was told why")
	}
}

func TestG1_AFileMayComeSlowlyAsLongAsItComes(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t, handlerstest.Pace(web.Pace{Form: 200 * time.Millisecond, Answer: 20 * time.Second, Pause: 20 * time.Second, Transfer: time.Minute}))
	form := s.Visitor("").Get("/ticket/support").Form("/ticket/support")
	body, kind := handlerstest.Multipart(url.Values{"form_key": form["form_key"]}, attach{Name: "slow.txt", Content: strings.Repeat("slowly ", 60)})
	conn := wire(t, s)
	if _, err := io.WriteString(conn, head(s, "POST", "/ticket/support/uploads", kind, len(body))); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	if err := trickle(conn, string(body), len(body)/40, 20*time.Millisecond); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(began); took < 400*time.Millisecond {
		t.Fatalf("it took %v alone", took)
	}
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusSeeOther {
		t.Errorf("status %d", response.StatusCode)
	}
	s.Visitor("").Get(response.Header.Get("Location")).Status(200).Has("slow.txt")
}

func TestG1_AFileThatStopsComingEndsItsRequest(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t, handlerstest.Pace(web.Pace{Form: 20 * time.Second, Answer: 20 * time.Second, Pause: 200 * time.Millisecond, Transfer: time.Minute}))
	form := s.Visitor("").Get("/ticket/support").Form("/ticket/support")
	form.Set("title", "Typed before the file")
	body, kind := handlerstest.Multipart(form, attach{Name: "half.txt", Content: strings.Repeat("x", 1000)})
	conn := wire(t, s)
	if _, err := io.WriteString(conn, head(s, "POST", "/ticket/support", kind, len(body))+string(body[:len(body)-500])); err != nil {
		t.Fatal(err)
	}
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	page, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	if response.StatusCode != http.StatusRequestTimeout || !strings.Contains(string(page), "took too long to arrive") || !strings.Contains(string(page), "Typed before the file") {
		t.Errorf("status %d\n%s", response.StatusCode, page)
	}
}

func TestP5_ReadersThatTakeNothingEndAndHoldNobodyUp(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t, handlerstest.Pace(web.Pace{Form: 2 * time.Second, Answer: time.Second, Pause: time.Second, Transfer: time.Minute}))
	const size = 9 << 20
	thread := opened(t, s, attach{Name: "large.bin", Content: strings.Repeat("x", size)})
	file := s.Visitor("").Get(thread).Links(thread+"/attachments/", "")[0]
	var readers []net.Conn
	for range 40 {
		conn := wire(t, s)
		if _, err := io.WriteString(conn, head(s, "GET", file, "text/plain", 0)); err != nil {
			t.Fatal(err)
		}
		readers = append(readers, conn)
	}
	served(t, s, "grace@example.org")
	const line = "route=/ticket/thread/:token/attachments/:file status=200 bytes="
	until(t, "the server has ended them", func() bool { return strings.Count(s.Log.String(), line) == len(readers) })
	for _, rest := range strings.Split(s.Log.String(), line)[1:] {
		digits, _, _ := strings.Cut(rest, " ")
		if sent, err := strconv.Atoi(digits); err != nil || sent >= size {
			t.Errorf("who took nothing was sent %s bytes", digits)
		}
	}
}

// until waits for what another goroutine brings about.
func until(t *testing.T, what string, holds func() bool) {
	t.Helper()
	tick, late := time.NewTicker(5*time.Millisecond), time.After(time.Minute)
	defer tick.Stop()
	for !holds() {
		select {
		case <-tick.C:
		case <-late:
			t.Fatalf("it never came: %s", what)
		}
	}
}

func TestP5_HeadsAddressesAndFieldsAreBounded(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	v := s.Visitor("")
	v.Get("/ticket/support?title="+strings.Repeat("x", 17<<10)).Status(414).Has("This address is too long", "Go to the first page")
	v.Get("/ticket/support?title=" + strings.Repeat("x", 15<<10)).Status(200)
	for name, header := range map[string]http.Header{
		"one long":  {"Cookie": {"a=" + strings.Repeat("x", 40<<10)}},
		"many":      {"X-Many": slices.Repeat([]string{"value"}, 3000)},
		"a referer": {"Referer": {s.Origin("") + "/" + strings.Repeat("x", 40<<10)}},
	} {
		large := s.Visitor("")
		large.Header = header
		if page := large.Get("/ticket/support"); page.Code != 431 || !strings.Contains(page.Body, "Delete the cookies of this site") {
			t.Errorf("%s: status %d\n%s", name, page.Code, page.Body)
		}
	}
	endless := s.Visitor("")
	endless.Header.Set("X-Endless", strings.Repeat("x", 80<<10)) // more than is read at all
	endless.Get("/").Status(431)
	for _, n := range []int{1001, 5000, 50_000} {
		page := v.Do(http.MethodPost, "/ticket/support", strings.NewReader("title=Kept&"+strings.Repeat("field_x=y&", n)), "application/x-www-form-urlencoded")
		if page.Code != http.StatusRequestEntityTooLarge && (n < 10_000 || page.Code != http.StatusBadRequest) { // so many are not even taken apart
			t.Errorf("%d fields: status %d", n, page.Code)
		}
	}
	v.Post("/ticket/support", newForm(v, "As many as anybody needs")).Status(303)
}
