package handlers_test

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"
	"golang.org/x/net/html"

	"deskbell/handlers/handlerstest"
	"deskbell/views"
)

// settingsPages are where the forms of the settings stand, one page for each route of the demo's admin.
var settingsPages = map[string]string{
	"/labels/:id": "/labels/1", "/labels/:id/delete": "/labels/1/delete", "/projects/:id": "/projects/1",
	"/projects/:id/types": "/projects/1/types", "/projects/:id/types/:part": "/projects/1/types/bug", "/projects/:id/types/:part/delete": "/projects/1/types/bug/delete",
	"/projects/:id/statuses": "/projects/1/statuses", "/projects/:id/statuses/:part": "/projects/1/statuses/1", "/projects/:id/statuses/:part/delete": "/projects/1/statuses/1/delete",
	"/members/:id":        "/members/2",
	"/members/:id/remove": "/members/2/remove", "/customers/:id": "/customers/1", "/customers/:id/erase": "/customers/1/erase",
	"/documents/:id": "/documents/1", "/documents/:id/delete": "/documents/1/delete", "/saved-replies/:id": "/saved-replies/1",
	"/saved-replies/:id/delete": "/saved-replies/1/delete", "/templates/browser/:project/:type": "/templates/browser/support/bug",
	"/templates/:id": "/templates/2", "/templates/:id/delete": "/templates/2/delete", "/templates/:id/new": "/templates/2/new",
	"/templates/:id/fields/:key": "/templates/2/fields/severity", "/templates/:id/fields/:key/delete": "/templates/2/fields/severity/delete",
	"/domains/:host/remove": "/domains/globex.localhost/remove",
	"/sign-in/try":          "", // leads to a provider
}

// renderedFields returns each field of each form of the settings, as the pages themselves have them: the route
// that takes it, and its name.
func renderedFields(t *testing.T, s *handlerstest.Server) []string {
	t.Helper()
	admin, router := s.Member("admin@example.com"), echo.New()
	for _, r := range s.Routes {
		if r.Method == http.MethodPost {
			router.POST(r.Path, func(echo.Context) error { return nil })
		}
	}
	found := map[string]bool{}
	for _, r := range s.Routes {
		route, ok := strings.CutPrefix(r.Path, "/desk/settings")
		page, named := settingsPages[route]
		if !ok || r.Method != http.MethodGet || named && page == "" {
			continue
		}
		if !named {
			page = route
		}
		body := admin.Get("/desk/settings" + page)
		root, err := html.Parse(strings.NewReader(body.Body))
		if err != nil {
			t.Fatal(err)
		}
		for n := range root.Descendants() {
			if n.Type == html.ElementNode && n.Data == "form" {
				addFields(router, n, found)
			}
		}
	}
	var list []string
	for key := range found {
		list = append(list, key)
	}
	slices.Sort(list)
	return list
}

func addFields(router *echo.Echo, form *html.Node, found map[string]bool) {
	action, method := nodeAttr(form, "action"), nodeAttr(form, "method")
	if method != "post" || !strings.HasPrefix(action, "/desk/settings") {
		return
	}
	c := router.NewContext(nil, nil)
	router.Router().Find(http.MethodPost, action, c)
	for n := range form.Descendants() {
		if name := nodeAttr(n, "name"); n.Type == html.ElementNode && name != "" && name != views.OnceField {
			found[strings.TrimPrefix(c.Path(), "/desk/settings")+" "+name] = true
		}
	}
}

func nodeAttr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// proof shows that a field of the settings does what it says, in one of four ways.
type proof struct {
	// The form is changed and saved, and then somebody sees at an address what was not there, or no longer what was.
	page         string     // with the form; empty: that of the route
	action       string     // of the form; empty: the page
	set          url.Values // nothing for a name leaves it out
	as           string     // a member; empty: a visitor
	look         string
	shows, hides string

	test func(*testing.T, *handlerstest.Server) // it takes more than a look
	by   string                                 // another test, in a file that names the field, proves it
	not  string                                 // why it is no setting
}

// Each field that a form of the settings has changes what it says it changes: a new one fails here until it is
// shown to do so.
func TestN_EachSettingChangesWhatItSays(t *testing.T) {
	t.Parallel()
	fields := renderedFields(t, handlerstest.Start(t))
	if len(fields) < 100 {
		t.Fatalf("found %d fields: the test does not read the settings as it should", len(fields))
	}
	for key := range settingProofs {
		if !slices.Contains(fields, key) {
			t.Errorf("no form of the settings has %s any more", key)
		}
	}
	for _, key := range fields {
		t.Run(key, func(t *testing.T) {
			t.Parallel()
			p, ok := settingProofs[key]
			if !ok {
				t.Fatal("nothing shows that this field changes what it says")
			}
			route, field, _ := strings.Cut(key, " ")
			p.check(t, route, field)
		})
	}
}

func (p proof) check(t *testing.T, route, field string) {
	switch {
	case p.not != "":
	case p.by != "":
		isProved(t, p.by, field)
	case p.test != nil:
		p.test(t, handlerstest.Start(t))
	default:
		if p.page == "" {
			p.page = route
			if page, ok := settingsPages[route]; ok {
				p.page = page
			}
		}
		if _, ok := p.set[field]; !ok {
			t.Fatal("the proof does not change this field")
		}
		p.see(t, handlerstest.Start(t))
	}
}

// see changes the form and looks before and after.
func (p proof) see(t *testing.T, s *handlerstest.Server) {
	t.Helper()
	who := s.Visitor("")
	if p.as != "" {
		who = s.Member(p.as)
	}
	before := who.Get(p.look)
	saveForm(t, s, p.page, p.action, p.set)
	after := who.Get(p.look)
	if p.shows == "" && p.hides == "" {
		t.Fatal("the proof looks at nothing")
	}
	if p.shows != "" {
		before.HasNot(p.shows)
		after.Has(p.shows)
	}
	if p.hides != "" {
		before.Has(p.hides)
		after.HasNot(p.hides)
	}
}

// saveForm saves a form of the settings as the admin, with other values in some of its fields.
func saveForm(t *testing.T, s *handlerstest.Server, page, action string, set url.Values) {
	t.Helper()
	if action == "" {
		action = page
	}
	admin := s.Member("admin@example.com")
	form := admin.Get("/desk/settings" + page).Status(200).Form("/desk/settings" + action)
	for field, values := range set {
		if form[field] = values; values == nil {
			form.Del(field)
		}
	}
	admin.Post("/desk/settings"+action, form).Status(303)
}

// isProved looks for a test by its name, in a file that names the field.
func isProved(t *testing.T, test, field string) {
	t.Helper()
	for _, pattern := range []string{"*_test.go", "browser/*_test.go", "../jobs/*_test.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(string(text), "func "+test+"(") && strings.Contains(string(text), `"`+field) {
				return
			}
		}
	}
	t.Errorf("there is no test %s that uses %s", test, field)
}
