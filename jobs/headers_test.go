package jobs_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"deskbell/handlers/handlerstest"
)

// to is who gets each kind of mail: whoever follows a ticket can unsubscribe from it, and nobody can from
// what they asked for themselves. Mail to members has the desk's link.
var to = map[string]struct {
	link        string // what it leads to
	unsubscribe bool
	follows     bool // it is a later mail of a ticket
}{
	"first": {"/ticket/thread/", true, false}, "first-added": {"/ticket/thread/", true, false},
	"created": {"/ticket/thread/", true, false}, "added": {"/ticket/thread/", true, false},
	"message": {"/ticket/thread/", true, true}, "message-unconfirmed": {"/ticket/thread/", true, true},
	"message-added": {"/ticket/thread/", true, true}, "message-added-unconfirmed": {"/ticket/thread/", true, true},
	"closed": {"/ticket/thread/", true, true}, "closed-alone": {"/ticket/thread/", true, true},
	"closing-soon": {"/ticket/thread/", true, true}, "auto-closed": {"/ticket/thread/", true, true}, "new-link": {"/ticket/thread/", true, true},
	"new-ticket": {"/desk/tickets/", false, false}, "reopened": {"/desk/tickets/", false, true},
	"reply": {"/desk/tickets/", false, true}, "assigned": {"/desk/tickets/", false, true},
	"login": {"/tickets/login/", false, false}, "invitation": {"/desk/join/", false, false}, "password": {"/desk/join/", false, false},
	"password-changed": {"/desk/login", false, false}, "links": {"/ticket/thread/", false, false}, "erased": {"/", false, false},
}

func TestK3_EachMailHasWhatMailClientsNeed(t *testing.T) {
	t.Parallel()
	made, ids := letters(t, start(t)), map[string]string{}
	if len(made) != len(to) {
		t.Errorf("%d kinds of mail, and %d are expected", len(made), len(to))
	}
	for kind, m := range made {
		t.Run(kind, func(t *testing.T) { checkHead(t, kind, m); checkParts(t, kind, m) })
		id := m.Header.Get("Message-Id")
		if other := ids[id]; other != "" {
			t.Errorf("%s and %s have the same Message-ID", kind, other)
		}
		ids[id] = kind
	}
}

var messageID = regexp.MustCompile(`^<[\w-]{22}@localhost>$`)

func checkHead(t *testing.T, kind string, m handlerstest.Received) {
	t.Helper()
	head, want := m.Header, to[kind]
	for name, value := range map[string]string{
		"From": `"Acme" <deskbell@localhost>`, "To": "<" + m.To + ">", "Auto-Submitted": "auto-generated", "Mime-Version": "1.0",
		"Cc": "", "Bcc": "", "Reply-To": "", "X-Mailer": "", "User-Agent": "", "Disposition-Notification-To": "",
	} {
		if got := head.Get(name); got != value {
			t.Errorf("%s is %q, want %q", name, got, value)
		}
	}
	if m.From != "deskbell@localhost" || head.Get("Subject") == "" {
		t.Errorf("the envelope's sender is %s, the subject %q", m.From, head.Get("Subject"))
	}
	began := handlerstest.NewClock().Now()
	if at, err := head.Date(); err != nil || at.Before(began) || at.After(began.Add(15*24*time.Hour)) {
		t.Errorf("the date is %v, %v", at, err)
	}
	if id := head.Get("Message-Id"); !messageID.MatchString(id) {
		t.Errorf("the Message-ID is %s", id)
	}
	if root := head.Get("In-Reply-To"); messageID.MatchString(root) != want.follows || root != head.Get("References") {
		t.Errorf("it answers %q, with the references %q", root, head.Get("References"))
	}
	list, post := head.Get("List-Unsubscribe"), head.Get("List-Unsubscribe-Post")
	switch {
	case !want.unsubscribe && list+post != "":
		t.Errorf("nobody can unsubscribe from it, and the head has %q, %q", list, post)
	case want.unsubscribe && (!strings.HasPrefix(list, "<http://localhost:") || !strings.Contains(list, "/ticket/unsubscribe/") || post != "List-Unsubscribe=One-Click"):
		t.Errorf("one-click unsubscribe is %q, %q", list, post)
	}
}

// addresses of a page in a text.
var inText = regexp.MustCompile(`https?://\S+`)

func checkParts(t *testing.T, kind string, m handlerstest.Received) {
	t.Helper()
	for _, must := range []string{"multipart/related", "multipart/alternative", "text/plain; charset=UTF-8", "text/html; charset=UTF-8", "Content-Id: <logo>"} {
		if !strings.Contains(m.Raw, must) {
			t.Errorf("%s is missing", must)
		}
	}
	if plain, rich := strings.Index(m.Raw, "text/plain"), strings.Index(m.Raw, "text/html"); plain > rich {
		t.Error("the HTML stands before the text: a mail client shows the last part that it can")
	}
	root, err := html.Parse(strings.NewReader(m.HTML))
	if err != nil {
		t.Fatal(err)
	}
	checkHTML(t, m, root)
	links := inText.FindAllString(m.Text, -1)
	if !slices.ContainsFunc(links, func(l string) bool { return strings.Contains(l, to[kind].link) }) {
		t.Errorf("the text leads nowhere: %v", links)
	}
	for _, link := range links { // what stands in one part stands in the other
		if !strings.Contains(m.HTML, `href="`+link+`"`) && !strings.Contains(m.Text, "> ") {
			t.Errorf("the HTML has no link to %s", link)
		}
	}
}

// checkHTML wants a mail that loads nothing, and that can be read in dark mode and without pictures.
func checkHTML(t *testing.T, m handlerstest.Received, root *html.Node) {
	t.Helper()
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		a := map[string]string{}
		for _, attribute := range n.Attr {
			a[attribute.Key] = attribute.Val
		}
		if slices.Contains([]string{"script", "link", "iframe", "form", "object", "video"}, n.Data) || strings.Contains(a["style"], "url(") {
			t.Errorf("it has a %s with %v", n.Data, n.Attr)
		}
		if n.Data == "img" && (a["src"] != "cid:logo" || a["width"] == "" || a["height"] == "" || a["alt"] != "") {
			t.Errorf("the picture is %v: only the logo may stand there, beside the name", n.Attr)
		}
		if declared(a["style"], "color") != declared(a["style"], "background") && declared(a["style"], "color") != "inherit" {
			t.Errorf("%s sets one of colour and background alone, and dark mode turns the other: %s", n.Data, a["style"])
		}
	}
	for _, must := range []string{`<meta name="color-scheme" content="light dark">`, "<h1 "} {
		if !strings.Contains(m.HTML, must) {
			t.Errorf("%s is missing", must)
		}
	}
	if _, body, _ := strings.Cut(m.HTML, "<body"); !strings.Contains(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(body, ""), "Acme") {
		t.Error("without its picture the mail does not say whose it is")
	}
	// Filters count shorter HTML with a picture in it as a picture with hardly any words.
	if len(m.HTML) <= 3200 {
		t.Errorf("the HTML has %d bytes", len(m.HTML))
	}
}

// declared says how a style declares a property: "set", "inherit", or "" for not at all.
func declared(style, property string) string {
	for declaration := range strings.SplitSeq(style, ";") {
		name, value, _ := strings.Cut(declaration, ":")
		if name = strings.TrimSpace(name); name == property || name == property+"-color" {
			if strings.TrimSpace(value) == "inherit" {
				return "inherit"
			}
			return "set"
		}
	}
	return ""
}
