package handlers_test

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"deskbell/handlers/handlerstest"
)

var ticketRef = regexp.MustCompile(`/tickets/[\w-]{22}`)

func TestJ3_TicketsThatWaitForTheCustomerComeFirst(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	ada := customer(t, s, "ada@new.example") // ticket 7
	for _, title := range []string{"The second", "The third"} {
		s.Clock.Move(time.Minute)
		s.Ticket("", "support", "ada@new.example", title)
	}
	inOrder(t, ada.Get("/tickets").Body, "The third", "The second", "A first ticket")
	s.Clock.Move(time.Minute)
	answerWith(t, s.Member("agent@example.com"), 7, "Which one?", "Waiting on reporter")
	s.Clock.Move(time.Minute)
	s.Ticket("", "support", "ada@new.example", "The fourth")
	inOrder(t, ada.Get("/tickets").Body, "A first ticket", "The fourth", "The third", "The second")
	answerWith(t, s.Member("agent@example.com"), 8, "Done.", "Resolved")
	ada.Get("/tickets").HasNot("The second")
	ada.Get("/tickets?done=1").Has("The second").HasNot("The third")
}

func TestJ3_ManyTicketsAreReadPageByPage(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	ada := customer(t, s, "ada@new.example")
	for n := range 60 {
		s.Clock.Move(4 * time.Hour) // the limits of creation do not bite
		s.Visitor("").OpenTicket("support", "ada@new.example", fmt.Sprintf("Ticket %d.", n))
	}
	first := ada.Get("/tickets").Has("Ticket 59.", "Ticket 10.", ">Older<").HasNot("Ticket 9.")
	older := strings.ReplaceAll(regexp.MustCompile(`/tickets\?below=[^"]+`).FindString(first.Body), "&amp;", "&")
	ada.Get(older).Status(200).Has("Ticket 9.", "Ticket 0.", "A first ticket", ">Newest<").HasNot("Ticket 10.", ">Older<")
	for _, wrong := range []string{"x", "you.1", "us.x.y", "us.99999999999999999999.a", "%00"} {
		ada.Get("/tickets?below=" + wrong).Status(200).Has("Ticket 59.")
	}
	ada.Get("/tickets?below=us.1.a").Status(200).Has("No older tickets")
}

func TestJ3_AnAnswerIsUnreadUntilItsThreadIsOpened(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	ada := customer(t, s, "ada@new.example")
	thread := s.Mailbox.Mails("ada@new.example")[0].Link(t, "/ticket/thread/")
	agent := s.Member("agent@example.com")
	path := ticketRef.FindString(ada.Get("/tickets").HasNot("Unread", "unread").Body)
	unread := func() { t.Helper(); ada.Get("/tickets").Has("Unread", "1 unread", "<title>1 unread – My Tickets") }
	read := func() { t.Helper(); ada.Get("/tickets").HasNot("Unread", "unread") }

	answer(agent, 7, "note", "for us alone")
	read()
	answer(agent, 7, "message", "an answer")
	unread()
	ada.Do("HEAD", path, nil, "").Status(200)
	ada.Header.Set("Sec-Purpose", "prefetch;prerender")
	kept := ada.Get(path).Status(200)
	ada.Header.Del("Sec-Purpose")
	unread()
	ada.Header.Set("If-None-Match", kept.Header.Get("ETag")) // the browser opens what it fetched ahead
	ada.Get(path).Status(304)
	ada.Header.Del("If-None-Match")
	read()

	answer(agent, 7, "message", "one more")
	unread()
	s.Visitor("").Get(thread).Status(200).Has("one more") // by the mailed link, on another device
	read()

	answer(agent, 7, "message", "a third")
	reader := s.Visitor("")
	reader.Header.Set("HX-Request", "true")
	reader.Get(thread + "/messages?after=1").Status(200).Has("a third")
	read()
	answerWith(t, agent, 7, "the end", "Resolved")
	ada.Get("/tickets").Has(`Done <span class="count">1 unread`).HasNot("A first ticket")
	ada.Get("/tickets?done=1").Has("A first ticket", "Unread")
	form := ada.Get(path).Form(path + "/reply")
	form.Set("message", "thanks")
	ada.Post(path+"/reply", form).Status(303)
	read()
}

func TestJ3_ASearchFindsTheCustomersOwnPublicTexts(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	ada := customer(t, s, "ada@new.example") // ticket 7
	s.Ticket("", "support", "ada@new.example", "Größe des Cafés")
	s.Ticket("", "support", "bob@new.example", "A ticket with zebras")
	agent := s.Member("agent@example.com")
	answer(agent, 7, "message", "Turn the **Flywheel** left.")
	answer(agent, 7, "note", "Beware of crocodiles.")
	for q, title := range map[string]string{
		"FIRST": "A first ticket", "flywheel": "A first ticket", "first left": "A first ticket", "described": "A first ticket",
		"grösse": "Größe des Cafés", "GROSSE CAFE": "Größe des Cafés", "ca\u0301fe": "Größe des Cafés",
	} {
		ada.Get("/tickets?q="+url.QueryEscape(q)).Status(200).Has(title, "All my open tickets")
	}
	for _, q := range []string{
		"zebras", "crocodiles", "first zebras", "bob@new.example", "%", "_", `"`, "' or 1=1 --", "first AND", "NEAR(", "?*", "\\", "[1]", "\xff", `{"a":1}`,
	} {
		s.Clock.Move(time.Second)
		ada.Get("/tickets?q="+url.QueryEscape(q)).Status(200).Has("Nothing found for").HasNot("A first ticket</a>", "Größe des Cafés</a>", "zebras</a>")
	}
	ada.Get("/tickets?q=" + strings.Repeat("first+", 900)).Status(200).Has("A first ticket")
	ada.Get("/tickets?q=first&done=1").Status(200).Has("Nothing found for", "open tickets</a>").HasNot("A first ticket</a>")
	if form := ada.Get("/tickets?q=first&done=1").Form("/tickets"); form.Get("q") != "first" || form.Get("done") != "1" {
		t.Errorf("the form forgets what was searched for: %v", form)
	}
}

func TestI5_TheOverviewOfARecipientHasTheirTicketsOfThisHostAlone(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	s.Ticket("globex.localhost", "help", "ada@new.example", "A matter of Globex")
	s.Ticket("", "support", "bob@new.example", "A matter of Bob")
	ada := customer(t, s, "ada@new.example")
	for _, path := range []string{"/tickets", "/tickets?q=matter", "/tickets?q=described"} {
		ada.Get(path).Status(200).HasNot("A matter of Globex", "A matter of Bob")
	}
	elsewhere := s.Visitor("globex.localhost")
	elsewhere.Post("/tickets/login", url.Values{"email": {"ada@new.example"}}).Status(303)
	s.Jobs.Step(t.Context())
	link := s.Mailbox.Last(t, "ada@new.example").Link(t, "/tickets/login/")
	elsewhere.Post(link, nil).Status(303)
	elsewhere.Get("/tickets?q=described").Status(200).Has("A matter of Globex").HasNot("A first ticket", "A matter of Bob")
}

func TestJ3_NoTicketsLeadToTheForm(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	ada := customer(t, s, "ada@new.example")
	answerWith(t, s.Member("agent@example.com"), 7, "Done.", "Resolved")
	page := ada.Get("/tickets").Status(200).Has("No open tickets")
	_, empty, _ := strings.Cut(page.Body, `class="empty"`)
	if !strings.Contains(empty, ">New ticket</a>") {
		t.Error("the empty list does not lead to the form")
	}
}

func TestJ3_LoggingOutFromAllDevicesEndsEverySession(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	ada := customer(t, s, "ada@new.example")
	phone := signedIn(t, s, "ada@new.example")
	bob := customer(t, s, "bob@new.example")
	agent := s.Member("agent@example.com")
	ada.Get("/tickets/logout").Status(404)
	form := ada.Get("/tickets/sessions").Form("/tickets/logout")
	form.Set("everywhere", "1")
	ada.Follow(ada.Post("/tickets/logout", form)).Has("You are logged out from all devices.")
	ada.Get("/tickets").Status(303)
	phone.Get("/tickets").Status(303)
	bob.Get("/tickets").Status(200)
	agent.Get("/desk").Status(200)
	s.Visitor("").Get("/tickets/login").HasNot("all devices")
}

// answerWith answers a ticket of the support project and sets a status by its name.
func answerWith(t *testing.T, member *handlerstest.Browser, ticket int, text, status string) {
	t.Helper()
	path := fmt.Sprintf("/desk/tickets/%d", ticket)
	page := member.Get(path).Status(200)
	form := page.Form(path + "/messages")
	option := regexp.MustCompile(`value="(\d+)"[^>]*>[^<]*` + regexp.QuoteMeta(status)).FindStringSubmatch(page.Body)
	if option == nil {
		t.Fatalf("no status %s", status)
	}
	form.Set("kind", "message")
	form.Set("message", text)
	form.Set("status", option[1])
	member.Post(path+"/messages", form).Status(303)
}

// inOrder checks that texts stand one after the other.
func inOrder(t *testing.T, body string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		_, rest, found := strings.Cut(body, text)
		if !found {
			t.Fatalf("%q does not stand where it should, in the order %q", text, texts)
		}
		body = rest
	}
}
