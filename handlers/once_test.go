package handlers_test

import (
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"

	"deskbell/handlers/handlerstest"
)

// Without scripts nothing holds an impatient second click back: it is answered as the first was.
func TestB9_ASecondClickIsAnsweredAsTheFirst(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	admin := s.Member("admin@example.com")
	const labels = "/desk/settings/labels"
	form := admin.Get(labels).Form(labels)
	form.Set("name", "Impatient")
	var wait sync.WaitGroup
	for range 8 { // none of them has the answer to another
		click := admin.Twin()
		wait.Go(func() { click.Post(labels, form).Status(303) })
	}
	wait.Wait()
	if n := strings.Count(admin.Get(labels).Body, "<bdi>Impatient</bdi>"); n != 1 {
		t.Errorf("the label stands there %d times", n)
	}

	// A browser can be clicked until it shows the answer that it has got.
	browser := admin.Twin()
	browser.Header.Set("Sec-Fetch-Mode", "navigate")
	for range 2 {
		browser.Post(labels, form).Status(303)
	}
	// A program that has got the answer means what it sends, and so does who sends something else.
	admin.Post(labels, form).Status(303)
	admin.Post(labels, form).Status(422)
	form.Set("color", "green")
	admin.Post(labels, form).Status(422)

	remove := regexp.MustCompile(`href="(/desk/settings/labels/\d+)"><span[^>]*><bdi>Impatient`).FindStringSubmatch(admin.Get(labels).Body)[1] + "/delete"
	confirmed := admin.Get(remove).Form(remove)
	impatient := admin.Twin()
	admin.Post(remove, confirmed).Status(303)
	impatient.Post(remove, confirmed).Status(303)
	admin.Post(remove, confirmed).Status(404)
}

func TestB9_ASecondClickLogsInAndShowsTheRecoveryCodes(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	s.Ticket("", "support", "ada@example.org", "Impatient")
	asks := s.Visitor("")
	asks.Post("/tickets/login", url.Values{"email": {"ada@example.org"}}).Status(303)
	s.Jobs.Step(t.Context())
	login := s.Mailbox.Last(t, "ada@example.org").Link(t, "/tickets/login/")
	late := asks.Twin() // the browser as it was, since it has given up the first answer
	press := asks.Get(login).Form(login)
	asks.Post(login, press).Status(303)
	late.Post(login, press).Status(303)
	late.Get("/tickets").Has("Impatient")
	for _, other := range []*handlerstest.Browser{asks, late, s.Visitor("")} { // it has opened to one browser, once
		other.Post(login, press).Status(410)
	}

	agent := s.Member("agent@example.com")
	agent.Post(codesPage+"/begin", nil).Status(303)
	page := agent.Get(codesPage)
	confirm := page.Form(codesPage)
	confirm.Set("code", codeNow(t, s, secretShown.FindStringSubmatch(page.Body)[1]))
	impatient := agent.Twin()
	first := agent.Post(codesPage, confirm).Status(200).Has("Recovery codes")
	if second := impatient.Post(codesPage, confirm).Status(200); second.Body != first.Body {
		t.Error("the second click does not show the recovery codes")
	}
}
