package handlers_test

import (
	"encoding/csv"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"deskbell/db"
	"deskbell/handlers/handlerstest"
)

const auditPage = "/desk/settings/audit"

// audited is how an admin uses a form of the settings, and what the audit log says of it then.
type audited struct {
	page, action string // of the form; a page without a form that is posted as it stands has no page
	change       url.Values
	line         []string
}

// auditedRoutes has every change of the settings, by its route. Those that need an order stand together in
// one test's walk below.
var auditedRoutes = map[string]audited{
	"/workspace":                          {page: "/workspace", change: url.Values{"name": {"Acme Two"}}, line: []string{"Workspace changed", "Name: “Acme” → “Acme Two”"}},
	"/domains":                            {page: "/domains", change: url.Values{"host": {"localhost"}}, line: []string{"Page domain added", "localhost"}},
	"/labels":                             {page: "/labels", change: url.Values{"name": {"Zebra"}}, line: []string{"Label added", "Zebra"}},
	"/saved-replies/new":                  {page: "/saved-replies/new", change: url.Values{"name": {"Zebra"}, "body": {"Hello"}}, line: []string{"Saved reply added", "Zebra"}},
	"/saved-replies/:id":                  {page: "/saved-replies/1", change: url.Values{"name": {"Zebra"}}, line: []string{"Saved reply changed", "→ “Zebra”"}},
	"/saved-replies/:id/delete":           {page: "/saved-replies/1/delete", line: []string{"Saved reply deleted"}},
	"/labels/:id":                         {page: "/labels/1", change: url.Values{"name": {"Zebra"}}, line: []string{"Label changed", "→ “Zebra”"}},
	"/labels/:id/delete":                  {page: "/labels/1/delete", line: []string{"Label deleted"}},
	"/workspace/logo/remove":              {action: "/workspace/logo/remove", line: []string{"Logo removed"}},
	"/portal":                             {page: "/portal", change: url.Values{"public_replies": nil}, line: []string{"Portal changed", "Replies: “on” → “off”"}},
	"/limits":                             {page: "/limits", change: url.Values{"create_per_day": {"21"}}, line: []string{"Limits changed", "New tickets in a day: “20” → “21”"}},
	"/attachments":                        {page: "/attachments", change: url.Values{"max_file_mb": {"9"}}, line: []string{"Rules for attachments changed", "Megabytes of a file: “10” → “9”"}},
	"/mail/test":                          {page: "/mail", action: "/mail/test", change: url.Values{"to": {"me@example.org"}}, line: []string{"Test message sent"}},
	"/attachments/run":                    {action: "/attachments/run", line: []string{"Retention run asked for"}},
	"/tickets":                            {page: "/tickets", change: url.Values{"auto_close_after": {"40"}}, line: []string{"Rules for tickets changed", "→ “40”"}},
	"/mail":                               {page: "/mail", change: url.Values{"first_mails_per_hour": {"77"}}, line: []string{"Rules for mail changed", "→ “77”"}},
	"/sign-in":                            {page: "/sign-in", change: url.Values{"kind": {"discord"}, "client_id": {"123"}, "client_secret": {"hush-hush"}}, line: []string{"Sign-in providers changed", "Kind: “standard” → “discord”", "Client secret: changed"}},
	"/projects/new":                       {page: "/projects/new", change: url.Values{"name": {"Zebra"}, "public_id": {"zebra"}}, line: []string{"Project added", "Zebra"}},
	"/projects/:id/types":                 {page: "/projects/1/types", change: url.Values{"name": {"Zebra"}}, line: []string{"Ticket type added", "Acme Support: Zebra"}},
	"/projects/:id/types/:part":           {page: "/projects/1/types/bug", change: url.Values{"name": {"Zebra"}}, line: []string{"Ticket type renamed", "Name: “Bug” → “Zebra”"}},
	"/projects/:id/types/:part/move":      {page: "/projects/1/types", action: "/projects/1/types/bug/move", change: url.Values{"to": {"up"}}, line: []string{"Ticket type moved", "Acme Support: Bug"}},
	"/projects/:id/types/:part/delete":    {page: "/projects/1/types/bug/delete", change: url.Values{"replacement": {"question"}}, line: []string{"Ticket type deleted", "Acme Support: Bug"}},
	"/projects/:id/statuses":              {page: "/projects/1/statuses", change: url.Values{"name": {"Zebra"}, "category": {"open"}}, line: []string{"Status added", "Acme Support: Zebra"}},
	"/projects/:id/statuses/:part":        {page: "/projects/1/statuses/1", change: url.Values{"name": {"Zebra"}}, line: []string{"Status renamed", "Name: “Open” → “Zebra”"}},
	"/projects/:id/statuses/:part/move":   {page: "/projects/1/statuses", action: "/projects/1/statuses/1/move", change: url.Values{"to": {"down"}}, line: []string{"Status moved", "Acme Support: Open"}},
	"/projects/:id/statuses/:part/delete": {page: "/projects/1/statuses/1/delete", change: url.Values{"replacement": {"2"}}, line: []string{"Status deleted", "Acme Support: Open"}},
	"/projects/:id":                       {page: "/projects/1", change: url.Values{"intake": {"closed"}}, line: []string{"Project changed", "Acme Support", "Public intake: “open” → “closed”"}},
	"/members":                            {page: "/members", change: url.Values{"email": {"new@example.com"}, "name": {"Nell New"}, "role": {"agent"}}, line: []string{"Member invited", "Nell New"}},
	"/members/codes":                      {page: "/members", action: "/members/codes", change: url.Values{"require_codes": {"1"}}},
	"/members/:id/codes":                  {action: "/members/2/codes", line: []string{"Sign-in codes turned off", "Tomás Reyes"}},
	"/members/:id":                        {page: "/members/2", change: url.Values{"name": {"Tom Reyes"}}, line: []string{"Member changed", "Name: “Tomás Reyes” → “Tom Reyes”"}},
	"/members/:id/password":               {action: "/members/2/password", line: []string{"Link for a new password made", "Tomás Reyes"}},
	"/members/:id/remove":                 {page: "/members/2/remove", line: []string{"Member removed", "Tomás Reyes"}},
	"/customers/:id":                      {page: "/customers/1", change: url.Values{"name": {"Somebody Else"}}, line: []string{"Customer’s name changed", "Somebody Else", "Name: changed"}},
	"/customers/:id/erase":                {page: "/customers/1/erase", line: []string{"Customer erased"}},
	"/export":                             {page: "/export", line: []string{"Workspace exported"}},
	"/audit/export":                       {page: "/audit", action: "/audit/export", line: []string{"Audit log exported"}},
	"/intake-links":                       {page: "/intake-links", change: url.Values{"email": {"zed@example.org"}, "name": {"Zed"}}, line: []string{"Intake link made", "Zed", "Acme Support"}},
	"/documents/new":                      {page: "/documents/new", change: url.Values{"title": {"Walrus care"}, "body": {"Fish."}, "action": {"publish"}}, line: []string{"Document added", "Walrus care", "→ “published”"}},
	"/documents/:id":                      {page: "/documents/1", change: url.Values{"title": {"Otherwise"}, "body": {"Other."}, "action": {"publish"}}, line: []string{"Document changed", "→ “Otherwise”", "Text: changed"}},
	"/documents/:id/delete":               {page: "/documents/1/delete", line: []string{"Document deleted"}},
	"/templates":                          {page: "/templates", change: url.Values{"name": {"Invoices"}}, line: []string{"Template added", "Invoices"}},
	"/templates/bindings/:project":        {page: "/templates", action: "/templates/bindings/support", change: url.Values{"binding_billing": {"2"}}, line: []string{"Project’s templates changed", "Billing: nothing → “Bug report”"}},
	"/templates/:id":                      {page: "/templates/2", change: url.Values{"name": {"Faults"}}, line: []string{"Template renamed", "“Bug report” → “Faults”"}},
	"/templates/:id/delete":               {page: "/templates/2/delete", line: []string{"Template deleted", "Bug report"}},
	"/templates/:id/order":                {action: "/templates/2/order", change: url.Values{"order": {"steps", "version", "severity", "triage_queue", "service_tier"}}, line: []string{"Template’s fields changed", "Order of fields: changed"}},
	"/templates/:id/new":                  {page: "/templates/2/new", change: url.Values{"label": {"Browser"}, "key": {"browser"}}, line: []string{"Template’s fields changed", "Field added: nothing → “Browser”"}},
	"/templates/:id/fields/:key":          {page: "/templates/2/fields/severity", change: url.Values{"help": {"How bad"}}, line: []string{"Template’s fields changed", "Field Severity: changed"}},
	"/templates/:id/fields/:key/move":     {action: "/templates/2/fields/severity/move", change: url.Values{"direction": {"up"}}, line: []string{"Template’s fields changed", "Order of fields: changed"}},
	"/templates/:id/fields/:key/delete":   {page: "/templates/2/fields/severity/delete", line: []string{"Template’s fields changed", "Field removed: “Severity” → nothing"}},
}

// elsewhere are changes that another test of this file proves, because their addresses come into being first.
var elsewhere = map[string]bool{
	"/workspace/logo": true, "/members/links/:link/withdraw": true, "/intake-links/:link/revoke": true,
	"/domains/:host/primary": true, "/domains/:host/remove": true, // by the tests of page domains
	"/domains/:host/check": true, // changes nothing
}

func TestN_EveryChangeOfTheSettingsHasItsLine(t *testing.T) {
	t.Parallel()
	for _, r := range handlerstest.Start(t).Routes {
		route, ok := strings.CutPrefix(r.Path, "/desk/settings")
		if !ok || r.Method != "POST" || elsewhere[route] {
			continue
		}
		t.Run(route, func(t *testing.T) {
			t.Parallel()
			try, ok := auditedRoutes[route]
			if !ok {
				t.Fatal("nothing says what the audit log has of this route")
			}
			s := handlerstest.Start(t)
			admin := s.Member("admin@example.com")
			before, _, err := s.DB.Audit(t.Context(), 1, db.AuditFilter{})
			if err != nil {
				t.Fatal(err)
			}
			use(admin, try)
			lines, _, err := s.DB.Audit(t.Context(), 1, db.AuditFilter{Below: db.AuditPlace{}})
			if err != nil || len(lines) == 0 || lines[0].ID == before[0].ID || lines[0].Actor != "Grace Alder" || lines[1].ID != before[0].ID {
				t.Fatalf("not one line more by the admin: %+v after %+v, %v", lines[:2], before[0], err)
			}
			if route == "/members/codes" { // who has no codes sees no other page from here on
				admin.Get(auditPage).Status(303)
				if got := fmt.Sprint(lines[0].What, lines[0].Changes); got != "rules for members changed[Codes required: “off” → “on”]" {
					t.Errorf("the newest line is %s", got)
				}
				return
			}
			first := regexp.MustCompile(`(?s)<tbody>.*?</tr>`).FindString(admin.Get(auditPage).Status(200).Body)
			for _, want := range try.line {
				if !strings.Contains(first, want) {
					t.Errorf("the newest line lacks %q:\n%s", want, first)
				}
			}
			if strings.Contains(first, "hush") || strings.Contains(first, "@") {
				t.Errorf("the line has a secret or an address:\n%s", first)
			}
		})
	}
}

// use fills in a form of the settings and sends it.
func use(admin *handlerstest.Browser, try audited) {
	form, action := url.Values{}, try.action
	if action == "" {
		action = try.page
	}
	if try.page != "" {
		form = admin.Get("/desk/settings" + try.page).Status(200).Form("/desk/settings" + action)
	}
	for field, values := range try.change {
		form[field] = values
	}
	if strings.HasSuffix(action, "/erase") {
		page := admin.Get("/desk/settings" + try.page).Body
		form.Set("address", regexp.MustCompile(`[\w.]+@[\w.]+\w`).FindString(page))
	}
	if page := admin.Post("/desk/settings"+action, form); page.Code != 303 && page.Code != 200 {
		page.Status(303)
	}
}

func TestN_LogosLinksAndSignInsHaveTheirLinesToo(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	admin := s.Member("admin@example.com")
	newest := func(what ...string) {
		t.Helper()
		page := admin.Get(auditPage).Status(200)
		first := regexp.MustCompile(`(?s)<tbody>.*?</tr>`).FindString(page.Body)
		for _, text := range what {
			if !strings.Contains(first, text) {
				t.Fatalf("the newest line lacks %q:\n%s", text, first)
			}
		}
	}
	newest("Signed in", "Grace Alder")
	admin.Follow(upload(admin, picture(t, 60, 60)))
	newest("Logo set", "Logo: changed")
	admin.Post(membersPage, url.Values{"email": {"new@example.com"}, "name": {"Nell New"}, "role": {"agent"}}).Status(303)
	withdraw := withdrawal.FindString(admin.Get(membersPage).Body)
	for range 2 { // the second time there is nothing to withdraw, and nothing to note
		admin.Post(withdraw, url.Values{}).Status(303)
	}
	newest("Member’s link withdrawn", "Nell New")
	revoke := regexp.MustCompile(`/desk/settings/intake-links/[\w-]+/revoke`).FindString(admin.Get("/desk/settings/intake-links").Body)
	admin.Post(revoke, url.Values{}).Status(303)
	newest("Intake link revoked", "Joan Clarke")
	join(s.Visitor(""), invite(t, s, "ann@example.com", "Ann", "agent"), newPassword).Status(303)
	admin.Get(auditPage+"?about=member").Has("Joined by a link", "Ann")
	agent := s.Member("agent@example.com")
	agent.Get("/desk/export.csv").Status(200)
	newest("Tickets exported", "Tomás Reyes")
	agent.Get(auditPage).Status(403)
	s.Member("admin@globex.example").Get(auditPage).Status(200).HasNot("Acme", "Grace", "Joan")
}

func TestN_ASettingThatIsSavedAsItWasLeavesNoLine(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	admin := s.Member("admin@example.com")
	before := admin.Get(auditPage).Body
	for _, page := range []string{"/workspace", "/portal", "/limits", "/attachments", "/tickets", "/mail", "/projects/1", "/members/2", "/templates/2/fields/severity"} {
		use(admin, audited{page: page})
		admin.Get("/desk/settings" + page)
	}
	if after := admin.Get(auditPage).Body; after != before {
		t.Errorf("the log has changed:\n%s", after)
	}
}

func TestN_TheAuditLogIsFilteredByItsURLAndPaged(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	admin := s.Member("admin@example.com")
	for n := range 60 {
		if err := s.DB.SetTicketRules(t.Context(), 1, n+100); err != nil {
			t.Fatal(err)
		}
	}
	s.Clock.Move(48 * time.Hour)
	set(t, s, "/desk/settings/portal", map[string]string{"suggestions": ""})
	first := admin.Get(auditPage+"?about=tickets").Status(200).Has("The server", "→ “159”", "rel=\"next\"").HasNot("Portal changed", "→ “105”")
	next := regexp.MustCompile(`rel="next" href="([^"]+)"`).FindStringSubmatch(first.Body)[1]
	admin.Get(strings.ReplaceAll(next, "&amp;", "&")).Status(200).Has("→ “105”", "→ “100”", `href="/desk/settings/audit?about=tickets">Newest`).HasNot("→ “159”", "rel=\"next\"")
	admin.Get(auditPage+"?from=2026-11-22&to=2026-11-22").Status(200).Has("Portal changed", `value="2026-11-22"`).HasNot("Rules for tickets")
	admin.Get(auditPage + "?member=1&about=portal").Status(200).Has("Portal changed").HasNot("Rules for tickets")
	admin.Get(auditPage + "?member=2&about=portal").Status(200).Has("Nothing found")
	for _, odd := range []string{"?member=x&about=nonsense&from=yesterday&to=1", "?below=9", "?below=x.y", "?member=99999"} {
		admin.Get(auditPage + odd).Status(200)
	}
}

func TestM5_TheAuditLogIsExportedSafeForASpreadsheet(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	admin := s.Member("admin@example.com")
	for n := range 600 { // more than is read at once
		if err := s.DB.SetTicketRules(t.Context(), 1, n+100); err != nil {
			t.Fatal(err)
		}
	}
	set(t, s, "/desk/settings/projects/1", map[string]string{"name": "=HYPERLINK(\"http://evil.test\")"})
	set(t, s, "/desk/settings/projects/1", map[string]string{"intake": "closed"})
	page := admin.Get(auditPage).Status(200)
	file := admin.Post(auditPage+"/export", page.Form(auditPage+"/export")).Status(200)
	if got := file.Header.Get("Content-Disposition"); !strings.HasPrefix(got, "attachment") {
		t.Errorf("it is sent as %q", got)
	}
	rows, err := csv.NewReader(strings.NewReader(file.Body)).ReadAll()
	if err != nil || len(rows) < 600 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	if row := rows[2]; row[3] != `'=HYPERLINK("http://evil.test")` || row[1] != "Grace Alder" || row[2] != "Project changed" {
		t.Errorf("the row is %q", row)
	}
	for _, row := range rows {
		for _, cell := range row {
			if strings.HasPrefix(cell, "=") {
				t.Errorf("a spreadsheet runs %q", cell)
			}
		}
	}
	if rows[1][2] != "Audit log exported" {
		t.Errorf("the export is not noted: %q", rows[1])
	}
	admin.Post(auditPage+"/export", url.Values{"about": {"project"}}).Status(200).Has("Project changed").HasNot("Rules for tickets")
}

func TestJ4_TheAuditLogNamesNobodyWhoWasErased(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	admin := s.Member("admin@example.com")
	admin.Post(linksPage, url.Values{"email": {"gone@example.org"}, "name": {"Gone Girl"}, "project": {"support"}, "days": {"40"}}).Status(303)
	admin.Get(auditPage).Has("Intake link made", "Gone Girl")
	erase(t, s, "gone@example.org")
	s.Jobs.Step(t.Context())
	s.Ticket("", "support", "next@example.org", "The row's number may be given anew")
	admin.Get(auditPage).Has("Intake link made", "Erased person", "Customer erased").HasNot("Gone Girl", "gone@example.org", "next@example.org")
	admin.Post(auditPage+"/export", url.Values{}).Status(200).Has("Erased person").HasNot("Gone Girl", "gone@example.org")
}
