package views

import (
	"io/fs"
	"regexp"
	"strings"
	"testing"
)

const (
	sets  = "sets what is so already"
	ends  = "ends what has ended"
	gives = "gives the file again"
	mails = "is the same page for everybody, and its mails are counted"
	opens = "opens a door that is closed for good then: it opens for nobody twice"
)

// comesTwice are the forms that have no key, and why: what they do is the same once or twice.
var comesTwice = map[string]string{
	`admin/attachments.html class="form card" id="form" action="/desk/settings/attachments"`:  sets,
	`admin/customer.html class="form card section" id="form" action="{{.URL}}"`:               sets,
	`admin/domains.html action="{{.}}"`:                                                       sets,
	`admin/limits.html class="form card" id="form" action="/desk/settings/limits"`:            sets,
	`admin/mail.html class="form card" id="form" action="/desk/settings/mail"`:                sets,
	`admin/member.html class="form card" id="form" action="{{.URL}}"`:                         sets,
	`admin/members.html class="form card" action="/desk/settings/members/codes"`:              sets,
	`admin/part.html class="form card" id="form" action="{{.Action}}"`:                        sets,
	`admin/portal.html class="form card" id="form" action="/desk/settings/portal"`:            sets,
	`admin/project.html class="form card" id="form" action="{{.Action}}"`:                     sets,
	`admin/sign_in.html class="form card" id="form" action="/desk/settings/sign-in"`:          sets,
	`admin/template.html id="order" action="{{.Order}}"`:                                      sets,
	`admin/template.html class="form section" id="form" action="{{.Action}}"`:                 sets,
	`admin/templates.html class="form" action="{{.Action}}"`:                                  sets,
	`admin/tickets.html class="form card" id="form" action="/desk/settings/tickets"`:          sets,
	`admin/workspace.html class="form card" action="/desk/settings/workspace/logo"`:           sets,
	`desk/account.html class="form card" id="form" action="/desk/account"`:                    sets,
	`desk/ticket.html class="form section" action="{{.URL}}/priority"`:                        sets,
	`desk/ticket.html class="form section" action="{{.URL}}/labels"`:                          sets,
	`desk/ticket.html class="form" action="{{.URL}}/status"`:                                  sets,
	`desk/ticket.html class="form section" action="{{.URL}}/assignee"`:                        sets,
	`desk/view.html class="form card" id="form" action="{{.Action}}"`:                         sets,
	`partials/frame.html action="{{.Action}}"`:                                                sets,
	`portal/thread.html action="{{.SubscribeURL}}"`:                                           sets,
	`portal/unsubscribe.html action="{{.UndoAction}}"`:                                        sets,
	`portal/unsubscribe.html action="{{.Action}}"`:                                            sets,
	`portal/erasure.html action="{{.Action}}"`:                                                sets,
	`admin/intake_links.html action="{{.}}"`:                                                  ends,
	`admin/member.html action="{{.URL}}/codes"`:                                               ends,
	`admin/members.html action="{{.Withdraw}}"`:                                               ends,
	`admin/workspace.html class="form section" action="/desk/settings/workspace/logo/remove"`: ends,
	`desk/ticket.html action="{{$.URL}}/related/{{.Number}}/remove"`:                          ends,
	`layouts/desk.html action="/desk/logout"`:                                                 ends,
	`layouts/portal.html action="/tickets/logout"`:                                            ends,
	`partials/sessions.html action="{{$.Action}}"`:                                            ends,
	`partials/sessions.html class="section" action="{{.Action}}"`:                             ends,
	`portal/privacy.html action="{{.Withdraw}}"`:                                              ends,
	`portal/sessions.html action="/tickets/logout"`:                                           ends,
	`admin/audit.html class="section" action="/desk/settings/audit/export"`:                   gives,
	`admin/export.html class="form card" action="{{.Action}}"`:                                gives,
	`desk/recovery_codes.html class="card" action="/desk/account/codes/download"`:             gives,
	`portal/privacy.html action="{{.Download}}"`:                                              gives,
	`admin/attachments.html action="/desk/settings/attachments/run"`:                          "asks for a run, of which one waits at the most",
	`admin/domains.html action="{{.Check}}"`:                                                  "looks again",
	`desk/codes.html class="card" action="/desk/account/codes/begin"`:                         "shows the secret that is to be confirmed",
	`desk/login.html class="form" id="form" action="/desk/login"`:                             "makes a session that ends by itself, on a page that is the same for everybody",
	`desk/forgot.html class="form" id="form" action="/desk/password"`:                         mails, `portal/login.html class="form" id="form" action="/tickets/login"`: mails,
	`partials/form.html class="form" id="form" action="{{.Action}}"`:   mails,
	`desk/join.html class="form card" id="form" action="{{.Action}}"`:  opens,
	`desk/setup.html class="form card" id="form" action="{{.Action}}"`: opens,
	`partials/form.html id="kept" action="{{.Back}}"`:                  "carries the key of the form that it brings back",
}

var postedForm = regexp.MustCompile(`(?s)<form([^>]*) method="post"(.*?)</form>`)

// Whoever clicks a button twice gets what one click gets: each form has a key, or is listed with why it needs none.
func TestEachFormThatActsTwiceHasAKey(t *testing.T) {
	t.Parallel()
	listed := map[string]bool{}
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := fs.ReadFile(files, name)
		for _, form := range postedForm.FindAllStringSubmatch(string(body), -1) {
			which := name + " " + strings.TrimSpace(form[1])
			keyed := strings.Contains(form[2], `{{once}}`) || strings.Contains(form[2], `name="once"`) || strings.Contains(form[2], `name="form_key"`)
			listed[which] = true
			switch why := comesTwice[which]; {
			case !keyed && why == "":
				t.Errorf("%s: put {{once}} into it, or say why it needs none", which)
			case keyed && why != "":
				t.Errorf("%s has a key, and is listed", which)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for which := range comesTwice {
		if !listed[which] {
			t.Errorf("%s is listed, and is nowhere", which)
		}
	}
}
