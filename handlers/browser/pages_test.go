package browser_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"

	"deskbell/db/model"
	"deskbell/handlers/desk"
	"deskbell/handlers/handlerstest"
)

// Text without a place to break: whatever shows it must bring its own.
var (
	longWord  = strings.Repeat("Donaudampfschiff", 19)[:300]
	longURL   = "https://shelf.example.org/" + strings.Repeat("a-very-long-path/", 12) + "?token=" + strings.Repeat("0123456789abcdef", 10)
	longTitle = longWord[:180] + " shelf"
)

// Every page that there is, opened by whoever may see it, passes axe in every look and is never wider
// than the screen. The ticket that the pages show is full of long words.
func TestI1_EveryPageFitsAndShutsNobodyOut(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	looks := lookOut(t, s)
	see := func(p *tab, name string) {
		p.t.Helper()
		looks.at(p)
		p.staysStill(name)
		p.fitsEveryScreen(name)
		p.shutsNobodyOut(name)
		p.emulate(look{})
	}
	mailed := longTicket(s)
	walks := map[string]walk{
		"visitor": walkAsVisitor, "recipient": walkAsRecipient, "customer": walkAsCustomer, "agent": walkAsAgent, "admin": walkAsAdmin,
		"forgetful member": walkAsForgetful,
	}
	looks.walks = len(walks) + 3
	for name, walk := range walks {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			defer looks.walked()
			walk(open(t, s, "", look{}), s, mailed, see)
		})
	}
	t.Run("recipient who lost a link", func(t *testing.T) {
		t.Parallel()
		defer looks.walked()
		walkWithoutLogin(t, see)
	})
	t.Run("reporter who signs in", func(t *testing.T) {
		t.Parallel()
		defer looks.walked()
		walkAsReporter(t, see)
	})
	t.Run("first admin", func(t *testing.T) {
		t.Parallel()
		defer looks.walked()
		empty := handlerstest.Start(t, handlerstest.Empty())
		p := open(t, empty, "", look{})
		p.expect("status of 422")
		p.visit(desk.SetupPath(empty.Keys))
		see(p, "setup")
		p.loads(func() { p.press("Start") })
		see(p, "setup with errors")
	})
}

// walk opens the pages of one kind of person, one after the other. It gets the mailed links of the
// ticket.
type walk func(p *tab, s *handlerstest.Server, mailed links, see func(*tab, string))

type links struct{ thread, unsubscribe string }

// longTicket opens a ticket of long words, answers it, and returns its links.
func longTicket(s *handlerstest.Server) links {
	visitor := s.Visitor("")
	form := visitor.Get("/ticket/support").Form("/ticket/support")
	for name, value := range map[string]string{
		"email": "ada@example.org", "name": longWord[:100], "title": longTitle,
		"description": longWord + "\n\n" + longURL + "\n\n`" + longWord + "`", "message": longURL,
	} {
		form.Set(name, value)
	}
	visitor.PostFiles("/ticket/support", form, handlerstest.Attach{Name: longWord[:100] + ".png", Content: string(screenshot(s.T))},
		handlerstest.Attach{Name: "app.log", Content: "a line"}).Status(303)
	step(s)
	visitor.Get(s.Mailbox.Last(s.T, "ada@example.org").Link(s.T, "/ticket/thread/")).Status(200)
	agent := s.Member("agent@example.com")
	for _, kind := range []string{"note", "message"} {
		answer := agent.Get("/desk/tickets/7").Form("/desk/tickets/7/messages")
		answer.Set("kind", kind)
		answer.Set("message", "```\n"+longWord+"\n```\n\n"+longURL+"\n\n- [ ] "+longWord)
		agent.PostFiles("/desk/tickets/7/messages", answer, handlerstest.Attach{Name: longWord[:100] + ".pdf", Content: "%PDF-1.7"}).Status(303)
	}
	step(s)
	mail := s.Mailbox.Last(s.T, "ada@example.org")
	return links{thread: mail.Link(s.T, "/ticket/thread/"), unsubscribe: mail.Link(s.T, "/ticket/unsubscribe/")}
}

func walkAsVisitor(p *tab, s *handlerstest.Server, _ links, see func(*tab, string)) {
	p.expect("status of 404", "status of 422")
	p.visit("/")
	see(p, "home")
	p.visit("/ticket/support")
	see(p, "create form")
	p.fill("title", longTitle)
	p.loads(func() { p.press("Send ticket") })
	see(p, "create form with errors")
	p.fill("email", "bea@example.org")
	p.fill("description", longWord)
	p.loads(func() { p.press("Send ticket") })
	see(p, "confirmation")
	p.visit("/nowhere")
	see(p, "404")
	p.visit("/doc/support")
	see(p, "documents")
	p.visit("/doc/support?q=scanner")
	see(p, "documents found")
	p.visit("/doc/support?q=nonsensical")
	see(p, "no documents found")
	p.visit("/doc/support/hand-scanner")
	p.shows("On this page")
	see(p, "document")
	p.visit("/tickets/login")
	see(p, "login")
	link, _ := askLogin(p, s, "max.mustermann@example.org")
	see(p, "login sent")
	other := open(p.t, s, "", look{})
	other.visit(link)
	see(other, "login in another browser")
	p.visit("/desk/login")
	see(p, "desk login")
}

func walkAsRecipient(p *tab, _ *handlerstest.Server, mailed links, see func(*tab, string)) {
	p.expect("status of 404", "status of 422")
	p.visit(mailed.thread)
	see(p, "thread")
	p.press("Send reply")
	p.focused("#error-summary")
	see(p, "thread with an error")
	p.do(emulation.SetScriptExecutionDisabled(true)) // with scripts the page would go on by itself
	p.visit(mailed.unsubscribe)
	p.do(emulation.SetScriptExecutionDisabled(false))
	see(p, "unsubscribe")
	p.loads(func() { p.press("Unsubscribe") })
	see(p, "unsubscribed")
	p.visit(mailed.thread)
	see(p, "thread of an unsubscribed")
	p.loads(func() { p.press("Replace this link") })
	see(p, "replacement of a link")
	p.loads(func() { p.press("Replace the link") })
	see(p, "replaced link")
	p.visit(mailed.thread)
	p.shows("Get a login link by mail")
	see(p, "lost link")
}

// walkWithoutLogin opens what asks for links by mail, which customers who can log in do not need.
func walkWithoutLogin(t *testing.T, see func(*tab, string)) {
	s := handlerstest.Start(t)
	admin := s.Member("admin@example.com")
	switches := admin.Get("/desk/settings/portal").Form("/desk/settings/portal")
	switches.Del("customer_login")
	admin.Post("/desk/settings/portal", switches).Status(303)
	p := open(t, s, "", look{})
	p.expect("status of 404", "status of 422")
	p.visit("/ticket/thread/nonsense")
	see(p, "lost link without login")
	p.visit("/ticket/thread/lost")
	see(p, "form for lost links")
	p.loads(func() { p.press("Get my links by mail") })
	see(p, "form for lost links with an error")
	p.fill("email", "ada@example.org")
	p.loads(func() { p.press("Get my links by mail") })
	see(p, "links sent")
}

// walkAsReporter opens what somebody sees who signs in with Discord, under a long name.
func walkAsReporter(t *testing.T, see func(*tab, string)) {
	s, apps := world.Start(t)
	person := &apps[model.ByDiscord].Person
	person.Name, person.Email, person.Avatar = longWord[:100], "", screenshot(t)
	p := open(t, s, "globex.localhost", look{})
	p.visit("/ticket/help")
	see(p, "create form with a sign-in")
	w := p.opens(func() { p.pressOn(only("a[data-popup]")) })
	w.decide("Authorize")
	p.gone(w)
	p.shows("Use email instead")
	p.until("document.querySelector('img.person__face').complete")
	see(p, "create form of who signed in")
	p.atStart("window.close = () => {}")
	p.visit("/ticket/help/identity/done")
	see(p, "signed in")
	p.visit("/ticket/help/identity/handover?failed=cancelled")
	see(p, "not signed in")
	p.visit("/ticket/help")
	p.fill("title", "Without an address")
	p.fill("description", longWord)
	p.loads(func() { p.press("Send ticket") })
	see(p, "confirmation without an address")
	p.loads(func() { p.press("Open your ticket") })
	see(p, "thread of who signed in")
	admin := open(t, s, "", look{})
	signIn(admin, "admin@globex.example")
	admin.visit("/desk/tickets/4")
	see(admin, "ticket of who signed in")
	admin.visit("/desk/settings/sign-in")
	see(admin, "sign-in in the settings")
}

func walkAsCustomer(p *tab, s *handlerstest.Server, _ links, see func(*tab, string)) {
	link, _ := askLogin(p, s, "ada@example.org")
	p.visit(link)
	p.until("location.pathname === '/tickets' && document.readyState === 'complete'")
	see(p, "overview")
	p.visit("/tickets/privacy")
	see(p, "your data")
	p.loads(func() { p.press("Ask for erasure") })
	see(p, "question of erasure")
	p.loads(func() { p.press("Ask for erasure") })
	p.shows("You asked for erasure")
	see(p, "your data, erasure asked for")
	p.visit("/tickets?done=1")
	p.shows("Unread")
	see(p, "overview, done")
	p.visit("/tickets?q=" + longWord[:40])
	p.shows(longTitle)
	see(p, "overview, found")
	p.visit("/tickets?q=" + longWord[:100] + "x")
	p.shows("Nothing found")
	see(p, "overview, nothing found")
	p.visit("/tickets")
	p.loads(func() { p.press(longTitle) })
	see(p, "thread by session")
	p.loads(func() { p.press("Replace this link") })
	see(p, "replacement of a link by session")
	p.visit("/ticket/support")
	see(p, "create form of a customer")
	p.visit("/tickets")
	p.loads(func() { p.press("Where you are logged in") })
	see(p, "sessions of a customer")
	p.loads(func() { p.press("Log out from all devices") })
	p.shows("You are logged out from all devices.")
	see(p, "logged out from all devices")
	resolve(s, "/desk/tickets/6")
	step(s)
	link, _ = askLogin(p, s, "kim@example.org")
	p.visit(link)
	p.until("location.pathname === '/tickets' && document.readyState === 'complete'")
	p.shows("No open tickets")
	see(p, "overview without tickets")
}

// resolve closes a ticket at the desk.
func resolve(s *handlerstest.Server, ticket string) {
	agent := s.Member("agent@example.com")
	page := agent.Get(ticket).Status(200)
	form := page.Form(ticket + "/status")
	form.Set("status", regexp.MustCompile(`value="(\d+)"[^>]*>Resolved`).FindStringSubmatch(page.Body)[1])
	agent.Post(ticket+"/status", form).Status(303)
}

func walkAsAgent(p *tab, s *handlerstest.Server, _ links, see func(*tab, string)) {
	p.expect("status of 422", "status of 404")
	p.visit("/desk/login")
	p.loads(func() { p.press("Sign in") })
	see(p, "desk login with errors")
	signIn(p, "agent@example.com")
	p.visit("/desk?status=all")
	see(p, "inbox")
	p.visit("/desk?q=row+color:red&label=import")
	see(p, "inbox with a search")
	p.loads(func() { p.press("Change tickets") })
	see(p, "inbox with nothing ticked")
	p.visit("/desk/views/2")
	see(p, "saved view")
	p.visit("/desk?q=zzzz")
	see(p, "inbox with nothing found")
	p.visit("/desk/tickets/7")
	see(p, "ticket")
	p.loads(func() { p.press("Send") })
	see(p, "ticket with errors")
	p.loads(func() { p.pressOn("document.querySelector('.attachment__remove')") })
	see(p, "removal of a file")
	p.visit("/desk/tickets/2")
	see(p, "ticket with two recipients")
	p.loads(func() { p.pressOn("document.querySelector('.people a')") })
	see(p, "removal of a recipient")
	p.visit("/desk/tickets/2")
	p.pressOn("document.querySelector('#recipients summary')")
	p.loads(func() { p.press("Add recipient") })
	see(p, "recipient with errors")
	p.visit("/desk/numbers")
	see(p, "numbers")
	p.visit("/desk/numbers?days=7&project=internal")
	see(p, "numbers of nothing")
	p.visit("/desk/tickets/2")
	p.fill("message", "Here is *how*: use `v5`.")
	p.loads(func() { p.press("Preview") })
	see(p, "preview of an answer")
	p.visit("/desk/tickets/2/fields")
	see(p, "type and fields")
	p.fill("field_version", strings.Repeat("long ", 200))
	p.loads(func() { p.press("Save") })
	see(p, "type and fields with errors")
	p.visit("/desk/tickets/2/merge")
	p.loads(func() { p.press("Go on") })
	see(p, "merge without a number")
	p.visit("/desk/tickets/2/merge?into=999")
	see(p, "merge with errors")
	p.visit("/desk/tickets/2/merge?into=3")
	p.loads(func() { p.press("Merge #2 into #3") })
	see(p, "merge")
	p.pressOn(only("[name=agreed]"))
	p.loads(func() { p.press("Merge #2 into #3") })
	see(p, "ticket with a merged one")
	p.visit("/desk/tickets/2")
	see(p, "merged ticket")
	p.visit("/desk/outbox")
	see(p, "outbox")
	p.loads(func() { p.pressOn(only(".table__title")) })
	see(p, "mail")
	p.visit("/desk/tickets/none")
	see(p, "404 on the desk")
	p.visit("/desk/components")
	see(p, "components")
	p.visit("/desk/account")
	p.fill("current_password", "wrong")
	p.loads(func() { p.press("Change password") })
	see(p, "account with errors")
	p.visit("/desk/account")
	see(p, "account")
}

func walkAsAdmin(p *tab, s *handlerstest.Server, _ links, see func(*tab, string)) {
	p.expect("status of 422")
	signIn(p, "admin@example.com")
	p.visit("/desk/settings")
	see(p, "settings")
	for _, page := range []string{
		"start", "workspace", "domains", "portal", "limits", "attachments", "tickets", "mail", "labels", "labels/1", "labels/1/delete", "export", "projects", "projects/new", "projects/1", "projects/1/types", "projects/1/types/bug", "projects/1/types/question/delete", "projects/1/types/bug/delete", "projects/1/statuses", "projects/1/statuses/1", "projects/1/statuses/3/delete", "projects/1/statuses/1/delete", "members", "members/1", "members/2/remove",
		"audit", "audit?about=export", "customers", "customers?q=nobody", "customers/1", "customers/1/erase", "privacy", "status",
		"intake-links?customer=1", "intake-links", "documents", "documents/new", "documents/1",
		"documents/1/delete", "saved-replies", "saved-replies/new", "saved-replies/1", "saved-replies/1/delete", "templates", "templates/1", "templates/1/new", "templates/1/delete", "templates/2",
		"templates/2/fields/severity", "templates/2/fields/severity/delete", "templates/browser/support/bug",
	} {
		p.visit("/desk/settings/" + page)
		see(p, page+" in the settings")
	}
	p.visit("/desk/settings/customers/1/erase")
	p.loads(func() { p.press("Erase this person") })
	p.shows("Type it exactly")
	see(p, "erasure with errors")
	p.visit("/desk/settings/workspace")
	p.fill("color", "reddish")
	p.loads(func() { p.press("Save") })
	see(p, "workspace with an error")
	p.loads(func() { p.press("Replace the logo") })
	see(p, "workspace without a picture")
	p.visit("/desk/settings/limits")
	p.fill("create_per_day", "many")
	p.loads(func() { p.press("Save") })
	see(p, "limits with errors")
	p.visit("/desk/settings/members")
	p.fill("email", "ann.with.a.long.address@"+longWord[:50]+".example")
	p.fill("name", longWord[:100])
	p.loads(func() { p.press("Make a link") })
	see(p, "members with a link")
	p.visit(p.text("new URL(document.getElementById('made').value).pathname"))
	see(p, "join")
	p.visit("/desk")
	p.loads(func() { p.press("Log out") })
	signIn(p, "admin@initech.example") // this workspace stays at its one name
	p.visit("/desk/settings/domains")
	p.fill("host", "no host name")
	p.loads(func() { p.press("Add") })
	see(p, "page domains with an error")
	p.loads(func() { p.pressOn("document.querySelector('form[action$=\"/check\"] button')") })
	see(p, "page domains after a check")
	p.visit("/desk/settings/domains/initech.localhost/remove")
	see(p, "removal of a page domain")
}
