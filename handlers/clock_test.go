package handlers_test

import (
	"net/url"
	"strings"
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

// The clock falls behind for a while, and jumps forward when it is put right: what was made before opens all the
// while, what is made meanwhile works and opens afterwards, and each mail goes once.
func TestP5_AClockThatFallsBehindLosesNothing(t *testing.T) {
	t.Parallel()
	for name, behind := range map[string]time.Duration{"an hour": time.Hour, "a year": 365 * 24 * time.Hour} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := handlerstest.Start(t)
			before := s.Ticket("", "support", "ada@example.org", "Before")
			v, agent, ada := s.Visitor(""), s.Member("agent@example.com"), signedIn(t, s, "ada@example.org")
			open := newForm(v, "From a form that was open before")
			reply := v.Get(before).Form(before + "/reply")
			reply.Set("message", "By a form that was open before")

			s.Clock.Move(-behind)
			v.Get(before).Status(200)
			agent.Get("/desk").Status(200)
			ada.Get("/tickets").Status(200)
			v.Post("/ticket/support", open).Status(303)
			v.Post(before+"/reply", reply).Status(303)
			meanwhile := s.Ticket("", "support", "grace@example.org", "Meanwhile")
			signedIn(t, s, "grace@example.org").Get("/tickets").Status(200).Has("Meanwhile")
			s.Member("agent@example.com").Get("/desk").Status(200).Has("Meanwhile", "From a form that was open before")
			answer(agent, 7, "message", "An answer under the wrong clock")
			later := newForm(v, "From a form of the wrong time")

			s.Clock.Move(behind)
			s.Jobs.Sweep(t.Context())
			s.Jobs.Step(t.Context())
			v.Get(before).Status(200).Has("By a form that was open before", "An answer under the wrong clock")
			v.Get(meanwhile).Status(200).Has("Meanwhile")
			if page := v.Post("/ticket/support", later); page.Code != 303 && !strings.Contains(page.Body, "From a form of the wrong time") {
				t.Errorf("what was typed is lost: status %d", page.Code)
			}
			agent.Get("/desk").Status(200)
			s.Jobs.Step(t.Context())
			s.Member("admin@example.com").Get("/desk/outbox").Status(200).HasNot("badge--queued")
			ids := map[string]int{}
			for _, m := range s.Mailbox.Mails("") {
				if ids[m.Header.Get("Message-Id")]++; ids[m.Header.Get("Message-Id")] > 1 {
					t.Errorf("sent twice: %s", m.Header.Get("Subject"))
				}
			}
		})
	}
}
