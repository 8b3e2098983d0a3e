package handlers_test

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"deskbell/db"
	"deskbell/db/model"
	"deskbell/handlers/handlerstest"
	"deskbell/handlers/web"
	"deskbell/views"
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

// tokenOf returns the token of an intake link.
func tokenOf(link string) string { return link[strings.Index(link, "=")+1:] }

func TestD1_TheTicketIsTheTokensCustomersWhateverElseIsPosted(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	marys, noras := makeLink(t, s, "mary@example.org", "support", "30"), makeLink(t, s, "nora@example.org", "support", "30")
	v := s.Visitor("")
	form := v.Get(marys).Status(200).Form("/ticket/support")
	form.Set("title", "From Mary's form")
	form.Set("description", "With the token of Nora")
	form.Set("email", "mary@example.org")
	form.Set("customer_token", tokenOf(noras))
	v.Follow(v.Post("/ticket/support", form)).Status(200).Has("nora@example.org").HasNot("mary@")
	agent := s.Member("agent@example.com")
	agent.Get("/desk/tickets/7").Has("From Mary", "nora@example.org").HasNot("mary@")

	// The same form once more, by Mary's own token: Nora's ticket is not handed to her, nor a second one made.
	form.Set("customer_token", tokenOf(marys))
	v.Post("/ticket/support", form).Status(409).Has("This form has made a ticket already", "mary@example.org").HasNot("nora@", "/ticket/thread/")
	agent.Get("/desk/tickets/8").Status(404)

	// A session of somebody else does not mix in either.
	ada := signedIn(t, s, "ada@example.org")
	form = ada.Get(marys).Status(200).Has("mary@example.org").Form("/ticket/support")
	form.Set("title", "In Ada's browser")
	form.Set("description", "By Mary's link")
	ada.Follow(ada.Post("/ticket/support", form)).Status(200).Has("mary@example.org")
	agent.Get("/desk/tickets/8").Has("In Ada", "mary@example.org").HasNot("ada@")
	ada.Get("/tickets").Status(200).HasNot("In Ada")
}

func TestD2_ALinkThatDoesNotCountSaysHowToGoOnWhereVisitorsSignIn(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	admin := s.Member("admin@example.com")
	expired := makeLink(t, s, "mary@example.org", "support", "1")
	s.Clock.Move(25 * time.Hour)
	revoked := makeLink(t, s, "mary@example.org", "support", "30")
	admin.Post(regexp.MustCompile(linksPage+`/[\w-]+/revoke`).FindString(admin.Get(linksPage).Body), nil).Status(303)
	good := makeLink(t, s, "mary@example.org", "support", "30")
	set(t, s, "/desk/settings/projects/2", map[string]string{"intake": "open"})
	set(t, s, "/desk/settings/portal", map[string]string{"anonymous_creation": ""})
	v := s.Visitor("")
	for path, why := range map[string]string{
		expired:                                 "Your link has expired. Ask the team for a new one.",
		revoked:                                 "Your link has been withdrawn. Ask the team for a new one.",
		good[:len(good)-3]:                      "Your link could not be read. It may be cut off: try the whole link again.",
		"/ticket/support?customer_token=%00%FF": "Your link could not be read.",
		strings.Replace(good, "/support", "/internal", 1): "Your link is for another form",
	} {
		v.Get(path).Status(401).Has(why, "Sign in with your email address to open a ticket.", `action="/tickets/login"`, `name="email"`).
			HasNot("mary@", "Mary Link", `name="title"`)
		project, token, _ := strings.Cut(path, "?customer_token=")
		forged := url.Values{"customer_token": {token}, "email": {"mary@example.org"}, "title": {"Forged"}, "description": {"Still here"}}
		v.Post(project, forged).Status(401).Has("Your link ", "Sign in with your email address", "Still here")
	}
	set(t, s, "/desk/settings/portal", map[string]string{"anonymous_creation": "", "customer_login": ""})
	v.Get(expired).Status(403).Has("Your link has expired.", "Tickets are taken here by invitation link alone.").HasNot("/tickets/login")
	v.Get(good).Status(200).Has("mary@example.org")
	set(t, s, "/desk/settings/projects/1", map[string]string{"intake": "closed"})
	v.Get(expired).Status(403).Has("not taking tickets").HasNot("new one")
}

func TestD1_TheFormForLinksKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	admin := s.Member("admin@example.com")
	const days = "Enter a whole number from 1 to 3,650."
	for _, try := range []struct{ field, typed, message string }{
		{"email", "", "Enter an email address like name@example.com."},
		{"email", "no address", "Enter an email address like name@example.com."},
		{"email", strings.Repeat("x", 64) + "@" + strings.Repeat("example.", 30) + "org", "Shorten the email address by 54 characters"},
		{"name", strings.Repeat("Ä", 101), "Shorten the name"},
		{"project", "nonsense", "Choose a project from the list."},
		{"days", "3651", days}, {"days", "-1", days}, {"days", "0", days}, {"days", "", days}, {"days", "text", days},
		{"days", "1.5", days}, {"days", "99999999999999999999", days},
	} {
		form := url.Values{"email": {"a@example.org"}, "name": {"A <b>"}, "project": {"support"}, "days": {"40"}}
		form.Set(try.field, try.typed)
		page := admin.Post(linksPage, form).Status(422).Has(fmt.Sprintf(`<a href="#%s">%s`, try.field, try.message),
			fmt.Sprintf(`id="%s-error"><span class="visually-hidden">Error:</span> %s`, try.field, try.message)).HasNot("The link is made")
		if try.field == "project" {
			form.Set("project", "support") // a list cannot keep what is not in it
		}
		again := page.Form(linksPage)
		again.Del(views.OnceField)
		if again.Encode() != form.Encode() {
			t.Errorf("%s %q: the form came back as %v", try.field, try.typed, again)
		}
	}
	if n := strings.Count(admin.Get(linksPage).Body, "/revoke"); n != 1 {
		t.Errorf("%d links are valid, want the demo's one", n)
	}
}

func TestD1_TheCopyButtonStandsWithTheNewLinkAlone(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	admin := s.Member("admin@example.com")
	admin.Get(linksPage).Status(200).HasNot("data-copy", "copy.js", "The link is made")
	form := admin.Get(linksPage).Form(linksPage)
	form.Set("email", "mary@example.org")
	made := admin.Post(linksPage, form).Status(303).Location
	if n := strings.Count(admin.Get(made).Status(200).Has("The link is made").Body, "data-copy="); n != 1 {
		t.Errorf("there are %d buttons that copy, want one", n)
	}
	admin.Get(linksPage).HasNot("data-copy", "copy.js", "The link is made")
	s.Member("admin@globex.example").Get(made).Status(200).HasNot("data-copy", "The link is made", "mary@")
	admin.Post(strings.Replace(made, "?made=", "/", 1)+"/revoke", nil).Status(303)
	admin.Get(made).Status(200).HasNot("data-copy", "The link is made")
}

func TestA11_AnIntakeLinkIsOnThePrimaryPageDomain(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	ctx := t.Context()
	ws, err := s.DB.CreateWorkspace(ctx, db.NewWorkspace{Name: "Hooli", Kind: model.Standard, Color: "#17605c", Hosts: []string{"help.hooli.test", "also.hooli.test"}})
	if err == nil {
		_, err = s.DB.CreateProject(ctx, ws.ID, db.NewProject{PublicID: "help", Name: "Hooli Help", Intake: model.IntakeOpen,
			Types: []model.TicketType{{Key: "question", Name: "Question"}}, DefaultType: "question"})
	}
	if err == nil {
		_, err = s.DB.CreateMember(ctx, model.Member{WorkspaceID: ws.ID, Email: "admin@hooli.test", Name: "G", Role: model.Admin}, web.HashPassword("deskbell-demo"))
	}
	if err != nil {
		t.Fatal(err)
	}
	for email, want := range map[string]struct{ host, project string }{
		"admin@example.com": {"", "support"}, "admin@globex.example": {"globex.localhost", "help"}, "admin@hooli.test": {"help.hooli.test", "help"},
	} {
		admin := s.Member(email)
		form := admin.Get(linksPage).Status(200).Form(linksPage)
		form.Set("email", "mary@example.org")
		page := admin.Follow(admin.Post(linksPage, form)).Status(200)
		start := s.Origin(want.host) + "/ticket/" + want.project + "?customer_token="
		page.Has(`id="made" value="`+start, `<a href="`+start)
		link := regexp.MustCompile(`id="made" value="([^"]*)"`).FindStringSubmatch(page.Body)[1]
		s.Visitor(want.host).Get(strings.TrimPrefix(link, s.Origin(want.host))).Status(200).Has("mary@example.org")
		if email == "admin@hooli.test" { // it works on the other domain of the workspace as well
			s.Visitor("also.hooli.test").Get(strings.TrimPrefix(link, s.Origin(want.host))).Status(200).Has("mary@example.org")
		}
	}
}
