package browser_test

import (
	"regexp"
	"testing"

	"deskbell/handlers/handlerstest"
)

// askLogin asks for a login mail in a tab and returns the link and the code that the mail carries.
func askLogin(p *tab, s *handlerstest.Server, email string) (link, code string) {
	p.t.Helper()
	p.visit("/tickets/login")
	p.fill("email", email)
	p.loads(func() { p.press("Send me a login link") })
	p.shows("Look into your mail")
	step(s)
	return s.Mailbox.Last(p.t, email).Link(p.t, "/tickets/login/"), loginCode(p.t, s, email)
}

// loginCode returns the code in the newest mail to an address.
func loginCode(t *testing.T, s *handlerstest.Server, email string) string {
	t.Helper()
	mail := s.Mailbox.Last(t, email)
	found := regexp.MustCompile(`Your code: (\d{6})\n`).FindStringSubmatch(mail.Text)
	if found == nil {
		t.Fatalf("no code in\n%s", mail.Text)
	}
	return found[1]
}

func TestJ2_TheLinkSignsInWhereItWasAskedFor(t *testing.T) {
	everyLook(t, func(t *testing.T, s *handlerstest.Server, l look) {
		p := open(t, s, "", l)
		link, _ := askLogin(p, s, "ada@example.org")
		p.visit(link)
		if l.noScript {
			p.shows("ada@example.org")
			p.loads(func() { p.press("Continue") })
		}
		p.until("location.pathname === '/tickets'")
		p.shows("My Tickets", "Log out")
		p.shot("signed in")
	})
}

func TestJ2_AnotherBrowserAsksBeforeItSignsIn(t *testing.T) {
	everyLook(t, func(t *testing.T, s *handlerstest.Server, l look) {
		link, _ := askLogin(open(t, s, "", look{}), s, "ada@example.org")
		other := open(t, s, "", l)
		other.visit(link)
		other.shows("ada@example.org", "You asked for it in another browser")
		if n := other.heard.sent("POST", "/"); n != 0 {
			t.Errorf("the page posted %d times by itself", n)
		}
		other.shot("another browser")
		other.loads(func() { other.press("Continue") })
		other.until("location.pathname === '/tickets'")
		other.shows("My Tickets")
	})
}

func TestJ2_TheCodeSignsIn(t *testing.T) {
	everyLook(t, func(t *testing.T, s *handlerstest.Server, l look) {
		p := open(t, s, "", l)
		p.expect("status of 422")
		_, code := askLogin(p, s, "ada@example.org")
		wrong := "000000"
		if code == wrong {
			wrong = "000001"
		}
		p.fill("code", wrong)
		p.loads(func() { p.press("Log in") })
		p.focused("#code[aria-invalid=true]")
		p.fill("code", code)
		p.loads(func() { p.press("Log in") })
		p.until("location.pathname === '/tickets'")
		p.shows("My Tickets")
	})
}
