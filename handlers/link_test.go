package handlers_test

import (
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"deskbell/handlers/handlerstest"
)

// replace replaces the link of a thread through its page, and returns the answer.
func replace(v *handlerstest.Browser, thread string) handlerstest.Page {
	v.Get(thread).Status(200).Has("Private link of ada@example.org", thread+"/replace")
	form := v.Get(thread+"/replace").Status(200).Has("stops working at once", "ada@example.org").Form(thread + "/replace")
	return v.Post(thread+"/replace", form)
}

// newestLink steps the jobs and returns the thread link of an address's newest mail.
func newestLink(t *testing.T, s *handlerstest.Server, email string) string {
	t.Helper()
	s.Jobs.Step(t.Context())
	return s.Mailbox.Last(t, email).Link(t, "/ticket/thread/")
}

func TestI8_AReplacedLinkEndsAndANewOneIsMailed(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	old := opened(t, s, attach{Name: "app.log", Content: "a line"})
	v, poller := s.Visitor(""), s.Visitor("")
	poller.Header.Set("HX-Request", "true")
	form := v.Get(old).Form(old + "/reply")
	file := strings.TrimPrefix(v.Get(old).Links(old+"/attachments/", "")[0], old)
	v.Get(old + file).Status(200)
	poller.Get(old + "/messages?after=1").Status(204) // from now on the version is known
	replace(v, old).Status(200).Has("on its way", "ada@example.org")
	fresh := newestLink(t, s, "ada@example.org")
	if fresh == old {
		t.Fatal("the mail carries the old link")
	}
	poller.Get(fresh + "/messages?after=1").Status(204)
	poller.Get(old + "/messages?after=1").Status(404).Has("Get a login link by mail")
	for _, path := range []string{"", "/messages?after=0", file, file + "/preview", "/uploads/x", "/replace"} {
		s.Visitor("").Get(old + path).Status(404)
	}
	form.Set("message", "by the old link")
	v.Post(old+"/reply", form).Status(404).Has("by the old link", "was not sent", "Get a login link by mail").HasNot("Go back")
	for _, path := range []string{"/uploads", "/uploads/remove", "/subscribe", "/replace"} {
		v.Post(old+path, url.Values{"form_key": {form.Get("form_key")}}).Status(404)
	}
	v.Get(fresh).Status(200).HasNot("by the old link")
	v.Get(fresh + file).Status(200)
	form.Set("message", "by the new link")
	v.Post(fresh+"/reply", form).Status(303) // what was open when the link ended is not lost
	v.Get(fresh).Has("by the new link")
	s.Member("agent@example.com").Get("/desk/tickets/7").Has("ada@example.org replaced their link")
}

func TestI8_ALinkIsReplacedByItsFormAlone(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	thread := s.Ticket("", "support", "ada@example.org", "Mine")
	v := s.Visitor("")
	for range 2 {
		v.Get(thread + "/replace").Status(200)
		v.Do("HEAD", thread+"/replace", nil, "").Status(200)
	}
	other := s.Ticket("", "support", "bea@example.org", "Another")
	foreign := v.Get(other + "/replace").Form(other + "/replace")
	for _, key := range []string{"", "made-up"} {
		if page := v.Post(thread+"/replace", url.Values{"form_key": {key}}).Status(303); page.Location != thread+"/replace" {
			t.Errorf("the key %q leads to %s", key, page.Location)
		}
	}
	v.Post(thread+"/replace", foreign)
	v.Get(thread).Status(200)
	v.Get(other).Status(200)
	stranger := s.Visitor("globex.localhost")
	form := v.Get(thread + "/replace").Form(thread + "/replace")
	stranger.Post(thread+"/replace", form).Status(404)
	v.Get(thread).Status(200)
}

func TestI8_ReplacingTwiceAtOnceLeavesOneLink(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	old := s.Ticket("", "support", "ada@example.org", "Twice")
	v := s.Visitor("")
	form := v.Get(old + "/replace").Form(old + "/replace")
	before := len(s.Mailbox.Mails("ada@example.org"))
	var wait sync.WaitGroup
	var told atomic.Int32
	for range 10 {
		wait.Go(func() {
			page := s.Visitor("").Post(old+"/replace", form)
			if page.Code == 200 && strings.Contains(page.Body, "ada@example.org") {
				told.Add(1)
			}
		})
	}
	wait.Wait()
	v.Post(old+"/replace", form).Status(200).Has("on its way", "ada@example.org")
	if told.Load() != 10 {
		t.Errorf("%d of 10 were told that the new link is on its way", told.Load())
	}
	fresh := newestLink(t, s, "ada@example.org")
	if n := len(s.Mailbox.Mails("ada@example.org")) - before; n != 1 {
		t.Errorf("%d mails went, want one", n)
	}
	v.Get(old).Status(404)
	v.Get(fresh).Status(200)
}

func TestI8_ASessionGoesOnReading(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	ada := customer(t, s, "ada@example.org")
	old := newestThread(t, s)
	thread := ada.Get("/tickets").Links("/tickets/", "")[0]
	second := ada.Get(thread + "/replace").Form(thread + "/replace")
	replace(ada, thread).Status(200).Has("on its way", "Back to the ticket", `href="`+thread+`"`)
	ada.Post(thread+"/replace", second).Status(200).Has("on its way") // of a page from before: nothing happens
	ada.Get(thread).Status(200)
	s.Visitor("").Get(old).Status(404)
	s.Visitor("").Get(newestLink(t, s, "ada@example.org")).Status(200)
	page := s.Member("agent@example.com").Get("/desk/tickets/7")
	if n := strings.Count(page.Body, "replaced their link"); n != 1 {
		t.Errorf("the link was replaced %d times, want once", n)
	}
}

// newestThread returns the link of the newest mail to ada that has one to a thread.
func newestThread(t *testing.T, s *handlerstest.Server) string {
	t.Helper()
	mails := s.Mailbox.Mails("ada@example.org")
	for i := len(mails) - 1; i >= 0; i-- {
		if strings.Contains(mails[i].Text, "/ticket/thread/") {
			return mails[i].Link(t, "/ticket/thread/")
		}
	}
	t.Fatal("no mail has a thread link")
	return ""
}

func TestI8_ReplacingIsLimited(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	thread := s.Ticket("", "support", "ada@example.org", "Again and again")
	v := s.Visitor("")
	for range 3 {
		replace(v, thread).Status(200)
		thread = newestLink(t, s, "ada@example.org")
	}
	page := replace(v, thread).Status(429).Has("replaced several times", "newest one")
	if page.Header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	v.Get(thread).Status(200)
	s.Clock.Move(61 * time.Minute)
	replace(v, thread).Status(200)
	v.Get(thread).Status(404)
}

func TestL1_UnsubscribeLinksOutliveTheThreadLink(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	thread := s.Ticket("", "support", "ada@example.org", "Quiet, please")
	old := s.Mailbox.Last(t, "ada@example.org").Link(t, "/ticket/unsubscribe/")
	v := s.Visitor("")
	replace(v, thread).Status(200)
	fresh := newestLink(t, s, "ada@example.org")
	v.Post(old, url.Values{"List-Unsubscribe": {"One-Click"}}).Status(200).Has("You are unsubscribed")
	v.Get(fresh).Has("You have unsubscribed")
	v.Post(s.Mailbox.Last(t, "ada@example.org").Link(t, "/ticket/unsubscribe/")+"/undo", nil).Status(303)
	v.Get(fresh).HasNot("You have unsubscribed")
}

// withoutLogin switches customer login off.
func withoutLogin(t *testing.T, s *handlerstest.Server) {
	t.Helper()
	set(t, s, "/desk/settings/portal", map[string]string{"customer_login": ""})
}

func TestI8_LinksAreMailedAgainAndNobodyLearnsWhose(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	first := s.Ticket("", "support", "ada@example.org", "The first")
	second := s.Ticket("", "support", "ada@example.org", "The second")
	s.Ticket("globex.localhost", "help", "ada@example.org", "Elsewhere")
	withoutLogin(t, s)
	v := s.Visitor("")
	v.Get(first).Status(200) // confirms the address
	var pages []string
	for _, email := range []string{"ada@example.org", "nobody@example.org"} {
		v := s.Visitor("")
		form := v.Get("/ticket/thread/nonsense").Status(404).Has("Get my links by mail").HasNot("login").Form("/ticket/thread/lost")
		form.Set("email", email)
		pages = append(pages, v.Follow(v.Post("/ticket/thread/lost", form)).Status(200).Has("Look into your mail").Body)
	}
	if pages[0] != pages[1] {
		t.Error("the page tells known from unknown")
	}
	s.Jobs.Step(t.Context())
	if n := len(s.Mailbox.Mails("nobody@example.org")); n != 0 {
		t.Errorf("%d mails went to an unknown address", n)
	}
	mail := s.Mailbox.Last(t, "ada@example.org")
	for _, part := range []string{mail.Text, mail.HTML} {
		for _, want := range []string{first, second, "The first", "The second"} {
			if !strings.Contains(part, want) {
				t.Errorf("%s is missing in\n%s", want, part)
			}
		}
		if strings.Contains(part, "Elsewhere") || strings.Contains(part, "unsubscribe") {
			t.Errorf("another workspace's ticket, or a link that stops nothing, in\n%s", part)
		}
	}
	v.Get(mail.Link(t, "/ticket/thread/")).Status(200) // asking ended no link
	v.Get(first).Status(200)
}

func TestI8_WhereLoginIsOnALostLinkLeadsThere(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	s.Ticket("", "support", "ada@example.org", "Found again")
	v := s.Visitor("")
	form := v.Get("/ticket/thread/nonsense").Status(404).Form("/tickets/login")
	form.Set("email", "ada@example.org")
	if page := v.Post("/tickets/login", form).Status(303); page.Location != "/tickets/login/sent" {
		t.Errorf("asking leads to %s", page.Location)
	}
	s.Jobs.Step(t.Context())
	s.Mailbox.Last(t, "ada@example.org").Link(t, "/tickets/login/")
	if page := v.Get("/ticket/thread/lost").Status(303); page.Location != "/tickets/login" {
		t.Errorf("the form of lost links leads to %s", page.Location)
	}
}

func TestI8_AskingForLinksIsLimitedKnownOrNot(t *testing.T) {
	t.Parallel()
	for _, email := range []string{"ada@example.org", "nobody@example.org"} {
		s := handlerstest.Start(t)
		s.Ticket("", "support", "ada@example.org", "Asked for")
		withoutLogin(t, s)
		before := len(s.Mailbox.Mails(email))
		ask := func() handlerstest.Page {
			return s.Visitor("").Post("/ticket/thread/lost", url.Values{"email": {" " + strings.ToUpper(email)}})
		}
		for range 3 {
			ask().Status(303)
		}
		page := ask().Status(429).Has("asked for several times", strings.ToUpper(email))
		if page.Header.Get("Retry-After") == "" {
			t.Error("no Retry-After")
		}
		s.Jobs.Step(t.Context())
		want := 3
		if email == "nobody@example.org" {
			want = 0
		}
		if n := len(s.Mailbox.Mails(email)) - before; n != want {
			t.Errorf("%d mails went to %s, want %d", n, email, want)
		}
		s.Clock.Move(61 * time.Minute)
		ask().Status(303)
		s.Visitor("").Post("/ticket/thread/lost", url.Values{"email": {"no address"}}).Status(422).Has("Enter an email address", "no address")
	}
}

func TestB10_AskedForLinksSayNothingOfAVisitorToAnUnconfirmedAddress(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	thread := s.Ticket("", "support", "victim@example.org", "BUY-CHEAP-WATCHES")
	withoutLogin(t, s)
	s.Visitor("").Post("/ticket/thread/lost", url.Values{"email": {"victim@example.org"}}).Status(303)
	s.Jobs.Step(t.Context())
	mail := s.Mailbox.Last(t, "victim@example.org")
	if strings.Contains(mail.Raw+mail.Text+mail.HTML, "WATCHES") {
		t.Errorf("the mail carries the visitor's words:\n%s", mail.Raw)
	}
	if !strings.Contains(mail.Text, thread) {
		t.Errorf("the link is missing in\n%s", mail.Text)
	}
	form := s.Visitor("").Get(thread + "/replace").Form(thread + "/replace")
	s.Visitor("").Post(thread+"/replace", form).Status(200)
	s.Jobs.Step(t.Context())
	if mail := s.Mailbox.Last(t, "victim@example.org"); strings.Contains(mail.Raw+mail.Text+mail.HTML, "WATCHES") {
		t.Errorf("the mail of the new link carries the visitor's words:\n%s", mail.Raw)
	}
}
