package handlers_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"deskbell/handlers/handlerstest"
)

// For somebody else, a ticket is not there: each address below it answers as one that was made up (I5, J4).
func TestJ4_NobodyElsesSessionOpensATicket(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	thread := opened(t, s, attach{Name: "mine.txt", Content: "what stands in mine.txt"})
	ada, eve := signedIn(t, s, "ada@example.org"), customer(t, s, "eve@new.example")
	wei := s.Visitor("globex.localhost")
	path := "/tickets/login/" + askLogin(t, s, wei, "wei@example.org")
	wei.Post(path, wei.Get(path).Form(path)).Status(303)
	wei.Get("/tickets").Status(200)

	mine := ada.Get("/tickets").Links("/tickets/", "")
	var ticket, file, upload string
	for _, link := range mine {
		if page := ada.Get(link); strings.Contains(page.Body, "mine.txt") {
			ticket, file = link, page.Links(link+"/attachments/", "")[0]
			line := ada.Upload(link+"/uploads", page.Form(link+"/reply").Get("form_key"), attach{Name: "shot.png", Content: picture(t, 8, 8)})
			upload = line.Status(200).Links(link+"/uploads/", "")[0]
		}
	}
	ada.Get(file).Status(200).Has("what stands in mine.txt")
	ada.Get(upload).Status(200)
	fill := func(route, ticket, file, upload string) string {
		if strings.Contains(route, "/uploads/:file") {
			file = upload
		}
		_, file, _ = strings.Cut(strings.TrimPrefix(file, "/tickets/"), "/")
		_, file, _ = strings.Cut(file, "/")
		return strings.NewReplacer("/tickets/:ref", ticket, ":file", file).Replace(route)
	}
	const madeUp = "/tickets/aaaaaaaaaaaaaaaaaaaaaaaaaa"
	tried := 0
	for _, r := range s.Routes {
		if !strings.HasPrefix(r.Path, "/tickets/:ref") || strings.HasPrefix(r.Method, "echo_") {
			continue
		}
		tried++
		for who, stranger := range map[string]*handlerstest.Browser{"another customer": eve, "a customer of another workspace": wei} {
			page := try(stranger, r, fill(r.Path, ticket, file, upload)).HasNot("mine.txt", "ada@example.org", "It has files")
			if none := try(stranger, r, fill(r.Path, madeUp, madeUp+"/x/a", madeUp+"/x/a")); page.Code != none.Code || page.Code < 400 {
				t.Errorf("%s gets %d for %s %s, and %d for one that was made up", who, page.Code, r.Method, r.Path, none.Code)
			}
		}
		signedOut := try(s.Visitor(""), r, fill(r.Path, ticket, file, upload)).HasNot("mine.txt", "ada@example.org")
		if signedOut.Code != 303 && signedOut.Code != 401 {
			t.Errorf("signed out, %s %s answers %d", r.Method, r.Path, signedOut.Code)
		}
		if own := try(ada, r, fill(r.Path, ticket, file, upload)); own.Code == 404 && !strings.HasSuffix(r.Path, "/preview") {
			t.Errorf("its owner gets 404 for %s %s", r.Method, r.Path)
		}
	}
	if tried == 0 {
		t.Error("no route of a ticket was tried")
	}
	s.Visitor("").Get(thread).Status(200).Has("mine.txt")
}

// A token opens what it was made for, for one recipient, on its workspace's pages, and nothing else.
func TestI5_ATokenOpensWhatItWasMadeForAlone(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	thread := opened(t, s, attach{Name: "mine.txt", Content: "what stands in mine.txt"})
	token := strings.TrimPrefix(thread, "/ticket/thread/")
	mail := s.Mailbox.Last(t, "ada@example.org")
	unsubscribe := strings.TrimPrefix(mail.Link(t, "/ticket/unsubscribe/"), "/ticket/unsubscribe/")
	login := askLogin(t, s, s.Visitor(""), "ada@example.org")
	intake := strings.TrimPrefix(makeLink(t, s, "ada@example.org", "support", "30"), "/ticket/support?customer_token=")
	file := s.Visitor("").Get(thread).Links(thread+"/attachments/", "")[0]
	file = file[strings.LastIndex(file, "/")+1:]
	eves := strings.TrimPrefix(s.Ticket("", "support", "eve@new.example", "Another"), "/ticket/thread/")

	changed := "x"
	if token[0] == 'x' {
		changed = "y"
	}
	wrong := map[string]map[string]string{
		"/ticket/thread/:token":      {"unsubscribe": unsubscribe, "login": login, "intake": intake, "cut": token[:len(token)-1], "changed": changed + token[1:]},
		"/ticket/unsubscribe/:token": {"thread": token, "login": login, "intake": intake},
		"/tickets/login/:token":      {"thread": token, "unsubscribe": unsubscribe, "intake": intake},
	}
	for _, r := range s.Routes {
		for prefix, tokens := range wrong {
			if !strings.HasPrefix(r.Path, prefix) || strings.HasPrefix(r.Method, "echo_") {
				continue
			}
			for kind, other := range tokens {
				path := strings.NewReplacer(":token", other, ":file", file).Replace(r.Path)
				page := try(s.Visitor(""), r, path).HasNot("mine.txt", "ada@example.org")
				if page.Code != 404 && page.Code != 410 {
					t.Errorf("a %s token gets %d for %s %s", kind, page.Code, r.Method, r.Path)
				}
			}
		}
		if strings.Contains(r.Path, "/thread/:token/") && strings.Contains(r.Path, ":file") && !strings.HasPrefix(r.Method, "echo_") {
			path := strings.NewReplacer(":token", eves, ":file", file).Replace(r.Path)
			try(s.Visitor(""), r, path).Status(404).HasNot("mine.txt")
		}
	}
	s.Visitor("").Get("/ticket/support?customer_token=" + token).HasNot("ada@example.org")
	s.Visitor("").Get(thread).Status(200).Has("mine.txt")
}

// try sends a request without content.
func try(b *handlerstest.Browser, r *echo.Route, path string) handlerstest.Page {
	var content string
	if r.Method == "POST" {
		content = url.Values{}.Encode()
	}
	return b.Do(r.Method, path, strings.NewReader(content), formType(r.Method))
}
