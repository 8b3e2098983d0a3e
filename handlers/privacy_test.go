package handlers_test

import (
	"archive/zip"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"deskbell/db"
	"deskbell/db/files"
	"deskbell/db/model"
	"deskbell/handlers/handlerstest"
)

const privacyPage = "/tickets/privacy"

// archive is a downloaded ZIP file: its entries by name.
type archive map[string]string

// download presses the button and unpacks what comes.
func download(t *testing.T, b *handlerstest.Browser) archive {
	t.Helper()
	page := b.Post(privacyPage+"/download", b.Get(privacyPage).Status(200).Form(privacyPage+"/download")).Status(200)
	if page.Header.Get("Content-Type") != "application/zip" || !strings.HasPrefix(page.Header.Get("Content-Disposition"), "attachment;") ||
		page.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("the head of the download is %v", page.Header)
	}
	return unzip(t, page.Body)
}

func unzip(t *testing.T, body string) archive {
	t.Helper()
	r, err := zip.NewReader(strings.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	entries := archive{}
	for _, f := range r.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(in)
		if err != nil {
			t.Fatalf("%s: %v", f.Name, err)
		}
		if _, twice := entries[f.Name]; twice {
			t.Errorf("%s stands there twice", f.Name)
		}
		entries[f.Name] = string(content)
	}
	return entries
}

// data is what data.json tells, as far as the tests ask.
type data struct {
	Email   string
	Name    string
	Devices []any `json:"devices_logged_in"`
	Tickets []struct {
		Title       string
		Description string
		Yours       bool `json:"opened_by_you"`
		Answers     []struct{ Question, Answer string }
		Files       []struct{ Name, Path string }
		Mails       []struct{ About, State string }
		Messages    []struct {
			Author, Text string
			Yours        bool
			Files        []struct{ Name, Path string }
		}
	}
}

func (a archive) data(t *testing.T) (d data) {
	t.Helper()
	if err := json.Unmarshal([]byte(a["data.json"]), &d); err != nil {
		t.Fatalf("%v in\n%s", err, a["data.json"])
	}
	return d
}

func (a archive) has(t *testing.T, name string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(a[name], text) {
			t.Errorf("%s lacks %q:\n%s", name, text, a[name])
		}
	}
}

// hasNot looks into every entry.
func (a archive) hasNot(t *testing.T, texts ...string) {
	t.Helper()
	for name, content := range a {
		for _, text := range texts {
			if strings.Contains(content, text) || strings.Contains(name, text) {
				t.Errorf("%s has %q:\n%s", name, text, content)
			}
		}
	}
}

func TestJ4_ACustomerDownloadsWhatIsHeldAboutThem(t *testing.T) {
	bothStores(t, downloads)
}

func downloads(t *testing.T, s *handlerstest.Server) {
	s.Ticket("", "support", "bob@new.example", "BOBS-TICKET")
	pdf, log := "%PDF-1.7 "+strings.Repeat("p", 300_000), "a line of the log"
	v := s.Visitor("")
	form := newForm(v, "It has <b>files</b>")
	form.Set("field_order_number", "AB-1234")
	v.PostFiles("/ticket/support", form, attach{Name: "report.pdf", Content: pdf}, attach{Name: "REPORT.pdf", Content: pdf + "2"},
		attach{Name: "CON", Content: "c"}, attach{Name: "../../etc/pass:wd?.log", Content: log}).Status(303)
	s.Jobs.Step(t.Context())
	ada := signedIn(t, s, "ada@example.org")
	agent := s.Member("agent@example.com")
	answerForm := agent.Get("/desk/tickets/8").Form("/desk/tickets/8/messages")
	answerForm.Set("kind", "message")
	answerForm.Set("message", "An **answer** for Ada")
	agent.PostFiles("/desk/tickets/8/messages", answerForm, attach{Name: "answer.txt", Content: "of the team"}).Status(303)
	noteForm := agent.Get("/desk/tickets/8").Form("/desk/tickets/8/messages")
	noteForm.Set("kind", "note")
	noteForm.Set("message", "SECRET-NOTE")
	agent.PostFiles("/desk/tickets/8/messages", noteForm, attach{Name: "SECRET-FILE.txt", Content: "SECRET-BYTES"}).Status(303)
	s.Jobs.Step(t.Context())

	got := download(t, ada)
	got.hasNot(t, "SECRET", "BOBS-TICKET", "bob@new.example", "agent@example.com", "triage-queue-7", "#8", `"number"`, "/ticket/thread/")
	for name := range got {
		if strings.Contains(name, "..") || strings.ContainsAny(name, `\:?*"<>|`) || strings.HasPrefix(name, "/") {
			t.Errorf("%s is no name for every system", name)
		}
	}
	held := got.data(t)
	if held.Email != "ada@example.org" || held.Name != "Ada Byron" || len(held.Devices) != 1 || len(held.Tickets) != 2 {
		t.Fatalf("data.json tells %+v", held)
	}
	ticket := held.Tickets[1]
	if ticket.Title != "It has <b>files</b>" || !ticket.Yours || ticket.Description == "" || len(ticket.Mails) == 0 || ticket.Mails[0].State != "sent" ||
		len(ticket.Answers) != 1 || ticket.Answers[0].Answer != "AB-1234" {
		t.Errorf("data.json tells of the ticket %+v", ticket)
	}
	want := map[string]string{"report.pdf": pdf, "REPORT.pdf": pdf + "2", "CON": "c", "pass:wd?.log": log}
	for _, f := range ticket.Files {
		if got[f.Path] != want[f.Name] || f.Path == "" {
			t.Errorf("%s is %d bytes in %q", f.Name, len(got[f.Path]), f.Path)
		}
		if !strings.Contains(got["index.html"], `href="`+(&url.URL{Path: f.Path}).EscapedPath()+`"`) {
			t.Errorf("the page does not link %s:\n%s", f.Path, got["index.html"])
		}
		delete(want, f.Name)
	}
	if len(want) > 0 {
		t.Errorf("missing are %v", want)
	}
	last := ticket.Messages[len(ticket.Messages)-1]
	if last.Author != "Tomás Reyes" || last.Text != "An **answer** for Ada" || last.Yours || len(last.Files) != 1 || got[last.Files[0].Path] != "of the team" {
		t.Errorf("data.json tells of the answer %+v", last)
	}
	got.has(t, "index.html", "<!doctype html>", "Ada Byron", "It has &lt;b&gt;files&lt;/b&gt;", "An <strong>answer</strong> for Ada", "AB-1234",
		"How do I move a shelf to another room?", "your ticket has arrived, sent", "</html>")
}

func TestJ4_AFileThatIsMissingIsSaidInTheDownload(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	opened(t, s, attach{Name: "lost.txt", Content: "LOST"})
	if err := s.Files.Each(t.Context(), func(f files.Info) error { return s.Files.Remove(t.Context(), f.Name) }); err != nil {
		t.Fatal(err)
	}
	got := download(t, signedIn(t, s, "ada@example.org"))
	got.has(t, "index.html", "<bdi>lost.txt</bdi>, whose bytes could not be found")
	got.has(t, "data.json", `"name":"lost.txt"`)
	got.hasNot(t, `"path"`, "files/")
	for name := range got {
		if name != "index.html" && name != "data.json" {
			t.Errorf("%s is in the archive", name)
		}
	}
}

func TestH1_DownloadsAreLimited(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	ada, bob := customer(t, s, "ada@new.example"), customer(t, s, "bob@new.example")
	for range 3 {
		download(t, ada)
	}
	again := ada.Post(privacyPage+"/download", nil).Status(429).Has("several times", "Try again in")
	if again.Header.Get("Retry-After") == "" || again.Header.Get("Content-Disposition") != "" {
		t.Errorf("the refusal has the head %v", again.Header)
	}
	download(t, bob)
	s.Clock.Move(61 * time.Minute)
	download(t, ada)
}

// Another customer's data is not in it, and neither are those of the same address elsewhere.
func TestA10_ADownloadHasWhatThisHostHoldsAlone(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	s.Ticket("globex.localhost", "help", "ada@new.example", "A matter of Globex")
	s.Ticket("", "support", "bob@new.example", "A matter of Bob")
	ada := customer(t, s, "ada@new.example")
	got := download(t, ada)
	got.hasNot(t, "Globex", "Bob", "bob@")
	if n := len(got.data(t).Tickets); n != 1 {
		t.Errorf("%d tickets are in the download, want one", n)
	}
	s.Visitor("").Post(privacyPage+"/download", nil).Status(401)
	s.Member("admin@example.com").Post(privacyPage+"/download", nil).Status(401)
	set(t, s, "/desk/settings/portal", map[string]string{"customer_login": ""})
	ada.Get(privacyPage).Status(404)
	ada.Post(privacyPage+"/download", nil).Status(404)
}

// A recipient who is not the reporter gets the conversation, as on its page, and nobody's address.
func TestI5_ARecipientsDownloadNamesNoOtherAddress(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	ada := customer(t, s, "ada@new.example") // ticket 7
	s.Ticket("", "support", "bob@new.example", "A matter of Bob")
	receive(t, s, 8, "ada@new.example")
	got := download(t, ada)
	tickets := got.data(t).Tickets
	if len(tickets) != 2 || tickets[1].Title != "A matter of Bob" || tickets[1].Yours {
		t.Errorf("data.json tells of %+v", tickets)
	}
	got.hasNot(t, "bob@new.example")
}

// Who was taken off a ticket has their own words of it, and nothing that others wrote.
func TestI5_WhoIsNoRecipientAnyMoreDownloadsTheirOwnWordsAlone(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	ada := customer(t, s, "ada@new.example") // ticket 7
	s.Ticket("", "support", "bob@new.example", "A matter of Bob")
	theirs := receive(t, s, 8, "ada@new.example")
	form := ada.Get(theirs).Form(theirs + "/reply")
	form.Set("message", "OWN-WORDS")
	ada.PostFiles(theirs+"/reply", form, attach{Name: "own.txt", Content: "OWN-BYTES"}).Status(303)
	agent := s.Member("agent@example.com")
	for _, ticket := range []int{7, 8} {
		path := fmt.Sprintf("/desk/tickets/%d", ticket)
		form := agent.Get(path).Form(path + "/messages")
		form.Set("kind", "message")
		form.Set("message", "LATER-WORDS")
		agent.PostFiles(path+"/messages", form, attach{Name: "later.txt", Content: "LATER-BYTES"}).Status(303)
	}
	if _, err := database(t, s).Exec(`delete from recipients where customer_id in (select id from customers where email = 'ada@new.example')`); err != nil {
		t.Fatal(err)
	}
	got := download(t, ada)
	got.hasNot(t, "LATER", "later.txt", "A matter of Bob", "bob@new.example")
	got.has(t, "index.html", "A first ticket", "A ticket to Acme Support", "OWN-WORDS", "own.txt", "You are no recipient any more")
	tickets := got.data(t).Tickets
	if len(tickets) != 2 || tickets[0].Title != "A first ticket" || tickets[0].Description == "" || tickets[1].Title != "" || tickets[1].Description != "" {
		t.Fatalf("data.json tells of %+v", tickets)
	}
	if own := tickets[1].Messages; len(own) != 1 || !own[0].Yours || got[own[0].Files[0].Path] != "OWN-BYTES" {
		t.Errorf("data.json tells of their messages %+v", own)
	}
}

func TestJ3_TheOverviewLeadsToTheCustomersData(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	ada := customer(t, s, "ada@new.example")
	if links := ada.Get("/tickets").Links(privacyPage, ""); len(links) != 1 {
		t.Fatal("the overview does not lead to the customer's data")
	}
	page := ada.Get(privacyPage).Status(200).Has("ada@new.example", "Tickets that you opened: 1", "Devices on which you are logged in, with when you logged in and when you were last here: 1")
	checkPage(t, page)
}

// A download that fails on the way must not look whole: its connection breaks off. Before its first byte it
// is a page as any other.
func TestJ4_ADownloadThatFailsBreaksOff(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		broken string
		status int
	}{{"a", 503}, {"b", 200}} {
		s := handlerstest.Start(t)
		opened(t, s, attach{Name: "a.txt", Content: strings.Repeat("a", 1<<20)}, attach{Name: "b.txt", Content: strings.Repeat("b", 1<<20)})
		ada := signedIn(t, s, "ada@example.org")
		unreadable(t, s, c.broken)
		answer := ada.Stream("POST", privacyPage+"/download", nil, "")
		got, err := io.ReadAll(answer.Body)
		answer.Body.Close()
		if answer.StatusCode != c.status {
			t.Errorf("%s unreadable: %d, want %d", c.broken, answer.StatusCode, c.status)
		}
		if whole := err == nil; whole != (c.status != 200) || c.status == 200 && len(got) < 1<<19 {
			t.Errorf("%s unreadable: %d bytes, and then %v", c.broken, len(got), err)
		}
		if c.status != 200 && (!strings.Contains(string(got), "Files cannot be read at the moment") || answer.Header.Get("Content-Disposition") != "") {
			t.Errorf("the page says %s", got)
		}
		if noted := strings.Contains(s.Log.String(), "a download broke off"); noted != (c.status == 200) {
			t.Errorf("%s unreadable: noted in the log: %t", c.broken, noted)
		}
		ada.Get(privacyPage).Status(200)
	}
}

// unreadable puts a folder where a stored file that begins so lies.
func unreadable(t *testing.T, s *handlerstest.Server, begins string) {
	t.Helper()
	broken := 0
	if err := s.Files.Each(t.Context(), func(f files.Info) error {
		path := filepath.Join(s.Dir, "files", f.Name[:2], f.Name)
		content, err := os.ReadFile(path)
		if err != nil || f.Size != 1<<20 || !strings.HasPrefix(string(content), begins) {
			return err
		}
		broken++
		return errors.Join(os.Remove(path), os.Mkdir(path, 0o700))
	}); err != nil || broken != 1 {
		t.Fatalf("%d files were made unreadable, %v", broken, err)
	}
}

// Thousands of tickets are read a page at a time: what the download holds at once does not grow with them.
func TestJ4_ThousandsOfTicketsAreDownloadedInLittleMemory(t *testing.T) {
	s := handlerstest.Start(t)
	ws, err := s.DB.WorkspaceOfBaseHost(t.Context(), "localhost")
	if err != nil {
		t.Fatal(err)
	}
	const tickets = 2000
	past := make([]db.PastTicket, tickets)
	for i := range past {
		at := s.Clock.Now().Add(time.Duration(i-tickets) * time.Minute)
		text := noise()
		past[i] = db.PastTicket{At: at, Category: model.Closed, Description: text, Entries: []db.PastEntry{{At: at, Text: text}, {At: at, Text: text}},
			Intake: model.Intake{Email: "many@new.example", Name: "Many", Title: fmt.Sprintf("Number %d of many", i), Type: "question"}}
	}
	if _, err := s.DB.AddHistory(t.Context(), ws, "support", past); err != nil {
		t.Fatal(err)
	}
	past = nil
	many := signedIn(t, s, "many@new.example")
	answer := many.Stream("POST", privacyPage+"/download", nil, "")
	defer answer.Body.Close()
	most := &peak{r: answer.Body}
	before := live()
	kept, err := os.Create(filepath.Join(t.TempDir(), "download.zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer kept.Close()
	size, err := io.Copy(kept, most)
	if err != nil {
		t.Fatal(err)
	}
	archive, err := zip.NewReader(kept, size)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range archive.File {
		if f.UncompressedSize64 < tickets*12_000 {
			t.Errorf("%s has %d bytes, and %d tickets have more", f.Name, f.UncompressedSize64, tickets)
		}
	}
	if grew := int64(most.bytes) - int64(before); grew > 16<<20 {
		t.Errorf("%d MB more were in use while the download ran, want at most 16", grew>>20)
	}
}

// noise is 4 KB of text that no compression makes much smaller.
func noise() model.RichText {
	var b strings.Builder
	for b.Len() < 4000 {
		b.WriteString(rand.Text() + " ")
	}
	return model.RichText{Source: b.String(), HTML: "<p>" + b.String() + "</p>"}
}

// peak reads and remembers how much memory was in use at most.
type peak struct {
	r     io.Reader
	reads int
	bytes uint64
}

func (p *peak) Read(b []byte) (int, error) {
	if p.reads++; p.reads%64 == 0 {
		p.bytes = max(p.bytes, live())
	}
	return p.r.Read(b)
}

// live is how much memory is in use once the garbage is out.
func live() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
