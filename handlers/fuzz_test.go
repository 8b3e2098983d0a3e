package handlers_test

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/http/httpguts"

	"deskbell/handlers/handlerstest"
)

// raw sends the head of a GET as it stands, what no well-behaved client would send too, and returns the answer: nil
// where the server hung up. It wants no answer of 500 or more, and none that never comes. Query and lines are a
// stranger's making; a line that begins with Host names another one.
func raw(t *testing.T, s *handlerstest.Server, target string, lines ...string) *http.Response {
	t.Helper()
	conn, err := net.Dial("tcp", "127.0.0.1:"+s.Base.Port)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(lines, func(l string) bool { return strings.HasPrefix(l, "Host:") }) {
		lines = append([]string{"Host: localhost:" + s.Base.Port}, lines...)
	}
	text := "GET " + target + " HTTP/1.1\r\nConnection: close\r\n" + strings.Join(lines, "\r\n") + "\r\n\r\n"
	if _, err := io.WriteString(conn, text); err != nil {
		return nil // it has heard enough
	}
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("no answer to\n%q", text)
	}
	if err != nil {
		return nil
	}
	body, _ := io.ReadAll(answer.Body) // what was cut off is no answer of 500
	answer.Body = io.NopCloser(bytes.NewReader(body))
	if answer.StatusCode >= http.StatusInternalServerError {
		t.Errorf("status %d for\n%q", answer.StatusCode, text)
	}
	return answer
}

func FuzzP5_AnyForwardedHeader(f *testing.F) {
	s := handlerstest.Start(f, handlerstest.TrustProxies(netip.MustParsePrefix("127.0.0.1/32")))
	for _, seed := range []string{"", "192.0.2.1", "192.0.2.1, 127.0.0.1", "::1", "[2001:db8::1]:443", "fe80::1%eth0", ",,,", "unknown", "999.999.999.999", strings.Repeat("1.1.1.1,", 200)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) { raw(t, s, "/ticket/support", "X-Forwarded-For: "+value) })
}

func FuzzP5_AnyCookie(f *testing.F) {
	s := handlerstest.Start(f)
	for _, seed := range []string{"", "desk=x", "a=b; a=c", "=;=;", `x="quoted"`, "desk=" + strings.Repeat("x", 5000), "language=zz", "\xff=\xfe"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		raw(t, s, "/ticket/support", "Cookie: "+value)
		raw(t, s, "/tickets", "Cookie: "+value)
		raw(t, s, "/desk", "Cookie: "+value)
	})
}

func FuzzP5_AnyRange(f *testing.F) {
	s := handlerstest.Start(f)
	thread := uploaded(f, s)
	for _, seed := range []string{"", "bytes=0-", "bytes=-1", "bytes=5-1", "bytes=0-0,2-3", "bytes=99999999999999999999-", "lines=1-2", "bytes=0-0," + strings.Repeat("0-,", 300)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) { raw(t, s, thread, "Range: "+value) })
}

// uploaded is the address of an attachment.
func uploaded(f *testing.F, s *handlerstest.Server) string {
	f.Helper()
	v := s.Visitor("")
	thread := s.Ticket("", "support", "ada@example.org", "With a file")
	form := v.Get(thread).Form(thread + "/reply")
	form.Set("message", "Here it is")
	v.PostFiles(thread+"/reply", form, handlerstest.Attach{Name: "a.txt", Content: "0123456789"}).Status(303)
	return v.Get(thread).Links(thread+"/attachments/", "")[0]
}

func FuzzP5_AnyForm(f *testing.F) {
	s := handlerstest.Start(f)
	for _, seed := range []string{"", "title=x", "a=%", "a=b;c=d", "%00=%ff", "=&=&=", "title=\xff\xfe&description=%e2%80%ae", "field_=x&field_a[]=y", strings.Repeat("a=b&", 2000), "back=1&type=none&remove_upload=../x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		s.T = t
		page := s.Visitor("").Do(http.MethodPost, "/ticket/support", strings.NewReader(body), "application/x-www-form-urlencoded")
		if page.Code >= http.StatusInternalServerError {
			t.Errorf("%q: status %d", body, page.Code)
		}
	})
}

func FuzzP5_AnyToken(f *testing.F) {
	s := handlerstest.Start(f)
	for _, seed := range []string{"x", "..", "%00", "\xff", strings.Repeat("A", 300), "a.b.c", "-_-", "?#"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, token string) {
		s.T = t
		for _, path := range []string{"/ticket/thread/", "/ticket/unsubscribe/", "/tickets/"} {
			if page := s.Visitor("").Get(path + url.PathEscape(token)); page.Code >= http.StatusInternalServerError {
				t.Errorf("%s%q: status %d", path, token, page.Code)
			}
		}
	})
}

func FuzzP5_AnyMultipart(f *testing.F) {
	s := handlerstest.Start(f)
	const part = "--b\r\nContent-Disposition: form-data; name=\"%s\"%s\r\n\r\n%s\r\n"
	for _, seed := range []string{"", "--b--", "--b\r\n", fmt.Sprintf(part, "title", "", "x") + "--b--", fmt.Sprintf(part, "attachments", `; filename="a.txt"`, "x") + "--b--",
		fmt.Sprintf(part, "field_x", `; filename*=UTF-8''%00..%2f`, "x"), fmt.Sprintf(part, "", "\r\nContent-Transfer-Encoding: base64", "!"), strings.Repeat(fmt.Sprintf(part, "a", "", ""), 50)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		s.T = t
		for _, path := range []string{"/ticket/support", "/tickets/login", "/desk/login"} {
			page := s.Visitor("").Do(http.MethodPost, path, strings.NewReader(body), "multipart/form-data; boundary=b")
			if page.Code >= http.StatusInternalServerError {
				t.Errorf("%s: %q: status %d", path, body, page.Code)
			}
		}
	})
}

// What stands behind the question mark of a list that members and customers filter.
func FuzzP5_AnyQuery(f *testing.F) {
	s := handlerstest.Start(f)
	cookies := "Cookie: "
	for _, c := range s.Member("agent@example.com").Cookies() {
		cookies += c.Name + "=" + c.Value + "; "
	}
	for _, seed := range []string{"", "q=is:open+label:x", "q=%22&status=-1", "below=1.2.3&above=x", "assignee=me&assignee=0", "q=%ff%fe&;", "q=" + strings.Repeat("a+", 500), "below=9223372036854775808.1", "q=a#b", "q=\x00\x7f", "q=a b"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, query string) {
		for _, path := range []string{"/desk", "/ticket/support", "/doc/support"} {
			if answer := raw(t, s, path+"?"+query, cookies); query == "" && (answer == nil || answer.StatusCode != http.StatusOK) {
				t.Errorf("%s has no page: this looks at nothing", path)
			}
		}
	})
}

// Whatever a browser says that it reads, the answer is in what it says that it is in.
func FuzzP5_AnyAccept(f *testing.F) {
	s := handlerstest.Start(f)
	thread := s.Ticket("", "support", "ada@example.org", "In any coding")
	s.Visitor("").Get(thread).Status(200)
	for _, seed := range []string{"", "gzip", "gzip;q=0", "*;q=0.1, identity;q=0", "br;q=1, gzip;q=9e999", "GZIP;Q=0", ",,;q=", "gzip;q=\x7f"} {
		f.Add(seed, "de")
	}
	f.Add("identity", "de-AT,de;q=0.8,*;q=")
	f.Fuzz(func(t *testing.T, coding, language string) {
		answer := raw(t, s, thread, "Accept-Encoding: "+coding, "Accept-Language: "+language)
		if !httpguts.ValidHeaderFieldValue(coding) || !httpguts.ValidHeaderFieldValue(language) {
			return // it need be no page: net/http refuses it, or it was more than two headers
		}
		if answer == nil || answer.StatusCode != http.StatusOK {
			t.Fatalf("%q, %q: no page", coding, language)
		}
		body, err := io.ReadAll(answer.Body)
		if err != nil {
			t.Fatal(err)
		}
		switch said := answer.Header.Get("Content-Encoding"); {
		case said != "" && !strings.Contains(strings.ToLower(coding), said) && !strings.Contains(coding, "*"):
			t.Errorf("%q is answered in %s", coding, said)
		case said == "" && !strings.Contains(string(body), "In any coding"):
			t.Errorf("%q: the page is not readable", coding)
		}
	})
}

func FuzzP5_AnyHost(f *testing.F) {
	s := handlerstest.Start(f)
	for _, seed := range []string{"", "localhost", "LOCALHOST.", "globex.localhost:80", "[::1]", "evil.test", "localhost@evil.test", "a..b", "xn--80ak6aa92e.com", "a b", "\x7f", "localhost\r\nHost: evil.test", strings.Repeat("a.", 200)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, host string) {
		raw(t, s, "/", "Host: "+host)
	})
}
