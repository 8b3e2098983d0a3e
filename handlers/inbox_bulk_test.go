package handlers_test

import (
	"net/url"
	"strings"
	"testing"

	"deskbell/handlers/handlerstest"
)

func TestM2_SeveralTicketsAreChangedAtOnce(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	for _, who := range []string{"ada", "bea", "cem"} {
		s.Ticket("", "support", who+"@example.net", "Many at once, says "+who)
	}
	agent := s.Member("agent@example.com")
	const bulk = "/desk/bulk?status=open&q=%22many+at+once%22"
	agent.Get("/desk?status=open&q=%22many+at+once%22").Has(`name="tickets" value="7"`, `action="/desk/bulk?q=%22many&#43;at&#43;once%22&amp;status=open"`)
	mails := func() int {
		return len(s.Mailbox.Mails("ada@example.net")) + len(s.Mailbox.Mails("bea@example.net")) + len(s.Mailbox.Mails("cem@example.net"))
	}
	sent := mails()
	page := agent.Post(bulk, url.Values{"tickets": {"7", "8"}, "bulk_assignee": {"2"}, "bulk_status": {"Resolved"}, "bulk_priority": {"high"}, "add_label": {"1"}}).Status(303)
	agent.Follow(page).Has("2 tickets are changed.", "says cem").HasNot("says ada", "says bea")
	for _, number := range []string{"7", "8"} {
		agent.Get("/desk/tickets/"+number).Has("changed the assignee from nobody to Tomás Reyes", "to Resolved", "added the label app", "changed the priority from Normal to High")
	}
	agent.Get("/desk/tickets/9").HasNot("to Resolved", "added the label")
	s.Jobs.Step(t.Context())
	if got := mails() - sent; got != 2 {
		t.Errorf("closing two tickets sent %d mails", got)
	}

	// What is so already stays, without an event; a label goes; nobody is somebody.
	agent.Follow(agent.Post(bulk, url.Values{"tickets": {"7", "7"}, "bulk_assignee": {"0"}, "bulk_status": {"resolved"}, "remove_label": {"1"}}).Status(303)).Has("1 ticket is changed.")
	ticket := agent.Get("/desk/tickets/7").Has("changed the assignee from Tomás Reyes to nobody", "removed the label app")
	if n := strings.Count(ticket.Body, "changed the status from"); n != 1 {
		t.Errorf("the same status twice is told %d times", n)
	}
}

func TestM2_WhatCannotBeChangedAtOnceChangesNothing(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	agent := s.Member("agent@example.com")
	const bulk = "/desk/bulk?status=all"
	agent.Post(bulk, url.Values{"bulk_assignee": {"2"}}).Status(422).Has("Tick the tickets", `value="2" selected`)
	agent.Post(bulk, url.Values{"tickets": {"5"}}).Status(422).Has("Choose what shall change", `value="5" checked`)
	agent.Post(bulk, url.Values{"tickets": {"5", "6"}, "add_label": {"999"}}).Status(422).Has("Choose labels from the list")
	agent.Post(bulk, url.Values{"tickets": {"5"}, "bulk_assignee": {"999"}}).Status(422).Has("Choose a member of the team")
	agent.Post(bulk, url.Values{"tickets": {"x"}, "bulk_assignee": {"0"}}).Status(422)
	many := url.Values{"bulk_assignee": {"0"}}
	for range 31 {
		many.Add("tickets", "5")
	}
	agent.Post(bulk, many).Status(422).Has("Tick 30 tickets at the most")
	agent.Follow(agent.Post(bulk, url.Values{"tickets": {"5", "4711"}, "bulk_status": {"No such status"}}).Status(303)).
		Has("0 tickets are changed.", "2 are left as they were")

	// Members of another workspace reach their own tickets alone.
	before := agent.Get("/desk/tickets/5").Body
	other := s.Member("admin@globex.example")
	other.Post(bulk, url.Values{"tickets": {"5", "6"}, "add_label": {"1"}}).Status(303)
	other.Post(bulk, url.Values{"tickets": {"1"}, "add_label": {"1"}}).Status(422)
	if now := agent.Get("/desk/tickets/5").Body; strings.Count(now, "timeline__item") != strings.Count(before, "timeline__item") {
		t.Error("a member of another workspace has changed a ticket")
	}
}

func TestM2_AFilterIsSavedUnderAName(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	agent, admin := s.Member("agent@example.com"), s.Member("admin@example.com")
	agent.Get("/desk?status=open").HasNot("Save this view")
	agent.Get("/desk").Has("Imports").HasNot("Urgent and nobody")
	const filter = "/desk?label=app&status=all"
	agent.Get(filter).Has("Save this view", `action="/desk/views?label=app&amp;status=all"`)
	const save = "/desk/views?label=app&status=all"
	agent.Post(save, url.Values{"view_name": {" "}}).Status(422).Has("Enter a name for this view.")
	agent.Post(save, url.Values{"view_name": {strings.Repeat("x", 61)}}).Status(422).Has("Shorten the name")
	agent.Post(save, url.Values{"view_name": {"IMPORTS"}}).Status(422).Has("There is a view with this name already", `value="IMPORTS"`)
	agent.Follow(agent.Post(save, url.Values{"view_name": {"The <app>"}}).Status(303)).
		Has("The view is saved.", "The &lt;app&gt;", "Rename or delete").HasNot("Save this view")
	admin.Get("/desk").HasNot("The &lt;app&gt;")
	admin.Get("/desk/views/3").Status(404)
	admin.Post("/desk/views/3", url.Values{"view_name": {"Taken over"}}).Status(404)

	// Shared, it is the team's to see, and an admin's to rename.
	agent.Post("/desk/views/3", url.Values{"view_name": {""}}).Status(422).Has("Enter a name")
	agent.Follow(agent.Post("/desk/views/3", url.Values{"view_name": {"App"}, "shared": {"1"}}).Status(303)).Has("The view is saved.", "App")
	admin.Get(filter).Has("App", "by Tomás Reyes", "/desk/views/3")
	admin.Get("/desk/views/3").Has("has shared it with the team")
	s.Member("admin@globex.example").Get("/desk/views/3").Status(404)
	s.Member("admin@globex.example").Get("/desk").HasNot("Imports")
	agent.Get("/desk/views/1").Status(404)
	agent.Post("/desk/views/1/delete", nil).Status(404)
	admin.Follow(admin.Post("/desk/views/3/delete", nil).Status(303)).Has("The view is deleted.")
	agent.Get(filter).Has("Save this view")
}

func TestM2_WhoLeavesTheTeamLeavesTheSharedViews(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	agent, admin := s.Member("agent@example.com"), s.Member("admin@example.com")
	agent.Post("/desk/views?status=all&priority=high", url.Values{"view_name": {"For myself"}}).Status(303)
	admin.Post("/desk/settings/members/2/remove", admin.Get("/desk/settings/members/2/remove").Form("/desk/settings/members/2/remove")).Status(303)
	admin.Get("/desk").Has("Imports")
	admin.Get("/desk/views/2").Status(200)
	admin.Get("/desk/views/3").Status(404)
}
