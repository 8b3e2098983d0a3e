package handlers_test

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/emersion/go-smtp"

	"deskbell/handlers/handlerstest"
)

// add adds somebody to a ticket by the desk's form, and returns the ticket's page.
func add(t *testing.T, agent *handlerstest.Browser, ticket int, email, name string) handlerstest.Page {
	t.Helper()
	path := fmt.Sprintf("/desk/tickets/%d", ticket)
	form := agent.Get(path).Status(200).Form(path + "/recipients")
	form.Set("email", email)
	form.Set("name", name)
	page := agent.Post(path+"/recipients", form).Status(303)
	return agent.Get(strings.Split(page.Location, "#")[0]).Status(200)
}

// removal returns the path of the page that asks before somebody is removed.
func removal(t *testing.T, ticket handlerstest.Page, email string) string {
	t.Helper()
	found := regexp.MustCompile(`href="([^"]+/remove)">Remove<span class="visually-hidden"> ` + regexp.QuoteMeta(email)).FindStringSubmatch(ticket.Body)
	if found == nil {
		t.Fatalf("nothing removes %s in\n%s", email, ticket.Body)
	}
	return found[1]
}

func TestM3_AnAddedRecipientIsToldOnceByWhomAndHowToStop(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	s.Ticket("", "support", "reporter@example.org", "BUYPILLS title")
	agent := s.Member("agent@example.com")
	add(t, agent, 7, " New@Example.org ", "Nina").Has("new@example.org is added, and told so by mail.", "Nina",
		"by <bdi>Tomás Reyes</bdi>", "Tomás Reyes added the recipient new@example.org")
	add(t, agent, 7, "new@example.org", "").Has("new@example.org is a recipient already.")
	s.Jobs.Step(t.Context())

	mails := s.Mailbox.Mails("new@example.org")
	if len(mails) != 1 {
		t.Fatalf("%d mails, want one", len(mails))
	}
	mail := mails[0]
	for _, want := range []string{"Tomás Reyes from Acme added", "unsubscribe by the link at the end"} {
		if !strings.Contains(mail.Text, want) || !strings.Contains(mail.HTML, want) {
			t.Errorf("the mail does not say %q:\n%s", want, mail.Text)
		}
	}
	for _, never := range []string{"BUYPILLS", "described here", "reporter@example.org"} { // B10: nothing that the visitor wrote
		if strings.Contains(mail.Raw+mail.Text+mail.HTML+fmt.Sprint(mail.Header), never) {
			t.Errorf("%q stands in the mail", never)
		}
	}
	if got := mail.Header.Get("Subject"); got != "You were added to a ticket at Acme" {
		t.Errorf("the subject is %q", got)
	}
	s.Visitor("").Post(mail.Link(t, "/ticket/unsubscribe/"), url.Values{"List-Unsubscribe": {"One-Click"}}).Status(200)
	agent.Get("/desk/tickets/7").Has(">unsubscribed</span>")
}

func TestM3_AConfirmedAddressIsToldWhatTheTicketIsAbout(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	s.Visitor("").Get(s.Ticket("", "support", "known@example.org", "Theirs")).Status(200)
	s.Ticket("", "support", "reporter@example.org", "The shelf is empty")
	add(t, s.Member("agent@example.com"), 8, "known@example.org", "").Has(">confirmed</span>")
	s.Jobs.Step(t.Context())
	mail := s.Mailbox.Last(t, "known@example.org")
	if got := mail.Header.Get("Subject"); got != "You were added: The shelf is empty" {
		t.Errorf("the subject is %q", got)
	}
	if !strings.Contains(mail.Text, "> What I need is described here.") {
		t.Errorf("the description is not quoted:\n%s", mail.Text)
	}
}

func TestI5_RecipientsHaveLinksOfTheirOwnAndNeverSeeAnotherAddress(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	first := s.Ticket("", "support", "reporter@example.org", "Shared")
	add(t, s.Member("agent@example.com"), 7, "second@example.org", "")
	s.Jobs.Step(t.Context())
	second := s.Mailbox.Last(t, "second@example.org").Link(t, "/ticket/thread/")
	if first == second {
		t.Fatal("both have the same link")
	}
	reporter, other := s.Visitor(""), s.Visitor("")
	for _, b := range []struct {
		browser *handlerstest.Browser
		thread  string
	}{{reporter, first}, {other, second}} {
		form := b.browser.Get(b.thread).Status(200).Form(b.thread + "/reply")
		form.Set("message", "A reply by "+b.thread[len(b.thread)-5:])
		b.browser.Post(b.thread+"/reply", form).Status(303)
	}
	answer(s.Member("agent@example.com"), 7, "message", "To you both")
	s.Jobs.Step(t.Context())
	reporter.Get(first).Status(200).Has("reporter@example.org", second[len(second)-5:], "To you both").HasNot("second@example.org", second)
	other.Get(second).Status(200).Has("second@example.org", first[len(first)-5:], "To you both").HasNot("reporter@example.org", first)
	for to, never := range map[string]string{"reporter@example.org": "second@", "second@example.org": "reporter@"} {
		for _, m := range s.Mailbox.Mails(to) {
			if strings.Contains(m.Raw+m.Text+m.HTML+fmt.Sprint(m.Header), never) {
				t.Errorf("a mail to %s has %q", to, never)
			}
		}
	}
	if a, b := len(s.Mailbox.Mails("reporter@example.org")), len(s.Mailbox.Mails("second@example.org")); a != 3 || b != 3 {
		t.Errorf("%d and %d mails, want three each: the first, the other's reply, the answer", a, b)
	}
}

func TestJ3_ATicketToWhichSomebodyWasAddedIsUnread(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	ada := customer(t, s, "ada@new.example") // ticket 7
	s.Ticket("", "support", "reporter@example.org", "Somebody else's")
	ada.Get("/tickets").HasNot("Unread")
	add(t, s.Member("agent@example.com"), 8, "ada@new.example", "")
	path := regexp.MustCompile(`href="(/tickets/[\w-]{22})"[^>]*>Somebody else`).FindStringSubmatch(ada.Get("/tickets").Has("Unread", "1 unread").Body)
	if path == nil {
		t.Fatal("the overview does not list the ticket")
	}
	ada.Get(path[1]).Status(200)
	ada.Get("/tickets").HasNot("Unread")
}

func TestM3_ARemovedRecipientHasNeitherLinkNorMail(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	s.Ticket("", "support", "reporter@example.org", "Shared")
	agent := s.Member("agent@example.com")
	add(t, agent, 7, "second@example.org", "")
	s.Jobs.Step(t.Context())
	mail := s.Mailbox.Last(t, "second@example.org")
	thread, unsubscribe := mail.Link(t, "/ticket/thread/"), mail.Link(t, "/ticket/unsubscribe/")
	b := s.Visitor("")
	b.Get(thread).Status(200)
	b.Header.Set("HX-Request", "true")
	b.Get(thread + "/messages?after=0").Status(200)
	before := len(s.Mailbox.Mails("second@example.org"))

	answer(agent, 7, "message", "It waits")
	ask := removal(t, agent.Get("/desk/tickets/7"), "second@example.org")
	confirm := agent.Get(ask).Status(200).Has("Remove this recipient?", "second@example.org", "“Shared”")
	agent.Get("/desk/tickets/7").Has(ask) // asking removes nobody
	agent.Follow(agent.Post(ask, confirm.Form(ask))).Has("The recipient is removed.", "Tomás Reyes removed the recipient second@example.org").HasNot(ask)
	agent.Post(ask, url.Values{}).Status(303) // a double click
	agent.Get(ask).Status(404)
	s.Jobs.Step(t.Context())

	if n := len(s.Mailbox.Mails("second@example.org")); n != before {
		t.Errorf("%d mails went after the removal", n-before)
	}
	b.Get(thread + "/messages?after=0").Status(404)
	b.Header.Del("HX-Request")
	b.Get(thread).Status(404)
	b.Get(unsubscribe).Status(404)
	if n := len(s.Mailbox.Mails("reporter@example.org")); n != 2 {
		t.Errorf("the reporter has %d mails, want the first and the answer", n)
	}
}

func TestM3_TheReporterStaysARecipient(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	s.Ticket("", "support", "reporter@example.org", "Mine")
	agent := s.Member("agent@example.com")
	agent.Get("/desk/tickets/7").HasNot("/remove\"")
	second := removal(t, add(t, agent, 7, "second@example.org", ""), "second@example.org")
	var id int
	fmt.Sscanf(second, "/desk/tickets/7/recipients/%d/remove", &id)
	reporter := fmt.Sprintf("/desk/tickets/7/recipients/%d/remove", id-1)
	agent.Get(reporter).Status(409).Has("The reporter stays a recipient")
	agent.Post(reporter, nil).Status(409)
	for _, elsewhere := range []string{strings.Replace(second, "/7/", "/1/", 1), "/desk/tickets/7/recipients/x/remove", "/desk/tickets/999/recipients/1/remove"} {
		agent.Get(elsewhere).Status(404)
	}
	other := s.Member("admin@globex.example")
	other.Get(second).Status(404)
	other.Post(second, nil).Status(404)
	other.Post("/desk/tickets/7/recipients", url.Values{"email": {"x@example.org"}}).Status(404)
	agent.Get("/desk/tickets/7").Has("second@example.org")
}

func TestM3_ABadRecipientComesBackWithWhatWasTyped(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	agent := s.Member("agent@example.com")
	form := agent.Get("/desk/tickets/1").Form("/desk/tickets/1/recipients")
	for typed, says := range map[string]string{
		"":                                     "Enter the address of whom to add.",
		"nobody":                               "Enter an email address like name@example.com.",
		"a@b.example, c@d.example":             "Enter an email address like name@example.com.",
		"x@" + strings.Repeat("a.example", 40): "Enter an email address like name@example.com.",
	} {
		form.Set("email", typed)
		form.Set("name", "Nina")
		again := agent.Post("/desk/tickets/1/recipients", form).Status(422).Has(says, "<title>Error: ").Form("/desk/tickets/1/recipients")
		if again.Get("email") != typed || again.Get("name") != "Nina" {
			t.Errorf("%q and Nina came back as %v", typed, again)
		}
	}
	form.Set("email", "nina@example.org")
	form.Set("name", strings.Repeat("n", 101))
	agent.Post("/desk/tickets/1/recipients", form).Status(422).Has("Shorten the name by 1 characters")
	agent.Get("/desk/tickets/1").HasNot("nina@example.org")
}

func TestM3_ATicketHasAtMostFiftyRecipients(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	agent := s.Member("agent@example.com")
	var wait sync.WaitGroup
	for i := range 60 {
		wait.Go(func() {
			agent.Post("/desk/tickets/1/recipients", url.Values{"email": {fmt.Sprintf("p%d@example.org", i%55)}})
		})
	}
	wait.Wait()
	page := agent.Get("/desk/tickets/1")
	if n := len(regexp.MustCompile(`/recipients/\d+/remove`).FindAllString(page.Body, -1)); n != 49 {
		t.Errorf("%d were added to the reporter, want 49", n)
	}
	agent.Post("/desk/tickets/1/recipients", url.Values{"email": {"more@example.org"}}).Status(422).
		Has("A ticket has at most 50 recipients. Remove somebody first.", "more@example.org")
}

func TestB10_AddedAddressesCountAsFirstMails(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	agent := s.Member("agent@example.com")
	for ticket := 1; ticket <= 4; ticket++ {
		add(t, agent, ticket, "victim@example.net", "")
	}
	s.Jobs.Step(t.Context())
	if n := len(s.Mailbox.Mails("victim@example.net")); n != 3 {
		t.Errorf("%d mails went within an hour, want 3", n)
	}
	agent.Get("/desk/tickets/4").Has("Mail to victim@example.net was not sent.", "had 3 first mails within an hour")
	agent.Get("/desk/tickets/3").HasNot("was not sent")
}

func TestM3_TheDeskSaysWhereEachRecipientStands(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	s.Visitor("").Get(s.Ticket("", "support", "reporter@example.org", "States")).Status(200)
	s.Mailbox.Refuse = func(to string) *smtp.SMTPError {
		if to != "gone@example.org" {
			return nil
		}
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such mailbox"}
	}
	agent := s.Member("agent@example.com")
	states := func(email string) string {
		t.Helper()
		_, line, found := strings.Cut(agent.Get("/desk/tickets/7").Body, "<span>"+email+"</span>")
		if !found {
			t.Fatalf("%s is no recipient", email)
		}
		line, _, _ = strings.Cut(line, "</li>")
		return strings.Join(regexp.MustCompile(`(?:un)?confirmed|(?:un)?subscribed|last mail failed`).FindAllString(line, -1), ", ")
	}
	add(t, agent, 7, "gone@example.org", "")
	s.Jobs.Step(t.Context())
	if got := states("reporter@example.org"); got != "confirmed, subscribed" {
		t.Errorf("the reporter is %s", got)
	}
	if got := states("gone@example.org"); got != "unconfirmed, subscribed, last mail failed" {
		t.Errorf("the added one is %s", got)
	}
	s.Mailbox.Refuse = nil
	answer(agent, 7, "message", "Once more")
	s.Jobs.Step(t.Context())
	unsubscribe := s.Mailbox.Last(t, "gone@example.org").Link(t, "/ticket/unsubscribe/")
	s.Visitor("").Post(unsubscribe, nil).Status(200)
	if got := states("gone@example.org"); got != "unconfirmed, unsubscribed" {
		t.Errorf("after a mail that went they are %s", got)
	}
}
