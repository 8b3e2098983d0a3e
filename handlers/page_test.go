package handlers_test

import (
	"net/url"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"deskbell/handlers/handlerstest"
)

// checkPage looks for what every page must hold: one h1, headings that skip no level, unique ids,
// references to ids that exist, a label for each control, and nothing that the content policy stops.
func checkPage(t *testing.T, p handlerstest.Page) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(p.Body))
	if err != nil {
		t.Fatal(err)
	}
	ids, labelled, level, titles := map[string]bool{}, map[string]bool{}, 0, 0
	var wanted, controls []string
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		a := map[string]string{}
		for _, attribute := range n.Attr {
			a[attribute.Key] = attribute.Val
			if attribute.Key == "style" || strings.HasPrefix(attribute.Key, "on") {
				t.Errorf("<%s> has the attribute %s", n.Data, attribute.Key)
			}
		}
		if a["id"] != "" && ids[a["id"]] {
			t.Errorf("the id %s stands twice", a["id"])
		}
		ids[a["id"]] = true
		wanted = append(wanted, strings.Fields(a["aria-describedby"]+" "+a["aria-labelledby"])...)
		if strings.HasPrefix(a["href"], "#") {
			wanted = append(wanted, a["href"][1:])
		}
		switch n.Data {
		case "script", "style":
			if n.FirstChild != nil {
				t.Errorf("<%s> has a text of its own", n.Data)
			}
		case "label":
			labelled[a["for"]] = true
		case "input", "textarea", "select":
			if a["type"] != "hidden" {
				controls = append(controls, a["id"])
			}
		case "h1", "h2", "h3", "h4", "h5", "h6":
			next := int(n.Data[1] - '0')
			if next == 1 {
				titles++
			}
			if next > level+1 {
				t.Errorf("<%s> follows <h%d>", n.Data, level)
			}
			level = next
		}
	}
	if titles != 1 {
		t.Errorf("the page has %d <h1>, want 1", titles)
	}
	for _, id := range wanted {
		if !ids[id] {
			t.Errorf("nothing has the id %s", id)
		}
	}
	for _, id := range controls {
		if !labelled[id] {
			t.Errorf("the control %q has no label", id)
		}
	}
	if t.Failed() {
		t.Logf("in the page\n%s", p.Body)
	}
}

func TestI1_APageSaysHowLongItIs(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	ada := s.Visitor("")
	ada.Header.Set("Accept-Encoding", "identity")
	whole := ada.Get(s.Ticket("", "support", "ada@example.net", "The lamp")).Status(200)
	refused := ada.Post("/ticket/support", url.Values{}).Status(422)
	for _, page := range []handlerstest.Page{whole, refused} {
		if got := page.Header.Get("Content-Length"); got != strconv.Itoa(len(page.Body)) {
			t.Errorf("Content-Length is %q for %d bytes", got, len(page.Body))
		}
	}
}
