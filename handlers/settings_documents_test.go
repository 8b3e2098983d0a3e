package handlers_test

import (
	"net/url"
	"strings"
	"testing"

	"deskbell/handlers/handlerstest"
)

const documentSettings = "/desk/settings/documents"

func TestM1_OnlyAdminsSeeTheSettings(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	admin, agent, visitor := s.Member("admin@example.com"), s.Member("agent@example.com"), s.Visitor("")
	admin.Get("/desk").Has(`href="/desk/settings"`)
	agent.Get("/desk").HasNot("/desk/settings")
	if to := admin.Get("/desk/settings"); to.Code != 200 {
		t.Errorf("the settings lead to %d", to.Code)
	}
	for _, path := range []string{"/desk/settings", documentSettings, documentSettings + "/new", documentSettings + "/1", documentSettings + "/1/delete"} {
		agent.Get(path).Status(403).HasNot("Label printers", "Document")
		visitor.Get(path).Status(303)
	}
	for _, path := range []string{documentSettings + "/new", documentSettings + "/1", documentSettings + "/1/delete"} {
		values := url.Values{"project": {"support"}, "title": {"Forged"}, "body": {"x"}, "action": {"publish"}, "version": {"1"}}
		agent.Post(path, values).Status(403)
		visitor.Post(path, values).Status(401)
		s.Visitor("globex.localhost").Post(path, values).Status(404)
	}
	s.Visitor("").Get("/doc/support").HasNot("Forged")
	admin.Get(documentSettings + "/1").Status(200)
}

func TestN_DocumentsAreListedWithTheirState(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	admin := s.Member("admin@example.com")
	list := admin.Get(documentSettings).Status(200).
		Has("Acme Internal", "Acme Support", "Reserve an item for a day", "Draft", "Print labels for", "Published")
	checkPage(t, list)
	checkPage(t, admin.Get(documentSettings+"?project=internal").Status(200).Has("No documents here yet").HasNot("Print labels"))
	s.Member("admin@globex.example").Get(documentSettings).Status(200).HasNot("Print labels", "Acme")
}

func TestN_ADocumentIsWrittenPublishedUnpublishedAndDeleted(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	admin, visitor := s.Member("admin@example.com"), s.Visitor("")
	path := publish(t, admin, "support", "Walrus care", "## Food\n\nFish.", "draft")
	const public = "/doc/support/walrus-care"
	visitor.Get(public).Status(404)
	page := admin.Get(path).Status(200).Has(`value="walrus-care"`, "Save draft", ">Publish<").HasNot("Unpublish")
	checkPage(t, page)
	send := func(action string) handlerstest.Page {
		t.Helper()
		form := admin.Get(path).Form(path)
		form.Set("action", action)
		return admin.Follow(admin.Post(path, form)).Status(200)
	}
	send("publish").Has("The document is published.", s.Origin("")+public)
	visitor.Get(public).Status(200).Has(`<h2 id="h-food">Food</h2>`)
	send("draft").Has("The document is a draft again")
	visitor.Get(public).Status(404)
	send("publish")
	checkPage(t, admin.Get(path+"/delete").Status(200).Has("Delete “<bdi>Walrus care</bdi>”?"))
	visitor.Get(public).Status(200)
	admin.Follow(admin.Post(path+"/delete", url.Values{})).Status(200).Has("The document is deleted.").HasNot("Walrus care")
	visitor.Get(public).Status(404)
	admin.Get(path).Status(404)
}

func TestN_BrokenFieldsComeBackWithAllThatWasTyped(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	admin := s.Member("admin@example.com")
	const path = documentSettings + "/new"
	for name, test := range map[string]struct{ field, value, message string }{
		"no title":        {"title", "", "Enter a title."},
		"a long title":    {"title", strings.Repeat("x", 201), "Shorten the title by 1 characters"},
		"no text":         {"body", " \n ", "Write the text."},
		"a long text":     {"body", strings.Repeat("x", 100_001), "Shorten the text by 1 characters"},
		"a broken slug":   {"slug", "Not/A Slug", "Use small letters, digits and single hyphens"},
		"a taken slug":    {"slug", "print-labels", "Another document of this project has the address"},
		"no project":      {"project", "nothing", "Choose a project from the list."},
		"another's":       {"project", "help", "Choose a project from the list."},
		"title of signs":  {"title", "?!", "the title has no letters"},
		"control letters": {"title", "\x00\x01", "Enter a title."},
	} {
		form := url.Values{"project": {"support"}, "title": {"Kept title"}, "body": {"Kept **text** & more"}, "action": {"publish"}}
		form.Set(test.field, test.value)
		page := admin.Post(path, form).Status(422).Has(test.message, `<li><a href="#`, `-error" aria-invalid="true"`)
		checkPage(t, page)
		kept := page.Form(path)
		for field, value := range map[string]string{"title": "Kept title", "body": "Kept **text** & more", "project": "support"} {
			if field != test.field && kept.Get(field) != value {
				t.Errorf("%s: %s came back as %q", name, field, kept.Get(field))
			}
		}
	}
	s.Visitor("").Get("/doc/support").HasNot("Kept title")
}

func TestN_ThePreviewShowsTheTextAndKeepsTheForm(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	admin := s.Member("admin@example.com")
	const path = documentSettings + "/new"
	form := url.Values{"project": {"support"}, "title": {"Kept"}, "slug": {"kept-slug"}, "body": {"Some **bold** text"}, "action": {"preview"}}
	page := admin.Post(path, form).Status(200).Has("<strong>bold</strong>")
	checkPage(t, page)
	if kept := page.Form(path); kept.Get("body") != "Some **bold** text" || kept.Get("title") != "Kept" || kept.Get("slug") != "kept-slug" {
		t.Errorf("the form came back as %v", kept)
	}
	admin.Header.Set("HX-Request", "true")
	admin.Post(path, form).Status(200).Has("<strong>bold</strong>").HasNot("<form", "<html")
	s.Visitor("").Get("/doc/support").HasNot("Kept")
	admin.Get(documentSettings).HasNot("Kept")
}

func TestN_ALostUpdateIsNoticedAndNothingIsLost(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	first, second := s.Member("admin@example.com"), s.Member("admin@example.com")
	path := publish(t, first, "support", "Walrus care", "The beginning.", "publish")
	mine, theirs := first.Get(path).Form(path), second.Get(path).Form(path)
	theirs.Set("body", "Theirs is better.")
	theirs.Set("action", "publish")
	second.Post(path, theirs).Status(303)

	mine.Set("body", "Mine is longer.")
	mine.Set("action", "publish")
	conflict := first.Post(path, mine).Status(409).Has("Somebody else has saved this document", "Theirs is better.", "Mine is longer.")
	checkPage(t, conflict)
	s.Visitor("").Get("/doc/support/walrus-care").Has("Theirs is better.").HasNot("Mine")
	again := conflict.Form(path)
	if again.Get("body") != "Mine is longer." {
		t.Errorf("the form came back with %q", again.Get("body"))
	}
	again.Set("action", "publish")
	first.Post(path, again).Status(303)
	s.Visitor("").Get("/doc/support/walrus-care").Has("Mine is longer.")
}

func TestA10_AnAdminReachesNoOtherWorkspacesDocument(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	stranger := s.Member("admin@globex.example")
	for _, id := range []string{"/1", "/3", "/x", "/-1", "/9999999999999999999"} {
		stranger.Get(documentSettings+id).Status(404).HasNot("Print", "Reserve")
		stranger.Get(documentSettings + id + "/delete").Status(404)
		stranger.Post(documentSettings+id, url.Values{"title": {"Taken"}, "body": {"x"}, "project": {"help"}, "version": {"1"}}).Status(404)
		stranger.Post(documentSettings+id+"/delete", url.Values{}).Status(404)
	}
	s.Member("admin@example.com").Get(documentSettings + "/1").Status(200)
}
