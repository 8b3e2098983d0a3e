package handlers_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"deskbell/handlers/handlerstest"
)

const suggestions = "/ticket/support/suggestions"

func TestF1_TheFormAsksForSuggestionsWhileOneTypes(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	page := s.Visitor("").Get("/ticket/support").Status(200)
	checkPage(t, page)
	asks := `hx-get="` + suggestions + `" hx-trigger="input changed delay:300ms"`
	if n := strings.Count(page.Body, asks); n != 2 {
		t.Errorf("%d fields ask for suggestions, want title and description", n)
	}
	// Any white space in the slot would show an empty panel.
	page.Has(`<div class="intake__suggestions" id="suggestions"></div>`, "/static/pages.", `hx-sync="#suggestions:queue last"`)
}

func TestF1_TheFragmentIsAPanelOrNothing(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	visitor := s.Visitor("")
	visitor.Header.Set("HX-Request", "true")
	const nothing = `<p id="suggestions-news" hx-swap-oob="innerHTML"></p>`
	for _, typed := range []string{"", "title=ab", "title=zzzzzz", "title=the", "description=%20a%20b%20"} {
		if page := visitor.Get(suggestions + "?" + typed).Status(200); page.Body != nothing {
			t.Errorf("%s: %q, want an empty slot", typed, page.Body)
		}
	}
	page := visitor.Get(suggestions+"?title="+url.QueryEscape("The camera of my phone")).Status(200).
		Has(`<section class="suggestions"`, `href="/doc/support/scanner-camera" target="_blank" rel="noopener"`, "suggestions__excerpt", "may help.").
		HasNot("<html")
	if got := page.Header.Get("Cache-Control"); got != "no-store" {
		t.Errorf("Cache-Control %q: what somebody types must not be kept", got)
	}
	visitor.Get(suggestions + "?title=import").Has(`documents may help.`)
}

func TestF2_SuggestionsFitWhatIsTyped(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	for typed, first := range map[string]string{
		"title=invoice":                        "invoices",
		"title=discounts":                      "plans-and-prices",
		"title=label&description=":             "print-labels",
		"title=Hello&description=a+hand+scann": "hand-scanner",
		"title=exp":                            "export-your-data",
		"title=How+do+I+move+a+shelf%3F":       "move-a-shelf",
		"title=stops+at+row+1%2C001&description=The+import+stops": "import-stops-early",
	} {
		page := s.Visitor("").Get(suggestions + "?" + typed).Status(200)
		if _, link, _ := strings.Cut(page.Body, `href="/doc/support/`); !strings.HasPrefix(link, first+`"`) {
			t.Errorf("%s: the first suggestion is not %s:\n%s", typed, first, page.Body)
		}
		if n := strings.Count(page.Body, "<li>"); n > 5 {
			t.Errorf("%s: %d suggestions, want 5 at most", typed, n)
		}
	}
}

func TestF2_DraftsAreNeverSuggested(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	for _, typed := range []string{"reservation", "reserve+an+item+for+a+day", "thermal+printers+tried"} {
		s.Visitor("").Get(suggestions+"?title="+typed).Status(200).HasNot("Reserve", "Label printers that", "/reservations", "label-printer-models")
	}
}

func TestF3_TheSwitchTurnsSuggestionsOff(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	ws, err := s.DB.WorkspaceOfBaseHost(t.Context(), "localhost")
	if err != nil {
		t.Fatal(err)
	}
	ws.Suggestions = false
	if err := s.DB.SetPortal(t.Context(), ws); err != nil {
		t.Fatal(err)
	}
	visitor := s.Visitor("")
	visitor.Get("/ticket/support").Status(200).HasNot("hx-get", "suggestions").Has(`href="/doc/support"`)
	visitor.Get(suggestions + "?title=label").Status(404).HasNot("Print labels")
	visitor.Get("/doc/support?q=label").Status(200).Has("Print labels")
}

func TestF3_TheSignedInCustomersFormSuggestsToo(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	s.Ticket("", "support", "new@example.org", "A ticket of mine")
	signedIn(t, s, "new@example.org").Get("/ticket/support").Status(200).Has(`hx-get="` + suggestions + `"`)
}

func TestH1_SearchesAreLimitedForEachClient(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	visitor := s.Visitor("")
	code := 0
	for range 100 {
		if code = visitor.Get(suggestions + "?title=label").Code; code != 200 {
			break
		}
	}
	if code != 429 {
		t.Fatalf("100 searches at one moment ended with %d, want 429", code)
	}
	refused := visitor.Get(suggestions + "?title=label").Status(429).Has("searched very often")
	if refused.Header.Get("Retry-After") != "1" {
		t.Errorf("Retry-After %q, want 1", refused.Header.Get("Retry-After"))
	}
	visitor.Get("/doc/support?q=label").Status(429)
	visitor.Get("/doc/support").Status(200)
	s.Clock.Move(time.Second)
	visitor.Get(suggestions + "?title=label").Status(200)
}

func TestO5_WhatIsTypedIsNotLogged(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	visitor := s.Visitor("")
	visitor.Get(suggestions + "?title=walruses&description=walruses").Status(200)
	visitor.Get("/doc/support?q=walruses").Status(200)
	visitor.Get("/ticket/internal/suggestions?title=walruses").Status(404)
	for i := range 30 {
		visitor.Get(fmt.Sprintf("%s?title=walruses%d", suggestions, i))
	}
	if log := s.Log.String(); strings.Contains(log, "walrus") || !strings.Contains(log, "/ticket/:project/suggestions") {
		t.Errorf("the log has what was typed, or no requests:\n%s", log)
	}
}
