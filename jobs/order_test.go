package jobs_test

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"deskbell/db"
	"deskbell/handlers/handlerstest"
	"deskbell/jobs"
)

// quoted lists the texts that mails to an address quote, in the order of their arrival.
func quoted(s *handlerstest.Server, to string) string {
	var texts []string
	for _, m := range s.Mailbox.Mails(to) {
		for line := range strings.Lines(m.Text) {
			if text, ok := strings.CutPrefix(line, "> "); ok {
				texts = append(texts, strings.TrimSpace(text))
			}
		}
	}
	return strings.Join(texts, " ")
}

// shared opens a ticket with a second recipient, and sends both their first mail.
func shared(t *testing.T, s *handlerstest.Server) (agent *handlerstest.Browser, ticket string) {
	t.Helper()
	s.Visitor("").OpenTicket("support", "slow@example.org", "In order")
	agent = s.Member("agent@example.com")
	ticket = ticketPath(t, agent, "In order")
	agent.Post(ticket+"/recipients", url.Values{"email": {"quick@example.org"}}).Status(303)
	s.Jobs.Step(context.Background())
	return agent, ticket
}

// refuseOnce puts the next mail to an address off, and takes those after it.
func refuseOnce(s *handlerstest.Server, address string) {
	refused := false
	s.Mailbox.Refuse = func(to string) *smtp.SMTPError {
		if refused || to != address {
			return nil
		}
		refused = true
		return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 7, 1}, Message: "greylisted, come back"}
	}
}

func TestK2_MailOfATicketKeepsItsOrderWhileAnEarlierOneIsTriedAgain(t *testing.T) {
	t.Parallel()
	s := start(t)
	agent, ticket := shared(t, s)
	refuseOnce(s, "slow@example.org")
	for _, text := range []string{"one", "two", "three"} {
		answer(t, agent, ticket, text, "")
		s.Jobs.Step(context.Background())
	}
	s.Visitor("").OpenTicket("support", "elsewhere@example.org", "Another ticket")
	s.Jobs.Step(context.Background())
	if got := quoted(s, "slow@example.org"); got != "" {
		t.Errorf("%q arrived before the first one, which the server had put off", got)
	}
	if got := quoted(s, "quick@example.org"); got != "one two three" {
		t.Errorf("the other recipient got %q", got)
	}
	s.Mailbox.Last(t, "elsewhere@example.org")

	s.Clock.Move(time.Minute)
	s.Jobs.Step(context.Background())
	if got := quoted(s, "slow@example.org"); got != "one two three" {
		t.Errorf("the mails arrived as %q", got)
	}
}

func TestK2_AMailThatIsGivenUpHoldsUpNoLaterOne(t *testing.T) {
	t.Parallel()
	s := start(t)
	agent, ticket := shared(t, s)
	tries := 0
	s.Mailbox.Arrived = func(r handlerstest.Received) error {
		if tries++; strings.Contains(r.Text, "> one") {
			return &smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 6, 0}, Message: "not this text"}
		}
		return nil
	}
	for _, text := range []string{"one", "two"} {
		answer(t, agent, ticket, text, "")
	}
	s.Jobs.Step(context.Background())
	s.Mailbox.Last(t, "slow@example.org")
	if got := quoted(s, "slow@example.org"); got != "one two" || tries != 4 { // the mailbox keeps what it refuses
		t.Errorf("after %d mails %q had been offered", tries, got)
	}
}

func TestK2_ALoginWaitsForNoMailOfATicket(t *testing.T) {
	t.Parallel()
	s := start(t)
	agent, ticket := shared(t, s)
	refuseOnce(s, "slow@example.org")
	answer(t, agent, ticket, "one", "")
	s.Jobs.Step(context.Background())
	s.Visitor("").Post("/tickets/login", url.Values{"email": {"slow@example.org"}}).Status(303)
	s.Jobs.Step(context.Background())
	if subject := s.Mailbox.Last(t, "slow@example.org").Header.Get("Subject"); !strings.HasPrefix(subject, "Log in") {
		t.Errorf("the last mail is %q", subject)
	}
}

func TestK2_AnAddressThatIsRefusedIsNamedOnceOnItsTicket(t *testing.T) {
	t.Parallel()
	s := start(t)
	agent, ticket := shared(t, s)
	events := func() int {
		t.Helper()
		_, timeline, _ := strings.Cut(agent.Get(ticket).Status(200).Body, `class="timeline"`)
		return strings.Count(timeline, "Mail to quick@example.org was given up: The mail server refused it: 550 5.2.1 mailbox is closed")
	}
	bounce := func(text string) {
		t.Helper()
		refuse(s, "quick@example.org", 550, "mailbox is closed")
		answer(t, agent, ticket, text, "")
		s.Jobs.Step(context.Background())
	}
	bounce("one")
	bounce("two")
	if n := events(); n != 1 {
		t.Errorf("two mails to a closed mailbox are %d lines of the timeline, want one", n)
	}
	if n := len(s.Mailbox.Mails("slow@example.org")); n != 3 {
		t.Errorf("the other recipient got %d mails, want the first and both answers", n)
	}
	s.Mailbox.Refuse = nil
	s.Clock.Move(time.Minute)
	answer(t, agent, ticket, "three", "")
	s.Jobs.Step(context.Background())
	s.Clock.Move(time.Minute)
	bounce("four")
	if n := events(); n != 2 {
		t.Errorf("once it worked and broke again, the timeline has %d lines, want two", n)
	}
	s.Visitor("").Get(s.Mailbox.Last(t, "slow@example.org").Link(t, "/ticket/thread/")).Status(200).HasNot("quick@example.org", "mailbox is closed")
}

// Deskbell refuses a second process on its folder (O8). The outbox does not rely on it.
func TestK2_TwoSendersOnOneDatabaseSendEachMailOnce(t *testing.T) {
	t.Parallel()
	s := start(t)
	data, err := db.Open(t.Context(), s.Path, s.Clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer data.Close()
	other := *s.Jobs
	other.DB = data
	agent, ticket := shared(t, s)
	const added = 40
	for i := range added {
		agent.Post(ticket+"/recipients", url.Values{"email": {fmt.Sprintf("p%d@example.org", i)}}).Status(303)
	}
	both := func() []handlerstest.Received {
		before := len(s.Mailbox.Mails(""))
		var wait sync.WaitGroup
		for _, runner := range []*jobs.Runner{s.Jobs, &other} {
			wait.Go(func() { runner.Step(context.Background()) })
		}
		wait.Wait()
		return s.Mailbox.Mails("")[before:]
	}
	if n := len(both()); n != added {
		t.Errorf("%d first mails arrived, want %d", n, added)
	}
	answer(t, agent, ticket, "To all of you.", "")
	ids := map[string]bool{}
	mails := both()
	for _, m := range mails {
		ids[m.Header.Get("Message-Id")] = true
	}
	if len(mails) != added+2 || len(ids) != added+2 {
		t.Errorf("%d mails of %d ids arrived, want %d", len(mails), len(ids), added+2)
	}
}
