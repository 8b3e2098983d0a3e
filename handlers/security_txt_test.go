package handlers_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"deskbell/handlers/handlerstest"
)

const securityTxt = "/.well-known/security.txt"

var expires = regexp.MustCompile(`(?m)^Expires: (\S+)$`)

func TestP_SecurityTxtNamesTheContactAndNeverExpires(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t, handlerstest.SecurityContact("mailto:security@example.org"))
	for range 3 {
		page := s.Visitor("").Get(securityTxt).Status(200).Has("Contact: mailto:security@example.org\n", "Canonical: "+s.Origin("")+securityTxt+"\n")
		if kind := page.Header.Get("Content-Type"); !strings.HasPrefix(kind, "text/plain") || !strings.Contains(strings.ToLower(kind), "utf-8") {
			t.Errorf("the media type is %q", kind)
		}
		found := expires.FindStringSubmatch(page.Body)
		if found == nil {
			t.Fatalf("no end in\n%s", page.Body)
		}
		end, err := time.Parse(time.RFC3339, found[1])
		if left := end.Sub(s.Clock.Now()); err != nil || left < 30*24*time.Hour || left > 365*24*time.Hour {
			t.Errorf("it counts for %v more (%v)", left, err)
		}
		s.Clock.Move(200 * 24 * time.Hour)
	}
}

func TestP_WithoutAContactSecurityTxtLeadsToThePageOfItsHost(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t, handlerstest.Secure())
	v := s.Visitor("globex.localhost")
	v.Plain()
	v.Get(securityTxt).Status(200).Has("Contact: "+s.Origin("globex.localhost")+"/\n", "Contact: https://").HasNot("Acme")
	unknown := s.Visitor("evil.test")
	unknown.Plain()
	unknown.Get(securityTxt).Status(404).HasNot("Contact")
}
