package browser_test

import (
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"

	"deskbell/handlers/handlerstest"
)

// screens are what pages have to fit besides the two that people mostly have: the narrowest one that WCAG 2.2 (1.4.10)
// asks for, which also is a window of 1280 at four times the size (1.4.4), a tablet, and a wide window.
var screens = []struct {
	name          string
	width, height int64
}{
	{"narrow", 320, 640}, {"tablet", 768, 1024}, {"very wide", 1440, 900},
}

// fitsEveryScreen checks that a page has not to be scrolled sideways, whatever people write into a ticket (I1).
func (p *tab) fitsEveryScreen(name string) {
	p.t.Helper()
	p.emulate(look{phone: true})
	for _, screen := range screens {
		p.do(emulation.SetDeviceMetricsOverride(screen.width, screen.height, 1, screen.width < 1000))
		p.fitsInto(name+" "+screen.name, screen.width)
		p.shot(name + " " + screen.name)
	}
	p.emulate(look{})
}

func (p *tab) fitsInto(name string, window int64) {
	p.t.Helper()
	if width := p.number("document.scrollingElement.scrollWidth"); width > float64(window) {
		p.t.Errorf("%s is %.0f pixels wide, for: %s", name, width, p.text(`[...document.querySelectorAll("body *")]
			.filter((e) => e.getBoundingClientRect().right > %d).map((e) => e.outerHTML.slice(0, 80)).join("\n")`, window))
	}
}

// Who has set their browser to twice the size of text reads each kind of page without scrolling sideways (WCAG 2.2,
// 1.4.4).
func TestI1_TextOfTwiceTheSizeFits(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	thread := s.Ticket("", "support", "ada@example.org", "Large letters")
	p := open(t, s, "", look{})
	signIn(p, "admin@example.com")
	p.do(page.SetFontSizes(&page.FontSizes{Standard: 32, Fixed: 26}))
	for _, path := range []string{
		"/", "/ticket/support?type=bug", thread, "/doc/support", "/doc/support/hand-scanner", "/tickets/login",
		"/desk?status=all", "/desk/tickets/2", "/desk/numbers", "/desk/outbox", "/desk/account",
		"/desk/settings", workspacePage, "/desk/settings/members", "/desk/settings/templates/2", "/desk/settings/audit",
	} {
		p.visit(path)
		p.is("getComputedStyle(document.documentElement).fontSize === '32px'")
		p.fitsInto(path+" in large letters", 1280)
		p.shotOfWindow(path + " in large letters")
	}
}
