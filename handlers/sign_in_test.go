package handlers_test

import (
	"context"
	"html"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"

	"deskbell/db"
	"deskbell/db/model"
	"deskbell/handlers/handlerstest"
)

// world is shared: each test registers apps of its own with it.
var world = sync.OnceValue(func() *handlerstest.World {
	w, err := handlerstest.NewWorld()
	if err != nil {
		panic(err)
	}
	return w
})

var startLink = regexp.MustCompile(`href="([^"]*/auth/[a-z]+/start\?[^"]*)"`)

// startOf returns where the sign-in of a page begins.
func startOf(t *testing.T, page handlerstest.Page) string {
	t.Helper()
	found := startLink.FindStringSubmatch(page.Body)
	if found == nil {
		t.Fatalf("no sign-in is offered in\n%s", page.Body)
	}
	return html.UnescapeString(found[1])
}

// signIn goes from a form to the end of the sign-in's window.
func signIn(t *testing.T, b *handlerstest.Browser, form string) handlerstest.Page {
	t.Helper()
	return b.Follow(b.Get(handOver(t, b, form)))
}

// handOver goes from a form to the address on the page's own host to which the callback leads.
func handOver(t *testing.T, b *handlerstest.Browser, form string) string {
	t.Helper()
	return b.Get(callback(t, b, startOf(t, b.Get(form).Status(200)))).Status(303).Location
}

// callback goes from the beginning of a sign-in to the address to which the provider sends the browser.
func callback(t *testing.T, b *handlerstest.Browser, start string) string {
	t.Helper()
	return world().Decide(t, b.Get(start).Status(303).Location, true)
}

// send fills in the rest of a form and sends it.
func send(t *testing.T, b *handlerstest.Browser, action, title string, more url.Values) handlerstest.Page {
	t.Helper()
	form := b.Get(action).Status(200).Form(action)
	form.Set("title", title)
	form.Set("description", "What I need is described here.")
	for name, values := range more {
		form[name] = values
	}
	return b.Post(action, form)
}

func threadOf(t *testing.T, sent handlerstest.Page) string {
	t.Helper()
	found := regexp.MustCompile(`href="(/ticket/thread/[^"]+)"`).FindStringSubmatch(sent.Body)
	if found == nil {
		t.Fatalf("no thread link in\n%s", sent.Body)
	}
	return found[1]
}

// shared makes a workspace whose pages stand on the base host, on a page domain and on a customer's own
// domain, on a server without the demo.
func shared(t *testing.T, s *handlerstest.Server, kind model.WorkspaceKind) {
	t.Helper()
	team := ""
	if kind == model.Slack {
		team = "T0INITECH"
	}
	ws, err := s.DB.CreateWorkspace(t.Context(), db.NewWorkspace{
		Name: "Hooli", Kind: kind, SlackTeam: team, Color: "#225588", Hosts: []string{"localhost", "hooli.localhost", "help.customer.example"},
	})
	if err == nil {
		_, err = s.DB.CreateProject(t.Context(), ws.ID, db.NewProject{PublicID: "help", Name: "Help", Intake: model.IntakeOpen,
			Types: []model.TicketType{{Key: "question", Name: "Question"}}, DefaultType: "question"})
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestE2_SignInWorksFromEveryPageHost(t *testing.T) {
	t.Parallel()
	for _, kind := range []model.WorkspaceKind{model.Discord, model.Slack} {
		s, _ := world().Start(t, handlerstest.Empty())
		shared(t, s, kind)
		for _, host := range []string{"", "hooli.localhost", "help.customer.example"} {
			t.Run(string(kind)+" "+host, func(t *testing.T) {
				b := s.Visitor(host)
				done := signIn(t, b, "/ticket/help").Status(200).Has("You are signed in", "Wei Zhang", kind.Provider().Label())
				done.HasNot("code=")
				b.Get("/ticket/help").Has("Wei Zhang", "Our answers go to", "wei@zhang.example", "15 minutes", "Use email instead").
					HasNot(`name="email"`, "/auth/", "no-cache")
				sent := b.Follow(send(t, b, "/ticket/help", "From "+host, nil)).Status(200).Has("wei@zhang.example")
				b.Get(threadOf(t, sent)).Status(200).Has("From "+host, "Private link of Wei Zhang", "Replying as")
				s.Jobs.Step(context.Background())
				mail := s.Mailbox.Last(t, "wei@zhang.example")
				if want := s.Origin(host) + "/ticket/thread/"; !strings.Contains(mail.Text, want) || !strings.Contains(mail.Text, "What I need") {
					t.Errorf("the mail has no link to %s, or not what was written: who signs in has proved the address\n%s", want, mail.Text)
				}
			})
		}
	}
}

func TestP2_UnderTLSTheCookiesOfASignInAreBoundToTheirHosts(t *testing.T) {
	t.Parallel()
	s, _ := world().Start(t, handlerstest.Secure())
	b := s.Visitor("globex.localhost")
	b.Plain() // what its proxy makes of it
	form := b.Get("/ticket/help").Status(200)
	start := startOf(t, form)
	if !strings.HasPrefix(start, "https://localhost:") {
		t.Errorf("a sign-in begins at %s", start)
	}
	for _, page := range []handlerstest.Page{form, b.Get("http" + strings.TrimPrefix(start, "https")).Status(303)} {
		cookie := page.Header.Get("Set-Cookie")
		if !strings.HasPrefix(cookie, "__Host-deskbell-browser=") || !strings.Contains(cookie, "; Secure") || !strings.Contains(cookie, "; HttpOnly") {
			t.Errorf("the browser is known again by %s", cookie)
		}
	}
}

func TestE1_WhatAWorkspaceOffers(t *testing.T) {
	t.Parallel()
	s, _ := world().Start(t)
	for _, offer := range []struct{ host, form, has, hasNot string }{
		{"", "/ticket/support", "Your email address", "Sign in with"},
		{"globex.localhost", "/ticket/help", "Sign in with Discord", "Slack"},
		{"initech.localhost", "/ticket/desk", "Sign in with Slack", "Discord"},
	} {
		s.Visitor(offer.host).Get(offer.form).Status(200).Has(offer.has, `name="email"`).HasNot(offer.hasNot)
	}
	without := handlerstest.Start(t) // no app anywhere
	without.Visitor("globex.localhost").Get("/ticket/help").Status(200).Has(`name="email"`).HasNot("Sign in with")
}

func TestE5_WhoHasNoAddressIsKnownByTheirNameAlone(t *testing.T) {
	t.Parallel()
	s, apps := world().Start(t)
	apps[model.ByDiscord].Person.Email = ""
	b := s.Visitor("globex.localhost")
	signIn(t, b, "/ticket/help").Status(200)
	b.Get("/ticket/help").Has("Only if you want our answers by mail")
	sent := b.Follow(send(t, b, "/ticket/help", "No address at all", nil)).Status(200).Has("it is the only way back").HasNot("sent a mail")
	thread := threadOf(t, sent)
	b.Get(thread).Status(200).Has("Private link of Wei Zhang").HasNot("Replace this link", ".invalid")
	b.Get(thread + "/replace").Status(403).Has("no address to which we could mail")
	reply := b.Get(thread).Form(thread + "/reply")
	if reply.Has("name") || reply.Has("email") {
		t.Errorf("the reply form asks who somebody is: %v", reply)
	}
	reply.Set("message", "And one thing more.")
	b.Post(thread+"/reply", reply).Status(303)

	admin := s.Member("admin@globex.example")
	inbox := admin.Get("/desk").Has("No address at all", "Wei Zhang").HasNot(".invalid", "unconfirmed")
	number := regexp.MustCompile(`/desk/tickets/(\d+)"[^>]*>[^<]*No address at all`).FindStringSubmatch(inbox.Body)[1]
	ticket := "/desk/tickets/" + number
	admin.Get(ticket).Has("Wei Zhang", "Signed in with", "Discord", "none: read and answered by the private link").HasNot(".invalid", "unconfirmed")
	answer := admin.Get(ticket).Form(ticket + "/messages")
	answer.Set("message", "Here is our answer.")
	answer.Set("kind", "message")
	admin.Post(ticket+"/messages", answer).Status(303)
	s.Jobs.Step(context.Background())
	if mail := s.Mailbox.Last(t, "admin@globex.example"); !strings.Contains(mail.Text, "Wei Zhang") {
		t.Errorf("the team is not told who opened the ticket\n%s", mail.Text)
	}
	b.Get(thread).Has("Here is our answer.", "And one thing more.")
	admin.Get("/desk/outbox").HasNot(".invalid")
	admin.Get("/desk/export.csv?status=all").Status(200).Has("Wei Zhang").HasNot(".invalid")
	admin.Get("/desk/export.json?status=all").Status(200).Has("Wei Zhang").HasNot(".invalid")
	admin.Get("/desk/settings/customers?q=wei").Has("Wei Zhang", "no address").HasNot(".invalid")
	for _, mail := range s.Mailbox.Mails("") {
		if strings.Contains(mail.Raw, ".invalid") || strings.Contains(mail.To, "discord") {
			t.Errorf("a mail went to %s, or names a synthetic address\n%s", mail.To, mail.Raw)
		}
	}

	// The same person is the same customer the next time, from another browser too.
	other := s.Visitor("globex.localhost")
	signIn(t, other, "/ticket/help").Status(200)
	other.Follow(send(t, other, "/ticket/help", "It is me again", nil)).Status(200)
	page := admin.Get("/desk/settings/customers?q=wei+zhang")
	if n := strings.Count(page.Body, "table__title"); n != 1 {
		t.Errorf("Wei Zhang is %d customers, want one\n%s", n, page.Body)
	}
	page.Has(`data-label="Tickets">2<`)
}

func TestE5_AnAddressThatSomebodyAddsGetsMailOfItsOwn(t *testing.T) {
	t.Parallel()
	s, apps := world().Start(t)
	apps[model.ByDiscord].Person.Email, apps[model.ByDiscord].Person.Unverified = "victim@example.net", true
	b := s.Visitor("globex.localhost")
	signIn(t, b, "/ticket/help").Status(200)
	b.Get("/ticket/help").HasNot("victim@example.net") // Discord has not verified it
	b.Post("/ticket/help", b.Get("/ticket/help").Form("/ticket/help")).Status(422)
	bad := send(t, b, "/ticket/help", "With an address", url.Values{"email": {"no address"}}).Status(422)
	bad.Has("Enter an email address like", "no address", "Wei Zhang")
	sent := b.Follow(send(t, b, "/ticket/help", "With an address", url.Values{"email": {"wei@new.example"}})).Status(200).Has("wei@new.example")
	b.Get(threadOf(t, sent)).Status(200).Has("Private link of Wei Zhang")
	s.Jobs.Step(context.Background())
	mail := s.Mailbox.Last(t, "wei@new.example")
	if strings.Contains(mail.Raw, "What I need") {
		t.Errorf("the first mail to an address that nobody confirmed has a visitor's words\n%s", mail.Raw)
	}
	b.Get(mail.Link(t, "/ticket/thread/")).Status(200).Has("Private link of wei@new.example", "Wei Zhang")
}

func TestE4_AnIdentityLastsFifteenMinutes(t *testing.T) {
	t.Parallel()
	s, _ := world().Start(t)
	b := s.Visitor("globex.localhost")
	signIn(t, b, "/ticket/help").Status(200)
	form := b.Get("/ticket/help").Form("/ticket/help")
	form.Set("title", "It took a while")
	form.Set("description", "I had to look something up.")
	b.PostFiles("/ticket/help/uploads", url.Values{"form_key": {form.Get("form_key")}}, handlerstest.Attach{Name: "log.txt", Content: "a line"})
	s.Clock.Move(model.IdentityLife - 1)
	b.Get("/ticket/help").Has("Wei Zhang", "1 minute<")
	s.Clock.Move(1)
	ended := b.Post("/ticket/help", form).Status(410).Has("Your sign-in has ended", "Go back", "sign in again")
	back := ended.Form("/ticket/help")
	back.Set("back", "1")
	again := b.Post("/ticket/help", back).Status(200).Has("It took a while", "I had to look something up.", "Your sign-in has ended", "Sign in with Discord", "log.txt")
	if key := again.Form("/ticket/help").Get("form_key"); key != form.Get("form_key") {
		t.Errorf("the form has another key, and with it other files: %s", key)
	}
	signIn(t, b, "/ticket/help").Status(200)
	s.Jobs.Step(context.Background()) // sweeps
	b.Follow(send(t, b, "/ticket/help", "It took a while", nil)).Status(200)
}

func TestE3_AFormThatWasOpenBeforeTheSignInLosesNothing(t *testing.T) {
	t.Parallel()
	s, _ := world().Start(t)
	b := s.Visitor("globex.localhost")
	form := b.Get("/ticket/help").Form("/ticket/help")
	form.Set("title", "Typed before")
	form.Set("description", "And described.")
	signIn(t, b, "/ticket/help").Status(200) // in another tab, without script

	typed := url.Values{}
	for name, values := range form {
		typed[name] = values
	}
	typed.Set("email", "typed@example.net")
	again := b.Post("/ticket/help", typed).Status(422).Has("You have signed in meanwhile as Wei Zhang", "Typed before", "And described.")
	leave := again.Form("/ticket/help")
	leave.Set("use_email", "1")
	b.Post("/ticket/help", leave).Status(200).Has(`value="typed@example.net"`, "Typed before", "Sign in with Discord").HasNot("Wei Zhang", "has ended")

	signIn(t, b, "/ticket/help").Status(200)
	b.Follow(b.Post("/ticket/help", form)).Status(200).Has("wei@zhang.example") // no address was typed: all is clear
}

func TestE3_TheFormAsksWhoIsSignedIn(t *testing.T) {
	t.Parallel()
	s, _ := world().Start(t)
	b := s.Visitor("globex.localhost")
	signIn(t, b, "/ticket/help").Status(200)
	b.Header.Set("HX-Request", "true")
	chip := b.Post("/ticket/help/identity", url.Values{"email": {"typed@example.net"}, "name": {"Typed"}}).Status(200)
	chip.Has("Wei Zhang", `name="typed_email" value="typed@example.net"`, `name="typed_name" value="Typed"`, "You are signed in as Wei Zhang.").HasNot("<html")
	s.Clock.Move(model.IdentityLife)
	b.Post("/ticket/help/identity", url.Values{"identity": {"x"}, "typed_email": {"typed@example.net"}, "typed_name": {"Typed"}}).Status(200).
		Has("Your sign-in has ended", `value="typed@example.net"`, `value="Typed"`).HasNot("Wei Zhang")
}

// Who signed in without an address is erased by name, with the account, and is somebody new afterwards.
func TestJ4_WhoSignedInIsErasedWithTheAccount(t *testing.T) {
	t.Parallel()
	s, apps := world().Start(t)
	person := &apps[model.ByDiscord].Person
	person.Email = ""
	b := s.Visitor("globex.localhost")
	signIn(t, b, "/ticket/help").Status(200)
	thread := threadOf(t, b.Follow(send(t, b, "/ticket/help", "Soon erased", nil)).Status(200))
	signIn(t, s.Visitor("globex.localhost"), "/ticket/help").Status(200) // an identity that stands in the database meanwhile
	if left := traces(t, s, person.ID, person.Name, "discord.invalid"); len(left) < 3 {
		t.Fatalf("the test would find nothing: %v", left)
	}

	admin := s.Member("admin@globex.example")
	path := eraseLink(t, admin, person.Name)
	form := admin.Get(path).Status(200).Has("1 sign-in with Discord or Slack", "Their name", "they have no address").HasNot(".invalid").Form(path)
	form.Set("address", "somebody")
	admin.Post(path, form).Status(422).Has("Type it exactly")
	form.Set("address", person.Name)
	admin.Post(path, form).Status(303)
	s.Jobs.Step(t.Context())
	s.Jobs.Step(t.Context())
	if left := traces(t, s, person.ID, person.Name, "discord.invalid", "Soon erased"); len(left) > 0 {
		t.Errorf("the person is still in %v", left)
	}
	b.Get(thread).Status(404)
	b.Get("/ticket/help").Has("Sign in with Discord")
	signIn(t, b, "/ticket/help").Status(200)
	b.Get(threadOf(t, b.Follow(send(t, b, "/ticket/help", "A new beginning", nil)).Status(200))).Has("A new beginning", person.Name)
}
