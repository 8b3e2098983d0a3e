package jobs_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/emersion/go-smtp"

	"deskbell/handlers/handlerstest"
	"deskbell/jobs"
)

const mailSettings = "/desk/settings/mail"

// try sends a test message from the settings and returns what they say of it.
func try(t *testing.T, s *handlerstest.Server, to string) handlerstest.Page {
	t.Helper()
	admin := s.Member("admin@example.com")
	form := admin.Get(mailSettings).Status(200).Form(mailSettings + "/test")
	if form.Get("to") != "admin@example.com" {
		t.Errorf("the form proposes %q", form.Get("to"))
	}
	form.Set("to", to)
	admin.Follow(admin.Post(mailSettings+"/test", form).Status(303)).Has("On its way", "every 2s", "Look again")
	s.Jobs.Step(t.Context())
	return admin.Get(mailSettings).Status(200).HasNot("every 2s")
}

func TestK2_ATestMessageShowsWhatTheServerSaid(t *testing.T) {
	t.Parallel()
	s := start(t)
	try(t, s, "me@example.org").Has("The server took it", "to me@example.org", "Deskbell: MAIL FROM:", "Server: 250", "Deskbell: RCPT TO:&lt;me@example.org&gt;")
	mail := s.Mailbox.Last(t, "me@example.org")
	if !strings.Contains(mail.Text, "Since you read it, mail goes out.") || mail.Subject(t) != "Test message from Deskbell" {
		t.Errorf("the message is\n%s", mail.Raw)
	}
	agent, other := s.Member("agent@example.com"), s.Member("admin@globex.example")
	agent.Get(mailSettings).Status(403)
	agent.Post(mailSettings+"/test", url.Values{"to": {"me@example.org"}}).Status(403)
	other.Get(mailSettings).Status(200).HasNot("me@example.org", "MAIL FROM")

	admin := s.Member("admin@example.com")
	admin.Header.Set("HX-Request", "true")
	admin.Get(mailSettings+"/test").Status(200).Has("The server took it").HasNot("<html", "every 2s")
}

func TestK2_ATestMessageThatFailsSaysWhatToDo(t *testing.T) {
	t.Parallel()
	t.Run("address", func(t *testing.T) {
		t.Parallel()
		admin := start(t).Member("admin@example.com")
		form := admin.Get(mailSettings).Form(mailSettings + "/test")
		form.Set("to", "nobody")
		admin.Post(mailSettings+"/test", form).Status(422).Has("Enter an email address like", `value="nobody"`)
	})
	t.Run("recipient", func(t *testing.T) {
		t.Parallel()
		s := start(t)
		s.Mailbox.Refuse = func(string) *smtp.SMTPError { return &smtp.SMTPError{Code: 550, Message: "no such mailbox"} }
		try(t, s, "me@example.org").Has("It did not go", "550", "no such mailbox")
	})
	t.Run("nobody there", func(t *testing.T) {
		t.Parallel()
		s := start(t)
		var err error
		if s.Jobs.Sender, err = jobs.NewSender("smtp://127.0.0.1:1", "deskbell@localhost"); err != nil {
			t.Fatal(err)
		}
		try(t, s, "me@example.org").Has("It did not go", "Nobody answers at 127.0.0.1:1.", "Connecting to 127.0.0.1:1")
	})
	t.Run("no server", func(t *testing.T) {
		t.Parallel()
		s := handlerstest.Start(t, handlerstest.NoMailServer())
		try(t, s, "me@example.org").Has("It did not go", "No mail server is set.", "DESKBELL_SMTP_URL")
	})
	t.Run("no TLS for the password", func(t *testing.T) {
		t.Parallel()
		s := start(t)
		var err error
		if s.Jobs.Sender, err = jobs.NewSender("smtp://desk:s3cret@"+s.Mailbox.Address, "deskbell@localhost"); err != nil {
			t.Fatal(err)
		}
		try(t, s, "me@example.org").Has("It did not go", "does not offer STARTTLS").HasNot("s3cret")
	})
	t.Run("wrong password", func(t *testing.T) {
		t.Parallel()
		server, client := authority(t)
		box := handlerstest.NewTLSMailbox(t, server, false)
		box.User, box.Password = "desk", "s3cret"
		_, port, _ := strings.Cut(box.Address, ":")
		sender, err := jobs.NewSender("smtp://desk:wr0ng@localhost:"+port, "Deskbell <deskbell@localhost>")
		if err != nil {
			t.Fatal(err)
		}
		s := start(t)
		sender.TLS, s.Jobs.Sender = client, sender
		try(t, s, "me@example.org").Has("It did not go", "does not accept the user name and the password").HasNot("wr0ng", "AGRlc2sAd3IwbmcA", "d3IwbmcK")
	})
	t.Run("a server that repeats the password", func(t *testing.T) {
		t.Parallel()
		server, client := authority(t)
		box := handlerstest.NewTLSMailbox(t, server, false)
		box.User, box.Password = "desk", "s3cret"
		box.Refuse = func(string) *smtp.SMTPError {
			return &smtp.SMTPError{Code: 550, Message: "desk:s3cret may not, nor AGRlc2sAczNjcmV0, nor czNjcmV0"}
		}
		_, port, _ := strings.Cut(box.Address, ":")
		sender, err := jobs.NewSender("smtp://desk:s3cret@localhost:"+port, "Deskbell <deskbell@localhost>")
		if err != nil {
			t.Fatal(err)
		}
		s := start(t)
		sender.TLS, s.Jobs.Sender = client, sender
		try(t, s, "me@example.org").Has("It did not go", "desk:••• may not").HasNot("s3cret", "czNjcmV0", "AGRlc2sAczNjcmV0")
	})
	t.Run("certificate", func(t *testing.T) {
		t.Parallel()
		server, _ := authority(t)
		box := handlerstest.NewTLSMailbox(t, server, true)
		_, port, _ := strings.Cut(box.Address, ":")
		sender, err := jobs.NewSender("smtps://localhost:"+port, "Deskbell <deskbell@localhost>")
		if err != nil {
			t.Fatal(err)
		}
		s := start(t)
		s.Jobs.Sender = sender
		try(t, s, "me@example.org").Has("It did not go", "is not one to trust")
	})
}

func TestK2_TestMessagesAreLimited(t *testing.T) {
	t.Parallel()
	s := start(t)
	admin := s.Member("admin@example.com")
	for range 10 {
		admin.Post(mailSettings+"/test", url.Values{"to": {"me@example.org"}}).Status(303)
	}
	admin.Post(mailSettings+"/test", url.Values{"to": {"me@example.org"}}).Status(429)
	s.Jobs.Step(t.Context())
	if n := len(s.Mailbox.Mails("me@example.org")); n != 1 {
		t.Errorf("%d messages went, and each but the last was replaced by the next", n)
	}
}
