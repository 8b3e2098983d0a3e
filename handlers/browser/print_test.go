package browser_test

import (
	"testing"

	"github.com/chromedp/cdproto/emulation"

	"deskbell/handlers/handlerstest"
)

// On paper a thread is what was written, by whom and when: nothing that has to be pressed.
func TestI1_AThreadIsPrintedWithoutItsForms(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	mailed := longTicket(s)
	for _, l := range []look{{}, {noScript: true}} {
		p := open(t, s, "", l)
		p.visit(mailed.thread)
		p.do(emulation.SetEmulatedMedia().WithMedia("print"))
		for _, selector := range []string{".brand", "h1", "#state", ".conversation__day time", ".message__author", ".message__time time", ".message .prose", ".attachment__name"} {
			p.is("[...document.querySelectorAll(%q)].length > 0 && [...document.querySelectorAll(%q)].every(e => e.getClientRects().length > 0)", selector, selector)
		}
		p.shows(longWord[:100]+".png", "app.log", longWord[:100]+".pdf")
		p.is("[...document.querySelectorAll('button, input, textarea, label, nav, footer, .page-head a, #below')].every(e => e.getClientRects().length === 0)")
		p.is("document.scrollingElement.scrollWidth <= innerWidth")
		p.shot("printed")
	}
}
