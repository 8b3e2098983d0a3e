package jobs_test

import (
	"net/url"
	"strings"
	"testing"

	"deskbell/db/model"
	"deskbell/handlers/web"
)

func TestK1_EachThingThatHappensMailsWhoShouldKnow(t *testing.T) {
	t.Parallel()
	s := start(t)
	const reporter, admin, agent = "new@example.org", "admin@example.com", "agent@example.com"
	visitor, desk := s.Visitor(""), s.Member(agent)
	expect := func(what, want string, do func()) {
		t.Helper()
		if got := addresses(since(s, do)); got != want {
			t.Errorf("%s mailed %q, want %q", what, got, want)
		}
	}
	expect("a new ticket", reporter+" "+admin, func() { visitor.OpenTicket("support", reporter, "Who hears") })
	thread := s.Mailbox.Last(t, reporter).Link(t, "/ticket/thread/")
	ticket := ticketPath(t, desk, "Who hears")
	expect("a note", "", func() {
		form := desk.Get(ticket).Form(ticket + "/messages")
		form.Set("kind", "note")
		form.Set("message", "Between us.")
		desk.Post(ticket+"/messages", form).Status(303)
	})
	expect("an answer", reporter, func() { answer(t, desk, ticket, "Look here.", "") })
	expect("the reporter's own reply", "", func() { reply(visitor, thread, "I did.") })
	expect("an assignment", "", func() {
		desk.Post(ticket+"/assignee", url.Values{"assignee": {"2"}}).Status(303)
	})
	expect("an answer that closes", reporter, func() { answer(t, desk, ticket, "Done.", "Resolved") })
	expect("a reply that reopens", agent, func() { reply(visitor, thread, "Not quite.") })
	unsubscribe := s.Mailbox.Last(t, reporter).Link(t, "/ticket/unsubscribe/")
	visitor.Post(unsubscribe, url.Values{"List-Unsubscribe": {"One-Click"}}).Status(200)
	expect("an answer to the unsubscribed", "", func() { answer(t, desk, ticket, "Silent.", "Resolved") })
	visitor.Post(unsubscribe+"/undo", nil).Status(303)
	expect("an answer to the subscribed again", reporter, func() { answer(t, desk, ticket, "Heard.", "") })
}

func TestK1_AMemberWhoIsARecipientHearsNothingOfTheirOwnAnswer(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.Visitor("").OpenTicket("support", "new@example.org", "From both sides")
	agent, admin := s.Member("agent@example.com"), s.Member("admin@example.com")
	ticket := ticketPath(t, agent, "From both sides")
	agent.Post(ticket+"/recipients", url.Values{"email": {"agent@example.com"}}).Status(303)
	s.Jobs.Step(t.Context())
	for _, c := range []struct {
		who  string
		does func()
		want string
	}{
		{"the agent answers", func() { answer(t, agent, ticket, "Mine.", "") }, "new@example.org"},
		{"the agent closes it", func() { setStatus(t, agent, ticket, "Resolved") }, "new@example.org"},
		{"another member answers", func() { answer(t, admin, ticket, "Hers.", "") }, "new@example.org agent@example.com"},
	} {
		if got := addresses(since(s, c.does)); got != c.want {
			t.Errorf("%s: mail went to %q, want %q", c.who, got, c.want)
		}
	}
}

func TestK1_MembersWhoOptedInHearOfNewTicketsOfTheirWorkspaceAlone(t *testing.T) {
	t.Parallel()
	s := start(t)
	ws, err := s.DB.WorkspaceOfBaseHost(t.Context(), "localhost")
	if err != nil {
		t.Fatal(err)
	}
	for email, wants := range map[string]bool{"keen@example.com": true, "calm@example.com": false} {
		m := model.Member{WorkspaceID: ws.ID, Email: email, Name: email, Role: model.Agent, NewTicketMail: wants}
		if _, err := s.DB.CreateMember(t.Context(), m, web.HashPassword("a long password")); err != nil {
			t.Fatal(err)
		}
	}
	mails := since(s, func() { s.Visitor("").OpenTicket("support", "new@example.org", "News") })
	if got := addresses(mails); got != "new@example.org admin@example.com keen@example.com" {
		t.Errorf("a new ticket mailed %s", got)
	}
	mails = since(s, func() { s.Visitor("globex.localhost").OpenTicket("help", "new@example.org", "Elsewhere") })
	if got := addresses(mails); got != "new@example.org admin@globex.example" {
		t.Errorf("another workspace's ticket mailed %s", got)
	}
}

func TestK1_ALoginLinkGoesToKnownCustomersAlone(t *testing.T) {
	t.Parallel()
	s := start(t)
	for email, want := range map[string]string{"ada@example.org": "ada@example.org", "nobody@example.org": ""} {
		mails := since(s, func() { s.Visitor("").Post("/tickets/login", url.Values{"email": {email}}).Status(303) })
		if got := addresses(mails); got != want {
			t.Errorf("a login of %s mailed %q, want %q", email, got, want)
		}
	}
}

func TestK1_AReplyThatClosesIsOneMail(t *testing.T) {
	t.Parallel()
	s := start(t)
	thread := s.Ticket("", "support", "new@example.org", "One mail is enough")
	s.Visitor("").Get(thread).Status(200)
	agent := s.Member("agent@example.com")
	form := agent.Get("/desk/tickets/7").Form("/desk/tickets/7/messages")
	form.Set("message", "Done, have a look.")
	form.Set("status", "4")
	agent.Post("/desk/tickets/7/messages", form).Status(303)
	s.Jobs.Step(t.Context())
	mails := s.Mailbox.Mails("new@example.org")
	if len(mails) != 2 {
		t.Fatalf("%d mails, want the first and one that tells of both", len(mails))
	}
	if text := mails[1].Text; !strings.Contains(text, "Your ticket is done") || !strings.Contains(text, "Done, have a look.") {
		t.Errorf("the mail says\n%s", text)
	}
}

func TestL1_WhatWaitsIsNotSentAfterUnsubscribing(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.Ticket("", "support", "new@example.org", "Too late for mail")
	unsubscribe := s.Mailbox.Last(t, "new@example.org").Link(t, "/ticket/unsubscribe/")
	agent := s.Member("agent@example.com")
	form := agent.Get("/desk/tickets/7").Form("/desk/tickets/7/messages")
	form.Set("message", "It waits")
	agent.Post("/desk/tickets/7/messages", form).Status(303)
	s.Visitor("").Post(unsubscribe, nil).Status(200)
	s.Jobs.Step(t.Context())
	if n := len(s.Mailbox.Mails("new@example.org")); n != 1 {
		t.Errorf("%d mails, want the first alone", n)
	}
}
