package jobs_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"deskbell/db"
	"deskbell/db/model"
	"deskbell/handlers/handlerstest"
)

// submit sends the creation form with the same words in every field that takes any.
func submit(visitor *handlerstest.Browser, email, words string) {
	form := visitor.Get("/ticket/support").Status(200).Form("/ticket/support")
	form.Set("email", email)
	for _, field := range []string{"name", "title", "description", "message"} {
		form.Set(field, words+" "+field)
	}
	visitor.Post("/ticket/support", form).Status(303)
}

func TestB10_AnUnconfirmedAddressGetsNoWordOfTheVisitor(t *testing.T) {
	t.Parallel()
	s := start(t)
	submit(s.Visitor(""), "victim@example.org", "BUYPILLS")
	s.Jobs.Step(context.Background())
	mails := s.Mailbox.Mails("victim@example.org")
	if len(mails) != 1 {
		t.Fatalf("%d mails, want one", len(mails))
	}
	for _, part := range []string{mails[0].Raw, mails[0].Text, mails[0].HTML, fmt.Sprint(mails[0].Header)} {
		if strings.Contains(part, "BUYPILLS") {
			t.Errorf("the visitor's words stand in the mail:\n%s", part)
		}
	}
	if got := mails[0].Header.Get("Subject"); got != "Your ticket to Acme" {
		t.Errorf("the subject is %q", got)
	}
	desk := s.Member("agent@example.com")
	desk.Get(ticketPath(t, desk, "BUYPILLS title")).Has("unconfirmed", "BUYPILLS description")
}

func TestB10_AConfirmedAddressGetsTheTitle(t *testing.T) {
	t.Parallel()
	s := start(t)
	visitor := s.Visitor("")
	submit(visitor, "new@example.org", "Shelf")
	s.Jobs.Step(context.Background())
	visitor.Get(s.Mailbox.Last(t, "new@example.org").Link(t, "/ticket/thread/")).Status(200)
	desk := s.Member("agent@example.com")
	ticket := ticketPath(t, desk, "Shelf title")
	desk.Get(ticket).Has("confirmed the address by opening the link").HasNot("unconfirmed")
	answer(t, desk, ticket, "Look behind it.", "")
	s.Jobs.Step(context.Background())
	if got := s.Mailbox.Last(t, "new@example.org").Header.Get("Subject"); got != "Re: Shelf title" {
		t.Errorf("the subject is %q", got)
	}
	submit(visitor, "new@example.org", "Second")
	s.Jobs.Step(context.Background())
	mail := s.Mailbox.Last(t, "new@example.org")
	if !strings.Contains(mail.Header.Get("Subject"), "Second title") || !strings.Contains(mail.Text, "> Second description") {
		t.Errorf("%s\n%s", mail.Header.Get("Subject"), mail.Text)
	}
}

// held checks that the desk shows a ticket whose mail was held, with the reason as event and notice.
func held(t *testing.T, s *handlerstest.Server, email, title, reason string) {
	t.Helper()
	desk := s.Member("agent@example.com")
	page := desk.Get(ticketPath(t, desk, title)).Status(200).Has("Mail to " + email + " was not sent.")
	if n := strings.Count(page.Body, reason); n != 2 {
		t.Errorf("the reason stands there %d times, want it in the notice and in the timeline", n)
	}
}

func TestB10_AnAddressGetsThreeFirstMailsAnHour(t *testing.T) {
	t.Parallel()
	s := start(t)
	for i := range 4 {
		submit(s.Visitor(""), "victim@example.org", fmt.Sprint("Hour ", i))
		s.Jobs.Step(context.Background())
		s.Clock.Move(11 * time.Minute)
	}
	if n := len(s.Mailbox.Mails("victim@example.org")); n != 3 {
		t.Errorf("%d mails went, want 3", n)
	}
	held(t, s, "victim@example.org", "Hour 3 title", "had 3 first mails within an hour")
	s.Clock.Move(time.Hour)
	submit(s.Visitor(""), "victim@example.org", "Later")
	s.Jobs.Step(context.Background())
	if n := len(s.Mailbox.Mails("victim@example.org")); n != 4 {
		t.Errorf("an hour later %d mails had gone, want 4", n)
	}
}

func TestB10_AnAddressGetsTenFirstMailsADay(t *testing.T) {
	t.Parallel()
	s := start(t)
	for i := range 11 {
		submit(s.Visitor(""), "victim@example.org", fmt.Sprint("Day ", i))
		s.Jobs.Step(context.Background())
		s.Clock.Move(21 * time.Minute)
	}
	if n := len(s.Mailbox.Mails("victim@example.org")); n != 10 {
		t.Errorf("%d mails went, want 10", n)
	}
	held(t, s, "victim@example.org", "Day 10 title", "had 10 first mails within a day")
}

func TestB10_AWorkspaceSends300FirstMailsAnHour(t *testing.T) {
	t.Parallel()
	s := start(t)
	ws, err := s.DB.WorkspaceOfBaseHost(t.Context(), "localhost")
	if err != nil {
		t.Fatal(err)
	}
	for i := range ws.FirstMailsPerHour {
		email := fmt.Sprintf("p%d@example.org", i)
		if err := s.DB.CreateTicket(t.Context(), ws, "support", db.NewTicket{
			FormKey: email, Description: model.RichText{Source: "Many"}, Intake: model.Intake{Email: email, Title: "Many", Description: "Many", Type: "question"},
		}); err != nil {
			t.Fatal(err)
		}
	}
	if ws.FirstMailsPerHour != 300 {
		t.Errorf("the budget is %d", ws.FirstMailsPerHour)
	}
	submit(s.Visitor(""), "late@example.org", "One more")
	s.Jobs.Step(context.Background())
	if n := len(s.Mailbox.Mails("late@example.org")); n != 0 {
		t.Errorf("%d mails went over the budget", n)
	}
	held(t, s, "late@example.org", "One more title", "used up its first mails")
}
