package browser_test

import (
	"time"

	"github.com/pquerna/otp/totp"

	"deskbell/handlers/handlerstest"
)

// walkAsForgetful forgets a password, sets one-time codes up, and signs in with one. Why another team's
// member: nobody else's walk signs in as this one.
func walkAsForgetful(p *tab, s *handlerstest.Server, _ links, see func(*tab, string)) {
	p.expect("status of 422")
	p.visit("/desk/password")
	see(p, "forgotten password")
	p.loads(func() { p.press("Send the link") })
	see(p, "forgotten password with errors")
	p.fill("email", "nobody@example.com")
	p.loads(func() { p.press("Send the link") })
	see(p, "forgotten password sent")
	signIn(p, "admin@globex.example")
	p.visit("/desk/account/codes")
	see(p, "codes off")
	p.loads(func() { p.press("Set up codes") })
	see(p, "codes to confirm")
	p.loads(func() { p.press("Turn codes on") })
	see(p, "codes to confirm with errors")
	secret := p.text("document.querySelector('#secret').value")
	p.fill("code", codeAt(p, secret, s.Clock.Now()))
	p.loads(func() { p.press("Turn codes on") })
	see(p, "recovery codes")
	p.loads(func() { p.press("I have kept them") })
	see(p, "codes on")
	p.loads(func() { p.press("Log out") })
	p.fill("email", "admin@globex.example")
	p.fill("password", "deskbell-demo")
	p.loads(func() { p.press("Sign in") })
	p.fill("code", codeAt(p, secret, s.Clock.Now())) // it has set the codes up, and works no more
	p.loads(func() { p.press("Sign in") })
	see(p, "second step with errors")
	p.visit("/desk/login/code")
	see(p, "second step")
	p.fill("code", codeAt(p, secret, s.Clock.Now().Add(30*time.Second)))
	p.loads(func() { p.press("Sign in") })
	p.shows("Inbox")
}

func codeAt(p *tab, secret string, at time.Time) string {
	p.t.Helper()
	code, err := totp.GenerateCode(secret, at)
	if err != nil {
		p.t.Fatal(err)
	}
	return code
}
