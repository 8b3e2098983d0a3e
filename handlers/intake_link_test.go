package handlers_test

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"deskbell/handlers/handlerstest"
)

const linksPage = "/desk/settings/intake-links"

// makeLink makes an intake link in the settings and returns its path.
func makeLink(t *testing.T, s *handlerstest.Server, email, project, days string) string {
	t.Helper()
	admin := s.Member("admin@example.com")
	form := admin.Get(linksPage).Status(200).Form(linksPage)
	form.Set("email", email)
	form.Set("name", "Mary Link")
	form.Set("project", project)
	form.Set("days", days)
	page := admin.Follow(admin.Post(linksPage, form)).Status(200).Has("The link is made")
	return regexp.MustCompile(`id="made" value="http://[^/]*(/ticket/[^"]*)"`).FindStringSubmatch(page.Body)[1]
}

func TestD1_AnIntakeLinkFillsInTheCustomer(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	set(t, s, "/desk/settings/portal", map[string]string{"anonymous_creation": ""}) // it works there too
	link := makeLink(t, s, "mary@example.org", "support", "30")
	v := s.Visitor("")
	form := v.Get(link).Status(200).Has("Mary Link", "mary@example.org").HasNot(`name="email"`).Form("/ticket/support")
	form.Set("title", "By my own link")
	form.Set("description", "Text")
	form.Set("email", "forged@example.org")
	form.Set("name", "Forged")
	v.Follow(v.Post("/ticket/support", form)).Status(200).Has("mary@example.org", "/ticket/thread/").HasNot("forged")
	s.Member("agent@example.com").Get("/desk/tickets/7").Has("Mary Link", "mary@example.org", "confirmed").HasNot("unconfirmed", "Forged")
	s.Jobs.Step(t.Context())
	if mail := s.Mailbox.Last(t, "mary@example.org"); !strings.Contains(mail.Text, "We have received your ticket") {
		t.Errorf("a customer who came by a link is confirmed, and the mail says\n%s", mail.Text)
	}
	s.Member("admin@example.com").Get(linksPage).Has("Mary Link", "used ")
}

func TestD2_ALinkWorksInItsOwnProjectAndTime(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	link := makeLink(t, s, "mary@example.org", "support", "2")
	token := link[strings.Index(link, "=")+1:]
	thread := s.Ticket("", "support", "new@example.org", "Another purpose")
	v := s.Visitor("")
	// Malformed, cut, and a token of another purpose.
	for _, bad := range []string{"nonsense", token[:20], strings.TrimPrefix(thread, "/ticket/thread/")} {
		v.Get("/ticket/support?customer_token="+bad).Status(200).
			Has("Your link could not be read", `name="email"`).HasNot("mary@example.org")
	}
	s.Visitor("globex.localhost").Get("/ticket/help?customer_token="+token).Status(200).Has("Your link could not be read", `name="email"`).HasNot("mary@")
	v.Get(link).Has("mary@example.org")

	s.Clock.Move(49 * time.Hour)
	v.Get(link).Status(200).Has("Your link has expired", `name="email"`).HasNot("mary@example.org")

	fresh := makeLink(t, s, "mary@example.org", "support", "30")
	form := v.Get(fresh).Form("/ticket/support")
	admin := s.Member("admin@example.com")
	revoke := regexp.MustCompile(linksPage + `/[\w-]+/revoke`).FindString(admin.Get(linksPage).Body)
	other := s.Member("admin@globex.example")
	other.Get(linksPage).Status(200).HasNot("mary@example.org")
	other.Post(revoke, nil).Status(404)
	admin.Follow(admin.Post(revoke, nil)).Has("The link is withdrawn", "Withdrawn")
	admin.Post(revoke, nil).Status(303) // twice is fine
	admin.Post(linksPage+"/nonsense/revoke", nil).Status(404)
	v.Get(fresh).Status(200).Has("Your link has been withdrawn", `name="email"`)
	form.Set("title", "Too late")
	form.Set("description", "But not lost")
	v.Post("/ticket/support", form).Status(422).Has("Your link has been withdrawn", "But not lost", "Enter your email address")

	set(t, s, "/desk/settings/portal", map[string]string{"anonymous_creation": ""})
	v.Get(fresh).Status(401).Has("Your link has been withdrawn", `action="/tickets/login"`)
}

func TestD2_ALinkOfAnotherProjectIsIgnoredAndThePageSaysSo(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	link := makeLink(t, s, "mary@example.org", "support", "30")
	set(t, s, "/desk/settings/projects/2", map[string]string{"intake": "open"})
	s.Visitor("").Get(strings.Replace(link, "/ticket/support", "/ticket/internal", 1)).Status(200).
		Has("Your link is for another form", `name="email"`).HasNot("mary@example.org")
}

func TestD1_TheFormForLinksKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	admin := s.Member("admin@example.com")
	for field, bad := range map[string]string{"email": "no address", "project": "nonsense", "days": "0", "name": strings.Repeat("x", 101)} {
		form := url.Values{"email": {"a@example.org"}, "name": {"A"}, "project": {"support"}, "days": {"30"}}
		form.Set(field, bad)
		page := admin.Post(linksPage, form).Status(422).Has(fmt.Sprintf(`href="#%s"`, field))
		if again := page.Form(linksPage); field != "project" && again.Get(field) != bad {
			t.Errorf("%s came back as %q", field, again.Get(field))
		}
	}
}
