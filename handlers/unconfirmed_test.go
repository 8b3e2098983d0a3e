package handlers_test

import (
	"testing"
	"time"

	"deskbell/handlers/handlerstest"
)

func TestB10_UnconfirmedTicketsAreDroppedWhenTheSettingSaysSo(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	dropped := s.Ticket("", "support", "new1@example.org", "Never confirmed")
	confirmed := s.Ticket("", "support", "new2@example.org", "Confirmed")
	s.Visitor("").Get(confirmed).Status(200)
	answered := s.Ticket("", "support", "new3@example.org", "Answered")
	answer(s.Member("agent@example.com"), 9, "message", "We look at it anyway")

	s.Clock.Move(30 * 24 * time.Hour)
	s.Jobs.Sweep(t.Context())
	s.Member("agent@example.com").Get("/desk/tickets/7").Status(200) // off by default

	if err := s.DB.SetMailRules(t.Context(), 1, 300, 3); err != nil {
		t.Fatal(err)
	}
	s.Jobs.Sweep(t.Context())
	agent := s.Member("agent@example.com")
	agent.Get("/desk/tickets/7").Status(404)
	agent.Get("/desk").Status(200).HasNot("Never confirmed", "new1@example.org")
	s.Visitor("").Get(dropped).Status(404)
	s.Visitor("").Get(confirmed).Status(200)
	s.Visitor("").Get(answered).Status(200)
}
