package browser_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"deskbell/handlers/handlerstest"
)

// All that a customer does, on the narrowest screen, by Tab, Enter and letters alone: a ticket, its mail, an
// answer with a file, a login, the own tickets, another answer, another ticket, and out again.
func TestJ3_TheWholeJourneyByKeyboardOnANarrowScreen(t *testing.T) {
	t.Parallel()
	for _, l := range []look{{noScript: true}, {}} {
		t.Run(l.String(), func(t *testing.T) {
			t.Parallel()
			s := handlerstest.Start(t)
			p := open(t, s, "", l)
			p.do(emulation.SetDeviceMetricsOverride(320, 640, 1, false))
			p.visit("/ticket/support")
			opensTicket(p, map[string]string{"#email": "ada@new.example", "#title": "No shelf", "#description": "It is gone."})
			p.shows("ada@new.example")
			step(s)
			p.visit(s.Mailbox.Last(t, "ada@new.example").Link(t, "/ticket/thread/"))
			p.shows("No shelf", "20 November 2026")
			repliesWith(p, "Seen here.", "shelf.png", screenshot(t))
			p.until("document.querySelectorAll('.attachment__link').length === 1")

			p.goes(".nav__link[href='/tickets/login']", "Log in to your tickets")
			logsInByCode(p, s)
			p.goes(".list__title", "Seen here.")
			p.is("location.pathname.startsWith('/tickets/')")
			repliesWith(p, "It is back.", "", nil)

			p.goes(".nav__link[href='/ticket/support']", "From")
			p.hides(`name="email"`)
			opensTicket(p, map[string]string{"#title": "Two shelves", "#description": "One too many."})
			p.goes(".nav__link[href='/tickets']", "Two shelves")
			p.shows("No shelf")
			p.goes(".nav form button", "How can we help?")
			p.visit("/tickets")
			p.shows("Log in to your tickets")
		})
	}
}

// opensTicket fills in the creation form, in the order in which its fields stand there, and sends it.
func opensTicket(p *tab, typed map[string]string) {
	p.t.Helper()
	for _, field := range []string{"#email", "#title", "#description"} {
		if text, asked := typed[field]; asked {
			p.tabOnTo(field)
			p.types(text)
		}
	}
	p.goes("#form .form__actions button", "Thank you, your ticket is here")
}

// repliesWith answers in a thread, with a file where one is named.
func repliesWith(p *tab, text, name string, file []byte) {
	p.t.Helper()
	p.tabOnTo("#message")
	p.types(text)
	if name != "" {
		p.tabOnTo("#attachments")
		p.chooses(name, file)
		if !p.look.noScript {
			p.waits(1)
		}
	}
	p.tabOnTo("#form .form__actions button")
	if p.look.noScript {
		p.loads(func() { p.keys(kb.Enter) })
	} else {
		p.stays(func() { p.keys(kb.Enter); p.until("document.querySelector('#message').value === ''") })
	}
	p.once(text)
	p.fits()
}

func logsInByCode(p *tab, s *handlerstest.Server) {
	p.t.Helper()
	p.tabOnTo("#email")
	p.types("ada@new.example")
	p.goes("#form button", "Look into your mail")
	step(s)
	p.tabOnTo("#code")
	p.types(loginCode(p.t, s, "ada@new.example"))
	p.goes("#form button", "My Tickets")
	p.is("location.pathname === '/tickets'")
}

// tabOnTo presses Tab until an element has the focus, and sees on the way where the focus is.
func (p *tab) tabOnTo(selector string) {
	p.t.Helper()
	for range 40 {
		p.keys("\t")
		switch p.text(whereFocusIs, selector) {
		case "there":
			return
		case "unseen":
			p.t.Fatalf("%v: nobody sees where the focus is\n%s", p.look, p.describe())
		}
	}
	p.t.Fatalf("%v: Tab does not come to %s\n%s", p.look, selector, p.describe())
}

// whereFocusIs says whether an element that is looked for has the focus, and whether what has it can be seen:
// the page itself has it between its last element and its first.
const whereFocusIs = `((e) => {
	const style = getComputedStyle(e), box = e.getBoundingClientRect();
	const seen = style.outlineStyle !== "none" && box.bottom > 0 && box.top < innerHeight && box.left < innerWidth;
	if (!seen && e !== document.body && e !== document.documentElement) return "unseen";
	return e.matches(%q) ? "there" : "elsewhere";
})(document.activeElement)`

// types writes where the focus is, in one go.
func (p *tab) types(text string) { p.t.Helper(); p.do(input.InsertText(text)) }

// goes presses Enter on what leads to another page, and looks at that.
func (p *tab) goes(selector, shows string) {
	p.t.Helper()
	p.tabOnTo(selector)
	p.loads(func() { p.keys(kb.Enter) })
	p.shows(shows)
	p.fits()
}

// fits checks that nothing has to be scrolled to sideways.
func (p *tab) fits() { p.t.Helper(); p.is("document.scrollingElement.scrollWidth <= innerWidth") }

// chooses opens the picker of the file input that has the focus, by Enter, and picks a file there.
func (p *tab) chooses(name string, content []byte) {
	p.t.Helper()
	path := filepath.Join(p.t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		p.t.Fatal(err)
	}
	opened := make(chan cdp.BackendNodeID, 1)
	chromedp.ListenTarget(p.ctx, func(event any) {
		if e, ok := event.(*page.EventFileChooserOpened); ok {
			opened <- e.BackendNodeID
		}
	})
	p.do(page.SetInterceptFileChooserDialog(true))
	p.keys(kb.Enter)
	select {
	case picker := <-opened:
		p.do(dom.SetFileInputFiles([]string{path}).WithBackendNodeID(picker))
	case <-time.After(deadline):
		p.t.Fatalf("%v: Enter opens no picker\n%s", p.look, p.describe())
	}
}
