package handlers_test

import (
	"compress/gzip"
	"io"
	"net/url"
	"strings"
	"testing"

	"deskbell/handlers/handlerstest"
)

func TestP1_AThreadIsSentAgainOnlyWhenItHasChanged(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	link := s.Ticket("", "support", "ada@example.net", "The lamp")
	ada := s.Visitor("")
	first := ada.Get(link).Status(200).Has("The lamp")
	tag := first.Header.Get("ETag")
	if tag == "" {
		t.Fatal("the thread has no ETag")
	}

	ada.Header.Set("If-None-Match", tag)
	kept := ada.Get(link).Status(304)
	if kept.Body != "" || kept.Header.Get("ETag") != tag {
		t.Errorf("304 with %q and the tag %q, want nothing and %q", kept.Body, kept.Header.Get("ETag"), tag)
	}
	form := first.Form(link + "/reply")
	form.Set("message", "It flickers.")
	ada.Post(link+"/reply", form).Status(303)
	if changed := ada.Get(link).Status(200).Has("It flickers."); changed.Header.Get("ETag") == tag {
		t.Error("the changed thread has the tag of the old one")
	}
}

// A page that the server has kept is never older than what it shows.
func TestI1_AKeptThreadShowsEachChangeAtOnce(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	link := s.Ticket("", "support", "ada@example.net", "The lamp")
	ada, agent, admin := s.Visitor(""), s.Member("agent@example.com"), s.Member("admin@example.com")
	look := func() handlerstest.Page {
		t.Helper()
		ada.Get(link).Status(200) // what is new is not new any more
		first, again := ada.Get(link).Status(200), ada.Get(link).Status(200)
		if again.Body != first.Body {
			t.Error("the same thread has two pages")
		}
		return again
	}
	look().Has("Waiting for us").HasNot("An answer")
	answer(agent, 7, "message", "An answer")
	look().Has("An answer")
	answer(agent, 7, "note", "For us alone")
	look().HasNot("For us alone")
	answerWith(t, agent, 7, "That is all.", "Resolved")
	look().Has("That is all.", "opens it again")

	portal := admin.Get("/desk/settings/portal").Form("/desk/settings/portal")
	portal.Del("public_replies")
	admin.Post("/desk/settings/portal", portal).Status(303)
	look().Has("replies-off")
	portal.Set("public_replies", "1")
	admin.Post("/desk/settings/portal", portal).Status(303)
	look().HasNot("replies-off")

	ada.Post(link+"/language?language=de", url.Values{}).Status(303)
	look().Has(`<html lang="de"`)
	s.Visitor("").Get(link).Status(200).Has("An answer") // a browser without the choice: the thread remembers it
	admin.Post("/desk/tickets/7/recipients", url.Values{"email": {"eve@example.net"}}).Status(303)
	look().HasNot("eve@example.net")
}

// Compressed or not, a kept page is the same, and says what it is.
func TestI1_AKeptThreadIsTheSameForEachBrowser(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	link := s.Ticket("", "support", "ada@example.net", "The lamp")
	plain, packed := s.Visitor(""), s.Visitor("")
	plain.Header.Set("Accept-Encoding", "identity")
	packed.Header.Set("Accept-Encoding", "gzip") // as the browser says itself: nothing unpacks it here
	plain.Get(link).Status(200)
	first := plain.Get(link).Status(200)
	for range 2 {
		page := packed.Get(link).Status(200)
		if page.Header.Get("Content-Encoding") != "gzip" || !strings.Contains(strings.Join(page.Header.Values("Vary"), ","), "Accept-Encoding") {
			t.Fatalf("the answer says %v", page.Header)
		}
		if page.Header.Get("ETag") != first.Header.Get("ETag") {
			t.Error("the compressed page has another tag")
		}
		unpacked, err := gzip.NewReader(strings.NewReader(page.Body))
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(unpacked)
		if err != nil || string(body) != first.Body {
			t.Errorf("unpacked, the page is another (%v)", err)
		}
	}
	head := packed.Do("HEAD", link, nil, "").Status(200)
	if head.Body != "" || head.Header.Get("ETag") != first.Header.Get("ETag") {
		t.Errorf("HEAD answers %q with %v", head.Body, head.Header)
	}
}
