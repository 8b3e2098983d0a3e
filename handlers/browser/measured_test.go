package browser_test

import (
	"net/http"
	"testing"

	"deskbell/handlers/handlerstest"
)

// measured are the pages that Lighthouse rates: of each kind the one that is opened most.
var measured = []struct {
	route, path string // no path: that of the mailed thread
	indexed     bool   // search engines are to find it
}{
	{"/ticket/:project", "/ticket/support", false},
	{"/ticket/thread/:token", "", false},
	{"/tickets", "/tickets", false},
	{"/doc/:project", "/doc/support", true},
	{"/doc/:project/:slug", "/doc/support/print-labels", true},
	{"/desk", "/desk", false},
	{"/desk/tickets/:number", "/desk/tickets/7", false},
	{"/desk/settings/workspace", "/desk/settings/workspace", false},
}

// unmeasured are the other pages, by the reason for which Lighthouse, which takes seconds, need not rate them too.
// The walk through every page holds them to axe, to a silent console and to standing still.
var unmeasured = map[string][]string{
	"the thread, by another door": {"/tickets/:ref", "/desk/tickets/:number/preview"},
	"the inbox, with a filter":    {"/desk/views/:id"},
	"a few lines or one short form, of the creation form's parts and in its frame": {
		"/", "/ticket/:project/sent", "/ticket/thread/:token/replace", "/ticket/thread/lost", "/ticket/thread/lost/sent",
		"/ticket/unsubscribe/:token", "/tickets/:ref/replace", "/tickets/login", "/tickets/login/:token", "/tickets/login/sent",
		"/tickets/privacy", "/tickets/privacy/erasure", "/tickets/sessions",
	},
	"the last page of a sign-in's window": {"/ticket/:project/identity/done", "/ticket/:project/identity/handover"},
	"one short form before the desk, of the settings' parts": {
		"/desk/login", "/desk/login/code", "/desk/password", "/desk/password/sent", "/desk/join/:token", "/desk/setup/:token",
	},
	"a list or a form in the desk's frame, of the inbox's and the ticket's parts": {
		"/desk/account", "/desk/account/codes", "/desk/numbers", "/desk/outbox", "/desk/outbox/:id", "/desk/tickets/:number/fields",
		"/desk/tickets/:number/merge", "/desk/tickets/:number/attachments/:file/remove",
		"/desk/tickets/:number/recipients/:recipient/remove",
	},
	"for those who work on Deskbell": {"/desk/components"},
	"a form or a list of the settings, of the measured one's parts": {
		"/desk/settings", "/desk/settings/attachments", "/desk/settings/audit", "/desk/settings/customers", "/desk/settings/customers/:id",
		"/desk/settings/documents", "/desk/settings/documents/:id", "/desk/settings/documents/new", "/desk/settings/domains",
		"/desk/settings/export", "/desk/settings/intake-links", "/desk/settings/labels", "/desk/settings/labels/:id",
		"/desk/settings/limits", "/desk/settings/mail", "/desk/settings/members", "/desk/settings/members/:id",
		"/desk/settings/portal", "/desk/settings/privacy", "/desk/settings/projects", "/desk/settings/projects/:id",
		"/desk/settings/projects/:id/statuses", "/desk/settings/projects/:id/statuses/:part", "/desk/settings/projects/:id/types",
		"/desk/settings/projects/:id/types/:part", "/desk/settings/projects/new", "/desk/settings/saved-replies",
		"/desk/settings/saved-replies/:id", "/desk/settings/saved-replies/new", "/desk/settings/sign-in", "/desk/settings/start",
		"/desk/settings/status", "/desk/settings/templates", "/desk/settings/templates/:id", "/desk/settings/templates/:id/new",
		"/desk/settings/templates/:id/fields/:key", "/desk/settings/templates/browser/:project/:type", "/desk/settings/tickets",
	},
	"a question before something is removed, of one button": {
		"/desk/settings/customers/:id/erase", "/desk/settings/documents/:id/delete", "/desk/settings/domains/:host/remove",
		"/desk/settings/labels/:id/delete", "/desk/settings/members/:id/remove",
		"/desk/settings/projects/:id/statuses/:part/delete", "/desk/settings/projects/:id/types/:part/delete",
		"/desk/settings/saved-replies/:id/delete", "/desk/settings/templates/:id/delete",
		"/desk/settings/templates/:id/fields/:key/delete",
	},
}

// A new page is rated too, or says why not.
func TestI1_EveryPageIsMeasuredOrSaysWhyNot(t *testing.T) {
	t.Parallel()
	entries := map[string]int{}
	for _, page := range measured {
		entries[page.route]++
	}
	for _, routes := range unmeasured {
		for _, route := range routes {
			entries[route]++
		}
	}
	for _, r := range handlerstest.Start(t).Routes {
		if r.Method != http.MethodGet || unseen[r.Path] != "" {
			continue
		}
		if entries[r.Path] != 1 {
			t.Errorf("%s has %d entries among the measured and the unmeasured pages, want one", r.Path, entries[r.Path])
		}
		delete(entries, r.Path)
	}
	for route := range entries {
		t.Errorf("%s is no page", route)
	}
}
