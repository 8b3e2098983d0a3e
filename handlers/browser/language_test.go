package browser_test

import (
	"testing"

	"deskbell/handlers/handlerstest"
)

// Whoever changes the language in the middle loses nothing, with and without JavaScript.
func TestN_TheLanguageChangesUnderTheHandsOfWhoTypes(t *testing.T) {
	everyLook(t, func(t *testing.T, s *handlerstest.Server, l look) {
		thread := s.Ticket("", "support", "ada@example.org", "A question")
		p := open(t, s, "", l)
		p.visit("/ticket/support")
		p.fill("email", "half an addr")
		p.fill("title", "Half a title")
		p.loads(func() { p.press("Deutsch") })
		p.shows("Ticket senden", "Art des Tickets")
		p.is("document.documentElement.lang === 'de' && document.querySelector('#title').value === 'Half a title'")
		p.is("document.querySelector('#email').value === 'half an addr'")

		p.visit(thread) // the choice in this browser counts before what the ticket remembers
		p.shows("Antwort senden", "Wartet auf uns")
		p.fill("message", "Half a reply")
		p.loads(func() { p.press("English") })
		p.shows("Send reply")
		p.is("document.querySelector('#message').value === 'Half a reply'")
		p.loads(func() { p.press("Deutsch") })
		p.is("document.querySelector('#message').value === 'Half a reply'")
		p.press("Antwort senden")
		p.until("[...document.querySelectorAll('.message')].some(e => e.innerText.includes('Half a reply'))")
	})
}

// German words are long: its pages fit the narrowest screen and shut nobody out.
func TestN_GermanPagesFit(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	admin := s.Member("admin@example.com")
	form := admin.Get("/desk/settings/workspace").Form("/desk/settings/workspace")
	form.Set("language", "de")
	admin.Post("/desk/settings/workspace", form).Status(303)
	p := open(t, s, "", look{})
	p.expect("status of 422", "status of 404")
	p.visit("/")
	p.loads(func() { p.pressOn("document.querySelector('.languages button[lang=de]')") })
	see := func(name, words string) {
		t.Helper()
		p.shows(words)
		p.fitsEveryScreen(name + " in German")
		p.shutsNobodyOut(name + " in German")
		p.emulate(look{})
	}
	see("home", "Wie können wir helfen?")
	p.visit("/ticket/support")
	p.choose("#type", "Bug")
	p.shows("Version")
	see("create form", "Ticket senden")
	p.loads(func() { p.press("Ticket senden") })
	see("create form with errors", "Zurück zum Formular")
	for path, words := range map[string]string{
		"/doc/support": "Artikel durchsuchen", "/doc/support/hand-scanner": "Zuletzt geändert am", "/tickets/login": "Anmeldelink senden",
		"/tickets/login/sent": "Code aus der E-Mail", "/ticket/thread/nonsense": "Dieser Link öffnet kein Ticket", "/nowhere": "Hier ist nichts",
	} {
		p.visit(path)
		see(path, words)
	}
	mailed := longTicket(s)
	p.visit(mailed.thread)
	see("thread", "Diesen Link ersetzen")
	p.loads(func() { p.press("Diesen Link ersetzen") })
	see("replacement of a link", "Link ersetzen")
	p.visit("/tickets/login")
	p.fill("email", "ada@example.org")
	p.loads(func() { p.press("Anmeldelink senden") })
	step(s)
	p.visit(s.Mailbox.Last(t, "ada@example.org").Link(t, "/tickets/login/"))
	p.until("location.pathname === '/tickets' && document.readyState === 'complete'")
	see("overview", "Meine offenen Tickets durchsuchen")
}
