package handlers_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"deskbell/handlers/handlerstest"
)

func TestI5_TheThreadShowsNothingInternal(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	thread := s.Ticket("", "support", "ada@example.org", "A plain question")
	agent := s.Member("agent@example.com")
	form := agent.Get("/desk/tickets/7").Form("/desk/tickets/7/messages")
	form.Set("kind", "note")
	form.Set("message", "secret-note-42")
	agent.Post("/desk/tickets/7/messages", form).Status(303)
	agent.Post("/desk/tickets/7/assignee", url.Values{"assignee": {"1"}}).Status(303)
	agent.Get("/desk/tickets/7").Has("secret-note-42", "message--note", "Grace Alder")
	for _, path := range []string{thread, thread + "/messages?after=0"} {
		v := s.Visitor("")
		if strings.Contains(path, "after") {
			v.Header.Set("HX-Request", "true")
		}
		v.Get(path).Status(200).HasNot("secret-note-42", "Grace Alder", "In progress", "#7", "agent@example.com", "assignee", "unconfirmed")
	}
}

func TestI4_APollAnswers204UntilSomethingIsNew(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	thread := s.Ticket("", "support", "ada@example.org", "Anything new?")
	v := s.Visitor("")
	v.Header.Set("HX-Request", "true")
	v.Get(thread + "/messages?after=1").Status(204)
	v.Get(thread + "/messages?after=1").Status(204)
	agent := s.Member("agent@example.com")
	answer(agent, 7, "message", "first answer")
	answer(agent, 7, "note", "a note is nothing new for customers")
	page := v.Get(thread+"/messages?after=1").Status(200).Has("first answer", "A new message from Tomás Reyes.", `id="poll"`)
	page.HasNot("a note", "<html")
	v.Get(thread + "/messages?after=2").Status(204)
	answer(agent, 7, "message", "second answer")
	v.Get(thread + "/messages?after=2").Status(200).Has("second answer").HasNot("first answer")
	agent.Post("/desk/tickets/7/status", url.Values{"status": {"4"}}).Status(303)
	v.Get(thread+"/messages?after=3").Status(200).Has("Done", "Your reply opens it again")
	v.Get(thread + "/messages?after=-1").Status(400)
	v.Get(thread + "/messages").Status(400)
}

// answer sends a member's message or note.
func answer(member *handlerstest.Browser, ticket int, kind, text string) {
	path := fmt.Sprintf("/desk/tickets/%d", ticket)
	form := member.Get(path).Status(200).Form(path + "/messages")
	form.Set("kind", kind)
	form.Set("message", text)
	member.Post(path+"/messages", form).Status(303)
}

func TestI2_AReplyByHtmxReturnsTheFormAndWhatIsNew(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	thread := s.Ticket("", "support", "ada@example.org", "Replying")
	v := s.Visitor("")
	form := v.Get(thread).Form(thread + "/reply")
	v.Header.Set("HX-Request", "true")
	form.Set("message", "")
	v.Post(thread+"/reply", form).Status(422).Has("Write a message", `id="reply"`).HasNot("<html")
	form.Set("message", "my reply")
	page := v.Post(thread+"/reply", form).Status(200).Has("my reply", "Your reply was sent", `id="reply"`, `id="poll"`)
	if strings.Count(page.Body, "my reply") != 1 {
		t.Error("the reply must stand in the conversation alone")
	}
	v.Post(thread+"/reply", form).Status(200) // the same form again
	v.Header.Del("HX-Request")
	if n := strings.Count(v.Get(thread).Body, "my reply"); n != 1 {
		t.Errorf("the reply stands %d times in the thread", n)
	}
}

func TestI2_TwoRepliesFromTwoTabsAreBothKept(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	thread := s.Ticket("", "support", "ada@example.org", "Two tabs")
	v := s.Visitor("")
	first, second := v.Get(thread).Form(thread+"/reply"), v.Get(thread).Form(thread+"/reply")
	first.Set("message", "from the first tab")
	second.Set("message", "from the second tab")
	v.Post(thread+"/reply", first).Status(303)
	v.Post(thread+"/reply", second).Status(303)
	v.Get(thread).Has("from the first tab", "from the second tab")
}

func TestI7_AReplyReopensAClosedTicketAndTellsTheAssignee(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	thread := s.Ticket("", "support", "ada@example.org", "Not done yet")
	agent := s.Member("agent@example.com")
	agent.Post("/desk/tickets/7/assignee", url.Values{"assignee": {"2"}}).Status(303)
	agent.Post("/desk/tickets/7/status", url.Values{"status": {"5"}}).Status(303)
	v := s.Visitor("")
	form := v.Get(thread).Has("Done", "opens it again").Form(thread + "/reply")
	form.Set("message", "It still hurts")
	v.Post(thread+"/reply", form).Status(303)
	v.Get(thread).Has("Waiting for us")
	agent.Get("/desk/tickets/7").Has("reopened it by a reply: Rejected to Open")
	s.Jobs.Step(t.Context())
	mail := s.Mailbox.Last(t, "agent@example.com")
	if !strings.Contains(mail.Text, "It still hurts") || !strings.Contains(mail.Text, "/desk/tickets/7") {
		t.Errorf("the assignee's mail says\n%s", mail.Text)
	}
}

func TestI8_EveryBadLinkGetsTheSamePage(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	thread := s.Ticket("", "support", "ada@example.org", "Mine alone")
	unsubscribe := s.Mailbox.Last(t, "ada@example.org").Link(t, "/ticket/unsubscribe/")
	stranger := s.Visitor("globex.localhost")
	want := stranger.Get("/ticket/thread/nonsense").Status(404).Has("Get a login link by mail")
	token := strings.TrimPrefix(thread, "/ticket/thread/")
	for _, try := range []string{
		token, token[:len(token)-1], token + "A", strings.Repeat("A", 43), "%00", "..%2f..", strings.Repeat("x", 5000),
		strings.TrimPrefix(unsubscribe, "/ticket/unsubscribe/"),
	} {
		if page := stranger.Get("/ticket/thread/" + try).Status(404); page.Body != want.Body {
			t.Errorf("%.60s gets another page than nonsense does", try)
		}
	}
	// On its own host the token of another purpose opens nothing either.
	s.Visitor("").Get("/ticket/thread/" + strings.TrimPrefix(unsubscribe, "/ticket/unsubscribe/")).Status(404)
	s.Visitor("").Get("/ticket/unsubscribe/" + token).Status(404)
}

func TestP1_AThreadIsKeptOnlyWithItsReader(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	thread := s.Ticket("", "support", "ada@example.org", "Cached?")
	v := s.Visitor("")
	page := v.Get(thread).Status(200)
	if got := page.Header.Get("Cache-Control"); got != "private, no-cache" {
		t.Errorf("Cache-Control is %q", got)
	}
	tag := v.Get(thread).Header.Get("ETag")
	v.Header.Set("If-None-Match", tag)
	v.Get(thread).Status(304)
	answer(s.Member("agent@example.com"), 7, "message", "changed")
	v.Get(thread).Status(200).Has("changed")
}

func TestB10_TheFirstMailSaysNothingOfTheVisitor(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	thread := s.Ticket("", "support", "victim@example.org", "BUY-CHEAP-WATCHES")
	mail := s.Mailbox.Last(t, "victim@example.org")
	if strings.Contains(mail.Raw, "WATCHES") || strings.Contains(mail.Text+mail.HTML, "described here") {
		t.Errorf("the first mail carries the visitor's words:\n%s", mail.Raw)
	}
	agent := s.Member("agent@example.com")
	agent.Get("/desk/tickets/7").Has("unconfirmed")
	s.Visitor("").Do("HEAD", thread, nil, "").Status(200)
	agent.Get("/desk/tickets/7").Has("unconfirmed")
	s.Visitor("").Get(thread).Status(200)
	agent.Get("/desk/tickets/7").HasNot("unconfirmed").Has("confirmed the address by opening the link")
}

func TestA11_LinksNeverFollowAForeignHost(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	s.Ticket("globex.localhost", "help", "ada@example.org", "Where do links lead?")
	mail := s.Mailbox.Last(t, "ada@example.org")
	if !strings.Contains(mail.Text, s.Origin("globex.localhost")+"/ticket/thread/") {
		t.Errorf("the link does not lead to the page domain:\n%s", mail.Text)
	}
	v := s.Visitor("")
	v.Header.Set("X-Forwarded-Host", "evil.test")
	v.OpenTicket("support", "bob@example.org", "Forwarded")
	s.Jobs.Step(t.Context())
	if mail := s.Mailbox.Last(t, "bob@example.org"); strings.Contains(mail.Raw, "evil.test") {
		t.Errorf("a forwarded host got into a mail:\n%s", mail.Raw)
	}
}

func TestI1_ADayBeginsWithItsDateAndWhatIsNewIsMarkedOnce(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	thread := s.Ticket("", "support", "ada@example.org", "Since when?") // on 20 November 2026, at nine
	agent, v := s.Member("agent@example.com"), s.Visitor("")
	answer(agent, 7, "message", "on the same day")
	s.Clock.Move(15*time.Hour + 30*time.Minute)
	agent = s.Member("agent@example.com")
	answer(agent, 7, "message", "half past midnight")
	answer(agent, 7, "message", "and a minute later")
	page := v.Get(thread).Status(200)
	inOrder(t, page.Body, "New messages below", "20 November 2026</time></li>",
		`<li class="conversation__new">New</li>`, "on the same day", "21 November 2026</time></li>", "half past midnight", "and a minute later")
	if n := strings.Count(page.Body, "conversation__day"); n != 2 {
		t.Errorf("%d lines begin a day, want 2", n)
	}

	v.Header.Set("If-None-Match", page.Header.Get("ETag"))
	again := v.Get(thread).Status(200).HasNot("conversation__new", "New messages below")
	v.Header.Set("If-None-Match", again.Header.Get("ETag"))
	v.Get(thread).Status(304)
	v.Header.Del("If-None-Match")

	form := v.Get(thread).Form(thread + "/reply")
	form.Set("message", "my own words")
	v.Follow(v.Post(thread+"/reply", form)).Status(200).Has("my own words").HasNot("conversation__new")
	v.Header.Set("HX-Request", "true")
	answer(agent, 7, "message", "the newest")
	v.Get(thread+"/messages?after=5").Status(200).Has("the newest", `<a href="#m6">New messages below</a>`)
}

func TestI4_AnAnswerThatCrossedAReplyIsNew(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	thread := s.Ticket("", "support", "ada@example.org", "We wrote at once")
	ada := s.Visitor("")
	form := ada.Get(thread).Form(thread + "/reply")
	form.Set("message", "my own words")
	answer(s.Member("agent@example.com"), 7, "message", "an answer meanwhile")
	inOrder(t, ada.Follow(ada.Post(thread+"/reply", form)).Body, `class="conversation__new"`, "an answer meanwhile", "my own words")

	form = ada.Get(thread).HasNot(`class="conversation__new"`).Form(thread + "/reply")
	form.Set("message", "once more")
	ada.Follow(ada.Post(thread+"/reply", form)).Has("once more").HasNot(`class="conversation__new"`)
}
func TestI7_WhoReopensATicketIsToldSo(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	thread := s.Ticket("", "support", "ada@example.org", "Not done yet")
	agent, ada := s.Member("agent@example.com"), s.Visitor("")
	reply := func(text string) handlerstest.Page {
		t.Helper()
		form := ada.Get(thread).Form(thread + "/reply")
		form.Set("message", text)
		return ada.Post(thread+"/reply", form)
	}
	const says = "The ticket is open again."
	ada.Follow(reply("nothing to reopen")).HasNot(says)
	answerWith(t, agent, 7, "Done.", "Resolved")
	ada.Follow(reply("It still hurts")).Has("Waiting for us", says, "Your reply was sent.").HasNot("opens it again")
	ada.Get(thread).HasNot(says)

	answerWith(t, agent, 7, "Done now.", "Resolved")
	form := ada.Get(thread).Form(thread + "/reply")
	ada.Header.Set("HX-Request", "true")
	form.Set("message", "And still")
	ada.Post(thread+"/reply", form).Status(200).Has("Waiting for us", "Your reply was sent. The ticket is open again.")
	form.Set("message", "a last word")
	form.Del("reopens")
	ada.Post(thread+"/reply", form).Status(200).HasNot(says)
}
