package handlers_test

import (
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"deskbell/handlers/handlerstest"
)

// newForm fills in a creation form.
func newForm(v *handlerstest.Browser, title string) url.Values {
	form := v.Get("/ticket/support").Status(200).Form("/ticket/support")
	form.Set("email", "ada@example.org")
	form.Set("title", title)
	form.Set("description", "Text that must not be lost")
	return form
}

func TestH1_CreationIsLimitedPerClient(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	var made, limited atomic.Int32
	var wait sync.WaitGroup
	for i := range 20 {
		wait.Go(func() {
			v := s.Visitor("") // a browser that drops its cookies is the same client
			switch page := v.Post("/ticket/support", newForm(v, fmt.Sprint("Ticket ", i))); page.Code {
			case http.StatusSeeOther:
				made.Add(1)
			case http.StatusTooManyRequests:
				limited.Add(1)
			}
		})
	}
	wait.Wait()
	if made.Load() != 5 || limited.Load() != 15 {
		t.Errorf("%d tickets were made and %d refused, want 5 and 15", made.Load(), limited.Load())
	}
	other := s.Visitor("globex.localhost")
	form := other.Get("/ticket/help").Form("/ticket/help")
	for field, value := range map[string]string{"email": "a@example.org", "title": "T", "description": "D"} {
		form.Set(field, value)
	}
	other.Post("/ticket/help", form).Status(303) // each workspace counts for itself
	s.Clock.Move(21 * time.Minute)
	v := s.Visitor("")
	v.Post("/ticket/support", newForm(v, "Later")).Status(303)
}

func TestH1_ALimitCountsNeitherMistakesNorRepetitions(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	v := s.Visitor("")
	form := newForm(v, "Once")
	for range 10 {
		v.Post("/ticket/support", form).Status(303)
	}
	bad := newForm(v, "")
	for range 10 {
		v.Post("/ticket/support", bad).Status(422)
	}
	for i := range 4 {
		v.Post("/ticket/support", newForm(v, fmt.Sprint("More ", i))).Status(303)
	}
	v.Post("/ticket/support", newForm(v, "Too many")).Status(429)
}

func TestH2_OverTheLimitNothingTypedIsLost(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	v := s.Visitor("")
	for i := range 5 {
		v.Post("/ticket/support", newForm(v, fmt.Sprint("Ticket ", i))).Status(303)
	}
	form := newForm(v, "The sixth")
	page := v.Post("/ticket/support", form).Status(429).Has("Try again in", "Go back")
	if page.Header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	back := page.Form("/ticket/support")
	back.Set("back", "1")
	again := v.Post("/ticket/support", back).Status(200).Form("/ticket/support")
	for field, want := range form {
		if field != "form_key" && again.Get(field) != want[0] {
			t.Errorf("%s came back as %q, want %q", field, again.Get(field), want[0])
		}
	}
	s.Clock.Move(21 * time.Minute)
	v.Post("/ticket/support", again).Status(303)
}

func TestH1_RepliesAreLimitedPerLink(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	thread := s.Ticket("", "support", "new@example.org", "Talkative")
	v := s.Visitor("")
	for i := range 10 {
		form := v.Get(thread).Form(thread + "/reply")
		form.Set("message", fmt.Sprint("reply ", i))
		v.Post(thread+"/reply", form).Status(303)
	}
	form := v.Get(thread).Form(thread + "/reply")
	form.Set("message", "the eleventh")
	page := s.Visitor("").Post(thread+"/reply", form).Status(429).Has("Try again in", "the eleventh")
	back := page.Form(thread + "/reply")
	back.Set("back", "1")
	v.Post(thread+"/reply", back).Status(200).Has("the eleventh", `id="reply"`)
	v.Header.Set("HX-Request", "true")
	fragment := v.Post(thread+"/reply", form).Status(429).HasNot("<html")
	if fragment.Header.Get("HX-Retarget") != "#problem" {
		t.Error("the notice does not go to its place")
	}
	v.Header.Del("HX-Request")
	v.Get(thread).HasNot("the eleventh")
}

func TestH3_OnlyATrustedProxySaysWhoTheClientIs(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		trusted bool
		header  func(i int) string
		made    int
	}{
		{"without trust, a header changes nothing", false, func(i int) string { return fmt.Sprintf("203.0.113.%d", i) }, 5},
		{"a trusted proxy's clients count apart", true, func(i int) string { return fmt.Sprintf("203.0.113.%d", i) }, 8},
		{"what a client wrote before the proxy is not believed", true, func(i int) string { return fmt.Sprintf("198.51.100.%d, 203.0.113.9", i) }, 5},
		{"a /64 is one client", true, func(i int) string { return fmt.Sprintf("2001:db8::%d", i+1) }, 5},
		{"another /64 is another", true, func(i int) string { return fmt.Sprintf("2001:db8:0:%d::1", i+1) }, 8},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var with []handlerstest.Option
			if c.trusted {
				with = append(with, handlerstest.TrustProxies(netip.MustParsePrefix("127.0.0.0/8")))
			}
			s := handlerstest.Start(t, with...)
			made := 0
			for i := range 8 {
				v := s.Visitor("")
				v.Header.Set("X-Forwarded-For", c.header(i))
				if v.Post("/ticket/support", newForm(v, fmt.Sprint("T", i))).Code == http.StatusSeeOther {
					made++
				}
			}
			if made != c.made {
				t.Errorf("%d tickets were made, want %d", made, c.made)
			}
		})
	}
}
