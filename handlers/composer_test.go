package handlers_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"deskbell/handlers/handlerstest"
)

const (
	ticket1  = "/desk/tickets/1"
	sending1 = ticket1 + "/messages"
)

func TestM5_ASavedReplyIsWrittenUsedAndDeleted(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	const list = "/desk/settings/saved-replies"
	admin, agent := s.Member("admin@example.com"), s.Member("agent@example.com")
	form := admin.Get(list + "/new").Status(200).Has("{customer}").Form(list + "/new")
	form.Set("name", "Hello")
	form.Set("body", "Dear {nobody}")
	admin.Post(list+"/new", form).Status(422).Has("There is no placeholder {nobody}.", "Dear {nobody}")
	form.Set("body", "Dear {customer}, {agent} looks at “{title}” (#{number}, {project}): {link} {}")
	admin.Post(list+"/new", form).Status(303)
	admin.Post(list+"/new", form).Status(422).Has("Another saved reply has this name.")

	page := agent.Get(ticket1).Status(200).Has(">Hello</option>")
	answer := page.Form(sending1)
	answer.Set("message", "What I typed.")
	answer.Set("saved_reply", optionOf(t, page.Body, "Hello"))
	answer.Set("use", "1")
	answer.Set("kind", "note")
	used := agent.Post(sending1, answer).Status(200)
	got := used.Form(sending1)
	for _, want := range []string{"What I typed.\n\nDear Ada Byron, Tomás Reyes looks at “How do I move a shelf to another room?” (#1, Acme Support): http://", " {}"} {
		if !strings.Contains(got.Get("message"), want) {
			t.Errorf("the text is %q, want %q in it", got.Get("message"), want)
		}
	}
	if got.Get("kind") != "note" || strings.Contains(got.Get("message"), "/thread/") {
		t.Errorf("the form has %q and %q: it keeps its kind, and no private link stands in it", got.Get("kind"), got.Get("message"))
	}
	agent.Header.Set("HX-Request", "true")
	agent.Post(sending1, answer).Status(200).Has(`id="text"`, "What I typed.").HasNot("<html")
	agent.Header.Del("HX-Request")

	id := answer.Get("saved_reply")
	admin.Get(list).Status(200).Has(`href="` + list + "/" + id + `"`)
	admin.Get(list + "/" + id + "/delete").Status(200).Has("Delete “<bdi>Hello")
	admin.Post(list+"/"+id+"/delete", url.Values{}).Status(303)
	admin.Get(list).HasNot(">Hello<")
	agent.Post(sending1, answer).Status(422).Has("has been deleted", "What I typed.")
}

func TestM5_SavedRepliesBelongToTheirWorkspace(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	other := s.Member("admin@globex.example")
	other.Get("/desk/settings/saved-replies").Status(200).HasNot("Ask for a log")
	other.Get("/desk/settings/saved-replies/1").Status(404)
	other.Post("/desk/settings/saved-replies/1/delete", url.Values{}).Status(404)
	answer := other.Get(ticket1).Form(sending1)
	answer.Set("saved_reply", "1")
	answer.Set("use", "1")
	other.Post(sending1, answer).Status(422).HasNot("Best wishes")
}

func TestM3_ADraftIsKeptForItsWriterAlone(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	agent, admin := s.Member("agent@example.com"), s.Member("admin@example.com")
	form := agent.Get(ticket1).Form(sending1)
	form.Set("message", "Half a thought")
	form.Set("kind", "note")
	agent.Post(ticket1+"/draft", form).Status(200).Has("Draft from", "20 Nov 2026, 09:00 UTC").HasNot("<html", "Half a thought")
	again := agent.Get(ticket1).Status(200).Has("Draft from").Form(sending1)
	if again.Get("message") != "Half a thought" || again.Get("kind") != "note" {
		t.Errorf("the form has %q for a %q", again.Get("message"), again.Get("kind"))
	}
	admin.Get(ticket1).Status(200).HasNot("Half a thought", "Draft from")
	agent.Get("/desk/tickets/2").Status(200).HasNot("Half a thought")

	again.Set("message", strings.Repeat("x", 20_001))
	agent.Post(ticket1+"/draft", again).Status(422).Has("Shorten the message", "not kept")
	again.Set("message", "")
	agent.Post(ticket1+"/draft", again).Status(200).HasNot("Draft from")
	agent.Get(ticket1).HasNot("Half a thought", "Draft from")
}

func TestM3_ADraftIsKeptByItsButtonAndEndsWithTheAnswer(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	agent := s.Member("agent@example.com")
	form := agent.Get(ticket1).Form(sending1)
	form.Set("message", "To be sent later")
	form.Set("keep", "1")
	kept := agent.Follow(agent.Post(sending1, form)).Status(200).Has("Your draft is kept.", "Draft from")
	again := kept.Form(sending1)
	if again.Get("message") != "To be sent later" {
		t.Fatalf("the form has %q", again.Get("message"))
	}
	agent.Post(sending1, again).Status(303)
	if left := agent.Get(ticket1).HasNot("Draft from").Form(sending1).Get("message"); left != "" {
		t.Errorf("%q is left in the form", left)
	}
	agent.Post(ticket1+"/draft", again).Status(200).HasNot("Draft from") // the last keystroke, late
	agent.Get(ticket1).HasNot("Draft from")
}

func TestM3_ADraftGoesWithItsMember(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	agent, admin := s.Member("agent@example.com"), s.Member("admin@example.com")
	form := agent.Get(ticket1).Form(sending1)
	form.Set("message", "Nobody reads this")
	agent.Post(ticket1+"/draft", form).Status(200).Has("Draft from")
	admin.Post("/desk/settings/members/2/remove", url.Values{}).Status(303)
	back := s.Visitor("")
	join(back, invite(t, s, "agent@example.com", "Tomás Reyes", "agent"), newPassword).Status(303)
	back.Get(ticket1).Status(200).HasNot("Nobody reads this", "Draft from")
}

func TestM3_WhoElseIsAtATicketIsSaidAndForgotten(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	agent, admin := s.Member("agent@example.com"), s.Member("admin@example.com")
	news := ticket1 + "/news"
	ask := func(mark string) handlerstest.Page {
		return admin.Post(news, url.Values{"mark": {mark}, "after": {"0"}})
	}
	agent.Post(news, url.Values{})
	page := ask("").Status(200).Has("Tomás Reyes has this ticket open too.").HasNot("Grace Alder has")
	ask(hidden(t, page, "mark")).Status(204)
	form := agent.Get(ticket1).Form(sending1)
	form.Set("message", "I am at it")
	agent.Post(ticket1+"/draft", form)
	page = ask(hidden(t, page, "mark")).Status(200).Has("Tomás Reyes is writing an answer.").HasNot("I am at it", "open too")
	admin.Get(ticket1).Has("Tomás Reyes is writing an answer.")
	admin.Get("/desk/tickets/2").HasNot("is writing an answer")
	s.Clock.Move(2 * time.Minute)
	ask(hidden(t, page, "mark")).Status(200).HasNot("Tomás Reyes is writing", "Tomás Reyes has this")
	s.Member("admin@globex.example").Get(ticket1).HasNot("Tomás Reyes")
}

func TestM3_NewEntriesArriveByThemselves(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	agent, admin := s.Member("agent@example.com"), s.Member("admin@example.com")
	open := admin.Get(ticket1).Status(200)
	after, mark := hidden(t, open, "after"), hidden(t, open, "mark")
	news := func() handlerstest.Page {
		return admin.Post(ticket1+"/news", url.Values{"mark": {mark}, "after": {after}})
	}
	news().Status(204)
	note := agent.Get(ticket1).Form(sending1)
	note.Set("kind", "note")
	note.Set("message", "Look at this, Grace")
	agent.Post(sending1, note).Status(303)
	page := news().Status(200).Has("Look at this, Grace", "Tomás Reyes wrote an internal note", "One new entry").HasNot("<html", "Enjoy the new office", `name="message"`)
	mark, after = hidden(t, page, "mark"), hidden(t, page, "after")
	news().Status(204)
}

func TestM3_AReplyThatCrossedAnotherIsToldBeforeItIsSent(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	agent, admin := s.Member("agent@example.com"), s.Member("admin@example.com")
	mine := admin.Get(ticket1).Form(sending1)
	mine.Set("message", "My answer")
	theirs := agent.Get(ticket1).Form(sending1)
	theirs.Set("message", "Their answer")
	agent.Post(sending1, theirs).Status(303)
	told := admin.Post(sending1, mine).Status(409).Has("Tomás Reyes answered meanwhile.", "Their answer", "My answer")
	admin.Get(ticket1).HasNot("My answer")
	again := told.Form(sending1)
	if again.Get("message") != "My answer" {
		t.Fatalf("the form has %q", again.Get("message"))
	}
	admin.Post(sending1, again).Status(303)
	admin.Get(ticket1).Has("My answer")

	thread := s.Ticket("", "support", "bea@example.org", "Crossing")
	stale := admin.Get("/desk/tickets/7").Form("/desk/tickets/7/messages")
	visitor := s.Visitor("")
	reply := visitor.Get(thread).Form(thread + "/reply")
	reply.Set("message", "One more thing")
	visitor.Post(thread+"/reply", reply).Status(303)
	stale.Set("message", "Too early")
	stale.Set("kind", "note")
	admin.Post("/desk/tickets/7/messages", stale).Status(303) // a note answers nobody
	stale.Set("kind", "message")
	stale.Set("message", "Too early for a reply")
	admin.Post("/desk/tickets/7/messages", stale).Status(409).Has("answered meanwhile.", "One more thing")
}

// hidden returns the value of a page's hidden input, wherever it stands.
func hidden(t *testing.T, page handlerstest.Page, name string) string {
	t.Helper()
	found := regexp.MustCompile(`name="` + name + `"[^>]* value="([^"]*)"`).FindStringSubmatch(page.Body)
	if found == nil {
		t.Fatalf("there is no input %s in\n%s", name, page.Body)
	}
	return found[1]
}
