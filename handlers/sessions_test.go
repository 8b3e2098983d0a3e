package handlers_test

import (
	"strings"
	"testing"
	"time"

	"deskbell/handlers/handlerstest"
)

const firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"

func TestJ3_CustomersSeeWhereTheyAreLoggedInAndEndIt(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	const page = "/tickets/sessions"
	s.Visitor("").Get(page).Status(303)
	ada, bob := customer(t, s, "ada@new.example"), customer(t, s, "bob@new.example")
	ada.Get("/tickets").Has(`href="/tickets/sessions"`)
	ada.Get(page).Status(200).Has("This one").HasNot("Log out everywhere else", "Firefox")

	phone, lost := s.Visitor(""), s.Visitor("")
	for _, other := range []*handlerstest.Browser{phone, lost} {
		other.Header.Set("User-Agent", firefox)
		link := "/tickets/login/" + askLogin(t, s, other, "ada@new.example")
		other.Post(link, other.Get(link).Form(link)).Status(303)
		s.Clock.Move(2 * time.Minute)
	}
	list := ada.Get(page).Has("Firefox, Linux", "Log out everywhere else", "since", "last used")
	if n := strings.Count(list.Body, `class="list__title">Firefox, Linux`); n != 2 {
		t.Errorf("%d other browsers are listed, want 2", n)
	}
	form := list.Form(page) // of the browser that was used last
	bob.Get(page).Status(200).HasNot("Firefox")
	bob.Post(page, form).Status(303) // somebody else's ends nothing
	lost.Get("/tickets").Status(200)
	ada.Follow(ada.Post(page, form)).Status(200).Has("That browser is logged out.", "Firefox, Linux")
	lost.Get("/tickets").Status(303)
	phone.Get("/tickets").Status(200)
	ada.Follow(ada.Post(page, nil)).Has("Every other browser is logged out.").HasNot("Firefox")
	phone.Get("/tickets").Status(303)
	ada.Get("/tickets").Status(200)
	bob.Get("/tickets").Status(200)
}
