package browser_test

import (
	"testing"

	"deskbell/handlers/handlerstest"
)

// The mailed link unsubscribes as it is opened, by a request that no mail scanner makes, and can be
// undone.
func TestL1_Unsubscribe(t *testing.T) {
	everyLook(t, func(t *testing.T, s *handlerstest.Server, l look) {
		thread := s.Ticket("", "support", "ada@new.example", "The shelf is empty")
		link := s.Mailbox.Last(t, "ada@new.example").Link(t, "/ticket/unsubscribe/")
		scanner := s.Visitor("")
		scanner.Get(link).Status(200)
		scanner.Get(thread).HasNot("You have unsubscribed")

		p := open(t, s, "", l)
		p.visit(link)
		if l.noScript {
			p.is("document.querySelectorAll('main button').length === 1")
			p.loads(func() { p.press("Unsubscribe") })
		}
		p.shows("You are unsubscribed")
		p.shot("unsubscribed")
		scanner.Get(thread).Has("You have unsubscribed")

		p.loads(func() { p.press("Undo: send me mail again") })
		p.shows("You get mail again")
		posts := p.heard.sent("POST", "/ticket/unsubscribe/")
		p.reload()
		p.shows("You get mail again")
		if again := p.heard.sent("POST", "/ticket/unsubscribe/"); again != posts {
			t.Errorf("the page of the undone posted %d times by itself", again-posts)
		}
		scanner.Get(thread).HasNot("You have unsubscribed")
	})
}
