package handlers_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"deskbell/handlers/handlerstest"
)

// askPassword asks for a new password and lets the jobs run.
func askPassword(t *testing.T, s *handlerstest.Server, email string) {
	t.Helper()
	v := s.Visitor("")
	v.Get("/desk/login").Status(200).Has(`href="/desk/password"`)
	form := v.Get("/desk/password").Status(200).Form("/desk/password")
	form.Set("email", email)
	v.Follow(v.Post("/desk/password", form)).Status(200).Has("Look into your mail").HasNot(email)
	s.Jobs.Step(t.Context())
}

func TestM1_AForgottenPasswordIsReplacedByMail(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	tom := s.Member("agent@example.com")
	askPassword(t, s, "Agent@Example.com")
	link := s.Mailbox.Last(t, "agent@example.com").Link(t, "/desk/join/")
	v := s.Visitor("")
	for range 3 { // a scanner uses nothing up
		v.Get(link).Status(200).Has("Choose a new password")
	}
	tom.Get("/desk").Status(200)
	v.Follow(join(v, link, newPassword)).Status(200).Has("Your new password counts")
	tom.Get("/desk").Status(303)
	signInAs(s, "agent@example.com", "deskbell-demo").Status(422)
	signInAs(s, "agent@example.com", newPassword).Status(303)
	s.Visitor("").Get(link).Status(404)
	s.Jobs.Step(t.Context())
	if got := s.Mailbox.Last(t, "agent@example.com"); !strings.Contains(got.Text, "If it was not you") || !strings.HasPrefix(got.Header.Get("Subject"), "Your password for Acme was changed") {
		t.Errorf("the last mail says\n%s", got.Text)
	}
}

func TestM1_ALinkForANewPasswordLastsTwentyMinutesAndEndsByAnother(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	last := func() string { return s.Mailbox.Last(t, "agent@example.com").Link(t, "/desk/join/") }
	askPassword(t, s, "agent@example.com")
	first := last()
	askPassword(t, s, "agent@example.com")
	s.Visitor("").Get(first).Status(404)
	second := last()
	s.Clock.Move(20*time.Minute - time.Second)
	s.Visitor("").Get(second).Status(200)
	s.Clock.Move(time.Second)
	s.Visitor("").Get(second).Status(404)
	s.Visitor("").Post(second, url.Values{"name": {"Eve"}, "password": {newPassword}}).Status(404)

	askPassword(t, s, "agent@example.com")
	tom := s.Member("agent@example.com")
	form := tom.Get("/desk/account").Form("/desk/account/password")
	form.Set("current_password", "deskbell-demo")
	form.Set("password", newPassword)
	tom.Post("/desk/account/password", form).Status(303)
	s.Visitor("").Get(last()).Status(404) // a link that was mailed before the change
}

func TestM1_AskingForAPasswordTellsNothingOfAnAddress(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	ask := func(email string) handlerstest.Page {
		return s.Visitor("").Post("/desk/password", url.Values{"email": {email}})
	}
	known, unknown := ask("agent@example.com").Status(303), ask("nobody@example.com").Status(303)
	if known.Header.Get("Location") != unknown.Header.Get("Location") || known.Body != unknown.Body {
		t.Error("the answers differ")
	}
	s.Jobs.Step(t.Context())
	if n := len(s.Mailbox.Mails("nobody@example.com")); n != 0 {
		t.Errorf("%d mails to nobody", n)
	}
	ask("no address").Status(422).Has("Enter an email address", `value="no address"`)
	for range 4 {
		ask("nobody@example.com").Status(303)
	}
	limited := ask("nobody@example.com").Status(429).Has("Many new passwords were asked for")
	if limited.Header.Get("Retry-After") == "" {
		t.Error("nothing says when to ask again")
	}
}

func TestM1_WithoutAMailServerTheSignInSaysWhoHelps(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t, handlerstest.NoMailServer())
	v := s.Visitor("")
	page := v.Get("/desk/password").Status(200).Has("Ask an admin", "deskbell member reset").HasNot("<form class=\"form\"")
	if known := v.Post("/desk/password", url.Values{"email": {"agent@example.com"}}).Status(200); known.Body != page.Body {
		t.Error("a post says something else")
	}
	s.Member("admin@example.com").Get(membersPage).HasNot("Send the link by mail")
}

func TestM1_MailThatSignsInIsSeenByItsReaderAlone(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	admin, agent := s.Member("admin@example.com"), s.Member("agent@example.com")
	askPassword(t, s, "admin@example.com")
	form := admin.Get(membersPage).HasNot("admin@example.com</bdi></p>\n      <p class=\"list__meta\"").Form(membersPage)
	form.Set("email", "ann@example.com")
	form.Set("name", "Ann Lee")
	admin.Post(membersPage, form).Status(303)
	s.Jobs.Step(t.Context())
	for _, path := range mailPages(agent.Get("/desk/outbox").Status(200).Body)[:2] {
		agent.Get(path).Status(200).Has("Only the person it goes to sees what it says").HasNot("/desk/join/")
	}
}

func TestM1_AnInvitationGoesByMailUnlessItsLinkHasEnded(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	admin := s.Member("admin@example.com")
	invite := func(email string, byMail bool) handlerstest.Page {
		form := admin.Get(membersPage).Form(membersPage)
		if form.Get("mail") != "1" {
			t.Fatal("mail is not the default")
		}
		form.Set("email", email)
		form.Set("name", "Ann Lee")
		if !byMail {
			form.Del("mail")
		}
		return admin.Follow(admin.Post(membersPage, form)).Status(200).Has("The link is made", "/desk/join/")
	}
	invite("ann@example.com", true).Has("The link is on its way to ann@example.com.")
	invite("bob@example.com", false).HasNot("on its way")
	s.Jobs.Step(t.Context())
	if n := len(s.Mailbox.Mails("bob@example.com")); n != 0 {
		t.Errorf("%d mails to bob, who was to get none", n)
	}
	mail := s.Mailbox.Last(t, "ann@example.com")
	if !strings.Contains(mail.Text, "Grace Alder invites you") {
		t.Errorf("the invitation says\n%s", mail.Text)
	}
	v := s.Visitor("")
	v.Follow(join(v, mail.Link(t, "/desk/join/"), newPassword)).Has("Welcome to the team.")

	invite("eve@example.com", true)
	admin.Post(withdrawal.FindString(admin.Get(membersPage).Body), nil).Status(303) // bob's or eve's
	admin.Post(withdrawal.FindString(admin.Get(membersPage).Body), nil).Status(303)
	s.Jobs.Step(t.Context())
	if n := len(s.Mailbox.Mails("eve@example.com")); n != 0 {
		t.Errorf("%d mails with a link that was withdrawn", n)
	}
	admin.Get(mailPages(admin.Get("/desk/outbox").Body)[0]).Has("Its link has ended.")
}

var mailPage = regexp.MustCompile(`/desk/outbox/\d+`)

// mailPages returns the paths of the mails on a page of the outbox, newest first.
func mailPages(body string) []string { return mailPage.FindAllString(body, -1) }
