package handlers_test

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"deskbell/handlers/handlerstest"
)

const customersPage = "/desk/settings/customers"

// known makes a customer known to the workspace of an admin, by an intake link.
func known(admin *handlerstest.Browser, project, email, name string) {
	admin.Post(linksPage, url.Values{"email": {email}, "name": {name}, "project": {project}, "days": {"30"}}).Status(303)
}

// rows returns the names of the customers that a page lists, in its order.
func rows(p handlerstest.Page) []string {
	var names []string
	for _, row := range regexp.MustCompile(`<a class="table__title" href="`+customersPage+`/\d+" dir="auto">([^<]*)</a>`).FindAllStringSubmatch(p.Body, -1) {
		names = append(names, row[1])
	}
	return names
}

func search(admin *handlerstest.Browser, text string) handlerstest.Page {
	return admin.Get(customersPage + "?q=" + url.QueryEscape(text)).Status(200)
}

func TestN_CustomersAreListedWithWhatIsKnownOfThem(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	s.Visitor("").OpenTicket("support", "new@example.org", "The first of two")
	s.Visitor("").OpenTicket("support", "new@example.org", "The second of two")
	admin := s.Member("admin@example.com")
	list := admin.Get(customersPage).Status(200).Has("Ada Byron", "ada@example.org", "Confirmed", "Unconfirmed", `<a class="nav__link" href="/desk/settings/customers" aria-current="page">`)
	if got := strings.Join(rows(list), ", "); got != "Ada Byron, Joan Clarke, kim@example.org, lin@example.org, Max Mustermann, new@example.org, Omar Haddad" {
		t.Errorf("listed are %s", got)
	}
	link := regexp.MustCompile(customersPage + `/\d+" dir="auto">new@`).FindString(list.Body)
	admin.Get(strings.TrimSuffix(link, `" dir="auto">new@`)).Status(200).Has("<dd>2</dd>", "no: nobody has opened a mailed link yet", "20 Nov 2026")
}

func TestN_CustomersAreFoundByTheBeginningOfAddressOrName(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	admin := s.Member("admin@example.com")
	known(admin, "support", "a_1%x@example.org", "O'Hara \"The\" 100%_sure")
	known(admin, "support", "zoe@example.org", "Émile Żółw")
	known(admin, "support", "maximal@example.org", "Another")
	for text, want := range map[string]string{
		"ada@":                     "Ada Byron",
		"ADA b":                    "Ada Byron",
		"  ada   byron ":           "Ada Byron",
		"byron":                    "",                        // the beginning alone
		"max":                      "Max Mustermann, Another", // each of them once: by address, then by name
		"an":                       "Another",
		"éMILE żó":                 "Émile Żółw",
		"o'hara":                   "O&#39;Hara &#34;The&#34; 100%_sure",
		"o'hara \"the\" 100%_":     "O&#39;Hara &#34;The&#34; 100%_sure",
		"a_1%":                     "O&#39;Hara &#34;The&#34; 100%_sure",
		"%":                        "",
		"_":                        "",
		"ada%":                     "",
		"' or 1=1 --":              "",
		"مرحبا":                    "",
		"👩‍👩‍👧":                    "",
		"\x00\xff\u202eada":        "",
		"\U0010FFFF":               "",
		strings.Repeat("a", 10000): "",
		strings.Repeat("ä", 2000):  "",
	} {
		page := search(admin, text)
		if got := strings.Join(rows(page), ", "); got != want {
			t.Errorf("%.30q finds %s, want %s", text, got, want)
		}
		if want == "" {
			page.Has("Nobody found", `href="/desk/settings/customers">All customers`)
		}
		if kept := page.Form(customersPage).Get("q"); !strings.Contains(text, "\x00") && kept != strings.Join(strings.Fields(text), " ") {
			t.Errorf("%.30q came back as %.30q", text, kept)
		}
	}
}

func TestN_CustomersComeInPages(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	admin := s.Member("admin@example.com")
	for i := range 60 { // found by their address, by their name, and by both
		known(admin, "support", fmt.Sprintf("%s%02d@example.org", []string{"zz", "by"}[i%2], i), fmt.Sprintf("%s %02d", []string{"zz", "by"}[i/2%2], i))
	}
	for text, want := range map[string]int{"": 66, "zz": 45} {
		seen, pages := map[string]bool{}, 0
		for page := search(admin, text); ; pages++ {
			for _, name := range rows(page) {
				if seen[name] {
					t.Errorf("%q: %s stands there twice", text, name)
				}
				seen[name] = true
			}
			more := regexp.MustCompile(`rel="next" href="([^"]*)"`).FindStringSubmatch(page.Body)
			if more == nil {
				break
			}
			page = admin.Get(strings.ReplaceAll(more[1], "&amp;", "&")).Status(200).Has("First page").HasNot("Nobody found")
		}
		if len(seen) != want || want > 50 && pages == 0 {
			t.Errorf("%q: %d customers on %d pages, want %d", text, len(seen), pages+1, want)
		}
	}
	for _, nowhere := range []string{"after=999999", "after=999999&by=name", "after=nonsense", "after=-1", "after=99999999999999999999"} {
		if got := rows(admin.Get(customersPage + "?q=zz&" + nowhere).Status(200)); len(got) != 45 {
			t.Errorf("%s: %d customers, want those of the beginning", nowhere, len(got))
		}
	}
}

func TestN_OneWorkspacesCustomersAreNoOthers(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	acme, globex := s.Member("admin@example.com"), s.Member("admin@globex.example")
	known(acme, "support", "both@example.org", "Known at Acme")
	known(globex, "help", "both@example.org", "Known at Globex")
	of := regexp.MustCompile(customersPage + `/(\d+)`).FindStringSubmatch(search(acme, "both@").Body)[1]
	theirs := customersPage + "/" + of
	globex.Get(customersPage).Status(200).Has("Known at Globex").HasNot("Acme", "ada@example.org", theirs+`"`)
	search(globex, "both@").Has("Known at Globex").HasNot("Acme")
	search(globex, "ada").Has("Nobody found").HasNot("ada@example.org")
	globex.Get(theirs).Status(404).HasNot("both@", "Acme")
	globex.Post(theirs, url.Values{"name": {"Taken"}}).Status(404)
	globex.Get(linksPage+"?customer="+of).Status(404).HasNot("both@", "Acme")
	globex.Get(customersPage + "?q=b&after=" + of).Status(200).Has("Known at Globex").HasNot("Acme") // no place here: the beginning
	acme.Get(theirs).Has("Known at Acme")
}

func TestN_ACustomersNameIsCorrected(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	admin := s.Member("admin@example.com")
	path := regexp.MustCompile(customersPage + `/\d+`).FindString(search(admin, "ada").Body)
	form := admin.Get(path).Status(200).Has("ada@example.org").Form(path)
	form.Set("name", strings.Repeat("Ä", 101))
	if again := admin.Post(path, form).Status(422).Has(`href="#name"`, "Shorten the name").Form(path); again.Get("name") != form.Get("name") {
		t.Errorf("what was typed came back as %q", again.Get("name"))
	}
	form.Set("name", "  Ada   King ")
	admin.Follow(admin.Post(path, form)).Status(200).Has("Saved.", "Ada King")
	search(admin, "ada k").Has("Ada King")
	search(admin, "ada b").Has("Nobody found")
	s.Member("agent@example.com").Get("/desk/tickets/1").Has("Ada Byron") // a ticket keeps the name it came with
	signedIn(t, s, "ada@example.org").Get("/ticket/support").Has("Ada King")
	form.Set("name", "")
	admin.Follow(admin.Post(path, form)).Status(200).Has("Saved.", `<h1 dir="auto">ada@example.org</h1>`)
	for _, none := range []string{"999999", "nonsense", "-1", "1.5"} {
		admin.Get(customersPage + "/" + none).Status(404)
		admin.Post(customersPage+"/"+none, form).Status(404)
	}
}

func TestD1_ALinkIsMadeForACustomerFromTheirPage(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	makeLink(t, s, "mary@example.org", "support", "30")
	admin := s.Member("admin@example.com")
	linksOf := func(name string) string {
		customer := regexp.MustCompile(customersPage + `/\d+`).FindString(search(admin, name).Body)
		return regexp.MustCompile(linksPage + `\?customer=\d+`).FindString(admin.Get(customer).Status(200).Body)
	}
	path := linksOf("joan")
	page := admin.Get(path).Status(200).Has("Intake links of <bdi>Joan Clarke</bdi>", "made by Grace Alder").HasNot("mary@example.org")
	form := page.Form(linksPage)
	if form.Get("email") != "joan@example.org" || form.Get("name") != "Joan Clarke" {
		t.Errorf("filled in are %v", form)
	}
	admin.Follow(admin.Post(linksPage, form)).Status(200).Has("The link is made")
	if n := strings.Count(admin.Get(path).Body, "/revoke"); n != 2 {
		t.Errorf("%d links of hers are listed, want 2", n)
	}
	none := linksOf("kim")
	admin.Get(none).Status(200).Has("No links yet", `value="kim@example.org"`).HasNot("joan@")
	for _, wrong := range []string{"0", "-1", "999999", "nonsense"} {
		admin.Get(linksPage + "?customer=" + wrong).Status(404)
	}
}
