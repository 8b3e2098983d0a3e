package browser_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp/kb"

	"deskbell/handlers/desk"
	"deskbell/handlers/handlerstest"
)

// A working day, from the one-time setup link to the tenth answered ticket: by pointer, by keyboard alone, and
// without JavaScript.
func TestO4_AWorkingDayFromTheFirstRunToTheTenthAnswer(t *testing.T) {
	t.Parallel()
	for name, day := range map[string]struct {
		look
		hand func(*tab) hand
	}{
		"pointer":            {look{}, byPointer},
		"keyboard":           {look{}, byKeyboard},
		"without JavaScript": {look{noScript: true}, byPointer},
		"phone":              {look{phone: true}, byPointer},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := handlerstest.Start(t, handlerstest.Empty())
			p := open(t, s, "", day.look)
			h := day.hand(p)
			setUp(p, h, desk.SetupPath(s.Keys))
			customersWrite(s, "Request", 10)
			fetchNews(p)
			for n := 10; n > 0; n-- {
				p.loads(h.first)
				answer(p, h, fmt.Sprintf("Request %d", n), fmt.Sprintf("The answer to request %d.", n))
			}
			p.is("!document.querySelector('.table__title')")
			p.shot("all answered " + name)
			step(s)
			for n := 1; n <= 10; n++ {
				mail := s.Mailbox.Last(t, fmt.Sprintf("customer%d@new.example", n))
				if want := fmt.Sprintf("The answer to request %d.", n); !strings.Contains(mail.Text, want) {
					t.Errorf("the last mail to customer %d is without %q:\n%s", n, want, mail.Text)
				}
			}
		})
	}
}

// hand is how somebody uses a page. Find is an expression, as in pressOn.
type hand struct {
	press  func(find string)
	write  func(name, text string)
	choose func(selector, label string)
	first  func() // opens the first ticket of the list
}

func byPointer(p *tab) hand {
	return hand{press: p.pressOn, write: p.fill, choose: p.choose, first: func() { p.pressOn(only(".table__title")) }}
}

func byKeyboard(p *tab) hand {
	return hand{
		press: func(find string) { p.tabUntil(find + " === document.activeElement"); p.keys(kb.Enter) },
		write: func(name, text string) {
			p.tabUntil(fmt.Sprintf("document.activeElement?.name === %q", name))
			p.eval("document.activeElement.select?.()") // as tabbing into a field of one line does
			p.types(text)
		},
		choose: func(selector, label string) {
			p.tabUntil(fmt.Sprintf("document.activeElement?.matches(%q)", selector))
			p.keys(label[:1])
			p.until("document.activeElement.selectedOptions[0].label === %q", label)
		},
		first: func() { p.strike("j"); p.until("document.activeElement?.matches('.table__title')"); p.keys(kb.Enter) },
	}
}

// tabUntil presses Tab until something holds of the focus, which is marked all the way.
func (p *tab) tabUntil(holds string) {
	p.t.Helper()
	for range 80 {
		p.keys("\t")
		if p.text(whereFocusIs, "*") == "unseen" {
			p.t.Fatalf("nobody sees where the focus is\n%s", p.describe())
		}
		if p.text("String(%s)", holds) == "true" {
			return
		}
	}
	p.t.Fatalf("Tab never leads to %s in\n%s", holds, p.describe())
}

func setUp(p *tab, h hand, path string) {
	p.t.Helper()
	p.visit(path)
	h.write("workspace", "Acorn Ltd.")
	h.write("name", "Grace Alder")
	h.write("email", "grace@acorn.example")
	h.write("password", "a password of the day")
	p.loads(func() { h.press(only("#main form .button")) })
	p.shows("First steps", "/ticket/support")
	const step = "[...document.querySelectorAll('.list__item')].find(e => e.innerText.includes('Answer the sample ticket'))"
	p.is("!%s?.querySelector('.badge--done')", step)
	p.shot("set up")
	p.loads(func() { h.press(named("Answer the sample ticket")) })
	answer(p, h, "Sample: how do I answer a ticket?", "Like this.")
	p.visit("/desk/settings/start")
	p.is("%s?.querySelector('.badge--done')", step)
	p.visit("/desk")
	p.shows("Inbox", "Nothing here")
}

func customersWrite(s *handlerstest.Server, about string, count int) {
	for n := 1; n <= count; n++ {
		s.Clock.Move(3 * time.Minute) // as the limits want it of one client
		address := fmt.Sprintf("customer%d@new.example", n)
		s.Visitor("").OpenTicket("support", address, fmt.Sprintf("%s %d", about, n))
	}
}

// fetchNews shows the tickets that have come since the page was opened.
func fetchNews(p *tab) {
	p.t.Helper()
	if p.look.noScript {
		p.reload()
		return
	}
	p.eval("document.activeElement.blur()")
	p.wake()
	p.until("document.querySelectorAll('.table__title').length === 10") // by itself: nobody is at the list
}

// answer answers the ticket that is open, resolves it in the same act, and goes to the inbox.
func answer(p *tab, h hand, title, text string) {
	p.t.Helper()
	p.is("document.querySelector('h1').innerText === %q", title)
	h.write("message", text)
	h.choose("#status", "Resolved")
	p.loads(func() { h.press(named("Send")) })
	p.once(text)
	p.loads(func() { h.press(named("Back to the inbox")) })
}

// New tickets stand in the list by themselves, unless somebody points at it: then a link tells of them.
func TestM2_TheInboxShowsNewTicketsWithoutMovingWhatIsUnderThePointer(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	p := open(t, s, "", look{})
	signIn(p, "agent@example.com")
	point := func(x, y float64) { p.do(input.DispatchMouseEvent(input.MouseMoved, x, y)) }
	point(5, 5)
	s.Clock.Move(time.Minute)
	s.Visitor("").OpenTicket("support", "ada@new.example", "The first one")
	p.wake()
	p.until("document.querySelector('.table__title').innerText === 'The first one'")
	p.until("document.querySelector('#arrived').textContent === '1 new or changed ticket'")
	p.is("!document.querySelector('#poll .notice')")

	point(p.placeOf(only(".table tbody tr:nth-child(2) .table__number")))
	p.until("document.querySelector('#list').matches(':hover')")
	s.Clock.Move(time.Minute)
	s.Visitor("").OpenTicket("support", "ada@new.example", "The second one")
	p.wake()
	p.shows("1 new or changed ticket: show")
	p.is("document.querySelector('.table__title').innerText === 'The first one'")
	p.loads(func() { p.pressOn(only("#poll .notice a")) })
	p.is("document.querySelector('.table__title').innerText === 'The second one'")
}
