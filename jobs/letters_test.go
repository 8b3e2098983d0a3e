package jobs_test

import (
	"flag"
	"fmt"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"deskbell/db"
	"deskbell/db/model"
	"deskbell/handlers/handlerstest"
)

var update = flag.Bool("update", false, "write the golden files")

// steady replaces what differs from run to run: ports, tokens, codes, boundaries.
var steady = []struct {
	find *regexp.Regexp
	put  string
}{
	{regexp.MustCompile(`localhost:\d+`), "localhost:PORT"},
	{regexp.MustCompile(`/(thread|unsubscribe|login|join)/[\w-]{43}`), "/$1/TOKEN"},
	{regexp.MustCompile(`<[\w-]{22}@`), "<REF@"},
	{regexp.MustCompile(`(Your code: (?:<strong[^>]*>)?)\d{6}`), "${1}CODE"},
	{regexp.MustCompile(`boundary=\S+`), "boundary=BOUNDARY"},
}

// golden is a mail as its file keeps it: every header, the text, the HTML.
func golden(m handlerstest.Received) string {
	var b strings.Builder
	fmt.Fprintf(&b, "envelope: %s -> %s\n", m.From, m.To)
	for _, name := range slices.Sorted(maps.Keys(m.Header)) {
		for _, value := range m.Header[name] {
			fmt.Fprintf(&b, "%s: %s\n", name, value)
		}
	}
	fmt.Fprintf(&b, "\n=== text\n%s\n=== html\n%s", m.Text, m.HTML)
	text := b.String()
	for _, s := range steady {
		text = s.find.ReplaceAllString(text, s.put)
	}
	return text
}

func checkGolden(t *testing.T, name string, m handlerstest.Received) {
	t.Helper()
	path, got := filepath.Join("testdata", name+".golden"), golden(m)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s has changed; look at it, and write it with -update:\n%s", path, got)
	}
}

// letters plays a ticket's life and returns a mail of each kind.
func letters(t *testing.T, s *handlerstest.Server) map[string]handlerstest.Received {
	t.Helper()
	visitor, agent := s.Visitor(""), s.Member("agent@example.com")
	last := func(to string, mails []handlerstest.Received) handlerstest.Received {
		t.Helper()
		for _, m := range slices.Backward(mails) {
			if m.To == to {
				return m
			}
		}
		t.Fatalf("no mail to %s among those to %s", to, addresses(mails))
		panic("unreachable")
	}
	made := map[string]handlerstest.Received{}
	const who = "new@example.org"
	opened := since(s, func() { visitor.OpenTicket("support", who, "The shelf is empty") })
	made["first"], made["new-ticket"] = last(who, opened), last("admin@example.com", opened)
	ticket := ticketPath(t, agent, "The shelf is empty")
	made["message-unconfirmed"] = last(who, since(s, func() {
		answer(t, agent, ticket, "Please look **behind** it.", "")
	}))
	thread := made["first"].Link(t, "/ticket/thread/")
	visitor.Get(thread).Status(200) // confirms the address
	made["message"] = last(who, since(s, func() {
		answer(t, agent, ticket, "And <b>under</b> it:\n\n> a quote\n\n![a picture](https://tracker.example/pixel.png)", "")
	}))
	made["assigned"] = last("agent@example.com", since(s, func() {
		s.Member("admin@example.com").Post(ticket+"/assignee", url.Values{"assignee": {"2"}}).Status(303)
	}))
	made["reply"] = last("agent@example.com", since(s, func() { reply(visitor, thread, "Nothing **there**.") }))
	made["closed"] = last(who, since(s, func() { answer(t, agent, ticket, "Done.", "Resolved") }))
	made["reopened"] = last("agent@example.com", since(s, func() { reply(visitor, thread, "It is empty again.") }))
	made["created"] = last(who, since(s, func() { visitor.OpenTicket("support", who, "Another shelf") }))
	made["login"] = last(who, since(s, func() {
		visitor.Post("/tickets/login", url.Values{"email": {who}}).Status(303)
	}))
	account(t, s, made, last)
	agent = s.Member("agent@example.com") // the new password signed the other browser out
	replace := visitor.Get(thread + "/replace").Form(thread + "/replace")
	made["new-link"] = last(who, since(s, func() { visitor.Post(thread+"/replace", replace).Status(200) }))
	made["links"] = last(who, since(s, func() {
		visitor.Post("/ticket/thread/lost", url.Values{"email": {who}}).Status(303)
	}))
	follower(t, s, made, last)
	made["closed-alone"] = last(who, since(s, func() { setStatus(t, agent, ticket, "Rejected") }))
	if err := s.DB.SetTicketRules(t.Context(), 1, 14); err != nil {
		t.Fatal(err)
	}
	setStatus(t, agent, ticket, "Waiting on reporter")
	s.Clock.Move(11 * 24 * time.Hour)
	made["closing-soon"] = last(who, since(s, func() { s.Jobs.Sweep(t.Context()) }))
	s.Clock.Move(3 * 24 * time.Hour)
	made["auto-closed"] = last(who, since(s, func() { s.Jobs.Sweep(t.Context()) }))
	admin := s.Member("admin@example.com")
	customer := regexp.MustCompile(`/desk/settings/customers/\d+`).FindString(admin.Get("/desk/settings/customers?q=" + who).Body)
	made["erased"] = last(who, since(s, func() {
		admin.Post(customer+"/erase", url.Values{"address": {who}}).Status(303)
		s.Jobs.Step(t.Context()) // the erasure, which writes the mail
	}))
	return made
}

// follower adds people to the tickets of letters, and keeps what they get.
func follower(t *testing.T, s *handlerstest.Server, made map[string]handlerstest.Received, last func(string, []handlerstest.Received) handlerstest.Received) {
	t.Helper()
	const who = "follower@example.org"
	agent := s.Member("agent@example.com")
	first, second := ticketPath(t, agent, "The shelf is empty"), ticketPath(t, agent, "Another shelf")
	added := func(ticket string) handlerstest.Received {
		return last(who, since(s, func() {
			agent.Post(ticket+"/recipients", url.Values{"email": {who}}).Status(303)
		}))
	}
	made["first-added"] = added(first)
	made["message-added-unconfirmed"] = last(who, since(s, func() {
		reply(s.Visitor(""), made["new-link"].Link(t, "/ticket/thread/"), "For the team, not for a stranger’s mailbox.")
	}))
	s.Visitor("").Get(made["first-added"].Link(t, "/ticket/thread/")).Status(200)
	made["added"] = added(second)
	made["message-added"] = last(who, since(s, func() { answer(t, agent, second, "For both of you.", "") }))
}

// account invites somebody to the team, and gives the agent a new password.
func account(t *testing.T, s *handlerstest.Server, made map[string]handlerstest.Received, last func(string, []handlerstest.Received) handlerstest.Received) {
	t.Helper()
	const members = "/desk/settings/members"
	made["invitation"] = last("ann@example.com", since(s, func() {
		s.Member("admin@example.com").Post(members, url.Values{"email": {"ann@example.com"}, "name": {"Ann"}, "role": {"agent"}, "mail": {"1"}}).Status(303)
	}))
	made["password"] = last("agent@example.com", since(s, func() {
		s.Visitor("").Post("/desk/password", url.Values{"email": {"agent@example.com"}}).Status(303)
	}))
	join := made["password"].Link(t, "/desk/join/")
	made["password-changed"] = last("agent@example.com", since(s, func() {
		s.Visitor("").Post(join, url.Values{"name": {"Tomás Reyes"}, "password": {"deskbell-demo"}}).Status(303)
	}))
}

// setStatus sends the desk's form of a status alone.
func setStatus(t *testing.T, member *handlerstest.Browser, ticket, status string) {
	t.Helper()
	option := regexp.MustCompile(`<option value="(\d+)"[^>]*>` + status + `<`).FindStringSubmatch(member.Get(ticket).Status(200).Body)
	if option == nil {
		t.Fatalf("no status %q", status)
	}
	member.Post(ticket+"/status", url.Values{"status": {option[1]}}).Status(303)
}

func TestK3_EachKindOfMailIsAsItsGoldenFile(t *testing.T) {
	t.Parallel()
	made := letters(t, start(t))
	for name, m := range made {
		checkGolden(t, name, m)
	}
	files, err := filepath.Glob("testdata/*.golden")
	if err != nil || len(files) != len(made) {
		t.Errorf("%d golden files for %d mails, %v", len(files), len(made), err)
	}
}

func TestK3_MailOfOneTicketThreads(t *testing.T) {
	t.Parallel()
	made := letters(t, start(t))
	root := made["first"].Header.Get("Message-Id")
	if root == "" || made["first"].Header.Get("In-Reply-To") != "" {
		t.Fatalf("the first mail is %s, in reply to %q", root, made["first"].Header.Get("In-Reply-To"))
	}
	ids := map[string]bool{root: true}
	for _, kind := range []string{"message-unconfirmed", "message", "closed", "new-link"} {
		head := made[kind].Header
		if head.Get("In-Reply-To") != root || head.Get("References") != root {
			t.Errorf("%s does not follow %s: %v", kind, root, head)
		}
		ids[head.Get("Message-Id")] = true
	}
	if len(ids) != 5 {
		t.Errorf("five mails have %d message ids", len(ids))
	}
	if made["created"].Header.Get("In-Reply-To") != "" || made["created"].Header.Get("Message-Id") == root {
		t.Error("another ticket's mail stands in the same thread")
	}
}

func TestK3_MailToMembersAboutATicketThreads(t *testing.T) {
	t.Parallel()
	made := letters(t, start(t))
	root := made["new-ticket"].Header.Get("Message-Id")
	if root == "" || made["new-ticket"].Header.Get("In-Reply-To") != "" {
		t.Fatalf("the first mail is %s, in reply to %q", root, made["new-ticket"].Header.Get("In-Reply-To"))
	}
	for _, kind := range []string{"assigned", "reply", "reopened"} {
		m := made[kind]
		if m.Header.Get("In-Reply-To") != root || m.Header.Get("References") != root || m.Header.Get("Message-Id") == root {
			t.Errorf("%s does not follow %s: %v", kind, root, m.Header)
		}
		if m.Header.Get("Auto-Submitted") != "auto-generated" || m.Header.Get("Reply-To") != "" {
			t.Errorf("%s could begin a loop: %v", kind, m.Header)
		}
		if m.Link(t, "/desk/tickets/") == "" || m.Link(t, "/desk/account") == "" {
			t.Errorf("%s leads to no ticket or no switches:\n%s", kind, m.Text)
		}
	}
}

func TestK3_NoHeaderComesFromANameOrATitle(t *testing.T) {
	t.Parallel()
	s := start(t)
	visitor := s.Visitor("")
	const attack = "Help\r\nBcc: victim@example.net\r\n\r\nBody <x@evil.example> \"quoted\" \u202eevil"
	thread := s.Ticket("", "support", "new@example.org", "Confirm me")
	visitor.Get(thread).Status(200)
	mails := since(s, func() {
		form := visitor.Get("/ticket/support").Form("/ticket/support")
		form.Set("email", "new@example.org")
		form.Set("name", attack)
		form.Set("title", attack)
		form.Set("description", "Plain.")
		visitor.Post("/ticket/support", form).Status(303)
	})
	if addresses(mails) != "new@example.org admin@example.com" {
		t.Fatalf("mail went to %s", addresses(mails))
	}
	for _, m := range mails {
		for name := range m.Header {
			if name == "Bcc" || name == "Cc" {
				t.Errorf("a header %s came in", name)
			}
		}
		if to := m.Header.Get("To"); to != "<"+m.To+">" {
			t.Errorf("To is %s", to)
		}
	}
}

func TestK3_AWorkspaceWithAnyNameSendsMail(t *testing.T) {
	t.Parallel()
	s := start(t)
	const name = "Ünï \"Best\" <Co>, \\ \r\nBcc: victim@example.net"
	ws, err := s.DB.CreateWorkspace(t.Context(), newWorkspace(name, "odd.localhost"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.DB.CreateProject(t.Context(), ws.ID, newProject()); err != nil {
		t.Fatal(err)
	}
	mails := since(s, func() { s.Visitor("odd.localhost").OpenTicket("help", "new@example.org", "Hello") })
	if len(mails) != 1 || mails[0].From != "deskbell@localhost" || mails[0].Header.Get("Bcc") != "" {
		t.Fatalf("mails: %v", mails)
	}
	from, err := mails[0].Header.AddressList("From")
	if err != nil || len(from) != 1 || from[0].Address != "deskbell@localhost" || !strings.HasPrefix(from[0].Name, "Ünï \"Best\" <Co>") {
		t.Errorf("From is %v, %v", from, err)
	}
}

func newWorkspace(name, host string) db.NewWorkspace {
	return db.NewWorkspace{Name: name, Kind: model.Standard, Color: "#17605c", Hosts: []string{host}}
}

func newProject() db.NewProject {
	return db.NewProject{PublicID: "help", Name: "Help", Intake: model.IntakeOpen, DefaultType: "question",
		Types: []model.TicketType{{Key: "question", Name: "Question"}}}
}
