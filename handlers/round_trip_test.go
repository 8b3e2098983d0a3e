package handlers_test

import (
	"context"
	"net/url"
	"testing"

	"deskbell/handlers/handlerstest"
)

// The main job, without JavaScript: a visitor opens a ticket, the team answers, the visitor reads it
// and replies.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	thread := s.Ticket("", "support", "new@example.org", "The shelf is empty")
	visitor := s.Visitor("")
	visitor.Get(thread).Status(200).Has("The shelf is empty", "Waiting for us", "new@example.org")

	agent := s.Member("agent@example.com")
	inbox := agent.Get("/desk").Status(200).Has("The shelf is empty")
	ticket := "/desk/tickets/7"
	inbox.Has(ticket)
	form := agent.Get(ticket).Status(200).Form(ticket + "/messages")
	form.Set("message", "Please look **behind** it.")
	agent.Follow(agent.Post(ticket+"/messages", form)).Status(200).Has("<strong>behind</strong>")
	s.Jobs.Step(context.Background())
	mail := s.Mailbox.Last(t, "new@example.org")
	if got := mail.Link(t, "/ticket/thread/"); got != thread {
		t.Errorf("the mail links %s, want %s", got, thread)
	}

	page := visitor.Get(thread).Status(200).Has("<strong>behind</strong>", "Tomás Reyes")
	reply := page.Form(thread + "/reply")
	reply.Set("message", "There it was!")
	visitor.Follow(visitor.Post(thread+"/reply", reply)).Status(200).Has("There it was!")

	status := agent.Get(ticket).Has("There it was!").Form(ticket + "/status")
	_ = status
	agent.Post(ticket+"/status", url.Values{"status": {"4"}}).Status(303)
	visitor.Get(thread).Has("Done")
	reply = visitor.Get(thread).Form(thread + "/reply")
	reply.Set("message", "It is empty again.")
	visitor.Post(thread+"/reply", reply).Status(303)
	agent.Get(ticket).Has("reopened it by a reply: Resolved to Open")
}
