package handlers_test

import (
	"net/url"
	"strings"
	"testing"

	"deskbell/handlers/handlerstest"
)

// merge merges one of the demo's tickets into another as an agent.
func merge(agent *handlerstest.Browser, number, into string, agreed bool) handlerstest.Page {
	path := "/desk/tickets/" + number + "/merge"
	form := agent.Get(path + "?into=" + into).Status(200).Form(path)
	if agreed {
		form.Set("agreed", "1")
	}
	return agent.Post(path, form)
}

func TestM5_ADuplicateBecomesPartOfTheOtherTicket(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	first := s.Ticket("", "support", "grace@new.example", "It does not print")
	visitor := s.Visitor("")
	form := visitor.Get("/ticket/support?type=bug").Status(200).Form("/ticket/support")
	for name, value := range map[string]string{"title": "Nothing on paper", "type": "bug", "email": "hedy@new.example", "name": "Hedy",
		"description": "White **sheets** alone.", "field_version": "7.1", "field_severity": "major"} {
		form.Set(name, value)
	}
	visitor.PostFiles("/ticket/support", form, handlerstest.Attach{Field: "attachments", Name: "sheet.txt", Content: "white"}).Status(303)
	s.Jobs.Step(t.Context())
	second := s.Mailbox.Last(t, "hedy@new.example").Link(t, "/ticket/thread/")
	answer := s.Visitor("")
	replied := answer.Get(second).Status(200).Form(second + "/reply")
	replied.Set("message", "It is still white.")
	answer.Post(second+"/reply", replied).Status(303)
	agent := s.Member("agent@example.com")
	note := agent.Get("/desk/tickets/8").Status(200).Form("/desk/tickets/8/messages")
	note.Set("message", "Paper jam, I guess.")
	note.Set("kind", "note")
	agent.Post("/desk/tickets/8/messages", note).Status(303)
	old := s.Visitor("")
	open := old.Get(second).Status(200)
	waiting := open.Form(second + "/reply")

	agent.Get("/desk/tickets/8/merge?into=7").Status(200).Has("Merge #8 into #7", "The description, 1 message and 1 internal note",
		"grace@new.example", "hedy@new.example", "each of them reads the public messages")
	merge(agent, "8", "7", false).Status(422).Has("Tick this when they may read each other’s messages.")
	sent := len(s.Mailbox.Mails(""))
	merge(agent, "8", "7", true).Status(303)
	s.Jobs.Step(t.Context())
	if n := len(s.Mailbox.Mails("")); n != sent {
		t.Errorf("%d mails were sent about a merge", n-sent)
	}

	page := agent.Get("/desk/tickets/7").Status(200).Has("Ticket #8 is part of this one now.", "White <strong>sheets</strong> alone.", "It is still white.",
		"Paper jam, I guess.", "sheet.txt", "which was merged into this one", "<dd><bdi>7.1</bdi>", "triage-queue-7", "merged the ticket #8 into this one", "hedy@new.example")
	if a, b := strings.Index(page.Body, "White <strong>"), strings.Index(page.Body, "It is still white."); a > b {
		t.Error("what moved is out of order")
	}
	agent.Get("/desk/tickets/8").Status(200).Has("This ticket was merged into", "merged it into the ticket #7", "Resolved").HasNot("It is still white.", "Add recipient", ">Send<")
	agent.Get("/desk?q=still+white&status=all").Has("/desk/tickets/7").HasNot("/desk/tickets/8")

	// The old link leads to the other ticket, under the address of a link to that one.
	moved := s.Visitor("").Get(second).Status(303)
	thread := moved.Header.Get("Location")
	if thread == second || !strings.HasPrefix(thread, "/ticket/thread/") {
		t.Fatalf("the old link leads to %q", thread)
	}
	public := s.Visitor("").Get(thread).Status(200).Has("It does not print", "From the ticket", "Nothing on paper", "White <strong>sheets</strong>", "It is still white.",
		"<dd><bdi>7.1</bdi>", "sheet.txt").HasNot("Paper jam", "triage-queue-7", "tier-standard-9", "grace@new.example", "#8")
	if file := s.Visitor("").Get(public.Links(thread+"/attachments/", "")[0]).Status(200); file.Body != "white" {
		t.Errorf("the file is %q", file.Body)
	}
	s.Visitor("").Get(first).Status(200).Has("Nothing on paper", "It is still white.").HasNot("hedy@new.example", "Paper jam")

	// A page that was open is told, and what was typed into it arrives.
	old.Header.Set("HX-Request", "true")
	old.Get(second+"/messages?after=2").Status(200).Has("The team has joined this ticket with another one.", `href="`+thread+`"`)
	old.Header.Del("HX-Request")
	waiting.Set("message", "Typed before the merge.")
	if got := old.Post(second+"/reply", waiting).Status(303).Header.Get("Location"); got != thread+"#reply" {
		t.Errorf("the reply leads to %q", got)
	}
	agent.Get("/desk/tickets/7").Has("Typed before the merge.")

	// Both get mail about the answer, each with the link of theirs.
	agentAnswers(s, "/desk/tickets/7", "Load paper, please.")
	s.Jobs.Step(t.Context())
	s.Mailbox.Last(t, "grace@new.example")
	if got := s.Mailbox.Last(t, "hedy@new.example").Link(t, "/ticket/thread/"); got != thread {
		t.Errorf("the mail leads to %s, not to %s", got, thread)
	}
}

func agentAnswers(s *handlerstest.Server, ticket, text string) {
	agent := s.Member("agent@example.com")
	form := agent.Get(ticket).Status(200).Form(ticket + "/messages")
	form.Set("message", text)
	agent.Post(ticket+"/messages", form).Status(303)
}

func TestM5_WhoWroteBothTicketsReachesTheOneByBothLinks(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	stays := s.Ticket("", "support", "grace@new.example", "Once")
	mail := s.Mailbox.Last(t, "grace@new.example")
	goes := s.Ticket("", "support", "grace@new.example", "Once more")
	twice := s.Mailbox.Last(t, "grace@new.example")
	third := s.Ticket("", "support", "hedy@new.example", "And again")
	agent := s.Member("agent@example.com")
	agent.Get("/desk/tickets/8/merge?into=7").Status(200).HasNot("each of them reads")
	merge(agent, "8", "7", false).Status(303)
	if got := s.Visitor("").Get(goes).Status(303).Header.Get("Location"); got != stays {
		t.Errorf("the duplicate's link leads to %s", got)
	}
	if people := agent.Get("/desk/tickets/7").Body; strings.Count(people, "people__states") != 1 {
		t.Error("one person is two recipients")
	}

	// By the duplicate's mail one unsubscribes from the one that there is.
	s.Visitor("").Post(twice.Link(t, "/ticket/unsubscribe/"), url.Values{"List-Unsubscribe": {"One-Click"}}).Status(200)
	agent.Get("/desk/tickets/7").Has("unsubscribed")
	s.Visitor("").Post(mail.Link(t, "/ticket/unsubscribe/")+"/undo", url.Values{}).Status(303)

	// Merged once more, each link leads to where the conversation is.
	merge(agent, "7", "9", true).Status(303)
	agent.Get("/desk/tickets/8").Has(`href="/desk/tickets/9"`)
	agent.Get("/desk/tickets/9").Has("Once more", "And again", "#8", "#7")
	ends := s.Visitor("").Get(stays).Status(303).Header.Get("Location")
	if got := s.Visitor("").Get(goes).Status(303).Header.Get("Location"); got != ends || ends == third {
		t.Errorf("%s and %s lead to %s and %s", stays, goes, ends, got)
	}

	// Replacing the link ends the old ones too (I8).
	visitor := s.Visitor("")
	visitor.Post(ends+"/replace", visitor.Get(ends+"/replace").Status(200).Form(ends+"/replace")).Status(200)
	for _, link := range []string{stays, goes, ends} {
		s.Visitor("").Get(link).Status(404)
	}
}

func TestM5_WhatCannotBeMergedSaysWhy(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	agent := s.Member("agent@example.com")
	const page = "/desk/tickets/2/merge"
	agent.Get(page).Status(200).Has("Number of the ticket to merge it into")
	agent.Get(page+"?into=x").Status(422).Has("Enter the number of the other ticket", `value="x"`)
	agent.Get(page + "?into=2").Status(422).Has("This is the ticket itself.")
	agent.Get(page + "?into=999").Status(422).Has("There is no ticket #999.")
	agent.Post(page, url.Values{"into": {"999"}}).Status(422).Has("There is no ticket #999.")
	agent.Get("/desk/tickets/999/merge").Status(404)
	s.Member("admin@globex.example").Get(page+"?into=3").Status(200).HasNot("Import stops", "Invoice 2026-118") // tickets of its own
	late := agent.Get("/desk/tickets/2").Status(200).Form("/desk/tickets/2/messages")
	late.Set("message", "Too late")
	merge(agent, "2", "3", true).Status(303)
	agent.Get(page).Status(409).Has("Ticket #2 was merged into #3.")
	agent.Post(page, url.Values{"into": {"1"}, "agreed": {"1"}}).Status(409)
	agent.Get("/desk/tickets/1/merge?into=2").Status(422).Has("#2 was merged itself. Enter #3")
	for _, c := range []struct {
		form   string
		values url.Values
	}{
		{"/desk/tickets/2/status", url.Values{"status": {"1"}}},
		{"/desk/tickets/2/assignee", url.Values{"assignee": {"0"}}},
		{"/desk/tickets/2/priority", url.Values{"priority": {"high"}}},
		{"/desk/tickets/2/labels", url.Values{"labels": {"1"}}},
		{"/desk/tickets/2/recipients", url.Values{"email": {"new@new.example"}}},
		{"/desk/tickets/2/related", url.Values{"other": {"1"}}},
		{"/desk/tickets/2/messages", late},
	} {
		agent.Post(c.form, c.values).Status(409).Has("Ticket #2 was merged into #3.")
	}
	agent.Post("/desk/tickets/2/messages", late).Has("Too late") // is not lost
	agent.Post("/desk/tickets/1/related", url.Values{"other": {"2"}}).Status(422).Has("#2 was merged. Enter #3")
}

func TestM5_AnOpenDuplicateOpensAClosedTicket(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	s.Ticket("", "support", "grace@new.example", "Once")
	s.Ticket("", "support", "grace@new.example", "Once more")
	agent := s.Member("agent@example.com")
	page := agent.Get("/desk/tickets/7").Status(200)
	form := page.Form("/desk/tickets/7/status")
	form.Set("status", optionOf(t, page.Body, "Resolved"))
	agent.Post("/desk/tickets/7/status", form).Status(303)
	agent.Get("/desk/tickets/8/merge?into=7").Has("#7 is open afterwards")
	merge(agent, "8", "7", false).Status(303)
	agent.Get("/desk?status=open").Has("/desk/tickets/7").HasNot("/desk/tickets/8")
}

func TestP5_ErasureReachesWhatWasMerged(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	stays := s.Ticket("", "support", "grace@new.example", "It stays")
	s.Ticket("", "support", "hedy@new.example", "Hedy’s secret title")
	merge(s.Member("agent@example.com"), "8", "7", true).Status(303)
	s.Visitor("").Get(stays).Status(200).Has("Hedy’s secret title")
	erase(t, s, "hedy@new.example")
	s.Visitor("").Get(stays).Status(200).HasNot("Hedy’s secret title").Has("It stays")
}

func TestM5_TheTeamSeesWhoWroteWithoutAName(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	s.Ticket("", "support", "grace@new.example", "Once")
	second := s.Ticket("", "support", "hedy@new.example", "Once more")
	merge(s.Member("agent@example.com"), "8", "7", true).Status(303)
	s.Member("agent@example.com").Get("/desk/tickets/7").Has(`<span class="message__author"><bdi>hedy@new.example</bdi></span>`)
	thread := s.Visitor("").Follow(s.Visitor("").Get(second).Status(303))
	thread.Status(200).HasNot("grace@new.example").Has("Once more")
}
