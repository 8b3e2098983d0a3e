package jobs_test

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"regexp"
	"strings"
	"testing"

	"deskbell/handlers/handlerstest"
)

// start returns a server whose demo mail has gone out, so that what comes next is the test's own.
func start(t *testing.T, with ...handlerstest.Option) *handlerstest.Server {
	t.Helper()
	s := handlerstest.Start(t, with...)
	s.Jobs.Step(context.Background())
	return s
}

// since returns the mails that arrive while do runs and the jobs are stepped.
func since(s *handlerstest.Server, do func()) []handlerstest.Received {
	before := len(s.Mailbox.Mails(""))
	do()
	s.Jobs.Step(context.Background())
	return s.Mailbox.Mails("")[before:]
}

// addresses lists to whom mails went, in their order.
func addresses(mails []handlerstest.Received) string {
	to := make([]string, len(mails))
	for i, m := range mails {
		to[i] = m.To
	}
	return strings.Join(to, " ")
}

// ticketPath finds a ticket on the desk's inbox by its title, in the view of a category.
func ticketPath(t *testing.T, member *handlerstest.Browser, title string) string {
	t.Helper()
	link := regexp.MustCompile(`href="(/desk/tickets/\d+)"[^>]*>` + regexp.QuoteMeta(title) + `<`)
	found := link.FindStringSubmatch(member.Get("/desk").Status(200).Has(title).Body)
	if found == nil {
		t.Fatalf("the inbox links no ticket %q", title)
	}
	return found[1]
}

// answer sends the desk's answer form; status is the name of one to set, "" leaves it.
func answer(t *testing.T, member *handlerstest.Browser, ticket, text, status string) {
	t.Helper()
	page := member.Get(ticket).Status(200)
	form := page.Form(ticket + "/messages")
	form.Set("message", text)
	if status != "" {
		option := regexp.MustCompile(`<option value="(\d+)"[^>]*>` + status + `\b`).FindStringSubmatch(page.Body)
		if option == nil {
			t.Fatalf("no status %q on the ticket's page", status)
		}
		form.Set("status", option[1])
	}
	member.Post(ticket+"/messages", form).Status(303)
}

// reply sends the thread's reply form.
func reply(visitor *handlerstest.Browser, thread, text string) {
	form := visitor.Get(thread).Status(200).Form(thread + "/reply")
	form.Set("message", text)
	visitor.Post(thread+"/reply", form).Status(303)
}

// scripted is a mail server that does as it likes: each connection is handed to serve.
func scripted(t *testing.T, serve func(net.Conn)) (address string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			t.Cleanup(func() { c.Close() })
			go serve(c)
		}
	}()
	return listener.Addr().String()
}

// converse plays an SMTP server up to the end of a mail, and then calls taken instead of answering.
func converse(c net.Conn, taken func()) {
	fmt.Fprint(c, "220 scripted\r\n")
	inMail := false
	for lines := bufio.NewScanner(c); lines.Scan(); {
		switch line := lines.Text(); {
		case inMail && line == ".":
			inMail = false
			taken()
		case inMail:
		case line == "DATA":
			inMail = true
			fmt.Fprint(c, "354 go on\r\n")
		default:
			fmt.Fprint(c, "250 fine\r\n")
		}
	}
}
