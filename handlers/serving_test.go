package handlers_test

import (
	"compress/gzip"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"deskbell/handlers/handlerstest"
)

var assetURL = regexp.MustCompile(`/static/[^"]+`)

// assetsOf returns the URLs of what a page loads.
func assetsOf(t *testing.T, page handlerstest.Page) []string {
	t.Helper()
	urls := assetURL.FindAllString(page.Body, -1)
	if len(urls) < 3 {
		t.Fatalf("the page names %d assets: the test does not read it as it should", len(urls))
	}
	return urls
}

func TestA1_EachFormOfAnAssetHasATagOfItsOwn(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	v := s.Visitor("")
	for _, url := range assetsOf(t, v.Get("/ticket/support")) {
		tags := map[string]string{}
		for _, accept := range []string{"identity", "gzip", "gzip, br", "br;q=0.1, gzip;q=0.2"} {
			v.Header.Set("Accept-Encoding", accept)
			v.Header.Del("If-None-Match")
			first := v.Get(url).Status(200)
			coding, tag := first.Header.Get("Content-Encoding"), first.Header.Get("ETag")
			if accept != "identity" && coding == "" && len(first.Body) > 300 {
				t.Errorf("%s for %q is not compressed", url, accept)
			}
			if before, ok := tags[tag]; strings.HasPrefix(tag, "W/") || tag == "" || ok && before != coding {
				t.Errorf("%s: the tag %s is weak, none, or that of another form", url, tag)
			}
			tags[tag] = coding
			if first.Header.Get("Vary") != "Accept-Encoding" || !strings.Contains(first.Header.Get("Cache-Control"), "immutable") {
				t.Errorf("%s says %v to caches", url, first.Header)
			}
			v.Header.Set("If-None-Match", tag)
			if again := v.Get(url).Status(304); again.Body != "" || again.Header.Get("ETag") != tag {
				t.Errorf("%s: 304 with %d bytes and %v", url, len(again.Body), again.Header)
			}
		}
	}
}

func TestA1_ACompressedAssetIsTheSame(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	v := s.Visitor("")
	for _, url := range assetsOf(t, v.Get("/ticket/support")) {
		v.Header.Set("Accept-Encoding", "identity")
		plain := v.Get(url).Status(200)
		v.Header.Set("Accept-Encoding", "gzip")
		packed := v.Get(url).Status(200)
		if packed.Header.Get("Content-Encoding") != "" && unpack(t, packed.Body) != plain.Body {
			t.Errorf("%s is another, compressed", url)
		}
	}
}

func unpack(t *testing.T, body string) string {
	t.Helper()
	r, err := gzip.NewReader(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestP1_PagesAreCompressedUnlessTheirLengthCouldTell(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t, handlerstest.Secure())
	ada := s.Visitor("")
	ada.Plain()
	ada.OpenTicket("support", "ada@example.net", "The lamp")
	s.Jobs.Step(t.Context())
	thread := s.Mailbox.Last(t, "ada@example.net").Link(t, "/ticket/thread/")
	for _, c := range []struct {
		site   string // what the browser says of who asked
		cookie bool
		want   string
	}{
		{"none", false, "gzip"}, {"none", true, "gzip"}, {"same-origin", true, "gzip"}, {"cross-site", false, "gzip"},
		{"", false, "gzip"}, {"cross-site", true, ""}, {"same-site", true, ""}, {"", true, ""},
	} {
		v := s.Visitor("")
		v.Plain()
		v.Header.Set("Accept-Encoding", "gzip")
		if c.site != "" {
			v.Header.Set("Sec-Fetch-Site", c.site)
		}
		if c.cookie {
			v.Header.Set("Cookie", "x=y")
		}
		for _, path := range []string{"/ticket/support", "/doc/support", "/doc/support?q=label", thread, thread} {
			page := v.Get(path).Status(200)
			if got := page.Header.Get("Content-Encoding"); got != c.want {
				t.Errorf("%q with cookies %v: %s is coded %q, want %q", c.site, c.cookie, path, got, c.want)
			}
			if vary := strings.Join(page.Header.Values("Vary"), ", "); !strings.Contains(vary, "Accept-Encoding") {
				t.Errorf("%s varies by %q", path, vary)
			}
		}
	}
}

func TestP1_WhatIsSmallOrEmptyIsLeftAlone(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	thread := s.Ticket("", "support", "ada@example.net", "The lamp")
	v := s.Visitor("")
	news := thread + "/messages?" + v.Get(thread).Form(thread+"/reply").Encode()
	v.Header.Set("Accept-Encoding", "gzip, br")
	for _, path := range []string{"/up", news, "/ticket/support/suggestions?title=zzzz"} {
		if page := v.Get(path); page.Header.Get("Content-Encoding") != "" || len(page.Body) >= 1000 {
			t.Errorf("%s: %d bytes, coded %q", path, len(page.Body), page.Header.Get("Content-Encoding"))
		}
	}
}

func TestP1_EveryAnswerSaysWhetherItMayBeKept(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	v, agent := s.Visitor(""), s.Member("agent@example.com")
	for path, want := range map[string]string{
		"/up": "no-store", "/": "no-store", "/nowhere": "no-store", "/ticket/none": "no-store", "/tickets": "no-store",
		"/doc/support/print-labels": "public, max-age=60", "/ticket/support": "private, no-cache", "/static/none.css": "no-store",
	} {
		if got := v.Get(path).Header.Get("Cache-Control"); got != want {
			t.Errorf("%s: Cache-Control %q, want %q", path, got, want)
		}
	}
	if got := agent.Get("/desk").Status(200).Header.Get("Cache-Control"); got != "no-store" {
		t.Errorf("the desk may be kept: %q", got)
	}
	if got := v.Do(http.MethodDelete, "/desk", nil, "").Header.Get("Cache-Control"); got != "no-store" {
		t.Errorf("a refusal may be kept: %q", got)
	}
}

func TestI4_APollWithNothingNewIsSmallOnTheWire(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t, handlerstest.Secure())
	ada := s.Visitor("")
	ada.Plain()
	ada.OpenTicket("support", "ada@example.net", "The lamp")
	s.Jobs.Step(t.Context())
	thread := s.Mailbox.Last(t, "ada@example.net").Link(t, "/ticket/thread/")
	conn, err := net.Dial("tcp", "127.0.0.1:"+s.Base.Port)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "GET %s/messages?after=1 HTTP/1.1\r\nHost: localhost:%s\r\nHX-Request: true\r\nConnection: close\r\n\r\n", thread, s.Base.Port)
	answer, err := io.ReadAll(conn)
	if err != nil {
		t.Fatal(err)
	}
	without := strings.Replace(string(answer), "Connection: close\r\n", "", 1) // which the test asked for
	if !strings.HasPrefix(without, "HTTP/1.1 204 ") || len(without) > 200 {
		t.Errorf("%d bytes, and may be 200:\n%s", len(without), without)
	}
}
