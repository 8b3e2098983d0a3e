package handlers_test

import (
	"bytes"
	"mime/multipart"
	"net/url"
	"strings"
	"testing"

	"deskbell/handlers/handlerstest"
)

func TestP1_EveryAnswerHasTheSecurityHeaders(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	for _, path := range []string{"/", "/ticket/support", "/ticket/nonsense", "/desk/login", "/up", "/static/nothing", "/%ff"} {
		page := s.Visitor("").Get(path)
		for header, want := range map[string]string{
			"Content-Security-Policy": "default-src 'none'", "X-Frame-Options": "DENY", "X-Content-Type-Options": "nosniff",
			"Referrer-Policy": "same-origin", "Permissions-Policy": "camera=()", "Cross-Origin-Opener-Policy": "same-origin",
			"Cross-Origin-Resource-Policy": "same-origin",
		} {
			if got := page.Header.Get(header); !strings.Contains(got, want) {
				t.Errorf("%s: %s is %q", path, header, got)
			}
		}
		if policy := page.Header.Get("Content-Security-Policy"); strings.Contains(policy, "unsafe") || !strings.Contains(policy, "frame-ancestors 'none'") {
			t.Errorf("%s: the content policy is %q", path, policy)
		}
	}
}

func TestP1_TLSBringsItsHeadersAndCookies(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t, handlerstest.Secure())
	v := s.Visitor("")
	v.Plain()
	page := v.Post("/desk/login", url.Values{"email": {"agent@example.com"}, "password": {"deskbell-demo"}}).Status(303)
	if got := page.Header.Get("Strict-Transport-Security"); got == "" {
		t.Error("no HSTS under https")
	}
	if got := page.Header.Get("Set-Cookie"); !strings.HasPrefix(got, "__Host-") || !strings.Contains(got, "Secure") {
		t.Errorf("the cookie is %q", got)
	}
}

func TestP2_AnotherSitesPostIsRefused(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	thread := s.Ticket("", "support", "ada@example.org", "Forge me")
	agent := s.Member("agent@example.com")
	for _, path := range []string{"/ticket/support", thread + "/reply", "/tickets/login", "/desk/tickets/7/messages", "/desk/tickets/7/status", "/desk/logout"} {
		agent.Header.Set("Sec-Fetch-Site", "cross-site")
		agent.Post(path, url.Values{"message": {"forged"}, "status": {"4"}}).Status(403)
		agent.Header.Del("Sec-Fetch-Site")
		agent.Header.Set("Origin", "https://evil.test")
		agent.Post(path, url.Values{"message": {"forged"}, "status": {"4"}}).Status(403)
		agent.Header.Del("Origin")
	}
	agent.Get("/desk/tickets/7").Status(200).HasNot("forged")
}

func TestL2_OneClickNeedsNeitherCookieNorOrigin(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	thread := s.Ticket("", "support", "ada@example.org", "Enough mail")
	link := s.Mailbox.Last(t, "ada@example.org").Link(t, "/ticket/unsubscribe/")
	s.Visitor("").Get(link).Status(200).Has(`hx-trigger="load"`, "Unsubscribe")
	s.Visitor("").Get(thread).HasNot("You have unsubscribed")
	program := s.Visitor("")
	program.NoOrigin = true
	program.Post(link, url.Values{"List-Unsubscribe": {"One-Click"}}).Status(200)
	program.Post(link, url.Values{"List-Unsubscribe": {"One-Click"}}).Status(200)
	s.Visitor("").Get(thread).Has("You have unsubscribed", "Get mail again")
	answer(s.Member("agent@example.com"), 7, "message", "Nobody hears of it")
	s.Jobs.Step(t.Context())
	if n := len(s.Mailbox.Mails("ada@example.org")); n != 1 {
		t.Errorf("%d mails, want the first alone", n)
	}
	v := s.Visitor("")
	page := v.Get(link).Status(200).Has("You are unsubscribed").HasNot(`hx-trigger="load"`)
	v.Follow(v.Post(link+"/undo", page.Form(link+"/undo"))).Has("You get mail again").HasNot(`hx-trigger="load"`)
	s.Visitor("").Get(thread).HasNot("You have unsubscribed")
	s.Visitor("").Get("/ticket/unsubscribe/nonsense").Status(404).Has("Try again")
}

// odd are values that no field expects.
var odd = map[string]string{
	"empty": "", "not UTF-8": "\xff\xfe\x80", "NUL and control": "a\x00b\x01\x1b[31mc", "a quarter million newlines": strings.Repeat("\n", 250_000),
	"right to left": "\u202eevil\u202c", "over long": strings.Repeat("x", 300_000), "markup": `"><script>alert(1)</script>`,
	"template": "{{.}} ${x} <%= y %>", "only spaces": "   \u00a0\u2003 ", "zero width": "\u200b\u200d", "sql": "'; drop table tickets; --",
	"combining": "a" + strings.Repeat("\u0301", 10_000), "surrogate": "\xed\xa0\x80",
}

func TestP5_NoInputEndsInA500(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	thread := s.Ticket("", "support", "ada@example.org", "Be odd")
	agent := s.Member("agent@example.com")
	forms := []struct {
		browser      *handlerstest.Browser
		page, action string
	}{
		{s.Visitor(""), "/ticket/support", "/ticket/support"}, {s.Visitor(""), thread, thread + "/reply"},
		{s.Visitor(""), "/tickets/login", "/tickets/login"}, {s.Visitor(""), "/tickets/login/sent", "/tickets/login/code"},
		{s.Visitor(""), "/desk/login", "/desk/login"}, {agent, "/desk/tickets/7", "/desk/tickets/7/messages"},
		{agent, "/desk/tickets/7", "/desk/tickets/7/status"}, {agent, "/desk/tickets/7", "/desk/tickets/7/assignee"},
	}
	for _, f := range forms {
		form := f.browser.Get(f.page).Status(200).Form(f.action)
		for field := range form {
			for name, value := range odd {
				changed := url.Values{}
				for k, v := range form {
					changed[k] = v
				}
				changed[field] = []string{value, "second"}
				page := f.browser.Post(f.action, changed)
				if page.Code >= 500 {
					t.Errorf("%s: %s in %s gives %d", f.action, name, field, page.Code)
				}
				page.HasNot("<script>alert")
			}
		}
	}
	if strings.Contains(s.Log.String(), "level=ERROR") {
		t.Errorf("the log has errors:\n%s", s.Log)
	}
}

func TestP5_BrokenRequestsGetAClear4xx(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	v := s.Visitor("")
	var whole bytes.Buffer
	w := multipart.NewWriter(&whole)
	w.WriteField("title", "Hello")
	w.Close()
	large := strings.NewReader("description=" + strings.Repeat("%0A", 1_000_000))
	for _, try := range []struct {
		name, method, path, contentType, body string
		want                                  int
	}{
		{"JSON", "POST", "/ticket/support", "application/json", `{"title":"x"}`, 400},
		{"no content type", "POST", "/ticket/support", "", "title=x", 400},
		{"broken escapes", "POST", "/ticket/support", "application/x-www-form-urlencoded", "title=%zz", 400},
		{"semicolons", "POST", "/ticket/support", "application/x-www-form-urlencoded", "a;b=c", 400},
		{"cut multipart", "POST", "/ticket/support", w.FormDataContentType(), whole.String()[:whole.Len()-20], 400},
		{"multipart without boundary", "POST", "/ticket/support", "multipart/form-data", whole.String(), 400},
		{"whole multipart", "POST", "/ticket/support", w.FormDataContentType(), whole.String(), 422},
		{"wrong method", "PUT", "/ticket/support", "", "", 405},
		{"wrong method", "DELETE", "/desk", "", "", 405},
		{"path with a bad escape", "GET", "/ticket/%ff%fe", "", "", 404},
		{"path with NUL", "GET", "/ticket/%00", "", "", 404},
		{"path upwards", "GET", "/static/../../etc/passwd", "", "", 404},
		{"bad cursor", "GET", "/?below=x.y", "", "", 200},
	} {
		page := v.Do(try.method, try.path, strings.NewReader(try.body), try.contentType)
		if page.Code != try.want {
			t.Errorf("%s: %d, want %d\n%s", try.name, page.Code, try.want, page.Body)
		}
	}
	v.Do("POST", "/ticket/support", large, "application/x-www-form-urlencoded").Status(413).Has("larger than the 1 MB")
	huge := s.Visitor("")
	huge.Header.Set("X-Huge", strings.Repeat("x", 64<<10))
	huge.Get("/").Status(431)
}

func TestA10_AnUnknownHostNamesNoWorkspace(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	for _, host := range []string{"evil.test", "127.0.0.1", "xlocalhost", "acme.localhost"} {
		page := s.Visitor(host).Get("/ticket/support").Status(404).HasNot("Acme", "Globex", "Initech", "<html")
		if page.Body != "404 Not Found\n" {
			t.Errorf("%s gets %q", host, page.Body)
		}
	}
	s.Visitor("GLOBEX.localhost.").Get("/ticket/help").Status(200)
}
