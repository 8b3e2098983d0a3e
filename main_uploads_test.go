package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	"image/png"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"deskbell/db"
	"deskbell/db/files"
	"deskbell/db/model"
	"deskbell/handlers/handlerstest"
	"deskbell/jobs"
	"deskbell/jobs/doctor"
)

// How often the program is killed where nobody says it, and by how many it is used at the time.
const (
	kills    = 8
	creators = 3
	repliers = 3
)

// given reads a whole number from a variable: `make crash` sets them.
func given(t *testing.T, variable string, fallback uint64) uint64 {
	t.Helper()
	text := os.Getenv(variable)
	if text == "" {
		return fallback
	}
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		t.Fatalf("%s: %v", variable, err)
	}
	return n
}

func TestG2_KilledDuringUploadsEachAcknowledgedFileIsThereAndNothingElse(t *testing.T) {
	t.Parallel()
	dir, box := filepath.Join(t.TempDir(), "data"), handlerstest.NewMailbox(t)
	arrived := make(chan handlerstest.Received, 100_000)
	box.Arrived = func(r handlerstest.Received) error { arrived <- r; return nil }
	env := []string{"DESKBELL_DEMO=1", "DESKBELL_TRUSTED_PROXIES=127.0.0.1", "DESKBELL_SMTP_URL=smtp://" + box.Address}

	cycles, seed := given(t, "DESKBELL_CRASH_CYCLES", kills), given(t, "DESKBELL_CRASH_SEED", rand.Uint64())
	t.Logf("seed %d", seed)
	load := &uploadLoad{t: t, dice: rand.New(rand.NewPCG(seed, 0))}
	load.picture = load.noise()
	p := launch(t, dir, env...)
	lift(p)
	for i := range repliers {
		address := fmt.Sprintf("replier%d@example.org", i)
		p.browser("").OpenTicket("support", address, "Answered while it dies")
		load.threads = append(load.threads, &conversation{link: next(p, arrived, address).Link(t, "/ticket/thread/")})
	}
	p.stop()
	for n := uint64(0); n < cycles && !t.Failed(); n++ {
		p := launch(t, dir, env...)
		load.readBack(p)
		load.round(p)
		checkIntegrity(t, dir)
	}
	t.Logf("%d answers came, %d did not", load.answered.Load(), load.unanswered.Load())
	if load.answered.Load() < int64(cycles) || load.unanswered.Load() < int64(cycles) {
		t.Error("the kills did not come while files were on their way")
	}

	if t.Failed() {
		t.FailNow()
	}
	p = launch(t, dir, env...)
	load.readBack(p)
	load.finish(p, arrived)
	p.stop()
	load.countMails(box.Mails(""))
	sweepLater(t, dir)
	tickets, replies, files := load.promises()
	t.Logf("cycles %d, writes acknowledged %d (tickets %d, replies %d, files %d), lost %d, bytes %d",
		cycles, tickets+replies+files, tickets, replies, files, load.lost.Load(), load.bytes.Load())
}

// lift sets the limits of one thread and of the workspace's mail so high that the load meets none.
func lift(p *process) {
	p.t.Helper()
	admin := p.signIn("admin@example.com", "deskbell-demo")
	for path, set := range map[string]map[string]string{
		"/desk/settings/limits":      {"replies_per_10_minutes": "10000", "upload_mb_per_day": "10000"},
		"/desk/settings/mail":        {"first_mails_per_hour": "10000"},
		"/desk/settings/attachments": {"max_ticket_mb": "10000"},
	} {
		form := admin.Get(path).Status(200).Form(path)
		for field, value := range set {
			form.Set(field, value)
		}
		admin.Post(path, form).Status(303)
	}
}

// noise is a picture that gets a preview and is no smaller for being compressed.
func (l *uploadLoad) noise() []byte {
	l.t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 200, 150))
	for i := range img.Pix {
		img.Pix[i] = byte(l.dice.Uint32()) | byte(i&3/3*0xff) // opaque
	}
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		l.t.Fatal(err)
	}
	return out.Bytes()
}

// uploadLoad is clients that upload until the program dies, and what they were promised.
type uploadLoad struct {
	t                    *testing.T
	picture              []byte
	threads              []*conversation
	clients              atomic.Int64
	answered, unanswered atomic.Int64
	lost, bytes          atomic.Int64
	mu                   sync.Mutex
	dice                 *rand.Rand // under mu
	submissions          []*submission
	fresh                []*submission // acknowledged since the last start, under mu
}

// conversation is a thread, and the files that it was promised to keep, by their SHA-256.
type conversation struct {
	link     string
	promised []string
	replies  []string // that were acknowledged
	fresh    []string // since the last start
}

// submission is a creation form, and the files that it was promised to keep. One that was not
// acknowledged can be sent again.
type submission struct {
	form         url.Values
	promised     []string
	acknowledged bool
}

// round lets the clients loose on a process, which is killed after a random number of uploaded bytes.
func (l *uploadLoad) round(p *process) {
	l.t.Helper()
	fuse := &fuse{burn: func() { p.cmd.Process.Kill() }} // it may have ended already
	fuse.left.Store(l.dice.Int64N(4 << 20))
	var wait sync.WaitGroup
	for range creators {
		wait.Go(func() {
			for alive := true; alive; {
				alive = l.submit(l.client(p, fuse))
			}
		})
	}
	for _, thread := range l.threads {
		wait.Go(func() {
			for alive := true; alive; {
				alive = l.reply(l.client(p, fuse), thread)
			}
		})
	}
	wait.Wait()
	p.kill() // it lives where an answer was wrong
}

// fuse kills the process when so many bytes have gone out.
type fuse struct {
	left atomic.Int64
	burn func()
}

// counted is a body that burns a fuse.
type counted struct {
	io.Reader
	fuse *fuse
}

func (c counted) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p[:min(len(p), 8<<10)])
	if left := c.fuse.left.Add(int64(-n)); left <= 0 && left > int64(-n) {
		c.fuse.burn()
	}
	return n, err
}

// client is a visitor with an address of their own (H1, H3).
type client struct {
	load   *uploadLoad
	http   *http.Client
	target string
	number int64
	fuse   *fuse
}

func (l *uploadLoad) client(p *process, f *fuse) *client {
	jar, _ := cookiejar.New(nil) // its error is always nil
	return &client{load: l, target: "http://" + p.address, number: l.clients.Add(1), fuse: f, http: &http.Client{
		Jar: jar, Timeout: patience, Transport: &http.Transport{},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// do sends a request and says whether the whole answer came. Any answer but the wanted one fails.
func (c *client) do(want int, method, path, kind string, body []byte) (string, bool) {
	r, err := http.NewRequest(method, c.target+path, nil)
	if err != nil {
		c.load.t.Error(err)
		return "", false
	}
	if body != nil {
		r.Body, r.ContentLength = io.NopCloser(counted{bytes.NewReader(body), c.fuse}), int64(len(body))
	}
	r.Host = "localhost"
	r.Header.Set("Content-Type", kind)
	if strings.HasSuffix(path, "/uploads") { // by our script, which wants a fragment
		r.Header.Set("HX-Request", "true")
	}
	r.Header.Set("X-Forwarded-For", fmt.Sprintf("10.%d.%d.%d", c.number>>16, c.number>>8&0xff, c.number&0xff))
	answer, err := c.http.Do(r)
	if err != nil {
		c.load.unanswered.Add(1)
		return "", false
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		c.load.unanswered.Add(1)
		return "", false
	}
	c.load.answered.Add(1)
	if answer.StatusCode != want {
		c.load.t.Errorf("%s %s: status %d, want %d\n%s", method, path, answer.StatusCode, want, text)
		return "", false
	}
	return string(text), true
}

// send posts a form with a new file, and returns the SHA-256 of that where the program took it.
func (c *client) send(want int, path string, form url.Values) (sum string, ok bool) {
	name, content := c.load.file()
	c.load.bytes.Add(int64(len(content)))
	body, kind := handlerstest.Multipart(form, handlerstest.Attach{Name: name, Content: string(content)})
	_, ok = c.do(want, http.MethodPost, path, kind, body)
	raw := sha256.Sum256(content)
	return hex.EncodeToString(raw[:]), ok
}

// file is one that nobody has sent before: every third is a picture.
func (l *uploadLoad) file() (name string, content []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.dice.IntN(3) == 0 {
		return "shot.png", fmt.Appendf(bytes.Clone(l.picture), "behind the picture: %d", l.dice.Uint64())
	}
	content = make([]byte, 1+l.dice.IntN(300<<10))
	for i := range content {
		content[i] = byte(l.dice.Uint32())
	}
	return "data.bin", fmt.Append(content, l.dice.Uint64())
}

var keyField = regexp.MustCompile(`name="form_key" value="([^"]+)"`)

// submit uploads two files for a creation form and sends it with a third. It says whether the program
// lives.
func (l *uploadLoad) submit(c *client) bool {
	defer c.http.CloseIdleConnections()
	page, ok := c.do(http.StatusOK, http.MethodGet, "/ticket/support", "", nil)
	key := keyField.FindStringSubmatch(page)
	if !ok || key == nil {
		return false
	}
	s := &submission{form: url.Values{"form_key": {key[1]}, "email": {fmt.Sprintf("creator%d@example.org", c.number)},
		"title": {fmt.Sprintf("Opened while it dies %d.", c.number)}, "description": {"With files."}, "type": {"question"}}}
	l.mu.Lock()
	l.submissions = append(l.submissions, s)
	l.mu.Unlock()
	if c.number%3 == 0 { // in words alone
		body := []byte(s.form.Encode())
		if _, ok = c.do(http.StatusSeeOther, http.MethodPost, "/ticket/support", "application/x-www-form-urlencoded", body); ok {
			l.acknowledge(s)
		}
		return ok
	}
	for range 2 {
		sum, ok := c.send(http.StatusOK, "/ticket/support/uploads", url.Values{"form_key": {key[1]}})
		if !ok {
			return false
		}
		s.promised = append(s.promised, sum)
	}
	sum, ok := c.send(http.StatusSeeOther, "/ticket/support", s.form)
	if ok {
		s.promised = append(s.promised, sum)
		l.acknowledge(s)
	}
	return ok
}

func (l *uploadLoad) acknowledge(s *submission) {
	l.mu.Lock()
	defer l.mu.Unlock()
	s.acknowledged = true
	l.fresh = append(l.fresh, s)
}

// reply uploads a file for an answer and sends it with another one. It says whether the program lives.
func (l *uploadLoad) reply(c *client, to *conversation) bool {
	defer c.http.CloseIdleConnections()
	page, ok := c.do(http.StatusOK, http.MethodGet, to.link, "", nil)
	key := keyField.FindStringSubmatch(page)
	if !ok || key == nil {
		return false
	}
	form := url.Values{"form_key": {key[1]}}
	sum, ok := c.send(http.StatusOK, to.link+"/uploads", form)
	if !ok {
		return false
	}
	to.promised = append(to.promised, sum)
	text := fmt.Sprintf("Answer %d.", c.number)
	form.Set("message", text)
	if sum, ok = c.send(http.StatusSeeOther, to.link+"/reply", form); ok {
		to.promised = append(to.promised, sum)
		to.fresh = append(to.fresh, text)
	}
	return ok
}

// readBack looks through the front door for what was acknowledged since the last start: tickets in the
// inbox, replies in their threads.
func (l *uploadLoad) readBack(p *process) {
	l.t.Helper()
	there := inboxTitles(p)
	for _, s := range l.fresh {
		if title := s.form.Get("title"); !there[title] {
			l.lost.Add(1)
			l.t.Errorf("%q was acknowledged and is lost", title)
		}
	}
	l.fresh = nil
	for _, thread := range l.threads {
		page := p.browser("").Get(thread.link).Status(200).Body
		for _, text := range thread.fresh {
			if !strings.Contains(page, text) {
				l.lost.Add(1)
				l.t.Errorf("%q was acknowledged and is lost", text)
			}
		}
		thread.replies, thread.fresh = append(thread.replies, thread.fresh...), nil
	}
}

// promises counts what was acknowledged. Files of no ticket yet count too: a file is promised when its
// upload is answered.
func (l *uploadLoad) promises() (tickets, replies, files int) {
	for _, s := range l.submissions {
		if files += len(s.promised); s.acknowledged {
			tickets++
		}
	}
	for _, thread := range l.threads {
		replies, files = replies+len(thread.replies), files+len(thread.promised)
	}
	return tickets, replies, files
}

// countMails wants one mail for each ticket, sent no more often than a mail is tried (K2).
func (l *uploadLoad) countMails(mails []handlerstest.Received) {
	l.t.Helper()
	sent, tickets := map[string]int{}, map[string]map[string]bool{}
	for _, m := range mails {
		id := m.Header.Get("Message-Id")
		if sent[id]++; sent[id] > model.MailAttempts {
			l.t.Errorf("a mail to %s was sent %d times", m.To, sent[id])
		}
		if tickets[m.To] == nil {
			tickets[m.To] = map[string]bool{}
		}
		tickets[m.To][id] = true
	}
	for _, s := range l.submissions {
		if n := len(tickets[s.form.Get("email")]); n != 1 {
			l.t.Errorf("%s got %d mails of one ticket", s.form.Get("email"), n)
		}
	}
}

// finish sends what could not be sent, and looks for every promised file behind its thread's link.
func (l *uploadLoad) finish(p *process, arrived <-chan handlerstest.Received) {
	l.t.Helper()
	waiting := map[string]*submission{}
	for _, s := range l.submissions {
		if !s.acknowledged {
			again := p.browser("")
			again.Header.Set("X-Forwarded-For", "10.200.0."+fmt.Sprint(len(waiting)%250+1))
			again.Post("/ticket/support", s.form).Status(303)
		}
		waiting[s.form.Get("email")] = s
	}
	for _, thread := range l.threads {
		visitor := p.browser("")
		form := visitor.Get(thread.link).Status(200).Form(thread.link + "/reply")
		form.Set("message", "The last one.")
		visitor.Post(thread.link+"/reply", form).Status(303)
		l.compare(p, *thread)
	}
	for late := time.After(patience); len(waiting) > 0; {
		select {
		case mail := <-arrived:
			if s := waiting[mail.To]; s != nil {
				delete(waiting, mail.To)
				l.compare(p, conversation{link: mail.Link(l.t, "/ticket/thread/"), promised: s.promised})
			}
		case <-late:
			l.t.Fatalf("no mail tells of %d tickets", len(waiting))
		}
	}
}

// compare wants each promised file in a thread, byte by byte.
func (l *uploadLoad) compare(p *process, c conversation) {
	l.t.Helper()
	visitor, there := p.browser(""), map[string]bool{}
	for _, link := range visitor.Get(c.link).Status(200).Links(c.link+"/attachments/", "") {
		file := visitor.Get(link).Status(200)
		if !strings.HasSuffix(link, "/preview") {
			sum := sha256.Sum256([]byte(file.Body))
			there[hex.EncodeToString(sum[:])] = true
		}
	}
	for _, sum := range c.promised {
		if !there[sum] {
			l.lost.Add(1)
			l.t.Errorf("a file was acknowledged, and is lost or changed in a thread of %d files", len(there))
		}
	}
}

// sweepLater does what the program does when what waits is over, and wants nothing to be left of it.
func sweepLater(t *testing.T, dir string) {
	t.Helper()
	later := func() time.Time { return time.Now().Add(model.UploadLife + time.Minute) }
	data, err := db.Open(t.Context(), filepath.Join(dir, "deskbell.db"), later)
	if err != nil {
		t.Fatal(err)
	}
	defer data.Close()
	openFiles := func() (files.Store, error) { return openFiles(Config{Data: dir}) }
	store, err := openFiles()
	if err != nil {
		t.Fatal(err)
	}
	runner := &jobs.Runner{DB: data, Files: store, Log: slog.New(slog.DiscardHandler)}
	runner.Sweep(t.Context())
	runner.Step(t.Context())
	orphans := 0
	if err := jobs.Orphans(t.Context(), data, store, later(), func(files.Info) error { orphans++; return nil }); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d files without a row are left to sweep", orphans)
	if err := runner.SweepFiles(t.Context()); err != nil {
		t.Fatal(err)
	}
	in := doctor.Installation{Data: dir, MailServer: true, Deep: true, Now: later, OpenFiles: openFiles,
		Base: model.BaseURL{Scheme: "https", Host: "desk.example.com"}, FilesFolder: filepath.Join(dir, "files"),
		StoredKey: func() (string, error) { return storedKey(dir) }}
	doctor.Examine(t.Context(), in, func(f doctor.Finding) {
		t.Logf("%s %s: %s", f.State, f.Check, f.Says)
		if f.State != doctor.OK && f.Check != "disk" {
			t.Errorf("%s: %s", f.Check, f.Says)
		}
	})
	if left, err := os.ReadDir(filepath.Join(dir, "files", ".incoming")); err != nil || len(left) > 0 {
		t.Errorf("%d files are still being received, %v", len(left), err)
	}
}
