package handlers_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"deskbell/handlers/handlerstest"
)

// eachDoor runs a test with ada's ticket 7 opened by the mailed link, and with it opened from her own
// tickets by a session: the page and its rules are the same (A2, A3). The ticket is at the address that
// the test gets.
func eachDoor(t *testing.T, test func(t *testing.T, s *handlerstest.Server, ada *handlerstest.Browser, ticket string)) {
	t.Parallel()
	t.Run("by link", func(t *testing.T) {
		t.Parallel()
		s := handlerstest.Start(t)
		thread := s.Ticket("", "support", "ada@new.example", "Behind two doors")
		test(t, s, s.Visitor(""), thread)
	})
	t.Run("by session", func(t *testing.T) {
		t.Parallel()
		s := handlerstest.Start(t)
		s.Ticket("", "support", "ada@new.example", "Behind two doors")
		ada := signedIn(t, s, "ada@new.example")
		test(t, s, ada, ticketRef.FindString(ada.Get("/tickets").Body))
	})
}

// asHtmx sends what is done in it as htmx does.
func asHtmx(b *handlerstest.Browser, do func()) {
	b.Header.Set("HX-Request", "true")
	defer b.Header.Del("HX-Request")
	do()
}

var afterVersion = regexp.MustCompile(`name="after"[^>]*value="(\d+)"`)

func TestA3_ATicketIsReadAndAnsweredByEitherDoor(t *testing.T) {
	eachDoor(t, func(t *testing.T, s *handlerstest.Server, ada *handlerstest.Browser, ticket string) {
		agent := s.Member("agent@example.com")
		page := ada.Get(ticket).Status(200).Has("Behind two doors", "ada@new.example")
		ada.Header.Set("If-None-Match", page.Header.Get("ETag"))
		ada.Get(ticket).Status(304)
		ada.Header.Del("If-None-Match")

		form := page.Form(ticket + "/reply")
		ada.Post(ticket+"/reply", form).Status(422).Has("Write a message")
		form.Set("message", "without a script")
		ada.Follow(ada.Post(ticket+"/reply", form)).Has("without a script")
		answer(agent, 7, "message", "an answer")
		answer(agent, 7, "note", "between us")
		asHtmx(ada, func() {
			news := ada.Get(ticket+"/messages?after=1").Status(200).Has("an answer", "without a script").HasNot("between us", "<html")
			ada.Get(ticket + "/messages?after=" + afterVersion.FindStringSubmatch(news.Body)[1]).Status(204)
			form = page.Form(ticket + "/reply")
			form.Set("message", "with a script")
			ada.Post(ticket+"/reply", form).Status(200).Has("with a script", "Your reply was sent.", ticket+"/messages").HasNot("<html")
		})
		agent.Get("/desk/tickets/7").Has("without a script", "with a script")
	})
}

func TestA3_FilesComeAndGoByEitherDoor(t *testing.T) {
	eachDoor(t, func(t *testing.T, s *handlerstest.Server, ada *handlerstest.Browser, ticket string) {
		key := ada.Get(ticket).Form(ticket + "/reply").Get("form_key")
		ada.Upload(ticket+"/uploads", key, attach{Name: "shelf.png", Content: picture(t, 4, 4)}).Status(200).Has("shelf.png")
		ada.Upload(ticket+"/uploads", key, attach{Name: "wrong.txt", Content: "x"}).Status(200)
		waiting := ada.Get(ticket).Has("shelf.png", "wrong.txt")
		ada.Get(waiting.Links(ticket+"/uploads/", "")[0]).Status(200)
		s.Visitor("").Get(strings.Replace(waiting.Links(ticket+"/uploads/", "")[0], ticket, ticket+"x", 1)).HasNot("PNG")
		form := waiting.Form(ticket + "/reply")
		remove := url.Values{"form_key": {key}, "remove_upload": {form["upload"][1]}}
		ada.Follow(ada.Post(ticket+"/uploads/remove", remove)).Has("shelf.png").HasNot("wrong.txt")

		form = ada.Get(ticket).Form(ticket + "/reply")
		form.Set("message", "with files")
		page := ada.Follow(ada.PostFiles(ticket+"/reply", form, attach{Name: "app.log", Content: "a line"})).Has("shelf.png", "app.log")
		for _, file := range page.Links(ticket+"/attachments/", "") {
			ada.Get(file).Status(200)
		}
		if n := len(page.Links(ticket+"/attachments/", "")); n != 3 { // two files, and the preview of one
			t.Errorf("the ticket has %d addresses of files", n)
		}
	})
}

func TestA3_SwitchesAndSubscriptionsHoldByEitherDoor(t *testing.T) {
	eachDoor(t, func(t *testing.T, s *handlerstest.Server, ada *handlerstest.Browser, ticket string) {
		page := ada.Get(ticket).HasNot("unsubscribed")
		form := page.Form(ticket + "/reply")
		form.Set("message", "sent all the same")
		s.Visitor("").Post(s.Mailbox.Mails("ada@new.example")[0].Link(t, "/ticket/unsubscribe/"), nil).Status(200)
		off := ada.Get(ticket).Status(200).Has("You have unsubscribed from mail about this ticket", "Send reply")
		ada.Follow(ada.Post(ticket+"/subscribe", off.Form(ticket+"/subscribe"))).HasNot("unsubscribed")

		set(t, s, "/desk/settings/portal", map[string]string{"public_uploads": ""})
		ada.Get(ticket).Has("Files are not taken here at the moment", `aria-describedby="attachments-hint" disabled`)
		ada.Upload(ticket+"/uploads", form.Get("form_key"), attach{Name: "a.txt", Content: "x"}).Status(403)
		set(t, s, "/desk/settings/portal", map[string]string{"public_replies": ""})
		ada.Get(ticket).Status(200).Has("Behind two doors", `id="replies-off">Replies are switched off`, `aria-describedby="replies-off" disabled`)
		ada.Post(ticket+"/reply", form).Status(403).Has("Replies are switched off", "sent all the same")
		ada.Get(ticket).HasNot("sent all the same")
	})
}

func TestA3_ALinkIsReplacedByEitherDoor(t *testing.T) {
	eachDoor(t, func(t *testing.T, s *handlerstest.Server, ada *handlerstest.Browser, ticket string) {
		old := s.Mailbox.Mails("ada@new.example")[0].Link(t, "/ticket/thread/")
		ada.Get(ticket).Has(`href="` + ticket + `/replace"`)
		ask := ada.Get(ticket + "/replace").Has("ada@new.example").Form(ticket + "/replace")
		ada.Post(ticket+"/replace", ask).Status(200).Has("Your new link is on its way")
		s.Visitor("").Get(old).Status(404)
		s.Visitor("").Get(newestLink(t, s, "ada@new.example")).Status(200)
	})
}

// Who is signed in opens tickets as before where visitors have to sign in (B5), and is asked for nothing
// that is known (J3).
func TestJ3_ACustomerOpensATicketFromTheirOwn(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	ada := customer(t, s, "ada@new.example") // ticket 7
	set(t, s, "/desk/settings/portal", map[string]string{"anonymous_creation": ""})
	s.Visitor("").Get("/ticket/support").Status(401)
	ada.Get("/tickets").Has(`href="/"`)
	ada.Get("/").Status(200).Has("/ticket/support")
	page := ada.Get("/ticket/support").Status(200).Has("ada@new.example", suggestions, `type="file"`).HasNot(`name="email"`, `name="name"`)
	form := page.Form("/ticket/support")
	ada.Upload("/ticket/support/uploads", form.Get("form_key"), attach{Name: "shelf.png", Content: picture(t, 4, 4)}).Status(200).Has("shelf.png")
	ada.Post("/ticket/support", form).Status(422).Has("Enter a title", "ada@new.example", "shelf.png").HasNot(`name="email"`)
	form.Set("title", "One more")
	form.Set("description", "Text")
	form.Set("email", "bob@new.example")
	form.Set("name", "Bob")
	sent := ada.Follow(ada.PostFiles("/ticket/support", form, attach{Name: "app.log", Content: "a line"})).HasNot("bob@", "Bob")
	ada.Get(sent.Links("/ticket/thread/", "")[0]).Has("One more", "shelf.png", "app.log")
	s.Member("agent@example.com").Get("/desk/tickets/8").Has("ada@new.example", "confirmed").HasNot("bob@", "Bob", "unconfirmed")
	ada.Get("/tickets").Has("One more").HasNot("Unread")
}
