package handlers_test

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"deskbell/handlers/handlerstest"
)

func TestB9_NoForgedFormKeyGetsSomebodysLink(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	v := s.Visitor("")
	form := newForm(v, "Mine")
	form.Set("email", "victim@example.org")
	v.Post("/ticket/support", form).Status(303)
	for customer := range 20 {
		for _, forged := range []string{
			fmt.Sprintf("%s\n%d\nx", form.Get("form_key"), customer),
			fmt.Sprintf(`%s","Ticket":"%s","Customer":%d,"x":"`, form.Get("form_key"), form.Get("form_key"), customer),
		} {
			for _, field := range []string{"form_key", "email"} {
				attack := url.Values{"website": {"x"}, "form_key": {form.Get("form_key")}, "email": {"a@example.org"}}
				attack.Set(field, forged)
				v.Follow(v.Post("/ticket/support", attack)).HasNot("/ticket/thread/")
			}
		}
		s.Clock.Move(1e11)
	}
	s.Member("agent@example.com").Get("/desk/tickets/7").Has("unconfirmed")
}

func TestB9_ACorrectedAddressIsAnotherSubmission(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	v := s.Visitor("")
	form := newForm(v, "Mistyped")
	form.Set("email", "typo@example.org")
	v.Post("/ticket/support", form).Status(303)
	form.Set("email", "right@example.org")
	page := v.Post("/ticket/support", form).Status(409).Has("has made a ticket already")
	v.Post("/ticket/support", page.Form("/ticket/support")).Status(303)
	s.Jobs.Step(t.Context())
	if n := len(s.Mailbox.Mails("right@example.org")); n != 1 {
		t.Errorf("%d mails went to the right address, want one", n)
	}
}

func TestP5_TextsThatSwellOrTakeLongStaySmall(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	thread := s.Ticket("", "support", "new@example.org", "Be quick")
	v := s.Visitor("")
	for _, text := range []string{
		"|" + strings.Repeat("a|", 500) + "\n|" + strings.Repeat("-|", 500) + "\n" + strings.Repeat("|\n", 1000),
		strings.Repeat("> ", 9_000) + "x", strings.Repeat("[a](", 5_000),
	} {
		form := v.Get(thread).Form(thread + "/reply")
		form.Set("message", text)
		v.Post(thread+"/reply", form).Status(303)
	}
	if n := len(v.Get(thread).Body); n > 1<<20 {
		t.Errorf("the thread has %d bytes", n)
	}
	form := v.Get(thread).Form(thread + "/reply")
	form.Set("message", strings.Repeat("[a]: b\n", 30_000))
	v.Post(thread+"/reply", form).Status(422).Has("Shorten the message")
}

func TestP5_PostsThatAreRefusedAreSlowedDown(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	v := s.Visitor("")
	for range 100 {
		v.Post("/ticket/support", url.Values{}).Status(422)
	}
	page := v.Post("/ticket/support", url.Values{"title": {"Kept all the same"}}).Status(429).Has("Kept all the same")
	if page.Header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
}

func TestP5_AnEndedSessionLosesNoText(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	ada := customer(t, s, "ada2@example.org")
	path := regexp.MustCompile(`/tickets/[\w-]{22}`).FindString(ada.Get("/tickets").Status(200).Body)
	form := ada.Get(path).Status(200).Form(path + "/reply")
	form.Set("message", "a long answer")
	ada.Post("/tickets/logout", url.Values{"everywhere": {"1"}}).Status(303)
	ada.Post(path+"/reply", form).Status(401).Has("a long answer", "Go back")
	ada.Header.Set("HX-Request", "true")
	poll := ada.Get(path + "/messages?after=1").Status(401).HasNot("<html")
	if poll.Header.Get("HX-Redirect") != "" || poll.Header.Get("HX-Retarget") != "#problem" {
		t.Errorf("a poll without a session leads away: %v", poll.Header)
	}

	agent := s.Member("agent@example.com")
	answer := agent.Get("/desk/tickets/1").Form("/desk/tickets/1/messages")
	answer.Set("message", "an hour of thought")
	agent.Post("/desk/logout", nil).Status(303)
	page := agent.Post("/desk/tickets/1/messages", answer).Status(401).Has("an hour of thought", "Send it again")
	agent.Post("/desk/login", url.Values{"email": {"agent@example.com"}, "password": {"deskbell-demo"}}).Status(303)
	agent.Follow(agent.Post("/desk/tickets/1/messages", page.Form("/desk/tickets/1/messages"))).Has("an hour of thought")
}

func TestI2_ARefusedReplySaysWhy(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	thread := s.Ticket("", "support", "new@example.org", "Out of date")
	v := s.Visitor("")
	v.Post(thread+"/reply", url.Values{"message": {"kept"}, "form_key": {"nonsense"}}).Status(422).Has("out of date", "kept")
}

func TestA12_TheBaseHostServesTheFirstWorkspaceWhileItHasNoPageDomain(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	s.Visitor("").Get("/deskfoo").Status(404).Has("Acme").HasNot("Go to the inbox")
	s.Visitor("").Get("/ticket/support").Status(200)
}

func TestB5_WithoutAnyWayInThePageSaysHowToGetOne(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	set(t, s, "/desk/settings/portal", map[string]string{"anonymous_creation": "", "customer_login": ""})
	s.Visitor("").Get("/ticket/support").Status(403).Has("by invitation link alone").HasNot("/tickets/login")
}
