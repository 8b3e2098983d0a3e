package browser_test

import (
	"net/url"
	"testing"
	"time"

	"deskbell/handlers/handlerstest"
)

// rightToLeft is a text that begins at the other side, with words between that do not.
const rightToLeft = "لا تعمل طابعة الملصقات منذ التحديث v5.2 ولا أعرف ماذا أفعل"

// Pages that are in some state besides their own: a limit that is hit, something switched off, a link that is over,
// text from right to left, no line. Each passes axe in every look and fits every screen.
func TestI1_EveryStateFitsAndShutsNobodyOut(t *testing.T) {
	t.Parallel()
	for name, walk := range map[string]func(*tab, *handlerstest.Server, func(string)){
		"over a limit": overALimit, "switched off": switchedOff, "links that are over": linksThatAreOver, "right to left": fromRightToLeft, "no line": withoutALine,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := handlerstest.Start(t)
			p := open(t, s, "", look{})
			walk(p, s, func(name string) {
				t.Helper()
				p.fitsEveryScreen(name)
				p.shutsNobodyOut(name)
				p.emulate(look{})
			})
		})
	}
}

// change sets fields of a form of the settings.
func change(s *handlerstest.Server, path string, fields url.Values) {
	s.T.Helper()
	admin := s.Member("admin@example.com")
	form := admin.Get(path).Status(200).Form(path)
	for field, values := range fields {
		if form[field] = values; values == nil {
			form.Del(field)
		}
	}
	admin.Post(path, form).Status(303)
}

func overALimit(p *tab, s *handlerstest.Server, see func(string)) {
	p.expect("status of 429", "Response Status Error Code 429")
	change(s, "/desk/settings/limits", url.Values{"create_per_10_minutes": {"1"}, "replies_per_10_minutes": {"1"}})
	mailed := s.Ticket("", "support", "ada@example.org", "The one that fits")
	p.visit("/ticket/support")
	p.fill("email", "ada@example.org")
	p.fill("title", longTitle)
	p.fill("description", longWord)
	p.loads(func() { p.press("Send ticket") })
	p.shows("You have opened many tickets")
	see("too many tickets")
	p.visit(mailed)
	p.fill("message", "The first one")
	p.press("Send reply")
	p.until("[...document.querySelectorAll('.message')].some(e => e.innerText.includes('The first one')) && !document.querySelector('.htmx-added')")
	p.fill("message", "One too many")
	p.press("Send reply")
	p.until("document.querySelector('[name=message]').value === 'One too many' && document.body.innerText.includes('many replies')")
	see("too many replies")
}

func switchedOff(p *tab, s *handlerstest.Server, see func(string)) {
	p.expect("status of 401", "status of 403", "status of 404")
	mailed := s.Ticket("", "support", "ada@example.org", "Before it was switched off")
	change(s, "/desk/settings/projects/1", url.Values{"intake": {"closed"}})
	change(s, "/desk/settings/portal", url.Values{"anonymous_creation": nil, "public_replies": nil, "public_uploads": nil})
	p.visit("/")
	see("home without intake")
	p.visit("/ticket/support")
	see("closed intake")
	p.visit(mailed)
	see("thread for reading alone")
	change(s, "/desk/settings/projects/1", url.Values{"intake": {"open"}})
	p.visit("/ticket/support")
	see("create form behind a login")
	change(s, "/desk/settings/portal", url.Values{"customer_login": nil})
	p.visit("/tickets/login")
	see("no login")
}

func linksThatAreOver(p *tab, s *handlerstest.Server, see func(string)) {
	p.expect("status of 404", "status of 410")
	link, _ := askLogin(p, s, "ada@example.org")
	s.Clock.Move(48 * time.Hour)
	p.visit(link)
	see("login link that is over")
	p.visit("/ticket/support?intake=nonsense")
	see("create form by an intake link that is over")
	p.visit("/desk/password")
	see("question for a new password")
	p.visit("/desk/join/nonsense")
	see("invitation that is over")
}

func fromRightToLeft(p *tab, s *handlerstest.Server, see func(string)) {
	p.visit("/ticket/support")
	p.fill("email", "omar@example.org")
	p.fill("name", "عمر حداد")
	p.fill("title", rightToLeft)
	p.fill("description", rightToLeft+"\n\n- "+rightToLeft+"\n- v5.2")
	see("create form, right to left")
	p.loads(func() { p.press("Send ticket") })
	step(s)
	p.visit(s.Mailbox.Last(p.t, "omar@example.org").Link(p.t, "/ticket/thread/"))
	p.shows(rightToLeft)
	see("thread, right to left")
	signIn(p, "agent@example.com")
	p.visit("/desk/tickets/7")
	p.shows(rightToLeft)
	see("ticket, right to left")
}

func withoutALine(p *tab, s *handlerstest.Server, see func(string)) {
	p.visit("/ticket/support")
	p.until("window.htmx")
	p.fill("title", "Typed on a train")
	p.connects(noLine)
	p.until(saysOff)
	see("create form without a line")
	p.connects(goodLine)
}
