package handlers_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"deskbell/handlers/handlerstest"
)

// speaking opens a browser on the base host that wishes for a language.
func speaking(s *handlerstest.Server, language string) *handlerstest.Browser {
	v := s.Visitor("")
	v.Header.Set("Accept-Language", language)
	return v
}

// choose presses a button of the switch of languages, as the page of an address has it.
func choose(v *handlerstest.Browser, page handlerstest.Page, form url.Values, tag string) handlerstest.Page {
	return v.Post(page.Choice(tag), form)
}

func TestN_TheFormIsInTheLanguageOfTheBrowser(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	page := speaking(s, "de-CH,de;q=0.9,en;q=0.5").Get("/ticket/support").Status(200).
		Has(`<html lang="de"`, "Ihre E-Mail-Adresse", "Ticket senden", "optional", "jeweils bis zu 10 MB", "Bereitgestellt mit Deskbell", "Acme Support").
		HasNot("Send ticket", "Your email address", "Skip to")
	if got := page.Header.Get("Content-Language"); got != "de" {
		t.Errorf("Content-Language is %q", got)
	}
	for _, name := range []string{"Cookie", "Accept-Language"} {
		if !strings.Contains(strings.Join(page.Header.Values("Vary"), ","), name) {
			t.Errorf("the page may be kept for another %s: Vary is %v", name, page.Header.Values("Vary"))
		}
	}
	for _, wish := range []string{"", "fr", "en-US,en;q=0.9,de;q=0.8", "*", "nonsense;;;,q=", strings.Repeat("de-", 4000)} {
		speaking(s, wish).Get("/ticket/support").Status(200).Has(`<html lang="en"`, "Send ticket")
	}
}

func TestN_EveryPublicPageSpeaksGerman(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	v := speaking(s, "de")
	v.OpenTicket("support", "ada@example.org", "Ein Ticket")
	thread := newestLink(t, s, "ada@example.org")
	for path, words := range map[string]string{
		"/":                        "Wie können wir helfen?",
		"/doc/support":             "Hilfeartikel",
		"/doc/support?q=xyzzy":     "Nichts gefunden zu „<bdi>xyzzy</bdi>“",
		"/tickets/login":           "Anmeldelink senden",
		"/tickets/login/sent":      "sechsstelligen Code",
		thread + "/replace":        "Diesen Link ersetzen?",
		"/ticket/thread/lost/sent": "jedem der neuesten",
		thread:                     "Antwort senden",
		"/ticket/support":          "Ticket senden",
	} {
		v.Get(path).Status(200).Has(`<html lang="de"`, words)
	}
	v.Get("/nowhere").Status(404).Has("Hier ist nichts", "Zur ersten Seite", `<html lang="de"`)
	v.Get("/ticket/thread/nonsense").Status(404).Has("Dieser Link öffnet kein Ticket", "Anmeldelink per E-Mail erhalten")
	v.Get("/ticket/unsubscribe/nonsense").Status(404).Has("Dieser Link zum Abbestellen funktioniert nicht", "Erneut versuchen")
}

func TestN_ErrorsAreInTheLanguageOfThePage(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	v := speaking(s, "de")
	form := v.Get("/ticket/support").Form("/ticket/support")
	form.Set("email", "keine Adresse")
	form.Set("title", strings.Repeat("ü", 1201))
	form.Set("type", "bug")
	v.Post("/ticket/support", form).Status(422).Has("Fehler:", "Einige Angaben sollten Sie noch einmal ansehen.",
		"Geben Sie eine E-Mail-Adresse wie name@example.com ein.", "Kürzen Sie den Titel um 1.001 Zeichen: Er hat 1.201, möglich sind 200.",
		"Füllen Sie „", "Wählen Sie einen Eintrag bei „").
		HasNot("Enter an email", "Shorten")
	set(t, s, "/desk/settings/limits", map[string]string{"create_per_day": "1"})
	v.OpenTicket("support", "ada@example.org", "Das erste")
	form = v.Get("/ticket/support").Form("/ticket/support")
	form.Set("email", "ada@example.org")
	form.Set("title", "Das zweite")
	form.Set("description", "Zu viel")
	v.Post("/ticket/support", form).Status(429).Has("Bitte warten Sie ein wenig", "Sie haben in kurzer Zeit viele Tickets erstellt. Versuchen Sie es in", "Stunden erneut.", "Zurück", "Ihre Eingaben bleiben erhalten.")
}

func TestN_UploadsAreRefusedInTheLanguageOfThePage(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	set(t, s, "/desk/settings/attachments", map[string]string{"allowed_types": "images", "max_file_mb": "1"})
	v := speaking(s, "de")
	page := v.Get("/ticket/support").Has("Bilder (PNG, JPEG, GIF und WebP), jeweils bis zu 1 MB.", "„{0}“ ist größer als {1}.")
	key := page.Form("/ticket/support").Get("form_key")
	v.Upload("/ticket/support/uploads", key, attach{Name: "a.txt", Content: "text"}).Status(422).
		Has("„a.txt“ ist von einer Art, die hier nicht angenommen wird (TXT). Möglich: Bilder (PNG, JPEG, GIF und WebP).")
	v.Upload("/ticket/support/uploads", key, attach{Name: "b.png", Content: strings.Repeat("x", 3<<19)}).Status(422).
		Has("„b.png“ ist größer als 1 MB.")
}

func TestN_ATicketRemembersItsLanguageForMail(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	speaking(s, "de").OpenTicket("support", "neu@example.org", "Eine Frage").Has("Danke, Ihr Ticket ist da")
	s.Jobs.Step(t.Context())
	mail := s.Mailbox.Last(t, "neu@example.org")
	has(t, mail, "Ihr Ticket an Acme", "Ihr Ticket ist angekommen", "Ticket öffnen:", "E-Mails zu diesem Ticket abbestellen")
	if !strings.Contains(mail.HTML, `<html lang="de"`) {
		t.Error("the mail does not say that it is German")
	}
	thread := mail.Link(t, "/ticket/thread/")
	// A browser that says nothing, and one that wishes for English, get what the ticket remembers.
	s.Visitor("").Get(thread).Status(200).Has(`<html lang="de"`, "Antwort senden", "20. Nov. 2026, 09:00 UTC", `<time datetime="2026-11-20T09:00:00Z">`)
	speaking(s, "en").Get(thread).Has(`<html lang="de"`)
	answer(s.Member("agent@example.com"), 7, "message", "Unsere Antwort")
	s.Jobs.Step(t.Context())
	has(t, s.Mailbox.Last(t, "neu@example.org"), "Re: Eine Frage", "Tomás Reyes hat geschrieben:", "> Unsere Antwort")
	members := s.Mailbox.Last(t, "admin@example.com")
	has(t, members, "[#7] New ticket: Eine Frage", "Open the ticket")
}

func has(t *testing.T, mail handlerstest.Received, words ...string) {
	t.Helper()
	subject := mail.Subject(t)
	for _, word := range words {
		if !strings.Contains(mail.Text, word) && !strings.Contains(subject, word) {
			t.Errorf("%q is missing in the mail %q:\n%s", word, subject, mail.Text)
		}
	}
}

func TestN_TheSwitchOfTheFormKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	v := s.Visitor("")
	page := v.Get("/ticket/support").Has(`form="form" formaction="/ticket/support?language=de"`)
	form := page.Form("/ticket/support")
	form.Set("email", "not an address yet")
	form.Set("title", "Half a title")
	form.Set("type", "bug")
	form.Set("field_version", "4.2")
	german := v.PostFiles(page.Choice("de"), form, attach{Name: "a.log", Content: "line"}).Status(200).
		Has(`<html lang="de"`, "Ticket senden", "Half a title", "not an address yet", "a.log").HasNot("Fehler:")
	if again := german.Form("/ticket/support"); again.Get("field_version") != "4.2" || again.Get("form_key") != form.Get("form_key") || again.Get("upload") == "" {
		t.Errorf("something is lost: %v", again)
	}
	v.Get("/tickets/login").Has(`<html lang="de"`) // the browser keeps it
	english := choose(v, german, german.Form("/ticket/support"), "en").Status(200).Has(`<html lang="en"`, "Half a title")
	form = english.Form("/ticket/support")
	form.Set("email", "ada@example.org")
	form.Set("description", "All of it")
	form.Set("field_severity", "minor")
	v.Follow(v.Post("/ticket/support", form)).Has("Thank you")
}

func TestN_TheSwitchOfAThreadKeepsTheReplyAndTurnsItsMail(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	thread := s.Ticket("", "support", "ada@example.org", "A question")
	v := s.Visitor("")
	page := v.Get(thread).Status(200)
	form := page.Form(thread + "/reply")
	form.Set("message", "Half a reply")
	german := choose(v, page, form, "de").Status(200).Has(`<html lang="de"`, "Half a reply", "Antwort senden").HasNot("Fehler:")
	english := v.Follow(choose(v, german, url.Values{}, "en")).Has(`<html lang="en"`, "Send reply")
	choose(v, english, url.Values{}, "de").Status(303)
	answer(s.Member("agent@example.com"), 7, "message", "Our answer")
	s.Jobs.Step(t.Context())
	has(t, s.Mailbox.Last(t, "ada@example.org"), "Tomás Reyes hat geschrieben:")
	s.Visitor("").Get(thread).Has(`<html lang="de"`) // another browser of the same recipient
	set(t, s, "/desk/settings/portal", map[string]string{"public_replies": ""})
	page = v.Get(thread).Has("Antworten sind hier ausgeschaltet.")
	v.Follow(choose(v, page, page.Form(thread+"/language"), "en")).Has(`<html lang="en"`, "Replies are switched off here.")
}

func TestN_AnotherLanguageIsAnotherPageToCaches(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	thread := s.Ticket("", "support", "ada@example.org", "A question")
	for _, path := range []string{thread, "/doc/support"} {
		v := s.Visitor("")
		page := v.Get(path).Status(200)
		v.Header.Set("If-None-Match", page.Header.Get("ETag"))
		v.Get(path).Status(304)
		v.Post("/language?language=de", url.Values{}).Status(303)
		v.Get(path).Status(200).Has(`<html lang="de"`)
	}
}

func TestN_TheSwitchLeadsNowhereElse(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	v := s.Visitor("")
	for back, want := range map[string]string{
		"/doc/support?q=a%20b": "/doc/support?q=a%20b", "/tickets/login": "/tickets/login",
		"https://evil.example/": "/", "//evil.example/x": "/", `/\evil.example`: "/", "/\t/evil.example": "/",
		"javascript:alert(1)": "/", "evil.example": "/", "": "/", "/%0d%0aX-Evil:1": "/%0d%0aX-Evil:1",
	} {
		if got := v.Post("/language?language=de", url.Values{"back": {back}}).Status(303).Location; got != want {
			t.Errorf("from %q to %q, want %q", back, got, want)
		}
	}
	v.Header.Set("Referer", s.Origin("")+"/doc/support")
	if got := v.Post("/language?language=de", url.Values{}).Location; got != "/doc/support" {
		t.Errorf("back to %q", got)
	}
	v.Header.Set("Referer", "https://evil.example/doc")
	if got := v.Post("/language?language=de", url.Values{}).Location; got != "/" {
		t.Errorf("back to %q", got)
	}
}

func TestN_AnUnknownLanguageChangesNothing(t *testing.T) {
	t.Parallel()
	v := handlerstest.Start(t).Visitor("")
	page := v.Post("/language?language=tlh", url.Values{"back": {"/"}}).Status(303)
	if cookie := page.Header.Get("Set-Cookie"); cookie != "" {
		t.Errorf("a cookie was set: %s", cookie)
	}
	v.Get("/?language=de").Has(`<html lang="en"`) // nobody's link changes somebody's language
}

func TestN_LoginAndLostLinksAreMailedInTheLanguageOfTheirPage(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	s.Ticket("", "support", "ada@example.org", "A question")
	v := s.Visitor("")
	choose(v, v.Get("/tickets/login"), url.Values{"email": {"half@"}}, "de").Status(200).Has(`<html lang="de"`, `value="half@"`).HasNot("Fehler:")
	v.Follow(v.Post("/tickets/login", url.Values{"email": {"ada@example.org"}})).Has("Sehen Sie in Ihre E-Mails")
	s.Jobs.Step(t.Context())
	has(t, s.Mailbox.Last(t, "ada@example.org"), "Anmeldung zu Ihren Tickets bei Acme", "Ihr Code:")
	set(t, s, "/desk/settings/portal", map[string]string{"customer_login": ""})
	v.Follow(v.Post("/ticket/thread/lost", url.Values{"email": {"ada@example.org"}})).Has(`<html lang="de"`)
	s.Clock.Move(time.Minute)
	s.Jobs.Step(t.Context())
	has(t, s.Mailbox.Last(t, "ada@example.org"), "Die Links zu Ihren Tickets bei Acme", "erstellt am 20. Nov. 2026, 09:00 UTC")
}

func TestN_TheDeskStaysEnglish(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	agent := s.Member("agent@example.com")
	agent.Header.Set("Accept-Language", "de")
	agent.Post("/language?language=de", url.Values{}).Status(303)
	for _, path := range []string{"/desk", "/desk/tickets/6", "/desk/outbox", "/desk/nowhere", "/desk/settings"} {
		agent.Get(path).Has(`<html lang="en"`).HasNot("Wartet auf", "Hier ist nichts", "Nov. 2026")
	}
	form := agent.Get("/desk/tickets/6").Form("/desk/tickets/6/messages")
	form.Set("message", "")
	agent.Post("/desk/tickets/6/messages", form).Status(422).Has("Write a message before you send it.")
}
