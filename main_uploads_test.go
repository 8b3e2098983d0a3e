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

// How much the program is killed, and by how many it is used at the time.
const (
	kills    = 20
	creators = 3
	repliers = 3
)

func TestG2_KilledDuringUploadsEachAcknowledgedFileIsThereAndNothingElse(t *testing.T) {
	t.Parallel()
	dir, box := filepath.Join(t.TempDir(), "data"), handlerstest.NewMailbox(t)
	arrived := make(chan handlerstest.Received, 10_000)
	box.Arrived = func(r handlerstest.Received) error { arrived <- r; return nil }
	env := []string{"DESKBELL_DEMO=1", "DESKBELL_TRUSTED_PROXIES=127.0.0.1"}
	withMail := append(env, "DESKBELL_SMTP_URL=smtp://"+box.Address)

	load := &uploadLoad{t: t, picture: noise(t)}
	p := launch(t, dir, withMail...)
	lift(p)
	for i := range repliers {
		address := fmt.Sprintf("replier%d@example.org", i)
		p.browser("").OpenTicket("support", address, "Answered while it dies")
		load.threads = append(load.threads, &conversation{link: next(p, arrived, address).Link(t, "/ticket/thread/")})
	}
	p.stop()
	for n := 0; n < kills && !t.Failed(); n++ {
		load.round(launch(t, dir, env...))
	}
	t.Logf("%d answers came, %d did not", load.answered.Load(), load.unanswered.Load())
	if load.answered.Load() < kills || load.unanswered.Load() < kills {
		t.Error("the kills did not come while files were on their way")
	}

	if t.Failed() {
		t.FailNow()
	}
	p = launch(t, dir, withMail...)
	load.finish(p, arrived)
	p.stop()
	sweepLater(t, dir)
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
func noise(t *testing.T) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 200, 150))
	for i := range img.Pix {
		img.Pix[i] = byte(rand.Uint32()) | byte(i&3/3*0xff) // opaque
	}
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		t.Fatal(err)
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
	mu                   sync.Mutex
	submissions          []*submission
}

// conversation is a thread, and the files that it was promised to keep, by their SHA-256.
type conversation struct {
	link     string
	promised []string
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
	fuse.left.Store(rand.Int64N(4 << 20))
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
	body, kind := handlerstest.Multipart(form, handlerstest.Attach{Name: name, Content: string(content)})
	_, ok = c.do(want, http.MethodPost, path, kind, body)
	raw := sha256.Sum256(content)
	return hex.EncodeToString(raw[:]), ok
}

// file is one that nobody has sent before: every third is a picture.
func (l *uploadLoad) file() (name string, content []byte) {
	if rand.IntN(3) == 0 {
		return "shot.png", fmt.Appendf(bytes.Clone(l.picture), "behind the picture: %d", rand.Uint64())
	}
	content = make([]byte, 1+rand.IntN(300<<10))
	for i := range content {
		content[i] = byte(rand.Uint32())
	}
	return "data.bin", fmt.Append(content, rand.Uint64())
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
		"title": {"Opened while it dies"}, "description": {"With files."}, "type": {"question"}}}
	l.mu.Lock()
	l.submissions = append(l.submissions, s)
	l.mu.Unlock()
	for range 2 {
		sum, ok := c.send(http.StatusOK, "/ticket/support/uploads", url.Values{"form_key": {key[1]}})
		if !ok {
			return false
		}
		s.promised = append(s.promised, sum)
	}
	sum, ok := c.send(http.StatusSeeOther, "/ticket/support", s.form)
	if ok {
		s.promised, s.acknowledged = append(s.promised, sum), true
	}
	return ok
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
	form.Set("message", fmt.Sprintf("Answer %d.", c.number))
	if sum, ok = c.send(http.StatusSeeOther, to.link+"/reply", form); ok {
		to.promised = append(to.promised, sum)
	}
	return ok
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
				l.compare(p, conversation{mail.Link(l.t, "/ticket/thread/"), s.promised})
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
