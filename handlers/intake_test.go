package handlers_test

import (
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"deskbell/handlers/handlerstest"
)

func TestB3_AFailedSubmissionKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	v := s.Visitor("")
	form := v.Get("/ticket/support").Status(200).Form("/ticket/support")
	key := form.Get("form_key")
	form.Set("email", "not an address")
	form.Set("name", "Ada <Byron>")
	form.Set("title", strings.Repeat("ü", 201))
	form.Set("type", "billing")
	form.Set("description", "First line\n\n  second \"line\"")
	form.Set("message", "More")
	page := v.Post("/ticket/support", form).Status(422).
		Has(`href="#email"`, `href="#title"`, `href="#form"`, "Back to form", "Shorten the title by one character", `aria-invalid="true"`).
		HasNot(`href="#description"`)
	again := page.Form("/ticket/support")
	for field, want := range map[string]string{
		"form_key": key, "email": "not an address", "name": "Ada <Byron>", "title": strings.Repeat("ü", 201),
		"type": "billing", "description": "First line\n\n  second \"line\"", "message": "More",
	} {
		if got := again.Get(field); got != want {
			t.Errorf("%s came back as %q, want %q", field, got, want)
		}
	}
	again.Set("email", "ada@example.org")
	again.Set("title", "Short enough")
	v.Follow(v.Post("/ticket/support", again)).Status(200).Has("ada@example.org")
}

func TestB9_OneFormMakesOneTicket(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	v := s.Visitor("")
	form := v.Get("/ticket/support").Form("/ticket/support")
	form.Set("email", "ada@example.org")
	form.Set("title", "Sent twenty times")
	form.Set("description", "Once is enough.")
	var wait sync.WaitGroup
	locations := make([]string, 20)
	for i := range locations {
		wait.Go(func() { locations[i] = s.Visitor("").Post("/ticket/support", form).Status(303).Location })
	}
	wait.Wait()
	for _, location := range locations {
		if location != locations[0] {
			t.Errorf("confirmations differ: %s and %s", location, locations[0])
		}
	}
	if n := strings.Count(s.Member("agent@example.com").Get("/desk").Body, "Sent twenty times"); n != 1 {
		t.Errorf("the inbox shows the ticket %d times", n)
	}
	s.Jobs.Step(t.Context())
	if n := len(s.Mailbox.Mails("ada@example.org")); n != 1 {
		t.Errorf("%d mails to the reporter, want one", n)
	}
}

func TestB9_ASentFormWithOtherTextMakesNothingUntilItIsSentAgain(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	v := s.Visitor("")
	form := v.Get("/ticket/support").Form("/ticket/support")
	form.Set("email", "ada@example.org")
	form.Set("title", "The first")
	form.Set("description", "Text")
	v.Post("/ticket/support", form).Status(303)
	form.Set("title", "The second")
	page := v.Post("/ticket/support", form).Status(409).Has("has made a ticket already")
	v.Post("/ticket/support", page.Form("/ticket/support")).Status(303)
	s.Member("agent@example.com").Get("/desk").Has("The first", "The second")
}

func TestB9_AForgedOrOldFormKeyKeepsTheText(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	v := s.Visitor("")
	form := v.Get("/ticket/support").Form("/ticket/support")
	form.Set("email", "ada@example.org")
	form.Set("title", "Kept")
	form.Set("description", "Kept too")
	own := form.Get("form_key")
	other := s.Visitor("globex.localhost").Get("/ticket/help").Form("/ticket/help").Get("form_key")
	for _, key := range []string{"", "nonsense", other, own + "x"} {
		form.Set("form_key", key)
		v.Post("/ticket/support", form).Status(422).Has("send it once more", "Kept too")
	}
	form.Set("form_key", own)
	s.Clock.Move(8 * 24 * time.Hour)
	again := v.Post("/ticket/support", form).Status(422).Has("open for too long").Form("/ticket/support")
	v.Post("/ticket/support", again).Status(303)
}

func TestB9_TheConfirmationShowsTheAddressAndNoLink(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	s.Visitor("").OpenTicket("support", "ada@example.org", "Hello").
		Has("ada@example.org", "What happens next").HasNot("/ticket/thread/")
	s.Visitor("").Get("/ticket/support/sent?to=nonsense").Status(303)
}

func TestB9_ASignedInCustomerGetsTheLinkAtOnce(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	v := customer(t, s, "ada@example.org")
	page := v.Get("/ticket/support").Has("ada@example.org").HasNot(`name="email"`)
	form := page.Form("/ticket/support")
	form.Set("title", "From the portal")
	form.Set("description", "Text")
	form.Set("email", "somebody.else@example.org") // whoever is signed in is who asks
	confirmation := v.Follow(v.Post("/ticket/support", form)).Has("/ticket/thread/", "ada@example.org")
	confirmation.HasNot("somebody.else")
	v.Get("/tickets").Has("From the portal")
}

func TestH4_WhatFillsTheHoneypotMakesNothingAndSeesAConfirmation(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	v := s.Visitor("")
	form := v.Get("/ticket/support").Form("/ticket/support")
	form.Set("email", "bot@example.org")
	form.Set("title", "Cheap watches")
	form.Set("description", "Buy now")
	form.Set("website", "https://spam.test")
	page := v.Follow(v.Post("/ticket/support", form)).Status(200)
	real := s.Visitor("").OpenTicket("support", "bot@example.org", "Real")
	if page.Body != real.Body {
		t.Error("a bot can tell its confirmation from a real one")
	}
	s.Member("agent@example.com").Get("/desk").HasNot("Cheap watches")
}

func TestB6_MyTicketsStandsInTheNavigation(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	s.Visitor("").Get("/ticket/support").Has(`href="/tickets/login"`, "My Tickets</a>")
	customer(t, s, "ada@example.org").Get("/ticket/support").Has(`href="/tickets"`, "My Tickets</a>")
}

func TestB7_NobodyElseBecomesARecipient(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	v := s.Visitor("")
	form := v.Get("/ticket/support").Form("/ticket/support")
	form.Set("email", "ada@example.org")
	form.Set("title", "Only me")
	form.Set("description", "Text")
	for _, field := range []string{"cc", "recipients", "recipient", "to", "bcc", "emails"} {
		form[field] = []string{"victim@example.org"}
	}
	form.Add("email", "victim@example.org") // the first counts
	v.Post("/ticket/support", form).Status(303)
	s.Jobs.Step(t.Context())
	if n := len(s.Mailbox.Mails("victim@example.org")); n != 0 {
		t.Errorf("%d mails went to somebody whom a field named", n)
	}
}

func TestB8_AHiddenProjectDoesNotExistForTheOutside(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	v := s.Visitor("")
	hidden, nonsense := v.Get("/ticket/internal").Status(404), v.Get("/ticket/nonsense").Status(404)
	if hidden.Body != nonsense.Body {
		t.Error("a hidden project can be told from one that never was")
	}
	v.Post("/ticket/internal", url.Values{"title": {"x"}}).Status(404)
	v.Get("/").HasNot("Acme Internal", "internal")
}

// customer signs somebody in who has opened a ticket.
func customer(t *testing.T, s *handlerstest.Server, email string) *handlerstest.Browser {
	t.Helper()
	s.Ticket("", "support", email, "A first ticket")
	return signedIn(t, s, email)
}

// signedIn signs a known customer in.
func signedIn(t *testing.T, s *handlerstest.Server, email string) *handlerstest.Browser {
	t.Helper()
	v := s.Visitor("")
	path := "/tickets/login/" + askLogin(t, s, v, email)
	v.Post(path, v.Get(path).Status(200).Form(path)).Status(303)
	return v
}
