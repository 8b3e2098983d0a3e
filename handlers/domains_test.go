package handlers_test

import (
	"net/url"
	"strings"
	"testing"

	"deskbell/handlers/handlerstest"
)

const domainsPage = "/desk/settings/domains"

// addDomain adds a page domain as an admin.
func addDomain(t *testing.T, admin *handlerstest.Browser, host string) handlerstest.Page {
	t.Helper()
	form := admin.Get(domainsPage).Status(200).Form(domainsPage)
	form.Set("host", host)
	return admin.Follow(admin.Post(domainsPage, form)).Status(200).Has("is added")
}

func TestN_PagesAnswerAtANewPageDomainAndGoOnAtTheBaseHost(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	admin := s.Member("admin@example.com")
	old := s.Ticket("", "support", "ada@example.org", "Before the name")
	s.Visitor("help.acme.test").Get("/").Status(404)
	admin.Get(domainsPage).Has("No page domain yet")
	addDomain(t, admin, " HTTPS://Help.Acme.test/some/path ").Has("help.acme.test", "Primary", "localhost")
	s.Visitor("help.acme.test").Get("/ticket/support").Status(200).Has("Acme")
	s.Visitor("").Get(old).Status(200).Has("Before the name")
	admin.Get("/desk").Status(200).Has(s.Origin("help.acme.test") + "/")
	admin.Get(auditPage).Has("Page domain added", "help.acme.test")
}

func TestA11_LinksFallBackToThePrimaryDomainWhenTheirsIsRemoved(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	admin := s.Member("admin@example.com")
	addDomain(t, admin, "one.acme.test")
	addDomain(t, admin, "two.acme.test")
	admin.Follow(admin.Post(domainsPage+"/two.acme.test/primary", url.Values{})).Has("two.acme.test is the primary")
	s.Visitor("one.acme.test").OpenTicket("support", "ada@example.org", "Where will it lead?")
	admin.Get(domainsPage+"/one.acme.test/remove").Status(200).Has("Remove <bdi>one.acme.test</bdi>?", "two.acme.test")
	s.Visitor("one.acme.test").Get("/").Status(200) // asking changes nothing
	admin.Follow(admin.Post(domainsPage+"/one.acme.test/remove", url.Values{})).Has("is removed")
	s.Visitor("one.acme.test").Get("/").Status(404)
	s.Jobs.Step(t.Context())
	if text := s.Mailbox.Last(t, "ada@example.org").Text; !strings.Contains(text, s.Origin("two.acme.test")+"/ticket/thread/") || strings.Contains(text, "one.acme.test") {
		t.Errorf("the mail leads elsewhere:\n%s", text)
	}
	admin.Follow(admin.Post(domainsPage+"/two.acme.test/remove", url.Values{})) // the primary one: the next is it
	admin.Get(domainsPage).Has("localhost", "Primary").HasNot("two.acme.test")
	admin.Get(auditPage).Has("Page domain removed", "Page domain made primary")
	admin.Post(domainsPage+"/localhost/remove", url.Values{}).Status(303) // without any, the base host serves (A12)
	s.Visitor("").Get("/").Status(200).Has("Acme")
}

func TestA10_APageDomainBelongsToOneWorkspace(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	admin, globex := s.Member("admin@example.com"), s.Member("admin@globex.example")
	refused := func(b *handlerstest.Browser, host, says string) {
		t.Helper()
		b.Post(domainsPage, url.Values{"host": {host}}).Status(422).Has(says, `href="#host"`)
	}
	refused(admin, "globex.localhost", "Another workspace")
	refused(globex, "GLOBEX.localhost.", "already")
	refused(globex, "localhost", "where the desk of this server is reached")
	for _, path := range []string{"/globex.localhost/primary", "/globex.localhost/remove", "/globex.localhost/check"} {
		admin.Post(domainsPage+path, url.Values{}).Status(404)
	}
	admin.Get(domainsPage + "/globex.localhost/remove").Status(404)
	admin.Get(domainsPage).HasNot("globex")
	globex.Get(domainsPage + "/globex.localhost/remove").Has("only name").HasNot("<button class=\"button button--danger\">")
	globex.Post(domainsPage+"/globex.localhost/remove", url.Values{}).Status(409).Has("Add another one first")
	s.Visitor("globex.localhost").Get("/").Status(200)
}

func TestN_AHostNameIsNormalisedAndNothingElseIsOne(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	admin := s.Member("admin@example.com")
	addDomain(t, admin, "Hülfe.Acme.test").Has("hülfe.acme.test", "xn--hlfe-0ra.acme.test")
	s.Visitor("xn--hlfe-0ra.acme.test").Get("/").Status(200)
	for _, odd := range []string{"", "help", "127.0.0.1", "[::1]", "a..b", "-a.test", "a_b.test", "a b.test", "*.acme.test", "http://", strings.Repeat("a.", 130) + "test", "<script>.test"} {
		admin.Post(domainsPage, url.Values{"host": {odd}}).Status(422).Has("Enter a host name like help.example.com").HasNot("<script>.test")
	}
}

func TestN_ACheckSaysWhetherANamePointsHere(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	globex := s.Member("admin@globex.example")
	globex.Post(domainsPage+"/globex.localhost/check", url.Values{}).Status(200).Has("globex.localhost points here")
	globex.Get(domainsPage).HasNot("points here")
	globex.Get(domainsPage).Has("CNAME", "<code>localhost</code>")
	s.Visitor("nobody.test").Get("/.well-known/deskbell/token").Status(404)
}
