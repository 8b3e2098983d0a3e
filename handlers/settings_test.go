package handlers_test

import (
	"fmt"
	"net/url"
	"testing"

	"deskbell/handlers/handlerstest"
)

// set saves a form of the settings with some fields changed; a field without a value is left out.
func set(t *testing.T, s *handlerstest.Server, path string, changes map[string]string) {
	t.Helper()
	admin := s.Member("admin@example.com")
	form := admin.Get(path).Status(200).Form(path)
	for field, value := range changes {
		if form.Set(field, value); value == "" {
			form.Del(field)
		}
	}
	admin.Follow(admin.Post(path, form)).Status(200).Has("Saved.")
}

func TestB5_WithoutAnonymousCreationVisitorsSignInFirst(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	v := s.Visitor("")
	form := newForm(v, "Typed before it was switched off")
	set(t, s, "/desk/settings/portal", map[string]string{"anonymous_creation": ""})
	v.Get("/ticket/support").Status(401).Has("Sign in with your email address", `action="/tickets/login"`)
	forged := v.Post("/ticket/support", form).Status(401).Has("Sign in with your email address", "Typed before it was switched off")
	ada := signedIn(t, s, "ada@example.org")
	back := forged.Form("/ticket/support")
	back.Set("back", "1")
	again := ada.Post("/ticket/support", back).Status(200).Has("Typed before it was switched off").Form("/ticket/support")
	ada.Follow(ada.Post("/ticket/support", again)).Status(200).Has("/ticket/thread/")
}

func TestB6_WithoutCustomerLoginThereIsNoTrailOfIt(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	ada := signedIn(t, s, "ada@example.org")
	set(t, s, "/desk/settings/portal", map[string]string{"customer_login": ""})
	ada.Get("/ticket/support").Status(200).HasNot("My Tickets", "/tickets")
	for _, path := range []string{"/tickets", "/tickets/login", "/tickets/login/sent", "/tickets/some-ref"} {
		ada.Get(path).Status(404)
	}
	ada.Post("/tickets/login", url.Values{"email": {"ada@example.org"}}).Status(404)
}

func TestB8_AClosedIntakeSaysSoAndKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	v := s.Visitor("")
	form := newForm(v, "Just too late")
	set(t, s, "/desk/settings/projects/1", map[string]string{"intake": "closed"})
	v.Get("/ticket/support").Status(403).Has("not taking tickets")
	v.Get("/").Has("Not taking tickets at the moment")
	page := v.Post("/ticket/support", form).Status(403).Has("not taking tickets", "Just too late", "Go back")
	back := page.Form("/ticket/support")
	back.Set("back", "1")
	v.Post("/ticket/support", back).Status(403).Has("Just too late")
	set(t, s, "/desk/settings/projects/1", map[string]string{"intake": "open"})
	v.Post("/ticket/support", back).Status(200).Has("Just too late")
	set(t, s, "/desk/settings/projects/1", map[string]string{"intake": "hidden"})
	hidden, nonsense := v.Get("/ticket/support").Status(404), v.Get("/ticket/nonsense").Status(404)
	if hidden.Body != nonsense.Body {
		t.Error("a hidden project can be told from one that never was")
	}
	v.Post("/ticket/support", form).Status(404)
}

func TestI6_WithoutPublicRepliesTheThreadIsForReading(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	thread := s.Ticket("", "support", "new@example.org", "Read only")
	v := s.Visitor("")
	form := v.Get(thread).Form(thread + "/reply")
	form.Set("message", "forged reply")
	set(t, s, "/desk/settings/portal", map[string]string{"public_replies": ""})
	v.Get(thread).Status(200).Has("Replies are switched off", "disabled").HasNot(`action="` + thread + `/reply"`)
	v.Post(thread+"/reply", form).Status(403).Has("Replies are switched off", "forged reply")
	v.Get(thread).HasNot("forged reply")
}

func TestH1_TheLimitsAreSettings(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	set(t, s, "/desk/settings/limits", map[string]string{"create_per_10_minutes": "2", "replies_per_10_minutes": "1"})
	v := s.Visitor("")
	for i := range 2 {
		v.Post("/ticket/support", newForm(v, fmt.Sprint("Ticket ", i))).Status(303)
	}
	v.Post("/ticket/support", newForm(v, "Too many")).Status(429)

	admin := s.Member("admin@example.com")
	form := admin.Get("/desk/settings/limits").Form("/desk/settings/limits")
	for _, bad := range []string{"", "0", "-1", "1.5", "10001", "many", "99999999999999999999"} {
		form.Set("create_per_10_minutes", bad)
		again := admin.Post("/desk/settings/limits", form).Status(422).Has("Enter a whole number from 1 to 10,000.").Form("/desk/settings/limits")
		if got := again.Get("create_per_10_minutes"); got != bad {
			t.Errorf("%q came back as %q", bad, got)
		}
	}
	admin.Get("/desk/settings/limits").Has(`value="2"`)
}

func TestB10_TheMailRulesAreSettings(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	set(t, s, "/desk/settings/mail", map[string]string{"first_mails_per_hour": "0", "unconfirmed_drop_after": "3"})
	s.Visitor("").OpenTicket("support", "new@example.org", "No mail goes")
	s.Jobs.Step(t.Context())
	if n := len(s.Mailbox.Mails("new@example.org")); n != 0 {
		t.Errorf("%d mails went", n)
	}
	s.Member("agent@example.com").Get("/desk/tickets/7").Has("has used up its first mails")
}

func TestN_AnotherWorkspacesProjectCannotBeReached(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	admin := s.Member("admin@globex.example")
	admin.Get("/desk/settings/projects").Status(200).Has("Globex Help").HasNot("Acme")
	admin.Get("/desk/settings/projects/1").Status(404)
	admin.Post("/desk/settings/projects/1", url.Values{"name": {"Taken"}, "intake": {"hidden"}, "default_type": {"bug"}}).Status(404)
	s.Visitor("").Get("/ticket/support").Status(200).HasNot("Taken")
}
