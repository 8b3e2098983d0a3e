package handlers_test

import (
	"strings"
	"testing"

	"deskbell/handlers/handlerstest"
)

const fields2 = "/desk/tickets/2/fields" // of a bug, which has internal fields too

func TestM3_TheTeamChangesFieldsAndEachChangeIsAnEvent(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	agent := s.Member("agent@example.com")
	page := agent.Get(fields2).Status(200).Has(`value="4.3.1"`, "triage-queue-7", "Internal: customers never see it.")
	form := page.Form(fields2)
	form.Set("field_version", "4.4 beta")
	form.Set("field_severity", "")
	form.Set("field_triage_queue", "queue 2")
	agent.Post(fields2, form).Status(303)
	agent.Get("/desk/tickets/2").Has("<dd><bdi>4.4 beta</bdi>", "queue 2", "changed “Version” from 4.3.1 to 4.4 beta",
		"cleared “Severity”, which was major", "changed “Triage queue” from triage-queue-7 to queue 2")
	agent.Post(fields2, agent.Get(fields2).Form(fields2)).Status(303) // nothing new
	if n := strings.Count(agent.Get("/desk/tickets/2").Body, "4.3.1 to 4.4 beta"); n != 1 {
		t.Errorf("the change is told %d times", n)
	}
}

func TestM3_WhatTheReporterAnsweredStaysPublicAndWhatTheTeamFillsInStaysInternal(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	thread := s.Ticket("", "support", "grace@new.example", "No order number")
	agent := s.Member("agent@example.com")
	const fields = "/desk/tickets/7/fields"
	set := func(value string) {
		form := agent.Get(fields).Status(200).Form(fields)
		form.Set("field_order_number", value)
		agent.Post(fields, form).Status(303)
	}
	set("AB-1234")
	agent.Get("/desk/tickets/7").Has("AB-1234", "filled in “Order number”: AB-1234")
	s.Visitor("").Get(thread).Status(200).HasNot("AB-1234")

	visitor := s.Visitor("")
	form := visitor.Get("/ticket/support").Form("/ticket/support")
	for name, value := range map[string]string{"title": "With one", "email": "hedy@new.example", "description": "See above.", "field_order_number": "CD-1111"} {
		form.Set(name, value)
	}
	visitor.Post("/ticket/support", form).Status(303)
	s.Jobs.Step(t.Context())
	public := s.Mailbox.Last(t, "hedy@new.example").Link(t, "/ticket/thread/")
	s.Visitor("").Get(public).Has("CD-1111")
	corrected := agent.Get("/desk/tickets/8/fields").Status(200).Form("/desk/tickets/8/fields")
	corrected.Set("field_order_number", "CD-2222")
	agent.Post("/desk/tickets/8/fields", corrected).Status(303)
	s.Visitor("").Get(public).Has("CD-2222").HasNot("CD-1111")
}

func TestM3_AnotherTypeAsksItsOwnFieldsBeforeAnythingIsSaved(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	agent := s.Member("agent@example.com")
	s.Ticket("", "support", "grace@new.example", "Is it a bug?")
	const fields = "/desk/tickets/7/fields"
	form := agent.Get(fields).Status(200).Form(fields)
	form.Set("type", "bug")
	again := agent.Post(fields, form).Status(200).Has("This type has these fields.", "field_version")
	agent.Get("/desk/tickets/7").HasNot("changed the type")
	form = again.Form(fields)
	form.Set("field_version", "7")
	agent.Post(fields, form).Status(303) // without the severity, which a reporter must give
	agent.Get("/desk/tickets/7").Has("changed the type from Question to Bug", "filled in “Version”: 7", "<dd>Bug</dd>")
	agent.Get("/desk?type=bug").Has("/desk/tickets/7")
}

func TestM3_FieldsThatBreakARuleOrCameTooLateKeepWhatWasTyped(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	agent, admin := s.Member("agent@example.com"), s.Member("admin@example.com")
	form := agent.Get(fields2).Status(200).Form(fields2)
	form.Set("field_version", strings.Repeat("v", 9_000))
	form.Set("field_steps", "One. Two.")
	agent.Post(fields2, form).Status(422).Has("Shorten “Version”", "One. Two.")
	form.Set("field_version", "5")
	form.Set("type", "nonsense")
	agent.Post(fields2, form).Status(422).Has("Choose a type from the list.")
	form.Set("type", "bug")

	other := admin.Get(fields2).Form(fields2)
	other.Set("field_version", "6")
	admin.Post(fields2, other).Status(303)
	late := agent.Post(fields2, form).Status(409).Has("Somebody else has changed the fields meanwhile.", `value="5"`, "One. Two.")
	agent.Post(fields2, late.Form(fields2)).Status(303)
	agent.Get("/desk/tickets/2").Has("changed “Version” from 6 to 5")
	agent.Get("/desk/tickets/999/fields").Status(404)
	agent.Post("/desk/tickets/999/fields", form).Status(404)
}

func TestP5_ErasureTakesTheAnswersFromTheTimelineToo(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	s.Ticket("", "support", "grace@new.example", "It stays")
	agent := s.Member("agent@example.com")
	form := agent.Get("/desk/tickets/7/fields").Form("/desk/tickets/7/fields")
	form.Set("field_order_number", "AB-1234")
	agent.Post("/desk/tickets/7/fields", form).Status(303)
	erase(t, s, "grace@new.example")
	agent.Get("/desk/tickets/7").Status(200).Has("Tomás Reyes changed “Order number”").HasNot("filled in “Order number”")
}
