package handlers_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"deskbell/db/files"
	"deskbell/handlers/handlerstest"
)

const privacySettings = "/desk/settings/privacy"

func TestJ4_AnErasedPersonLeavesNoTraceInDatabaseAndStore(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	stored := count(t, s)
	person, thread, _ := life(t, s)
	all := []string{personName, personAddress, personMark, "Quillfeather"}
	if got := traces(t, s, all...); len(got) < 25 {
		t.Fatalf("the life left only these traces, so that the test shows little:\n%s", strings.Join(got, "\n"))
	}
	erase(t, s, personAddress).Has("Grace Alder had a customer erased")
	if got := traces(t, s, all...); len(got) > 0 {
		t.Errorf("left are\n%s", strings.Join(got, "\n"))
	}
	if got := remains(t, s, all...); len(got) > 0 {
		t.Errorf("the file still has\n%s", strings.Join(got, "\n"))
	}
	if left := count(t, s); left != stored {
		t.Errorf("%d files are stored, want the %d from before", left, stored)
	}
	s.Visitor("").Get(thread).Status(404).HasNot(personAddress)
	person.Get("/tickets").Status(303)
	person.Get("/").HasNot(personAddress)
	if log := s.Log.String(); strings.Contains(log, personMark) || strings.Contains(log, personAddress) {
		t.Error("the log has something of the person")
	}
}

func TestJ4_TheTicketOfAnErasedPersonKeepsItsShape(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	_, _, ticket := life(t, s)
	agent := s.Member("agent@example.com")
	before := agent.Get(ticket).Status(200)
	s.Jobs.Step(t.Context())
	bob := signedIn(t, s, "bob@new.example")
	bobs := ticketRef.FindString(bob.Get("/tickets").Body)
	seen := bob.Get(bobs).Status(200).Has("Between others")
	erase(t, s, personAddress)
	after := agent.Get(ticket).Status(200).
		Has("#7", "<bdi>Erased person</bdi>", "The team&#39;s own words", "More of the team", "This text was erased.", "Erased file", "triage-queue-7", "In progress").
		HasNot("confirmed</span>", "@erase.example")
	for _, part := range []string{`class="message `, `class="timeline__item"`} {
		if had, has := strings.Count(before.Body, part), strings.Count(after.Body, part); had != has || had == 0 {
			t.Errorf("%d times %s before, %d times after", had, part, has)
		}
	}
	for _, at := range regexp.MustCompile(`<time datetime="[^"]*">`).FindAllString(before.Body, -1) {
		if !strings.Contains(after.Body, at) {
			t.Errorf("%s is gone from the ticket", at)
		}
	}
	agent.Get("/desk").Has("Erased person", "#7")
	// Whoever else takes part reads on, and nothing is marked as new to them.
	bob.Get("/tickets").HasNot("Unread")
	bob.Header.Set("If-None-Match", seen.Header.Get("ETag"))
	bob.Get(bobs).Status(200).Has("Erased person", "This text was erased.", "Bobs matter").HasNot(personMark, personName)
	bob.Header.Del("If-None-Match")
	bob.Post(bobs+"/language?language=de", url.Values{}).Status(303)
	bob.Get(bobs).Status(200).Has("Gelöschte Person", "Dieser Text wurde gelöscht.", "Bobs matter").HasNot("Erased person", "was erased")
	form := bob.Get(bobs).Form(bobs + "/reply")
	form.Set("message", "Bob goes on")
	bob.Post(bobs+"/reply", form).Status(303)
	s.Jobs.Step(t.Context())
}

func TestJ4_AnErasedPersonHearsOfItOnceAndIsNewAfterwards(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	life(t, s)
	before := len(s.Mailbox.Mails(personAddress))
	erase(t, s, personAddress)
	mails := s.Mailbox.Mails(personAddress)[before:]
	if len(mails) != 1 || !strings.Contains(mails[0].Text, "Your data has been erased") || strings.Contains(mails[0].Text, "/ticket/") || mails[0].Header.Get("List-Unsubscribe") != "" {
		t.Fatalf("after the erasure came %d mails: %+v", len(mails), mails)
	}
	agent := s.Member("agent@example.com")
	outbox := agent.Get("/desk/outbox").Status(200).Has("Erased, to the person who was", "Erased person").HasNot(personAddress)
	agent.Get(regexp.MustCompile(`/desk/outbox/\d+`).FindString(outbox.Body)).Status(200).HasNot(personAddress)
	s.Clock.Move(time.Hour)
	thread := s.Ticket("", "support", personAddress, "A new beginning")
	s.Visitor("").Get(thread).Status(200).Has("A new beginning")
	again := signedIn(t, s, personAddress)
	again.Get("/tickets").Has("A new beginning").HasNot("Erased")
	if n := len(download(t, again).data(t).Tickets); n != 1 {
		t.Errorf("%d tickets belong to the new customer, want one", n)
	}
}

// Where the mail server does not take the last mail, the address goes all the same.
func TestK2_TheLastMailThatFailsKeepsNoAddress(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	life(t, s)
	s.Mailbox.Refuse = func(to string) *smtp.SMTPError {
		return &smtp.SMTPError{Code: 550, Message: "no such user: " + to}
	}
	erase(t, s, personAddress)
	if got := traces(t, s, personAddress); len(got) > 0 {
		t.Errorf("left are\n%s", strings.Join(got, "\n"))
	}
	agent := s.Member("agent@example.com")
	mail := regexp.MustCompile(`/desk/outbox/\d+`).FindString(agent.Get("/desk/outbox").Status(200).Has("Given up").Body)
	agent.Get(mail).Status(200).Has("The mail server did not take it.").HasNot("Try again")
	agent.Post(mail+"/retry", nil).Status(404)
}

// Without a mail server the last mail waits, and not for longer than mail is kept.
func TestK4_TheLastMailDoesNotWaitForEver(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	ada := customer(t, s, personAddress)
	s.Jobs.Sender = nil
	ada.Post(privacyPage+"/erasure", nil).Status(303)
	erase(t, s, personAddress)
	if got := traces(t, s, personAddress); len(got) != 1 || !strings.HasPrefix(got[0], "outbox.to_address") {
		t.Fatalf("the address stands in %v, want the mail that waits alone", got)
	}
	s.Clock.Move(31 * 24 * time.Hour)
	s.Jobs.Sweep(t.Context())
	if got := traces(t, s, personAddress); len(got) > 0 {
		t.Errorf("after a month are left\n%s", strings.Join(got, "\n"))
	}
}

func TestB10_AnUnconfirmedPersonIsErasedWithoutAMail(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	s.Ticket("", "support", personAddress, "Somebody typed this address")
	set(t, s, "/desk/settings/mail", map[string]string{"unconfirmed_drop_after": "1"})
	before := len(s.Mailbox.Mails(""))
	erase(t, s, personAddress)
	if n := len(s.Mailbox.Mails("")) - before; n != 0 {
		t.Errorf("%d mails went out", n)
	}
	s.Clock.Move(48 * time.Hour)
	s.Jobs.Sweep(t.Context())
	s.Member("agent@example.com").Get("/desk/tickets/7").Status(200).Has("Erased person") // its shape stays
}

func TestJ4_ErasureIsAskedForWithdrawnAndConfirmed(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	ada, admin := customer(t, s, "ada@new.example"), s.Member("admin@example.com")
	ask := func() {
		t.Helper()
		page := ada.Get(privacyPage).Status(200).Has("Ask for erasure").HasNot("You asked")
		question := ada.Get(page.Links(privacyPage+"/", "erasure")[0]).Status(200).Has("ada@new.example", "cannot be undone")
		checkPage(t, question)
		ada.Follow(ada.Post(privacyPage+"/erasure", question.Form(privacyPage+"/erasure"))).Status(200).Has("You asked for erasure on", "20 November 2026")
	}
	admin.Get(privacySettings).Status(200).Has("omar@example.org").HasNot("ada@new.example")
	ask()
	ada.Post(privacyPage+"/erasure", nil).Status(303) // twice is one request
	s.Clock.Move(50 * time.Hour)
	list := admin.Get(privacySettings).Status(200).Has("ada@new.example", "2 days ago")
	checkPage(t, list)
	if n := strings.Count(list.Body, "ada@new.example"); n != 1 {
		t.Errorf("the request stands there %d times", n)
	}
	if got := download(t, ada); !strings.Contains(got["data.json"], "erasure_asked_at") {
		t.Error("the download does not know of the request")
	}
	withdraw := privacyPage + "/erasure/withdraw"
	ada.Follow(ada.Post(withdraw, ada.Get(privacyPage).Form(withdraw))).HasNot("You asked")
	admin.Get(privacySettings).HasNot("ada@new.example")
	ada.Post(withdraw, nil).Status(303)
	s.Clock.Move(-50 * time.Hour)
	ask()
	path := eraseLink(t, admin, "ada@new.example")
	page := admin.Get(path).Status(200).Has("They asked for it", "1 ticket that they opened", "1 thread link", "1 session, 1 login that was asked for", "0 intake links")
	checkPage(t, page)
	form := page.Form(path)
	for _, wrong := range []string{"", "ada", "bob@new.example", "ada@new.example.org"} {
		form.Set("address", wrong)
		admin.Post(path, form).Status(422).Has("Type it exactly", `href="#address"`)
	}
	ada.Get("/tickets").Status(200).Has("A first ticket")
	form.Set("address", " Ada@New.Example ")
	admin.Follow(admin.Post(path, form)).Status(200).Has("The erasure has begun", "Being erased at this moment: 1.").HasNot("ada@new.example")
	ada.Get("/tickets").Status(303) // at once, before the job
	admin.Get(path).Status(404)
	s.Jobs.Step(t.Context())
	admin.Get(privacySettings).Status(200).Has("Grace Alder had a customer erased").HasNot("Being erased", "ada@new.example")
	search(admin, "").HasNot("Erased person", "ada@new.example")
}

// From the admin's word on the links open nothing and nobody is written to, before the job has come by.
func TestJ4_AnErasureLocksOutAtOnce(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	thread := s.Ticket("", "support", personAddress, "Locked out")
	unsubscribe := s.Mailbox.Last(t, personAddress).Link(t, "/ticket/unsubscribe/")
	v := s.Visitor("")
	open := v.Get(thread).Status(200).Form(thread + "/reply")
	admin := s.Member("admin@example.com")
	path := eraseLink(t, admin, personAddress)
	admin.Post(path, url.Values{"address": {personAddress}}).Status(303)
	v.Get(thread).Status(404)
	open.Set("message", "too late")
	v.Post(thread+"/reply", open).Status(404)
	v.Get(unsubscribe).Status(404)
	before := len(s.Mailbox.Mails(""))
	answer(admin, 7, "message", "Are you still there?")
	s.Jobs.Step(t.Context())
	if mails := s.Mailbox.Mails("")[before:]; len(mails) > 1 || len(mails) == 1 && mails[0].To != personAddress {
		t.Errorf("the answer was mailed to %v", mails)
	}
	s.Jobs.Step(t.Context())
	for _, m := range s.Mailbox.Mails("")[before:] {
		if strings.Contains(m.Text, "still there") {
			t.Errorf("the answer was mailed to %s", m.To)
		}
	}
}

func TestA10_NobodyElseErasesACustomer(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	ada := customer(t, s, "ada@new.example")
	customer(t, s, "bob@new.example").Post(privacyPage+"/erasure", nil).Status(303)
	ada.Get(privacyPage).HasNot("You asked") // another one's request is not hers
	admin := s.Member("admin@example.com")
	path := eraseLink(t, admin, "ada@new.example")
	typed := url.Values{"address": {"ada@new.example"}}
	for who, b := range map[string]*handlerstest.Browser{
		"another workspace's admin": s.Member("admin@globex.example"), "an agent": s.Member("agent@example.com"), "a customer": ada, "a visitor": s.Visitor(""),
	} {
		for _, page := range []handlerstest.Page{b.Get(path), b.Post(path, typed)} {
			if page.Code == 200 || page.Code == 303 && page.Location != "/desk/login?next="+url.QueryEscape(path) {
				t.Errorf("%s gets %d", who, page.Code)
			}
			page.HasNot("ada@new.example</strong>")
		}
	}
	s.Member("admin@globex.example").Get(privacySettings).Status(200).HasNot("omar@example.org", "bob@new.example")
	s.Jobs.Step(t.Context())
	ada.Get("/tickets").Status(200).Has("A first ticket")
	for _, none := range []string{"999999", "nonsense", "-1"} {
		admin.Get(customersPage + "/" + none + "/erase").Status(404)
		admin.Post(customersPage+"/"+none+"/erase", typed).Status(404)
	}
}

func TestG8_TheFilesOfAnErasedPersonGoFromBothStores(t *testing.T) {
	bothStores(t, func(t *testing.T, s *handlerstest.Server) {
		before := count(t, s)
		opened(t, s, attach{Name: "mine.png", Content: picture(t, 30, 30)}, attach{Name: "mine.txt", Content: "mine"})
		if count(t, s) != before+3 {
			t.Fatal("two files and a preview are to be there first")
		}
		erase(t, s, "ada@example.org")
		left := 0
		if err := s.Files.Each(t.Context(), func(files.Info) error { left++; return nil }); err != nil || left > before {
			t.Errorf("%d files are left, want at most %d (%v)", left, before, err)
		}
		s.Member("agent@example.com").Get("/desk/tickets/7").Status(200).Has("Erased file", "removed on").HasNot("mine.")
	})
}
