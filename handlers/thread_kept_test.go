package handlers_test

import (
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
