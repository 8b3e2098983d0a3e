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
	for range 8 {
		click := browserLike(admin)
		wait.Go(func() { click.Post(labels, form).Status(303) })
	}
	wait.Wait()
	if n := strings.Count(admin.Get(labels).Body, "<bdi>Impatient</bdi>"); n != 1 {
		t.Errorf("the label stands there %d times", n)
	}

	// A program means what it sends, and so does who sends something else, or from another drawing of the page.
	admin.Post(labels, form).Status(422)
	form.Set("color", "green")
	browserLike(admin).Post(labels, form).Status(422)
	again := admin.Get(labels).Form(labels)
	again.Set("name", "Impatient")
	browserLike(admin).Post(labels, again).Status(422)

	remove := regexp.MustCompile(`href="(/desk/settings/labels/\d+)"><span[^>]*><bdi>Impatient`).FindStringSubmatch(admin.Get(labels).Body)[1] + "/delete"
	confirmed := admin.Get(remove).Form(remove)
	for range 2 {
		browserLike(admin).Post(remove, confirmed).Status(303)
	}
	admin.Post(remove, confirmed).Status(404)
	overHTTP := admin.Twin() // to a host of a name, without a certificate
	overHTTP.Header.Set("Upgrade-Insecure-Requests", "1")
	overHTTP.Post(remove, confirmed).Status(303)
	// What was wrong before, and is right now, goes through.
	browserLike(admin).Post(labels, again).Status(303)
}

// browserLike is a browser that sends forms as pages do, with what this one has.
func browserLike(b *handlerstest.Browser) *handlerstest.Browser {
	twin := b.Twin()
	twin.Header.Set("Sec-Fetch-Mode", "navigate")
	return twin
}

func TestB9_ASecondClickLogsInAndShowsTheRecoveryCodes(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	s.Ticket("", "support", "ada@example.org", "Impatient")
	asks := s.Visitor("")
	asks.Post("/tickets/login", url.Values{"email": {"ada@example.org"}}).Status(303)
	s.Jobs.Step(t.Context())
	login := s.Mailbox.Last(t, "ada@example.org").Link(t, "/tickets/login/")
	asks.Header.Set("Sec-Fetch-Mode", "navigate")
	late := browserLike(asks) // the browser as it was, since it has given up the first answer
	press := asks.Get(login).Form(login)
	asks.Post(login, press).Status(303)
	late.Post(login, press).Status(303)
	late.Get("/tickets").Has("Impatient")
	asks.Post(login, press).Status(303) // it has the cookie, and waits for the page
	stranger, program := browserLike(s.Visitor("")), asks.Twin()
	for _, other := range []*handlerstest.Browser{stranger, program} { // it has opened to one browser, once
		other.Post(login, press).Status(410)
	}

	agent := s.Member("agent@example.com")
	agent.Post(codesPage+"/begin", nil).Status(303)
	page := agent.Get(codesPage)
	confirm := page.Form(codesPage)
	confirm.Set("code", codeNow(t, s, secretShown.FindStringSubmatch(page.Body)[1]))
	impatient := browserLike(agent)
	first := browserLike(agent).Post(codesPage, confirm).Status(200).Has("Recovery codes")
	if second := impatient.Post(codesPage, confirm).Status(200); second.Body != first.Body {
		t.Error("the second click does not show the recovery codes")
	}
}
