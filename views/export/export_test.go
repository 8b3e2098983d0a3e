package export

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"deskbell/db/model"
	"deskbell/views/language"
)

const hostile = `"><script>alert(1)</script>{{.}}]}</style>&amp; \ ` + "\u2028"

var when = time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)

// write writes a document with something hostile in each text that a person or a file may bring.
func write(t *testing.T, form func(io.Writer) Document) []byte {
	t.Helper()
	var out bytes.Buffer
	d := form(&out)
	text := model.RichText{Source: hostile, HTML: "<p>sanitised</p>"}
	file := File{Name: hostile, Path: "files/a b #1?%/ä\"<.txt", Bytes: 3, At: when}
	mails := []model.HeldMail{{Kind: model.MailMessage, State: model.MailSent, At: when, SentAt: when}, {Kind: "another", State: model.MailHeld, At: when}}
	person := Person{Workspace: hostile, MadeAt: when, Avatars: []string{"files/picture.jpg"}, HeldData: model.HeldData{
		Email: hostile, Name: hostile, KnownSince: when, ErasureAt: when, Mails: mails,
		Sessions: []model.HeldSession{{Since: when, LastSeen: when, Ends: when}}, Logins: []model.HeldLogin{{AskedAt: when}, {AskedAt: when, UsedAt: when}},
		Identities:  []model.HeldIdentity{{Provider: model.ByDiscord, Subject: hostile, Name: hostile, Avatar: []byte("x"), Ends: when}, {Provider: model.BySlack, Subject: hostile}},
		IntakeLinks: []model.HeldIntakeLink{{Project: hostile, MadeAt: when, Ends: when}}, Waiting: []model.HeldUpload{{Name: hostile, At: when, Ends: when}},
	}}
	ticket := Ticket{Files: []File{file, {Name: "gone.txt", RemovedAt: when}}, HeldTicket: model.HeldTicket{
		Project: hostile, Title: hostile, Opener: hostile, OpenedAt: when, State: model.Done, LastActivityAt: when, Receives: true, Description: text, Mails: mails,
		Answers: []model.PublicAnswer{{Label: hostile, Kind: model.FieldText, Value: hostile}},
	}}
	message := Message{HeldMessage: model.HeldMessage{Author: hostile, Text: text, At: when}, Files: []File{file}}
	for _, do := range []func() error{
		func() error { return d.Begin(person) },
		func() error { return d.BeginTicket(ticket) }, func() error { return d.Message(message) }, func() error { return d.Message(message) }, d.EndTicket,
		func() error {
			return d.BeginTicket(Ticket{HeldTicket: model.HeldTicket{OpenedAt: when, LastActivityAt: when}})
		}, d.EndTicket,
		d.End,
	} {
		if err := do(); err != nil {
			t.Fatal(err)
		}
	}
	return out.Bytes()
}

func TestJ4_JSONIsWhatWasWritten(t *testing.T) {
	t.Parallel()
	var got struct {
		Email   string
		Tickets []struct {
			Title    string
			Messages []struct{ Author, Text string }
			Files    []struct{ Name, Path string }
		}
	}
	text := write(t, JSON)
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	if got.Email != hostile || len(got.Tickets) != 2 || len(got.Tickets[0].Messages) != 2 || len(got.Tickets[1].Messages) != 0 {
		t.Fatalf("read is %+v", got)
	}
	if first := got.Tickets[0]; first.Title != hostile || first.Messages[1].Author != hostile || first.Messages[1].Text != hostile || first.Files[0].Name != hostile {
		t.Errorf("read is %+v", first)
	}
	var none bytes.Buffer
	d := JSON(&none)
	if d.Begin(Person{}) != nil || d.End() != nil || !json.Valid(none.Bytes()) {
		t.Errorf("without tickets it is %s", none.String())
	}
}

func TestJ4_ThePageRunsNothingAndLeadsToItsFiles(t *testing.T) {
	t.Parallel()
	page := write(t, func(w io.Writer) Document { return HTML(w, language.English()) })
	root, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	links, texts, level := map[string]int{}, 0, 0
	for n := range root.Descendants() {
		if n.Type == html.TextNode && strings.Contains(n.Data, "<script>alert(1)</script>") {
			texts++
		}
		if n.Type != html.ElementNode {
			continue
		}
		switch n.Data {
		case "script", "iframe", "form", "img", "link":
			t.Errorf("the page has a <%s>", n.Data)
		case "h1", "h2", "h3":
			if next := int(n.Data[1] - '0'); next > level+1 {
				t.Errorf("<%s> follows <h%d>", n.Data, level)
			} else {
				level = next
			}
		}
		for _, a := range n.Attr {
			if strings.HasPrefix(a.Key, "on") {
				t.Errorf("the page has the attribute %s", a.Key)
			}
			if a.Key == "href" {
				links[a.Val]++
			}
		}
	}
	if texts < 10 {
		t.Errorf("the hostile text stands %d times on the page, want it wherever it was given", texts)
	}
	if want := "files/a%20b%20%231%3F%25/%C3%A4%22%3C.txt"; links[want] != 3 || links["data.json"] != 1 || links["files/picture.jpg"] != 1 || len(links) != 3 {
		t.Errorf("the page links %v, want %s three times, data.json and the picture once", links, want)
	}
}
