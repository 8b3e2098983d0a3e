package jobs_test

import (
	"context"
	"fmt"
	"net"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"deskbell/db/model"
	"deskbell/handlers/handlerstest"
	"deskbell/jobs"
)

// refuse answers every recipient of one address with a code.
func refuse(s *handlerstest.Server, to string, code int, text string) {
	s.Mailbox.Refuse = func(rcpt string) *smtp.SMTPError {
		if rcpt != to {
			return nil
		}
		return &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{code / 100, 2, 1}, Message: text}
	}
}

// nothingMoreGivenUp wants no mail that was given up on a page of the outbox, but the demo's own.
func nothingMoreGivenUp(t *testing.T, outbox handlerstest.Page) {
	t.Helper()
	if n := strings.Count(outbox.Body, "Given up"); n != 1 {
		t.Errorf("%d mails were given up, want the demo's alone", n)
	}
}

func TestK2_RefusedFor4xxIsRetriedAndArrives(t *testing.T) {
	t.Parallel()
	s := start(t)
	ctx := context.Background()
	tries := 0
	s.Mailbox.Refuse = func(to string) *smtp.SMTPError {
		if to != "slow@example.org" {
			return nil
		}
		tries++
		return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 7, 1}, Message: "greylisted, come back"}
	}
	s.Visitor("").OpenTicket("support", "slow@example.org", "Patience")
	s.Jobs.Step(ctx)
	waits := []time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour}
	for i, wait := range waits {
		if tries != i+1 {
			t.Fatalf("after %d waits there were %d attempts", i, tries)
		}
		s.Clock.Move(wait - time.Second)
		s.Jobs.Step(ctx)
		if tries != i+1 {
			t.Fatalf("wait %d is shorter than %s", i, wait)
		}
		s.Clock.Move(time.Second)
		s.Jobs.Step(ctx)
	}
	admin := s.Member("admin@example.com")
	admin.Get(ticketPath(t, admin, "Patience")).Has("Mail to slow@example.org is tried again after 5 attempts", "451 4.7.1 greylisted")
	s.Mailbox.Refuse = nil
	s.Clock.Move(4 * time.Hour)
	s.Jobs.Step(ctx)
	if got := len(s.Mailbox.Mails("slow@example.org")); got != 1 {
		t.Fatalf("%d mails arrived, want one", got)
	}
	admin = s.Member("admin@example.com")
	admin.Get(ticketPath(t, admin, "Patience")).HasNot("is tried again", "greylisted")
}

func TestK2_RefusedFor5xxStaysVisibleWithTheError(t *testing.T) {
	t.Parallel()
	s := start(t)
	refuse(s, "gone@example.org", 550, "5.1.1 no such mailbox here")
	s.Visitor("").OpenTicket("support", "gone@example.org", "Nobody home")
	s.Jobs.Step(context.Background())
	admin := s.Member("admin@example.com")
	outbox := admin.Get("/desk/outbox").Status(200).Has("Given up", "The mail server refused it: 550")
	ticket := ticketPath(t, admin, "Nobody home")
	admin.Get(ticket).Has("Mail to gone@example.org was given up. The mail server refused it: 550",
		"Mail to gone@example.org was given up: The mail server refused it: 550") // the notice and the timeline
	if note := regexp.MustCompile(`(?s)message--note.*?Deskbell.*?<p>Mail to gone@example\.org was given up: The mail server refused it: 550`); !note.MatchString(admin.Get(ticket).Body) {
		t.Error("no internal note says that the mail was given up")
	}
	s.Clock.Move(48 * time.Hour)
	s.Jobs.Step(context.Background())
	if strings.Contains(s.Log.String(), "gone@example.org") {
		t.Error("the log names the address")
	}

	s.Mailbox.Refuse = nil
	admin = s.Member("admin@example.com")
	mail := mailPath(t, outbox, "gone@example.org")
	admin.Post(mail+"/retry", admin.Get(mail).Has("Try again now").Form(mail+"/retry")).Status(303)
	s.Jobs.Step(context.Background())
	s.Mailbox.Last(t, "gone@example.org")
	admin.Get(ticket).HasNot("Mail to gone@example.org was given up. ")
	admin.Get(mail).HasNot("Try again now")
}

// mailPath returns the path of the newest mail to an address on the outbox page.
func mailPath(t *testing.T, outbox handlerstest.Page, to string) string {
	t.Helper()
	above, _, found := strings.Cut(outbox.Body, `data-label="To">`+to+"<")
	_, id, linked := strings.Cut(above[max(0, strings.LastIndex(above, `href="/desk/outbox/`)):], `href="/desk/outbox/`)
	id, _, _ = strings.Cut(id, `"`)
	if !found || !linked {
		t.Fatalf("the outbox lists no mail to %s", to)
	}
	return "/desk/outbox/" + id
}

func TestK2_AnAnswerAboutTheSettingsGivesNoMailUp(t *testing.T) {
	t.Parallel()
	s := start(t)
	refuse(s, "new@example.org", 530, "sign in first")
	s.Visitor("").OpenTicket("support", "new@example.org", "Not my fault")
	s.Jobs.Step(context.Background())
	nothingMoreGivenUp(t, s.Member("admin@example.com").Get("/desk/outbox").Has("Trying again", "530"))
}

func TestK2_GivenUpAfterTheLastWait(t *testing.T) {
	t.Parallel()
	s := start(t)
	refuse(s, "full@example.org", 452, "mailbox is full")
	s.Visitor("").OpenTicket("support", "full@example.org", "Too much")
	for range model.MailAttempts {
		s.Jobs.Step(context.Background())
		s.Clock.Move(24 * time.Hour)
	}
	s.Mailbox.Refuse = nil
	s.Jobs.Step(context.Background())
	if got := len(s.Mailbox.Mails("full@example.org")); got != 0 {
		t.Errorf("%d mails went after it was given up", got)
	}
	admin := s.Member("admin@example.com")
	admin.Get("/desk/outbox").Has("Given up", "mailbox is full")
	admin.Get(ticketPath(t, admin, "Too much")).Has("Mail to full@example.org was given up: ")
}

func TestK2_AServerThatIsDownCostsOtherMailNoAttempt(t *testing.T) {
	t.Parallel()
	s := start(t)
	working := s.Jobs.Sender
	var err error
	if s.Jobs.Sender, err = jobs.NewSender("smtp://127.0.0.1:1", "deskbell@localhost"); err != nil { // nobody listens there
		t.Fatal(err)
	}
	for i := range 3 {
		s.Visitor("").OpenTicket("support", fmt.Sprintf("p%d@example.org", i), "Waiting")
	}
	s.Jobs.Step(context.Background())
	outbox := s.Member("admin@example.com").Get("/desk/outbox").Has("connection refused")
	if n := strings.Count(outbox.Body, "Trying again"); n != 1 {
		t.Errorf("%d mails were tried, want one", n)
	}
	s.Jobs.Sender = working
	s.Clock.Move(time.Minute)
	s.Jobs.Step(context.Background())
	for i := range 3 {
		if to := fmt.Sprintf("p%d@example.org", i); len(s.Mailbox.Mails(to)) != 1 {
			t.Errorf("%s got %d mails, want one", to, len(s.Mailbox.Mails(to)))
		}
	}
}

func TestK2_AMailThatTheServerTookIsSentOnce(t *testing.T) {
	t.Parallel()
	s := start(t)
	taken := 0
	address := scripted(t, func(c net.Conn) {
		converse(c, func() {
			taken++
			fmt.Fprint(c, "250 taken\r\n")
			c.Close() // and gone, before the goodbye
		})
	})
	var err error
	if s.Jobs.Sender, err = jobs.NewSender("smtp://"+address, "deskbell@localhost"); err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		s.Visitor("").OpenTicket("support", fmt.Sprintf("p%d@example.org", i), "Once")
	}
	s.Jobs.Step(context.Background())
	s.Clock.Move(24 * time.Hour)
	s.Jobs.Step(context.Background())
	if want := 3 + 3; taken != want { // three reporters, and the admin three times
		t.Errorf("the server took %d mails, want %d", taken, want)
	}
	nothingMoreGivenUp(t, s.Member("admin@example.com").Get("/desk/outbox").HasNot("Trying again"))
}

func TestK2_AHangingServerHoldsUpNothingForever(t *testing.T) {
	t.Parallel()
	s := start(t)
	address := scripted(t, func(c net.Conn) { converse(c, func() {}) })
	working := s.Jobs.Sender
	var err error
	if s.Jobs.Sender, err = jobs.NewSender("smtp://"+address, "deskbell@localhost"); err != nil {
		t.Fatal(err)
	}
	s.Jobs.Sender.Timeout = 100 * time.Millisecond
	s.Visitor("").OpenTicket("support", "first@example.org", "Hangs")
	s.Jobs.Step(context.Background())
	s.Member("admin@example.com").Get("/desk/outbox").Has("Trying again", "The connection to the mail server broke")
	s.Jobs.Sender = working
	s.Clock.Move(time.Minute)
	s.Jobs.Step(context.Background())
	s.Mailbox.Last(t, "first@example.org")
}

func TestO6_AStopHandsBackAMailThatHangs(t *testing.T) {
	t.Parallel()
	s := start(t)
	hangs := make(chan struct{}, 1)
	address := scripted(t, func(c net.Conn) { converse(c, func() { hangs <- struct{}{} }) })
	working := s.Jobs.Sender
	var err error
	if s.Jobs.Sender, err = jobs.NewSender("smtp://"+address, "deskbell@localhost"); err != nil {
		t.Fatal(err)
	}
	s.Visitor("").OpenTicket("support", "first@example.org", "Stops")
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); s.Jobs.Run(ctx) }()
	<-hangs
	began := time.Now()
	stop()
	<-done
	if took := time.Since(began); took > 7*time.Second {
		t.Errorf("the stop took %s", took)
	}
	nothingMoreGivenUp(t, s.Member("admin@example.com").Get("/desk/outbox").Has("Trying again").HasNot("Sending"))
	s.Jobs.Sender = working
	s.Jobs.Step(context.Background())
	s.Mailbox.Last(t, "first@example.org")
}

func TestK2_AMailThatEndsTheProcessEachTimeIsGivenUp(t *testing.T) {
	t.Parallel()
	s := start(t)
	ctx := context.Background()
	s.Visitor("").OpenTicket("support", "poison@example.org", "Poison")
	for range model.MailAttempts {
		claimed, err := s.DB.ClaimMail(ctx)
		for err == nil && claimed.To != "poison@example.org" {
			if err := s.DB.MailSent(ctx, claimed.ID); err != nil {
				t.Fatal(err)
			}
			claimed, err = s.DB.ClaimMail(ctx)
		}
		if err != nil {
			t.Fatal(err)
		}
		if err := s.DB.ReturnMail(ctx, true); err != nil { // as the next start does
			t.Fatal(err)
		}
	}
	s.Jobs.Step(ctx)
	if n := len(s.Mailbox.Mails("poison@example.org")); n != 0 {
		t.Errorf("it was sent %d times more", n)
	}
	admin := s.Member("admin@example.com")
	admin.Get(ticketPath(t, admin, "Poison")).Has("Mail to poison@example.org was given up: ")
}

func TestK2_ARetryCarriesTheSameMessageID(t *testing.T) {
	t.Parallel()
	s := start(t)
	first := true
	s.Mailbox.Arrived = func(r handlerstest.Received) error {
		if r.To == "new@example.org" && first {
			first = false
			return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "kept, and forgotten"}
		}
		return nil
	}
	s.Visitor("").OpenTicket("support", "new@example.org", "Twice")
	s.Jobs.Step(context.Background())
	s.Clock.Move(time.Minute)
	s.Jobs.Step(context.Background())
	mails := s.Mailbox.Mails("new@example.org")
	if len(mails) != 2 || mails[0].Header.Get("Message-ID") != mails[1].Header.Get("Message-ID") ||
		mails[0].Header.Get("Date") != mails[1].Header.Get("Date") {
		t.Errorf("%d mails: %v", len(mails), mails)
	}
}
