package handlers_test

import (
	"strings"
	"testing"

	"deskbell/handlers/handlerstest"
)

const workspacePage = "/desk/settings/workspace"

func TestN_ANewNameStandsOnPublicPagesAndInMail(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	set(t, s, workspacePage, map[string]string{"name": " Acme &  Söhne "})
	v := s.Visitor("")
	v.Get("/ticket/support").Status(200).Has("Acme &amp; Söhne")
	v.OpenTicket("support", "nobody@example.org", "Who are you?")
	s.Jobs.Step(t.Context())
	mail := s.Mailbox.Last(t, "nobody@example.org")
	if !strings.Contains(mail.Text, "Acme & Söhne") {
		t.Errorf("the mail does not say the new name:\n%s", mail.Text)
	}
	s.Visitor("globex.localhost").Get("/").HasNot("Söhne")
}

func TestN_AWrongNameGetsItsMessageAndLosesNothing(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	admin := s.Member("admin@example.com")
	form := admin.Get(workspacePage).Status(200).Form(workspacePage)
	form.Set("name", " ")
	admin.Post(workspacePage, form).Status(422).Has("Enter a name for the workspace.", `href="#name"`)
	long := strings.Repeat("ü", 81)
	form.Set("name", long)
	wrong := admin.Post(workspacePage, form).Status(422).Has("Shorten the name by 1 characters", `value="`+long+`"`)
	mended := wrong.Form(workspacePage)
	mended.Set("name", long[2:])
	admin.Follow(admin.Post(workspacePage, mended)).Has("Saved.")
}

func TestN_WhoSavesOverNewerSettingsIsTold(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	admin := s.Member("admin@example.com")
	form := admin.Get(workspacePage).Form(workspacePage)
	set(t, s, workspacePage, map[string]string{"name": "Theirs"})
	form.Set("name", "Mine")
	page := admin.Post(workspacePage, form).Status(409).Has("Somebody else has changed the settings", `value="Mine"`)
	s.Visitor("").Get("/").Has("Theirs")
	admin.Follow(admin.Post(workspacePage, page.Form(workspacePage))).Has("Saved.")
	s.Visitor("").Get("/").Has("Mine")
}

func TestN_TheWorkspaceStandsFirstInTheSettings(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	admin := s.Member("admin@example.com")
	page := admin.Follow(admin.Get("/desk/settings")).Has(`<a class="nav__link" href="/desk/settings/workspace" aria-current="page">`)
	if strings.Index(page.Body, `href="/desk/settings/workspace"`) > strings.Index(page.Body, `href="/desk/settings/portal"`) {
		t.Error("another subject stands before it")
	}
}
