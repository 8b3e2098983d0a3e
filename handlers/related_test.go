package handlers_test

import (
	"net/url"
	"strings"
	"testing"

	"deskbell/handlers/handlerstest"
)

func TestM5_RelatedTicketsAreLinkedAndUnlinkedOnBothSides(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	agent := s.Member("agent@example.com")
	link := func(other string) handlerstest.Page {
		return agent.Post(ticket1+"/related", url.Values{"other": {other}})
	}
	link("nonsense").Status(422).Has("Enter the number of the other ticket", `value="nonsense"`)
	link("1").Status(422).Has("This is the ticket itself.")
	link("999").Status(422).Has("There is no ticket #999.")
	link("#3").Status(303)
	link("3").Status(303) // once more changes nothing
	agent.Get(ticket1).Has("#3 <bdi>Invoice 2026-118", "Tomás Reyes linked the ticket #3")
	agent.Get("/desk/tickets/3").Has("#1 <bdi>How do I move", "Tomás Reyes linked the ticket #1")
	agent.Post("/desk/tickets/3/related/1/remove", url.Values{}).Status(303)
	agent.Get(ticket1).HasNot("#3 <bdi>Invoice 2026-118").Has("Tomás Reyes unlinked the ticket #3")
	agent.Get("/desk/tickets/3").HasNot("#1 <bdi>How do I move").Has("Tomás Reyes unlinked the ticket #1")
	s.Member("admin@globex.example").Post(ticket1+"/related", url.Values{"other": {"6"}}).Status(422).HasNot("Rabatt")
}

func TestM3_ATicketNamesTheOtherTicketsOfItsReporter(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	thread := s.Ticket("", "support", "ada@example.org", "A second question")
	agent := s.Member("agent@example.com")
	page := agent.Get(ticket1).Has("Also from <bdi>Ada Byron", "#7 <bdi>A second question")
	more := page.Links("/desk?", "")[0]
	agent.Get(strings.ReplaceAll(more, "&amp;", "&")).Status(200).Has("How do I move", "A second question").HasNot("Invoice 2026-118")
	agent.Get("/desk/tickets/7").Has("#1 <bdi>How do I move")
	agent.Get("/desk/tickets/6").HasNot("Also from", "A second question")
	s.Visitor("").Get(thread).Status(200).HasNot("How do I move")
}
