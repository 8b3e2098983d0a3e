package handlers_test

import (
	"net/url"
	"strings"
	"testing"

	"deskbell/handlers/handlerstest"
)

const templates = "/desk/settings/templates"

// The whole way of an admin: a template, its fields, where it holds, and what customers then see.
func TestN_AnAdminMakesATemplateAndCustomersAreAsked(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	admin, v := s.Member("admin@example.com"), s.Visitor("")
	admin.Get("/desk/settings").Status(200)
	list := admin.Get(templates).Status(200).Has("Every ticket", "Bug report", "Where they hold in Acme Support")
	form := list.Form(templates)
	admin.Post(templates, form).Status(422).Has(`href="#name"`, "Enter a name")
	form.Set("name", "Bug report")
	admin.Post(templates, form).Status(422).Has("has this one already", `value="Bug report"`)
	form.Set("name", "Invoices")
	made := admin.Post(templates, form).Status(303).Location
	admin.Get(made).Status(200).Has("Saved.", "No fields yet", "asks nothing")

	field := admin.Get(made + "/new").Status(200).Form(made + "/new")
	field.Set("label", "VAT number")
	field.Set("key", "vat")
	field.Set("required", "1")
	field.Set("max_length", "many")
	admin.Post(made+"/new", field).Status(422).Has(`href="#max_length"`, `value="many"`, `value="VAT number"`)
	field.Set("max_length", "20")
	admin.Follow(admin.Post(made+"/new", field)).Status(200).Has("Saved.", `id="field_vat"`)
	field.Set("label", "Another")
	admin.Post(made+"/new", field).Status(422).Has(`href="#key"`, "Choose another key")

	bindings := templates + "/bindings/support"
	holds := admin.Get(templates).Form(bindings)
	holds.Set("binding_billing", strings.TrimPrefix(made, templates+"/"))
	admin.Follow(admin.Post(bindings, holds)).Status(200).Has("Saved.")
	v.Get("/ticket/support/fields?type=billing").Has("VAT number").HasNot("order_number")
	v.Get("/ticket/support/fields?type=question").Has("order_number").HasNot("VAT number")
	holds.Set("binding_billing", "0")
	admin.Post(bindings, holds).Status(303)
	v.Get("/ticket/support/fields?type=billing").Has("order_number")
	for _, wrong := range []string{"-1", "x", "99999"} {
		holds.Set("binding_billing", wrong)
		admin.Post(bindings, holds).Status(422)
	}
}

// bugs is the demo's template of bug reports.
const bugs = templates + "/2"

func TestN_FieldsAreMovedChangedAndRemoved(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	admin, v := s.Member("admin@example.com"), s.Visitor("")
	order := func() (string, string) {
		page := v.Get("/ticket/support/fields?type=bug").Body
		first, rest, _ := strings.Cut(strings.SplitN(page, `name="field_`, 2)[1], `name="field_`)
		return first[:4], rest[:4]
	}
	admin.Post(bugs+"/fields/severity/move", url.Values{"direction": {"up"}}).Status(303)
	if a, b := order(); a != "seve" || b != "vers" {
		t.Errorf("after moving up the form begins with %s, %s", a, b)
	}
	admin.Post(bugs+"/fields/severity/move", url.Values{"direction": {"up"}}).Status(303) // it is the first
	admin.Post(bugs+"/fields/severity/move", url.Values{"direction": {"down"}}).Status(303)
	if a, b := order(); a != "vers" || b != "seve" {
		t.Errorf("after moving down the form begins with %s, %s", a, b)
	}
	admin.Post(bugs+"/fields/severity/move", url.Values{"direction": {"sideways"}}).Status(422)

	field := admin.Get(bugs+"/fields/severity").Status(200).Has("2 tickets hold answers", "minor\nmajor\nblocker").Form(bugs + "/fields/severity")
	field.Set("choices", "minor\nMinor")
	admin.Post(bugs+"/fields/severity", field).Status(422).Has(`href="#choices"`, "minor\nMinor", "two choices")
	field.Set("choices", "small\nlarge")
	admin.Post(bugs+"/fields/severity", field).Status(303)
	v.Get("/ticket/support/fields?type=bug").Has("small", "large").HasNot("blocker")
	admin.Get("/desk/tickets/2").Status(200).Has("major") // an old ticket reads as it was

	remove := bugs + "/fields/severity/delete"
	admin.Follow(admin.Post(remove, admin.Get(remove).Status(200).Has("2 tickets hold answers").Form(remove))).Has("The field is removed")
	v.Get("/ticket/support/fields?type=bug").HasNot("field_severity")
	admin.Get("/desk/tickets/2").Status(200).Has("Severity", "major")
	admin.Get(remove).Status(404)

	admin.Get(bugs + "/delete").Status(200).Has("Delete template")
	admin.Follow(admin.Post(bugs+"/delete", nil)).Status(200).Has("The template is deleted")
	admin.Get(bugs).Status(404)
	v.Get("/ticket/support/fields?type=bug").Has("order_number")
}

func TestN_FieldsArePutInOrderAtOnce(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	admin, v := s.Member("admin@example.com"), s.Visitor("")
	form := admin.Get(bugs).Status(200).Form(bugs + "/order")
	keys := form["order"]
	if len(keys) != 5 || keys[0] != "version" {
		t.Fatalf("the form has the order %q", keys)
	}
	keys = append(keys[1:], keys[0])
	form["order"] = keys
	form.Set("moved", "version")
	admin.Follow(admin.Post(bugs+"/order", form)).Status(200).Has("Saved.")
	stored := func() string { return strings.Join(admin.Get(bugs).Form(bugs + "/order")["order"], " ") }
	if got, want := stored(), strings.Join(keys, " "); got != want {
		t.Errorf("the order is %s, want %s", got, want)
	}
	public := v.Get("/ticket/support/fields?type=bug").HasNot(secrets...).Body
	if strings.Index(public, "field_severity") > strings.Index(public, "field_version") {
		t.Error("the public form has the old order")
	}

	admin.Header.Set("HX-Request", "true")
	admin.Post(bugs+"/order", form).Status(200).HasNot("<html").
		Has(`id="order-news"`, "“Version” is number 5 of 5 now.", `name="field_version"`)
	before := stored()
	for name, wrong := range map[string][]string{
		"less": keys[1:], "more": append([]string{"new"}, keys...), "twice": append([]string{keys[1]}, keys[1:]...), "none": nil,
	} {
		form["order"] = wrong
		page := admin.Post(bugs+"/order", form).Status(409).Has("The fields have changed", `href="`+bugs+`"`).HasNot("<html")
		if page.Header.Get("HX-Retarget") != "#problem" {
			t.Errorf("%s: the list would be replaced by a problem", name)
		}
	}
	admin.Header.Del("HX-Request")
	admin.Post(bugs+"/order", form).Status(409).Has("<html", "The fields have changed", `href="`+bugs+`"`)
	if got := stored(); got != before {
		t.Errorf("a refused order changed %s to %s", before, got)
	}
}

func TestN_ThePreviewIsThePublicFormsOwnBlock(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	admin := s.Member("admin@example.com")
	public := s.Visitor("").Get("/ticket/support/fields?type=bug").Body
	block := public[strings.Index(public, `<div class="field">`):strings.Index(public, `<p id="fields-news"`)]
	admin.Get(bugs).Status(200).Has(strings.TrimSpace(block), "triage_queue")

	form := admin.Get(bugs + "/fields/steps").Status(200).Form(bugs + "/fields/steps")
	form.Set("label", "What <b>went</b> wrong")
	form.Set("action", "preview")
	admin.Post(bugs+"/fields/steps", form).Status(200).Has("<html", "What &lt;b&gt;went&lt;/b&gt; wrong", `name="field_steps"`)
	admin.Header.Set("HX-Request", "true")
	admin.Post(bugs+"/fields/steps", form).Status(200).Has("What &lt;b&gt;went&lt;/b&gt; wrong").HasNot("<html")
	form.Set("visibility", "hidden")
	admin.Post(bugs+"/fields/steps", form).Status(200).Has("Customers see nothing").HasNot(`name="field_steps"`)
	s.Visitor("").Get("/ticket/support/fields?type=bug").HasNot("went") // a preview saves nothing
}

func TestC4_TheInspectorTellsWhatLeavesAndWhatStays(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	page := s.Member("admin@example.com").Get(templates+"/browser/support/bug").Status(200).
		Has("&lt;input id=&#34;field_version&#34;", "triage-queue-7", "tier-standard-9", "maintenance rota")
	sent := page.Body[strings.Index(page.Body, "<pre"):strings.Index(page.Body, "</pre>")]
	for _, secret := range secrets {
		if strings.Contains(sent, secret) {
			t.Errorf("what is sent has %s", secret)
		}
	}
	s.Member("admin@example.com").Get(templates + "/browser/support/nonsense").Status(404)
}

func TestM1_AnotherWorkspacesTemplatesDoNotExist(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	stranger := s.Visitor("")
	stranger.Post("/desk/login", url.Values{"email": {"admin@globex.example"}, "password": {"deskbell-demo"}}).Status(303)
	stranger.Get(templates).Status(200).HasNot("Bug report", "Acme Support")
	for _, path := range []string{bugs, bugs + "/new", bugs + "/delete", bugs + "/fields/version", bugs + "/fields/version/delete", templates + "/browser/support/bug"} {
		stranger.Get(path).Status(404)
	}
	for _, path := range []string{bugs, bugs + "/new", bugs + "/delete", bugs + "/fields/version", bugs + "/fields/version/move", bugs + "/fields/version/delete", bugs + "/order", templates + "/bindings/support"} {
		stranger.Post(path, url.Values{"name": {"x"}, "direction": {"up"}, "binding_": {"1"}}).Status(404)
	}
	stranger.Post(templates+"/bindings/help", url.Values{"binding_": {"2"}}).Status(422) // of the other workspace
	s.Visitor("globex.localhost").Get("/ticket/help").HasNot("field_version")
}

func TestP5_OddTemplateFieldsGetAClearAnswer(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	admin := s.Member("admin@example.com")
	action := bugs + "/fields/version"
	form := admin.Get(action).Status(200).Form(action)
	whole, err := s.DB.Template(t.Context(), 1, 2)
	if err != nil {
		t.Fatal(err)
	}
	for name := range form {
		for what, value := range odd {
			changed := url.Values{"action": {"save"}}
			for k, v := range form {
				changed[k] = v
			}
			changed[name] = []string{value}
			page := admin.Post(action, changed)
			if page.Code >= 500 || page.Code == 404 {
				t.Errorf("%s in %s gives %d", what, name, page.Code)
			}
			page.HasNot("<script>alert")
			if page.Code == 303 { // what was taken must still be a template that can be asked
				s.Visitor("").Get("/ticket/support/fields?type=bug").Status(200).HasNot("<script>alert")
				if err := s.DB.SetFields(t.Context(), 1, 2, whole.Fields); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	if strings.Contains(s.Log.String(), "level=ERROR") {
		t.Errorf("the log has errors:\n%s", s.Log)
	}
}
