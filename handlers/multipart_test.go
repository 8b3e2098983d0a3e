package handlers_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"deskbell/handlers/handlerstest"
)

// Forms with files as only a broken or a hostile client sends them: each gets an answer that says what
// is wrong, and none a 500.
func TestP5_BrokenFormsWithFilesAreSaidToBe(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	thread := s.Ticket("", "support", "ada@example.org", "Help")
	whole, kind := handlerstest.Multipart(url.Values{"title": {"x"}}, attach{Name: "a.txt", Content: "content"})
	_, boundary, _ := strings.Cut(kind, "boundary=")
	part := func(head, body string) string {
		return fmt.Sprintf("--%s\r\n%s\r\n\r\n%s\r\n--%s--\r\n", boundary, head, body, boundary)
	}
	const file = `Content-Disposition: form-data; name="attachments"; filename="a.txt"`
	for name, c := range map[string]struct {
		kind, body string
		status     int
		says       string
	}{
		"no boundary":             {"multipart/form-data", string(whole), 400, "arrived damaged"},
		"another boundary":        {"multipart/form-data; boundary=other", string(whole), 400, "arrived damaged"},
		"boundary of 200 letters": {"multipart/form-data; boundary=" + strings.Repeat("b", 200), string(whole), 400, "arrived damaged"},
		"cut off":                 {kind, string(whole[:len(whole)-20]), 400, "arrived damaged"},
		"cut off in a header":     {kind, string(whole[:60]), 400, "arrived damaged"},
		"empty":                   {kind, "", 400, "arrived damaged"},
		"two thousand parts":      {kind, strings.Repeat("--"+boundary+"\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n\r\n", 2000) + "--" + boundary + "--\r\n", 413, "too many parts"},
		"two megabytes of text":   {kind, part(`Content-Disposition: form-data; name="title"`, strings.Repeat("x", 2<<20)), 413, "1 MB"},
		"a head of 100 KB":        {kind, part(file+"\r\nX-Long: "+strings.Repeat("x", 100<<10), "x"), 0, ""},
		"no name":                 {kind, part("Content-Disposition: form-data", "x"), 0, ""},
		"no disposition":          {kind, part("Content-Type: text/plain", "x"), 0, ""},
		"a file of no field":      {kind, part(`Content-Disposition: form-data; name="other"; filename="a.txt"`, "x"), 0, ""},
		"an encoding":             {kind, part(file+"\r\nContent-Transfer-Encoding: base64", "!!!"), 0, ""},
		"a field of no template":  {kind, part(`Content-Disposition: form-data; name="field_none"; filename="a.txt"`, "x"), 0, ""},
		"a name that is no text":  {kind, part("Content-Disposition: form-data; name=\"attachments\"; filename=\"\xff\xfe.txt\"", "x"), 0, ""},
		"names by RFC 5987":       {kind, part(`Content-Disposition: form-data; name="attachments"; filename*=UTF-8''%00%0d%0a%2e%2e%2f`, "x"), 0, ""},
	} {
		for _, path := range []string{"/ticket/support", "/ticket/support/uploads", thread + "/reply", thread + "/uploads"} {
			page := s.Visitor("").Do(http.MethodPost, path, strings.NewReader(c.body), c.kind)
			if c.status != 0 && page.Code != c.status || page.Code >= 500 {
				t.Errorf("%s to %s: status %d, want %d", name, path, page.Code, c.status)
			}
			if c.says != "" && !strings.Contains(page.Body, c.says) {
				t.Errorf("%s to %s does not say %q", name, path, c.says)
			}
		}
		s.Clock.Move(1e12)
	}
	if strings.Contains(s.Log.String(), "level=ERROR") {
		t.Errorf("the log has errors:\n%s", s.Log.String())
	}
}
