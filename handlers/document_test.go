package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"deskbell/handlers/handlerstest"
)

// publish writes a document through the settings and returns the path of its form.
func publish(t *testing.T, admin *handlerstest.Browser, project, title, body, action string) string {
	t.Helper()
	const path = "/desk/settings/documents/new"
	form := admin.Get(path + "?project=" + project).Status(200).Form(path)
	form.Set("title", title)
	form.Set("body", body)
	form.Set("action", action)
	answer := admin.Post(path, form)
	admin.Follow(answer).Status(200).Has("Saved")
	return answer.Location
}

func TestA6_DocumentsAreListedAndRead(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	visitor := s.Visitor("")
	list := visitor.Get("/doc/support").Status(200).
		Has("Print labels for shelves, rooms and items", `href="/doc/support/print-labels"`, "Open a ticket").
		HasNot("Reserve an item for a day", "Label printers that we have tried")
	checkPage(t, list)
	if n := strings.Count(list.Body, `class="list__title"`); n < 12 {
		t.Errorf("the demo has %d documents, want 12 or more (O3)", n)
	}
	article := visitor.Get("/doc/support/print-labels").Status(200).
		Has("On this page", `href="#h-formats"`, `<h2 id="h-formats">`, "<table>", "Did this not help?", `href="/ticket/support"`)
	checkPage(t, article)
}

func TestA6_DraftsHiddenProjectsAndOtherWorkspacesAreNotThere(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	admin := s.Member("admin@example.com")
	publish(t, admin, "internal", "Secret plans", "The walrus is in the vault.", "publish")
	publish(t, admin, "support", "Unfinished walrus", "The walrus is not ready.", "draft")
	for _, path := range []string{
		"/doc/support/unfinished-walrus", "/doc/support/reservations", "/doc/support/secret-plans",
		"/doc/internal", "/doc/internal/secret-plans", "/doc/internal?q=walrus", "/doc/nothing", "/doc/help",
		"/ticket/internal/suggestions?title=walrus", "/ticket/nothing/suggestions?title=walrus",
	} {
		s.Visitor("").Get(path).Status(404).HasNot("walrus", "Reserve")
	}
	for _, path := range []string{"/doc/support", "/doc/support/print-labels", "/ticket/support/suggestions?title=label"} {
		s.Visitor("globex.localhost").Get(path).Status(404).HasNot("Print labels")
	}
	s.Visitor("").Get("/doc/support").HasNot("walrus", "Secret")
	s.Visitor("").Get("/doc/support?q=walrus").Status(200).Has("Nothing found for").HasNot("Unfinished", "Secret")
	s.Visitor("").Get("/ticket/support/suggestions?title=walrus").Status(200).HasNot("Unfinished", "Secret")
	s.Visitor("globex.localhost").Get("/doc/help").Status(200).Has("No documents yet")
}

func TestA6_OnlyDocumentsAreForSearchEngines(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	visitor := s.Visitor("")
	visitor.Get("/doc/support").HasNot("noindex")
	visitor.Get("/doc/support/print-labels").HasNot("noindex").
		Has(`<link rel="canonical" href="`+s.Origin("")+`/doc/support/print-labels">`, `<meta name="description"`)
	for _, path := range []string{"/", "/ticket/support", "/doc/support?q=label", "/tickets/login", "/doc/support/none"} {
		visitor.Get(path).Has(`content="noindex"`)
	}
}

func TestA6_PublicPagesAreKeptAndAskedForAgain(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	for _, path := range []string{"/doc/support", "/doc/support/print-labels"} {
		visitor := s.Visitor("")
		first := visitor.Get(path).Status(200)
		if got := first.Header.Get("Cache-Control"); got != "public, max-age=60" {
			t.Errorf("%s: Cache-Control %q", path, got)
		}
		for _, tag := range []string{first.Header.Get("ETag"), `"x", ` + strings.TrimPrefix(first.Header.Get("ETag"), "W/")} {
			visitor.Header.Set("If-None-Match", tag)
			if again := visitor.Get(path).Status(304); again.Body != "" || again.Header.Get("ETag") == "" {
				t.Errorf("%s: 304 with %q, %v", path, again.Body, again.Header)
			}
		}
		visitor.Do(http.MethodHead, path, nil, "").Status(304)
		visitor.Header.Set("If-None-Match", `"other"`)
		visitor.Get(path).Status(200)
	}
	visitor := s.Visitor("")
	visitor.Header.Set("If-None-Match", visitor.Get("/doc/support/print-labels").Header.Get("ETag"))
	change(t, s.Member("admin@example.com"), "Print labels for", "body", "Entirely new.", "publish")
	visitor.Get("/doc/support/print-labels").Status(200).Has("Entirely new.")
}

func TestA6_APageThatShowsWhoIsSignedInIsNoPublicOne(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	s.Ticket("", "support", "new@example.org", "A ticket of mine")
	customer := signedIn(t, s, "new@example.org")
	for _, path := range []string{"/doc/support", "/doc/support/print-labels"} {
		page := customer.Get(path).Status(200).Has("Log out")
		if got := page.Header.Get("Cache-Control"); got != "private, no-cache" {
			t.Errorf("%s: Cache-Control %q", path, got)
		}
		if !strings.Contains(strings.Join(page.Header.Values("Vary"), ","), "Cookie") {
			t.Errorf("%s: Vary %q", path, page.Header.Values("Vary"))
		}
		s.Visitor("").Get(path).HasNot("Log out")
	}
}

func TestA6_NothingInADocumentRunsInThePortal(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	publish(t, s.Member("admin@example.com"), "support", "Attack", strings.Join([]string{
		"<script>alert(1)</script>", "[x](javascript:alert(1))", "![p](https://elsewhere.example/p.png)", `<p hx-get="/x">y</p>`,
		"# One {#main hx-get=/x}", "### Two <img src=x onerror=alert(1)>",
	}, "\n\n"), "publish")
	page := s.Visitor("").Get("/doc/support/attack").Status(200).
		HasNot("<script>", `href="javascript`, "<img src=x", "elsewhere.example/p.png\">\n", `<p hx-get`, `<h2 hx-get`, `id="main hx`)
	checkPage(t, page)
	if strings.Count(page.Body, "<img") != strings.Count(page.Body, "brand__logo") {
		t.Errorf("the document shows a picture from elsewhere:\n%s", page.Body)
	}
}

func TestF4_TheSearchWorksWithoutJavaScript(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	visitor := s.Visitor("")
	form := visitor.Get("/doc/support").Form("/doc/support")
	form.Set("q", "camera")
	found := visitor.Get("/doc/support?"+form.Encode()).Status(200).
		Has("The scanner app asks for the camera again and again", `value="camera"`).HasNot("Find, change and pay invoices")
	checkPage(t, found)
	checkPage(t, visitor.Get("/doc/support?q="+url.QueryEscape(`zzz"<b>`)).Status(200).Has("Nothing found for", "zzz&#34;&lt;b&gt;").HasNot("<b>"))
	checkPage(t, visitor.Get("/doc/support?q=ab").Status(200).Has("at least three letters"))
	for _, q := range []string{`"`, "a* OR", "NEAR(label, 2)", "\x00label", "%FF%FE", strings.Repeat("label ", 1000)} {
		visitor.Get("/doc/support?q=" + url.QueryEscape(q)).Status(200)
	}
}

func TestB4_TheFormLinksDocumentsWhereThereAreSome(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	s.Visitor("").Get("/ticket/support").Has(`href="/doc/support"`)
	globex := s.Visitor("globex.localhost")
	globex.Get("/ticket/help").HasNot("/doc/")
	admin := s.Member("admin@globex.example")
	path := publish(t, admin, "help", "Server rules", "Be kind.", "draft")
	globex.Get("/ticket/help").HasNot("/doc/")
	form := admin.Get(path).Form(path)
	form.Set("action", "publish")
	admin.Post(path, form).Status(303)
	globex.Get("/ticket/help").Has(`href="/doc/help"`)
}

// change opens the form of the document whose title begins so, sets a field and sends it.
func change(t *testing.T, admin *handlerstest.Browser, title, field, value, action string) handlerstest.Page {
	t.Helper()
	list := admin.Get("/desk/settings/documents?project=support").Status(200)
	before, _, found := strings.Cut(list.Body, title)
	if !found {
		t.Fatalf("no document %q", title)
	}
	path := before[strings.LastIndex(before, `href="`)+6:]
	path = path[:strings.IndexByte(path, '"')]
	form := admin.Get(path).Status(200).Form(path)
	form.Set(field, value)
	form.Set("action", action)
	return admin.Post(path, form)
}
