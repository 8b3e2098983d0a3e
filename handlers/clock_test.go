package handlers_test

import (
	"net/url"
	"testing"
	"time"

	"deskbell/handlers/handlerstest"
)

// The clock is wrong for a while, as after a flat battery, and is put right: nobody is locked out until
// the wrong time comes, and no mail waits for it.
func TestH1_AClockThatWasWrongLocksNobodyOut(t *testing.T) {
	t.Parallel()
	for name, wrong := range map[string]time.Duration{"an hour": time.Hour, "a year": 365 * 24 * time.Hour} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := handlerstest.Start(t)
			before := s.Ticket("", "support", "ada@example.org", "Before")
			s.Clock.Move(wrong)
			v := s.Visitor("")
			for range 5 {
				v.Post("/ticket/support", newForm(v, "Under the wrong clock")).Status(303)
			}
			v.Post("/ticket/support", newForm(v, "One too many")).Status(429)
			for range 11 {
				v.Post("/desk/login", url.Values{"email": {"agent@example.com"}, "password": {"wrong"}})
			}
			s.Clock.Move(-wrong)
			s.Clock.Move(11 * time.Minute) // what was counted before the jump is over

			v.Get(before).Status(200)
			v.Post("/ticket/support", newForm(v, "Put right")).Status(303)
			s.Member("agent@example.com").Get("/desk").Status(200).Has("Put right", "Under the wrong clock")
			v.Upload("/ticket/support/uploads", newForm(v, "x").Get("form_key"), attach{Name: "a.txt", Content: "x"}).Status(200)
			s.Clock.Move(24 * time.Hour) // no mail waits for longer
			s.Jobs.Sweep(t.Context())
			s.Jobs.Step(t.Context())
			s.Member("admin@example.com").Get("/desk/outbox").Status(200).HasNot("badge--queued")
		})
	}
}
