package handlers_test

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"deskbell/db/model"
	"deskbell/handlers/handlerstest"
)

// A copy of the database, as a backup or a replica has it: nothing in it opens anything (P3).
func TestP3_ACopyOfTheDatabaseOpensNothing(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	secrets := map[string]string{}
	keep := func(name, path string) { secrets[name] = path[strings.LastIndexAny(path, "/=")+1:] }
	keep("thread link", s.Ticket("", "support", "ada@example.org", "Copied"))
	keep("unsubscribe link", s.Mailbox.Last(t, "ada@example.org").Link(t, "/ticket/unsubscribe/"))
	keep("intake link", makeLink(t, s, "mary@example.org", "support", "30"))
	keep("login link", askLogin(t, s, s.Visitor(""), "ada@example.org"))
	askPassword(t, s, "agent@example.com")
	keep("password link", s.Mailbox.Last(t, "agent@example.com").Link(t, "/desk/join/"))
	for who, browser := range map[string]*handlerstest.Browser{"member": s.Member("agent@example.com"), "customer": signedIn(t, s, "ada@example.org")} {
		for _, cookie := range browser.Cookies() {
			if len(cookie.Value) > 10 { // a language is none
				secrets[who+"'s session"] = cookie.Value
			}
		}
	}
	if len(secrets) != 7 {
		t.Fatalf("only %d secrets are looked for", len(secrets))
	}
	copies, err := filepath.Glob(s.Path + "*")
	if err != nil || len(copies) < 2 {
		t.Fatalf("%v is not the database and its log: %v", copies, err)
	}
	for _, path := range copies {
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for name, secret := range secrets {
			if bytes.Contains(content, []byte(secret)) {
				t.Errorf("%s has the %s", filepath.Base(path), name)
			}
		}
	}
}

// What the database does have of a link, its id, is no token of it.
func TestP3_TheStoredIDOfALinkOpensNothing(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	token := model.Token(strings.TrimPrefix(s.Ticket("", "support", "ada@example.org", "Copied"), "/ticket/thread/"))
	id, ok := s.Keys.Link(model.ThreadLink, token)
	if !ok {
		t.Fatal("the mailed link is none")
	}
	other, err := model.NewKeys([]byte("the key of another installation, of enough bytes"))
	if err != nil {
		t.Fatal(err)
	}
	for name, try := range map[string]string{"id": string(id), "id under another key": string(other.Token(model.ThreadLink, id)),
		"first half": string(token[:len(token)/2]), "another last letter": string(token[:len(token)-1]) + "!"} {
		if page := s.Visitor("").Get("/ticket/thread/" + try); page.Code != 404 {
			t.Errorf("the %s answers %d", name, page.Code)
		}
	}
}

// Who writes is who holds the link: no field says otherwise.
func TestI2_NobodyRepliesInAnothersName(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	thread := s.Ticket("", "support", "ada@example.org", "Who am I?")
	v := s.Visitor("")
	form := v.Get(thread).Form(thread + "/reply")
	for field, value := range map[string]string{"message": "I am the boss", "email": "boss@example.com", "name": "The Boss",
		"from": "boss@example.com", "author": "1", "member": "1", "kind": "note", "customer": "2", "recipient": "2"} {
		form.Set(field, value)
	}
	v.Post(thread+"/reply", form).Status(303)
	v.Get(thread).Status(200).Has("I am the boss").HasNot("boss@example.com", "The Boss")
	s.Member("agent@example.com").Get("/desk/tickets/7").Has("I am the boss", "ada@example.org").HasNot("boss@example.com", "The Boss")
}

var injections = []string{"' or 1=1 --", `" or ""="`, "x') union select password_hash from members --", "*", "NEAR(a b)", "title:x OR 1",
	"%", "_", "\\", "'; drop table tickets; --", "\x00' or '1'='1"}

// What is searched for is a value, never a statement, wherever it is typed.
func TestP5_NoTypedTextIsSQL(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	s.Ticket("", "support", "ada@example.org", "Nobody asked for this")
	ada, agent, admin := signedIn(t, s, "ada@example.org"), s.Member("agent@example.com"), s.Member("admin@example.com")
	for _, typed := range injections {
		q := url.QueryEscape(typed)
		for path, browser := range map[string]*handlerstest.Browser{
			"/desk?q=": agent, "/desk?above=": agent, "/desk?below=": agent, "/desk?assignee=": agent, "/desk?status=": agent, "/desk/export.csv?q=": agent,
			"/tickets?q=": ada, "/tickets?after=": ada, "/doc/support?q=": ada, "/ticket/support/suggestions?title=": ada, "/ticket/support?type=": ada,
			"/desk/settings/customers?q=": admin, "/desk/settings/audit?actor=": admin, "/desk/settings/audit?below=": admin,
		} {
			page := browser.Get(path + q).HasNot("$argon2id$")
			if page.Code >= 500 {
				t.Errorf("%s%s answers %d", path, typed, page.Code)
			}
		}
		if typed != "%" && typed != "_" && typed != "\\" && typed != "*" { // of no word there is nothing to look for
			agent.Get("/desk?q=" + q).Status(200).HasNot(">Nobody asked for this<")
		}
	}
	agent.Get("/desk").Status(200).Has("Nobody asked for this")
	if strings.Contains(s.Log.String(), "level=ERROR") {
		t.Errorf("the log has errors:\n%s", s.Log)
	}
}

// A body that says it is compressed is taken as it came: nothing that was sent swells.
func TestP5_NoRequestIsInflated(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	var bomb bytes.Buffer
	w := gzip.NewWriter(&bomb)
	w.Write([]byte("title=" + strings.Repeat("swollen+", 10<<20/8)))
	w.Close()
	if bomb.Len() > 100<<10 {
		t.Fatalf("the bomb has %d bytes", bomb.Len())
	}
	for _, coding := range []string{"gzip", "deflate", "br", "identity, gzip"} {
		v := s.Visitor("")
		v.Header.Set("Content-Encoding", coding)
		page := v.Do(http.MethodPost, "/ticket/support", bytes.NewReader(bomb.Bytes()), "application/x-www-form-urlencoded")
		if page.Code < 400 || page.Code >= 500 || strings.Contains(page.Body, "swollen") {
			t.Errorf("%s: status %d", coding, page.Code)
		}
	}
}

// A pattern that an admin asks of a field is matched in a time that grows with the text alone, as Go's
// expressions are: an answer made for it does not hold the server up, and other kinds of pattern are refused.
func TestC3_NoPatternTakesLong(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	admin := s.Member("admin@example.com")
	path := bugs + "/new"
	form := admin.Get(path + "?kind=text").Status(200).Form(path)
	form.Set("key", "slow")
	form.Set("label", "Slow")
	form.Set("kind", "text")
	form.Set("pattern", `(a)\1`)
	admin.Post(path, form).Status(422)
	form.Set("pattern", `(a+)+(b|b?)*`)
	admin.Post(path, form).Status(303)
	v := s.Visitor("")
	ticket := newForm(v, "Slow")
	ticket.Set("type", "bug")
	ticket.Set("field_slow", strings.Repeat("a", 200)+"!")
	v.Post("/ticket/support", ticket).Status(422).Has("field_slow")
}
