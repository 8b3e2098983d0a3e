package handlers_test

import (
	"net/url"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"deskbell/handlers/handlerstest"
)

func TestJ1_KnownAndUnknownAddressesSeeTheSame(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	s.Ticket("", "support", "ada@example.org", "A ticket")
	var pages []string
	for _, email := range []string{"ada@example.org", "nobody@example.org"} {
		v := s.Visitor("")
		pages = append(pages, v.Follow(v.Post("/tickets/login", url.Values{"email": {email}})).Status(200).Body)
	}
	if pages[0] != pages[1] {
		t.Error("the page tells known from unknown")
	}
	s.Jobs.Step(t.Context())
	if n := len(s.Mailbox.Mails("nobody@example.org")); n != 0 {
		t.Errorf("%d mails went to an unknown address", n)
	}
	if mail := s.Mailbox.Last(t, "ada@example.org"); !strings.Contains(mail.Text, "/tickets/login/") {
		t.Errorf("no login link in\n%s", mail.Text)
	}
}

func TestJ2_NoGetUsesALoginLinkUp(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	s.Ticket("", "support", "ada@example.org", "A ticket")
	v := s.Visitor("")
	path := "/tickets/login/" + askLogin(t, s, v, "ada@example.org")
	scanner := s.Visitor("")
	for range 3 {
		scanner.Get(path).Status(200).Has("ada@example.org", "Continue", "another browser").HasNot(`hx-trigger="load"`)
		scanner.Do("HEAD", path, nil, "")
	}
	v.Get(path).Status(200).Has(`hx-trigger="load"`).HasNot("another browser")
	var in atomic.Int32
	var wait sync.WaitGroup
	for range 10 {
		wait.Go(func() {
			if s.Visitor("").Post(path, nil).Code == 303 {
				in.Add(1)
			}
		})
	}
	wait.Wait()
	if in.Load() != 1 {
		t.Errorf("one link signed in %d browsers", in.Load())
	}
	v.Get(path).Status(410).Has("Ask for a new login link")
}

func TestJ2_TheCodeWorksOnceInTheBrowserThatAskedWithFiveTries(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	s.Ticket("", "support", "ada@example.org", "Found by code")
	code := func(v *handlerstest.Browser) string {
		askLogin(t, s, v, "ada@example.org")
		return regexp.MustCompile(`Your code: (\d{6})`).FindStringSubmatch(s.Mailbox.Last(t, "ada@example.org").Text)[1]
	}
	v := s.Visitor("")
	right := code(v)
	s.Visitor("").Post("/tickets/login/code", url.Values{"code": {right}}).Status(410)
	v.Post("/tickets/login/code", url.Values{"code": {"12"}}).Status(422).Has("This code is not right")
	v.Follow(v.Post("/tickets/login/code", url.Values{"code": {right[:3] + " " + right[3:]}})).Status(200).Has("Found by code")

	v = s.Visitor("")
	right = code(v)
	for range 5 {
		v.Post("/tickets/login/code", url.Values{"code": {"no"}}).Status(422)
	}
	v.Post("/tickets/login/code", url.Values{"code": {right}}).Status(410)

	v = s.Visitor("")
	right = code(v)
	s.Clock.Move(21 * time.Minute)
	v.Post("/tickets/login/code", url.Values{"code": {right}}).Status(410)
}

func TestJ2_AskingAgainEndsTheLoginBefore(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	s.Ticket("", "support", "ada@example.org", "A ticket")
	first := "/tickets/login/" + askLogin(t, s, s.Visitor(""), "ada@example.org")
	second := "/tickets/login/" + askLogin(t, s, s.Visitor(""), "ada@example.org")
	s.Visitor("").Get(first).Status(410)
	s.Visitor("").Get(second).Status(200)
}

func TestJ3_CustomersSeeTheirOwnTicketsAlone(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	s.Ticket("", "support", "bob@example.org", "Bob's secret")
	ada := customer(t, s, "ada@example.org")
	page := ada.Get("/tickets").Status(200).Has("A first ticket", "Waiting for us").HasNot("Bob's secret")
	ref := regexp.MustCompile(`/tickets/[\w-]{22}`).FindString(page.Body)
	ada.Get(ref).Status(200).Has("A first ticket", ref+"/reply")
	bob := customer(t, s, "bob2@example.org")
	bob.Get(ref).Status(404)
	form := ada.Get(ref).Form(ref + "/reply")
	form.Set("message", "from the overview")
	ada.Follow(ada.Post(ref+"/reply", form)).Has("from the overview")
	bob.Post(ref+"/reply", form).Status(404)
	ada.Post("/tickets/logout", url.Values{"everywhere": {"1"}}).Status(303)
	ada.Get("/tickets").Status(303)
}

func TestP4_SignInIsLimitedAndRotatesTheSession(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	v := s.Visitor("")
	wrong := url.Values{"email": {"agent@example.com"}, "password": {"wrong"}}
	unknown := v.Post("/desk/login", url.Values{"email": {"nobody@example.com"}, "password": {"wrong"}}).Status(422)
	known := v.Post("/desk/login", wrong).Status(422)
	if strings.ReplaceAll(known.Body, "agent@", "nobody@") != unknown.Body {
		t.Error("the page tells known from unknown members")
	}
	for range 9 {
		v.Post("/desk/login", wrong).Status(422)
	}
	page := v.Post("/desk/login", wrong).Status(429)
	if page.Header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	right := url.Values{"email": {"agent@example.com"}, "password": {"deskbell-demo"}}
	v.Post("/desk/login", right).Status(429)
	s.Clock.Move(31 * time.Minute)
	first := v.Post("/desk/login", right).Status(303).Header.Get("Set-Cookie")
	if !strings.Contains(first, "HttpOnly") || !strings.Contains(first, "SameSite=Lax") {
		t.Errorf("the cookie is %q", first)
	}
	stolen := s.Visitor("")
	stolen.Header.Set("Cookie", strings.Split(first, ";")[0])
	stolen.Get("/desk").Status(200)
	second := v.Post("/desk/login", right).Status(303).Header.Get("Set-Cookie")
	if first == second {
		t.Error("the session id did not change at sign-in")
	}
	stolen.Get("/desk").Status(303)
	v.Post("/desk/logout", nil).Status(303)
	stolen.Header.Set("Cookie", strings.Split(second, ";")[0])
	stolen.Get("/desk").Status(303)
}

func TestP4_SignInLeadsNowhereElse(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	for next, want := range map[string]string{
		"/desk/outbox": "/desk/outbox", "https://evil.test/desk": "/desk", "//evil.test": "/desk",
		"/desk\\..\\x": "/desk", "": "/desk", "/ticket/support": "/desk",
	} {
		got := s.Visitor("").Post("/desk/login", url.Values{"email": {"agent@example.com"}, "password": {"deskbell-demo"}, "next": {next}}).Status(303)
		if got.Location != want {
			t.Errorf("next=%s leads to %s", next, got.Location)
		}
	}
}
