package handlers_test

import (
	"testing"

	"deskbell/handlers/handlerstest"
)

func TestN_TheWorkspacesLanguageIsForWhoHasSaidNone(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	set(t, s, workspacePage, map[string]string{"language": "de"})
	v := s.Visitor("")
	v.Get("/ticket/support").Status(200).Has(`<html lang="de"`, "Ticket senden")
	v.Header.Set("Accept-Language", "fr")
	v.Get("/ticket/support").Has(`<html lang="de"`)
	v.Header.Set("Accept-Language", "fr, en;q=0.5")
	v.Get("/ticket/support").Has(`<html lang="en"`)
	s.Visitor("globex.localhost").Get("/").Has(`<html lang="en"`)
	s.Member("admin@example.com").Get("/desk").Has(`<html lang="en"`)
}

func TestN_ALanguageThatIsNotThereIsRefused(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	admin := s.Member("admin@example.com")
	form := admin.Get(workspacePage).Form(workspacePage)
	form.Set("language", "tlh")
	admin.Post(workspacePage, form).Status(422).Has("Choose a language from the list.", `href="#language"`)
	s.Visitor("").Get("/").Has(`<html lang="en"`)
}
