package browser_test

import (
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp/kb"

	"deskbell/handlers/handlerstest"
)

// Somebody without a mouse opens a ticket and replies to it, and sees at each step where they are.
func TestKeyboardAlone(t *testing.T) {
	t.Parallel()
	for _, l := range []look{{}, {noScript: true}} {
		t.Run(l.String(), func(t *testing.T) {
			t.Parallel()
			s := handlerstest.Start(t)
			p := open(t, s, "", l)
			p.visit("/ticket/support")
			skipToContent(p)
			createByKeyboard(p)
			step(s)
			p.visit(s.Mailbox.Last(t, "ada@new.example").Link(t, "/ticket/thread/"))
			replyByKeyboard(p)
		})
	}
}

// skipToContent uses the skip link, which nobody sees before it has the focus.
func skipToContent(p *tab) {
	p.t.Helper()
	p.tabTo(".skip-link")
	p.is("document.activeElement.getBoundingClientRect().width > 40")
	p.keys(kb.Enter)
	p.until("location.hash === '#main'")
	p.focused("#main")
}

func createByKeyboard(p *tab) {
	p.t.Helper()
	p.tabTo(".page-head a") // to the help documents
	p.tabTo("#email")
	p.keys("ada@new.example")
	p.tabTo("#name")
	p.tabTo("#title")
	p.keys("The shelf is empty")
	p.tabTo("#type")
	if p.look.noScript {
		p.tabTo("[name=show_fields]")
	}
	p.tabTo("#field_order_number")
	p.tabTo("#description")
	p.keys("It was full yesterday.")
	p.tabTo("#message")
	p.tabTo("#attachments")
	p.tabTo("#form button") // past the field that only bots fill
	p.loads(func() { p.keys(kb.Enter) })
	p.shows("Thank you, your ticket is here")
}

func replyByKeyboard(p *tab) {
	p.t.Helper()
	for range 12 {
		p.keys("\t")
		p.seen()
		if p.text("document.activeElement.id") == "message" {
			break
		}
	}
	p.focused("#message")
	p.keys("There it was!")
	p.tabTo("#attachments")
	p.tabTo("#form button")
	if p.look.noScript {
		p.loads(func() { p.keys(kb.Enter) })
	} else {
		p.stays(func() { p.keys(kb.Enter); p.until("document.querySelector('#message').value === ''") })
		p.focused("#message")
	}
	p.once("There it was!")
}

// tabTo presses Tab once and checks where that leads, and that it can be seen.
func (p *tab) tabTo(selector string) {
	p.t.Helper()
	p.keys("\t")
	p.focused(selector)
	p.seen()
}

// seen checks that the focus is marked.
func (p *tab) seen() {
	p.t.Helper()
	p.is("(s => s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2)(getComputedStyle(document.activeElement))")
	p.is("(b => b.bottom > 0 && b.top < innerHeight)(document.activeElement.getBoundingClientRect())")
}

// Members go through the list and into a ticket by single keys, which rest while they type and where they are
// switched off.
func TestM2_TheDeskAnswersToItsKeys(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	p := open(t, s, "", look{})
	signIn(p, "agent@example.com")
	p.visit("/desk?status=all")
	const focused = "document.activeElement.closest('tr')?.querySelector('.table__number').textContent ?? ''"
	first := p.text("document.querySelectorAll('td.table__number')[0].textContent")
	second := p.text("document.querySelectorAll('td.table__number')[1].textContent")
	for _, step := range []struct{ key, want string }{{"j", first}, {"j", second}, {"k", first}, {"k", first}, {"j", second}} {
		p.keys(step.key)
		if got := p.text(focused); got != step.want {
			t.Fatalf("%s leads to %q, not to %q", step.key, got, step.want)
		}
	}
	p.strike("x")
	p.until("document.querySelectorAll('[name=tickets]:checked').length === 1")
	p.strike("/")
	p.until("document.activeElement.id === 'q'")
	p.strike("j")
	p.until("document.activeElement.id === 'q' && document.activeElement.value === 'j'")
	p.visit("/desk?status=all")
	p.strike("j")
	p.loads(func() { p.keys(kb.Enter) })
	p.until("location.pathname.startsWith('/desk/tickets/')")
	p.strike("n")
	p.until("document.activeElement.id === 'message' && document.activeElement.value === '' && document.querySelector('[name=kind][value=note]').checked")
	p.visit("/desk/tickets/1")
	p.strike("r")
	p.until("document.activeElement.id === 'message' && document.querySelector('[name=kind][value=message]').checked")

	p.visit("/desk?status=all")
	p.strike("?")
	p.until("document.getElementById('keys').open")
	p.pressOn("document.querySelector('[data-keys-on]')")
	p.pressOn("document.querySelector('[data-keys-close]')")
	p.visit("/desk?status=all")
	p.strike("j")
	if got := p.text(focused); got != "" {
		t.Errorf("switched off, j still leads to %q", got)
	}
	p.pressOn("document.querySelector('[data-keys]')")
	p.until("document.getElementById('keys').open")
}

// strike presses a key as a keyboard does: what a page prevents at keydown types nothing.
func (p *tab) strike(key string) {
	p.t.Helper()
	p.do(input.DispatchKeyEvent(input.KeyDown).WithKey(key).WithText(key), input.DispatchKeyEvent(input.KeyUp).WithKey(key))
}
