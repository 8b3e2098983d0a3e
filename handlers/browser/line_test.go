package browser_test

import (
	"context"
	"fmt"
	"net/url"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"deskbell/handlers/handlerstest"
)

// line is how well a browser is connected.
type line struct {
	broken  bool    // requests fail
	offline bool    // the browser knows that it is
	latency float64 // milliseconds
	speed   float64 // bytes a second, both ways; -1 has no bound
}

var (
	goodLine = line{speed: -1}
	slowLine = line{latency: 400, speed: 50 << 10} // 3G
	noLine   = line{broken: true, offline: true}
	lostLine = line{broken: true}
)

// What the page says about its line.
const (
	lineNews   = "document.querySelector('#problem[role=alert]').innerText"
	saysOff    = lineNews + ".includes('You are offline')"
	saysOn     = lineNews + ".includes('You are online again')"
	saysNought = lineNews + " === ''"
)

// connects gives the tab another line. Its pages hear of the end before it comes, and of the beginning after, so
// that they have nothing under way in between.
func (p *tab) connects(l line) {
	p.t.Helper()
	carries := chromedp.ActionFunc(func(ctx context.Context) error {
		_, err := network.EmulateNetworkConditionsByRule(l.broken, []*network.Conditions{
			{Latency: l.latency, DownloadThroughput: l.speed, UploadThroughput: l.speed},
		}).Do(ctx)
		return err
	})
	tells := network.OverrideNetworkState(l.offline, l.latency, l.speed, l.speed)
	if !l.offline {
		p.do(carries, tells)
		return
	}
	p.do(tells)
	p.until("!document.querySelector('.htmx-request')")
	p.do(carries)
}

// withoutSuggestions switches them off: their requests would be under way while lines come and go.
func withoutSuggestions(t *testing.T) *handlerstest.Server {
	s := handlerstest.Start(t)
	admin := s.Member("admin@example.com")
	switches := admin.Get("/desk/settings/portal").Form("/desk/settings/portal")
	switches.Del("suggestions")
	admin.Post("/desk/settings/portal", switches).Status(303)
	return s
}

// back goes to the page before this one, which the browser may have kept as it was.
func (p *tab) back() {
	p.t.Helper()
	p.eval("window.isLeft = true")
	_ = chromedp.Run(p.ctx, chromedp.Evaluate("history.back(); undefined", nil)) // the page may go before it has answered
	p.until("!window.isLeft && document.readyState === 'complete'")
}

// doubleClick presses a button twice before anything can have come of it.
func (p *tab) doubleClick(words string) {
	p.t.Helper()
	x, y := p.placeOf(named(words))
	p.do(chromedp.MouseClickXY(x, y, chromedp.ClickCount(1)), chromedp.MouseClickXY(x, y, chromedp.ClickCount(2)))
}

// aShelf is what somebody types into the creation form.
var aShelf = map[string]string{"email": "ada@new.example", "title": "The shelf is empty", "description": "It was full yesterday."}

func fillsInShelf(p *tab) {
	p.t.Helper()
	for name, text := range aShelf {
		p.fill(name, text)
	}
}

func keepsShelf(p *tab) {
	p.t.Helper()
	for name, text := range aShelf {
		p.until("document.querySelector('[name=%s]')?.value === %q", name, text)
	}
}

// The whole journey of portal and desk on a slow line, impatiently: whatever is sent twice arrives once, and
// what somebody goes back for is there.
func TestB9_OnASlowLineNothingIsAskedTwice(t *testing.T) {
	t.Parallel()
	for _, l := range []look{{}, {noScript: true}} {
		t.Run(l.String(), func(t *testing.T) {
			t.Parallel()
			s := handlerstest.Start(t)
			p := open(t, s, "", l)
			p.connects(slowLine)
			opensSlowly(p)
			step(s)
			if n := len(s.Mailbox.Mails("ada@new.example")); n != 1 {
				t.Errorf("%d mails went out for one ticket", n)
			}
			thread := s.Mailbox.Last(t, "ada@new.example").Link(t, "/ticket/thread/")
			repliesSlowly(p, thread)

			agent := open(t, s, "", l)
			agent.connects(slowLine)
			signIn(agent, "agent@example.com")
			agent.hasOne(".table__title", "The shelf is empty")
			answersSlowly(agent)
			p.visit(thread)
			p.once("There it was!")
			p.once("Look behind it.")
			p.hides(secretNote)
			addsALabelSlowly(t, s, l)
			logsInSlowly(t, s, l)
		})
	}
}

// opensSlowly opens a ticket by a double click, loads its confirmation again, and goes back to send it once more.
func opensSlowly(p *tab) {
	p.t.Helper()
	p.visit("/ticket/support")
	fillsInShelf(p)
	p.loads(func() { p.doubleClick("Send ticket") })
	p.shows("Thank you, your ticket is here")
	p.reload()
	p.shows("Thank you, your ticket is here")
	p.back()
	keepsShelf(p)
	p.loads(func() { p.press("Send ticket") })
	p.shows("Thank you, your ticket is here")
}

// repliesSlowly replies by a double click and reloads.
func repliesSlowly(p *tab, thread string) {
	p.t.Helper()
	p.visit(thread)
	p.fill("message", "There it was!")
	if p.look.noScript {
		p.loads(func() { p.doubleClick("Send reply") })
	} else {
		p.stays(func() { p.doubleClick("Send reply"); p.until("document.querySelector('#message').value === ''") })
	}
	p.once("There it was!")
	p.reload()
	p.once("There it was!")
}

func answersSlowly(p *tab) {
	p.t.Helper()
	p.loads(func() { p.press("The shelf is empty") })
	p.press("Internal note")
	p.fill("message", secretNote)
	p.loads(func() { p.doubleClick("Send") })
	p.once(secretNote)
	p.press("Public reply")
	p.fill("message", "Look behind it.")
	p.loads(func() { p.doubleClick("Send") })
	p.once("Look behind it.")
	p.reload()
	p.once("Look behind it.")
}

// addsALabelSlowly adds one by a double click: a script sends it once, and the server does it once.
func addsALabelSlowly(t *testing.T, s *handlerstest.Server, l look) {
	t.Helper()
	p := open(t, s, "", l)
	signIn(p, "admin@example.com")
	p.connects(slowLine)
	p.visit("/desk/settings/labels")
	p.fill("name", "slow line")
	p.loads(func() { p.doubleClick("Add label") })
	p.shows("The label is saved.")
	p.hasOne(".list__item", "slow line")
	if n := p.heard.sent("POST", "/desk/settings/labels"); !l.noScript && n != 1 {
		t.Errorf("the label was sent %d times", n)
	}
}

// hasOne checks that exactly one element of a selector has a text.
func (p *tab) hasOne(selector, text string) {
	p.t.Helper()
	p.until("[...document.querySelectorAll(%q)].filter(e => e.innerText.includes(%q)).length === 1", selector, text)
}

// Without a line the page says so, keeps what was typed, and sends it when the line is back: forms of the
// portal, of the desk and of the settings.
func TestB9_WhatIsSentWithoutALineGoesOutLater(t *testing.T) {
	t.Parallel()
	s := withoutSuggestions(t)
	thread := s.Ticket("", "support", "bea@new.example", "The door is shut")
	p := open(t, s, "", look{})
	p.visit("/ticket/support")
	fillsInShelf(p)
	p.loads(func() { waitsForALine(p, "Send ticket", "description") })
	p.shows("Thank you, your ticket is here")

	p.visit(thread)
	p.until("window.htmx")
	p.fill("message", "It opens.")
	p.stays(func() { waitsForALine(p, "Send reply", "message"); p.once("It opens.") })
	p.is(saysNought)

	signIn(p, "admin@example.com")
	p.loads(func() { p.press("The shelf is empty") })
	for kind, text := range map[string]string{"Internal note": secretNote, "Public reply": "Look behind it."} {
		p.press(kind)
		p.fill("message", text)
		p.loads(func() { waitsForALine(p, "Send", "message") })
		p.once(text)
	}

	p.visit("/desk/settings/workspace")
	p.fill("name", "Acme Limited")
	p.loads(func() { waitsForALine(p, "Save", "name") })
	p.is("document.querySelector('#name').value === 'Acme Limited'")
	p.reload()
	p.is("document.querySelector('#name').value === 'Acme Limited'")
}

// waitsForALine presses a button without a line, sees that the page says so within the window and that a field
// keeps what it holds, and leads the line back.
func waitsForALine(p *tab, button, field string) {
	p.t.Helper()
	holds := fmt.Sprintf("document.querySelector('[name=%s]').value", field)
	typed := p.text("%s", holds)
	p.connects(noLine)
	p.until(saysOff)
	p.press(button)
	p.is("!navigator.onLine && %s", saysOff)
	p.is("(b => b.top >= 0 && b.bottom <= innerHeight)(%s)", rect("#problem"))
	p.is("%s === %q", holds, typed)
	p.shot("offline " + button)
	p.connects(goodLine)
}

// Whoever goes on writing after an attempt without a line sends when they are ready.
func TestB9_WhatIsWrittenOnWithoutALineWaitsForItsWriter(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	p := open(t, s, "", look{})
	p.visit(s.Ticket("", "support", "ada@new.example", "The shelf is empty"))
	p.until("window.htmx")
	p.fill("message", "Half a sen")
	p.connects(noLine)
	p.stays(func() {
		p.press("Send reply")
		p.fill("message", "A whole sentence")
		p.connects(goodLine)
		p.until(saysOn)
		p.is("document.querySelector('#message').value === 'A whole sentence'")
		p.is("!document.querySelector('.htmx-request')")
		p.press("Send reply")
		p.once("A whole sentence")
	})
	if n := p.heard.sent("POST", "/reply"); n != 1 {
		t.Errorf("the reply was sent %d times", n)
	}
}

// The browser's own page about a lost line, which stands where it has not noticed before, or where scripts are
// off, loses nothing: back leads to the form as it was, and another try sends it.
func TestB9_ALineThatIsLostOnTheWayLosesNothing(t *testing.T) {
	t.Parallel()
	for _, l := range []look{{}, {noScript: true}} {
		t.Run(l.String(), func(t *testing.T) {
			t.Parallel()
			s := withoutSuggestions(t)
			p := open(t, s, "", l)
			p.expect("ERR_INTERNET_DISCONNECTED")
			p.visit("/ticket/support")
			fillsInShelf(p)
			p.connects(lostLine)
			p.press("Send ticket")
			p.until("location.protocol === 'chrome-error:'")
			p.connects(goodLine)
			if l.noScript {
				p.reload()
			} else {
				p.back()
				keepsShelf(p)
				p.loads(func() { p.press("Send ticket") })
			}
			p.shows("Thank you, your ticket is here")
			step(s)
			if n := len(s.Mailbox.Mails("ada@new.example")); n != 1 {
				t.Errorf("%d mails went out for one ticket", n)
			}
		})
	}
}

// What htmx asks for and does not get says so where everybody hears it, and the same words arrive once later.
func TestI2_AReplyWithoutAnAnswerSaysSoAndStays(t *testing.T) {
	t.Parallel()
	for complaint, fails := range map[string]func(p *tab, answers *held){
		"htmx:timeout":  func(p *tab, _ *held) { p.eval("htmx.config.timeout = 300") },
		"status of 502": func(p *tab, answers *held) { answers.replaced("<h1>Bad gateway</h1>", 502) },
	} {
		t.Run(complaint, func(t *testing.T) {
			t.Parallel()
			s := handlerstest.Start(t)
			p := open(t, s, "", look{})
			p.expect("console error", complaint)
			answers := p.hold("*/reply")
			p.visit(s.Ticket("", "support", "ada@new.example", "The shelf is empty"))
			p.until("window.htmx")
			fails(p, answers)
			p.fill("message", "There it was!")
			p.stays(func() {
				p.press("Send reply")
				p.until(lineNews + ".includes('We could not be reached')")
				p.is("document.querySelector('#message').value === 'There it was!'")
				answers.release()
				p.eval("htmx.config.timeout = 0")
				p.press("Send reply")
				p.once("There it was!")
			})
			p.is(saysNought)
		})
	}
}

// The fields of a type that was chosen without a line come with the line.
func TestC1_FieldsThatWereAskedForWithoutALineComeLater(t *testing.T) {
	t.Parallel()
	p := open(t, handlerstest.Start(t), "", look{})
	p.visit("/ticket/support")
	p.until("window.htmx")
	p.connects(line{offline: true, speed: -1}) // not broken: the page's icon may still be on its way
	p.until(saysOff)
	p.choose("#type", "Bug")
	p.connects(goodLine)
	p.until("document.getElementById('field_severity')")
	if n := p.heard.sent("POST", "/fields"); n != 1 {
		t.Errorf("the fields were asked for %d times", n)
	}
}

// What is typed and not sent yet outlives a reload, where scripts run, and a look at another page, always.
func TestB9_AReloadAndTheWayBackLoseNothingThatWasTyped(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	thread := s.Ticket("", "support", "bea@new.example", "The door is shut")
	for _, l := range []look{{}, {noScript: true}} {
		t.Run(l.String(), func(t *testing.T) {
			t.Parallel()
			p := open(t, s, "", l)
			p.visit("/ticket/support")
			fillsInShelf(p)
			p.loads(func() { p.pressOn(only(".page-head a")) })
			p.back()
			keepsShelf(p)
			if l.noScript {
				return
			}
			p.choose("#type", "Bug")
			p.until("document.getElementById('field_version')")
			p.fill("field_version", "5.1")
			p.reload()
			keepsShelf(p)
			p.until("document.getElementById('field_version')?.value === '5.1'")

			signIn(p, "admin@example.com")
			for path, name := range map[string]string{thread: "message", "/desk/tickets/2": "message", "/desk/settings/workspace": "name"} {
				p.visit(path)
				p.fill(name, "Half a sen")
				p.reload()
				p.until("document.querySelector('[name=%s]')?.value === 'Half a sen'", name)
			}
			p.visit(thread)
			p.is("document.querySelector('#message').value === '' && !sessionStorage.getItem('deskbell-typed')")
		})
	}
}

// logsInSlowly presses a login link's button by a double click, on a host of plain http: the second click may have
// the cookie of the first one's answer.
func logsInSlowly(t *testing.T, s *handlerstest.Server, l look) {
	t.Helper()
	const host = "help.slow.example"
	s.Member("admin@example.com").Post("/desk/settings/domains", url.Values{"host": {host}}).Status(303)
	asker, p := open(t, s, host, look{}), open(t, s, host, l)
	for _, tab := range []*tab{asker, p} {
		tab.expect("Cross-Origin-Opener-Policy header has been ignored")
	}
	link, _ := askLogin(asker, s, "ada@example.org")
	p.connects(slowLine)
	p.visit(link)
	p.loads(func() { p.doubleClick("Continue") })
	p.until("location.pathname === '/tickets'")
	p.shows("My Tickets")
}
