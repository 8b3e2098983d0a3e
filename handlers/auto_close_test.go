package handlers_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"deskbell/handlers/handlerstest"
)

const day = 24 * time.Hour

func TestK1_ATicketThatWaitsForLongClosesByItself(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	thread := s.Ticket("", "support", "reporter@example.org", "Which shelf?")
	s.Ticket("", "support", "other@example.org", "It waits for us")
	visitor, agent := s.Visitor(""), s.Member("agent@example.com")
	visitor.Get(thread).Status(200)
	answerWith(t, agent, 7, "Which one do you mean?", "Waiting on reporter")
	add(t, agent, 7, "second@example.org", "")
	s.Jobs.Step(t.Context())

	s.Clock.Move(365 * day)
	s.Jobs.Sweep(t.Context())
	s.Member("agent@example.com").Get("/desk/tickets/7").Has("Waiting on reporter</span>").HasNot("closed by itself") // off by default

	set(t, s, "/desk/settings/tickets", map[string]string{"auto_close_after": "400"})
	s.Jobs.Sweep(t.Context())
	s.Clock.Move(32 * day)
	s.Jobs.Sweep(t.Context()) // tells of it
	s.Clock.Move(3*day - time.Minute)
	s.Jobs.Sweep(t.Context())
	agent = s.Member("agent@example.com")
	agent.Get("/desk/tickets/7").HasNot("closed by itself") // not a minute too early
	s.Jobs.Step(t.Context())
	before := len(s.Mailbox.Mails(""))
	s.Clock.Move(time.Minute)
	s.Jobs.Sweep(t.Context())
	s.Jobs.Sweep(t.Context())
	s.Jobs.Step(t.Context())

	agent.Get("/desk/tickets/7").Has("It closed by itself, because the reporter had not answered for long: Waiting on reporter to Resolved")
	agent.Get("/desk/tickets/8").HasNot("closed by itself")
	told := map[string]int{}
	for _, m := range s.Mailbox.Mails("")[before:] {
		if told[m.To]++; !strings.HasPrefix(m.Header.Get("Subject"), "Closed for now: ") || !strings.Contains(m.Text, "that opens it again") {
			t.Errorf("%s was told %q:\n%s", m.To, m.Header.Get("Subject"), m.Text)
		}
	}
	if told["reporter@example.org"] != 1 || told["second@example.org"] != 1 || told["other@example.org"] != 0 {
		t.Errorf("mail went to %v", told)
	}
	visitor.Get(thread).Has("Done")
	form := visitor.Get(thread).Form(thread + "/reply")
	form.Set("message", "The one on the left.")
	visitor.Post(thread+"/reply", form).Status(303)
	agent.Get("/desk/tickets/7").Has("reopened it by a reply: Resolved to Open")
	s.Clock.Move(500 * day)
	s.Jobs.Sweep(t.Context())
	s.Member("agent@example.com").Get("/desk/tickets/7").Has(">Open</span>") // it waits for us now
}

func TestK1_WhatHappensInATicketPutsItsClosingOff(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	s.Ticket("", "support", "reporter@example.org", "Which shelf?")
	answerWith(t, s.Member("agent@example.com"), 7, "Which one do you mean?", "Waiting on reporter")
	set(t, s, "/desk/settings/tickets", map[string]string{"auto_close_after": "7"})
	for range 3 {
		s.Clock.Move(6 * day)
		s.Jobs.Sweep(t.Context())
		answer(s.Member("agent@example.com"), 7, "note", "I rang them, they will write.")
	}
	s.Member("agent@example.com").Get("/desk/tickets/7").HasNot("closed by itself")
	s.Clock.Move(4 * day)
	s.Jobs.Sweep(t.Context()) // tells of it
	s.Clock.Move(3 * day)
	s.Jobs.Sweep(t.Context())
	s.Member("agent@example.com").Get("/desk/tickets/7").Has("closed by itself")
}

func TestK1_NoTicketClosesByItselfWithoutAMailBefore(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	const who = "reporter@example.org"
	thread := s.Ticket("", "support", who, "Which shelf?")
	visitor := s.Visitor("")
	visitor.Get(thread).Status(200)
	waits := func() {
		answerWith(t, s.Member("agent@example.com"), 7, "Which one do you mean?", "Waiting on reporter")
		s.Jobs.Step(t.Context())
	}
	expect := func(what string, want ...string) {
		t.Helper()
		before := len(s.Mailbox.Mails(who))
		s.Jobs.Sweep(t.Context())
		s.Jobs.Step(t.Context())
		var got []string
		for _, m := range s.Mailbox.Mails(who)[before:] {
			got = append(got, m.Header.Get("Subject"))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: the mails are %q, want %q", what, got, want)
		}
	}
	const before, after = "We are waiting for you: Which shelf?", "Closed for now: Which shelf?"
	waits()
	s.Clock.Move(100 * day)
	set(t, s, "/desk/settings/tickets", map[string]string{"auto_close_after": "14"})
	expect("the setting is new", before)
	expect("once is enough")
	s.Clock.Move(2 * day)
	expect("two days later")
	form := visitor.Get(thread).Form(thread + "/reply")
	form.Set("message", "Wait for me.")
	visitor.Post(thread+"/reply", form).Status(303)
	s.Clock.Move(50 * day)
	expect("it waits for us")
	waits()
	s.Clock.Move(11 * day)
	expect("it waits again", before)
	s.Clock.Move(3 * day)
	expect("nobody answered", after)
}

func TestK1_TheDaysUntilATicketClosesAreASetting(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	set(t, s, "/desk/settings/tickets", map[string]string{"auto_close_after": "14"})
	admin := s.Member("admin@example.com")
	form := admin.Get("/desk/settings/tickets").Has(`value="14"`).Form("/desk/settings/tickets")
	for _, bad := range []string{"", "-1", "3651", "two weeks"} {
		form.Set("auto_close_after", bad)
		admin.Post("/desk/settings/tickets", form).Status(422).Has("Enter a whole number from 0 to 3,650.")
	}
	admin.Get("/desk/settings/tickets").Has(`value="14"`)
	s.Member("admin@globex.example").Get("/desk/settings/tickets").Has(`value="0"`) // each workspace for itself
}
