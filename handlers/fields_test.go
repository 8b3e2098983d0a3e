package handlers_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"deskbell/db/model"
	"deskbell/handlers/handlerstest"
)

// secrets are what the demo's templates must never tell the outside.
var secrets = []string{"triage-queue-7", "tier-standard-9", "triage_queue", "service_tier", "Triage queue", "Service tier",
	"maintenance rota", "Taken from the contract"}

// filled returns the creation form with everything that the form itself asks.
func filled(v *handlerstest.Browser, project, email, title string) url.Values {
	form := v.Get("/ticket/" + project).Status(200).Form("/ticket/" + project)
	form.Set("email", email)
	form.Set("title", title)
	form.Set("description", "Described here.")
	return form
}

// bugReport is a form of the demo's bug template, filled in.
func bugReport(v *handlerstest.Browser, email string) url.Values {
	form := filled(v, "support", email, "It broke")
	form.Set("type", "bug")
	form.Set("field_version", "4.2")
	form.Set("field_severity", "major")
	return form
}

func TestC1_ATypesOwnTemplateReplacesTheProjects(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	v := s.Visitor("")
	v.Get("/ticket/support").Status(200).Has(`name="field_order_number"`, `hx-post="/ticket/support/fields"`, "Show fields", "/static/pages.").
		HasNot("field_version", "field_severity")
	for _, ask := range []func(url.Values) handlerstest.Page{
		func(q url.Values) handlerstest.Page { return v.Get("/ticket/support/fields?" + q.Encode()) },
		func(q url.Values) handlerstest.Page { return v.Post("/ticket/support/fields", q) },
	} {
		ask(url.Values{"type": {"bug"}}).Status(200).HasNot("field_order_number", "<html").
			Has(`name="field_version"`, `name="field_severity"`, `<option value="blocker"`, `<textarea id="field_steps"`, "3 questions")
		ask(url.Values{"type": {"billing"}}).Status(200).Has(`name="field_order_number"`).HasNot("field_version")
	}
}

func TestC1_WithoutScriptAButtonShowsTheFieldsAndKeepsEverything(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	v := s.Visitor("")
	form := v.Get("/ticket/support").Form("/ticket/support")
	key := form.Get("form_key")
	form.Set("title", "Half written")
	form.Set("type", "bug")
	form.Set("show_fields", "1")
	page := v.Post("/ticket/support", form).Status(200).Has(`name="field_version"`, "Half written").
		HasNot("aria-invalid", "error-summary", "field_order_number")
	again := page.Form("/ticket/support")
	if again.Get("form_key") != key || again.Get("type") != "bug" || again.Get("title") != "Half written" {
		t.Errorf("the form came back as %v", again)
	}
	again.Set("email", "ada@example.org")
	again.Set("description", "Text")
	again.Set("field_version", "4.2")
	again.Set("field_severity", "minor")
	v.Follow(v.Post("/ticket/support", again)).Status(200)
}

func TestC1_WhatWasTypedInSharedFieldsStays(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	both := []model.Field{asks("order_number", model.FieldText), asks("browser", model.FieldText)}
	bindTemplate(t, s, "billing", "Billing", both)
	page := s.Visitor("").Post("/ticket/support/fields", url.Values{"type": {"billing"}, "field_order_number": {`AB-<1>`}, "field_browser": {""}})
	page.Status(200).Has(`value="AB-&lt;1&gt;"`, `name="field_browser"`).HasNot(`type="hidden" name="field_`)
}

func TestC1_WhatOneTypeAloneAsksSurvivesAnotherType(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	v := s.Visitor("")
	form := filled(v, "support", "ada@example.org", "There and back")
	show := func(typeKey string) {
		t.Helper()
		form.Set("type", typeKey)
		form.Set("show_fields", "1")
		form = v.Post("/ticket/support", form).Status(200).Form("/ticket/support")
	}
	form.Set("field_order_number", "AB-1234")
	show("bug")
	form.Set("field_version", `4.2 "<beta>"`)
	form.Set("field_severity", "major")
	form.Set("field_steps", "one\n\n two")
	show("question")
	show("bug")
	for name, want := range map[string]string{"field_version": `4.2 "<beta>"`, "field_severity": "major", "field_steps": "one\n\n two", "field_order_number": "AB-1234"} {
		if got := form[name]; len(got) != 1 || got[0] != want {
			t.Errorf("%s came back as %q", name, got)
		}
	}
	// A submission that fails carries it as well, and another keeps the answers of its own type alone.
	show("question")
	form.Set("title", "")
	form = v.Post("/ticket/support", form).Status(422).Form("/ticket/support")
	form.Set("title", "There and back")
	v.Post("/ticket/support", form).Status(303)
	s.Member("agent@example.com").Get("/desk/tickets/7").Status(200).Has("AB-1234").HasNot("4.2", "major", "triage-queue-7")
}

func TestB3_TheWayBackFromAnErrorPageKeepsOtherTypesAnswers(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	v := s.Visitor("")
	set(t, s, "/desk/settings/limits", map[string]string{"create_per_10_minutes": "1"})
	v.OpenTicket("support", "ada@example.org", "The first")
	form := bugReport(v, "ada@example.org")
	form.Set("type", "question")
	form.Set("show_fields", "1")
	form = v.Post("/ticket/support", form).Status(200).Form("/ticket/support")
	back := v.Post("/ticket/support", form).Status(429).Form("/ticket/support")
	back.Set("back", "1")
	s.Clock.Move(time.Hour)
	form = v.Post("/ticket/support", back).Status(200).Has(`name="field_order_number"`).Form("/ticket/support")
	if form.Get("field_version") != "4.2" || form.Get("field_severity") != "major" {
		t.Errorf("the form came back as %v", form)
	}
}

// Whether a key that nobody may know of exists cannot be told from what is echoed, nor filled in.
func TestC4_EveryUnaskedKeyIsCarriedAlike(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	v := s.Visitor("")
	for _, path := range []string{"/ticket/support", "/ticket/support/fields"} {
		answer := func(key string) string {
			form := url.Values{"type": {"bug"}, "show_fields": {"1"}, "field_" + key: {"probe"}}
			body := regexp.MustCompile(`name="(form_key|visit)" value="[^"]*"`).ReplaceAllString(v.Post(path, form).Status(200).Body, "")
			return strings.ReplaceAll(body, "field_"+key, "field_KEY")
		}
		want := answer("no_such_field")
		for _, key := range []string{"triage_queue", "service_tier", "order_number"} { // hidden, read-only, another type's
			if answer(key) != want {
				t.Errorf("%s tells %s from a key that is no field's", path, key)
			}
		}
		if !strings.Contains(want, `type="hidden" name="field_KEY" value="probe"`) {
			t.Errorf("%s does not carry what was typed:\n%s", path, want)
		}
	}
}

// asks makes a shown field.
func asks(key string, kind model.FieldKind) model.Field {
	return model.Field{PublicField: model.PublicField{Key: key, Label: "The " + key, Kind: kind}, Visibility: model.Shown}
}

// bindTemplate makes a template for a type of the first workspace's first project and returns it.
func bindTemplate(t *testing.T, s *handlerstest.Server, typeKey, name string, fields []model.Field) model.TemplateID {
	t.Helper()
	id, err := s.DB.CreateTemplate(context.Background(), 1, name, fields)
	if err == nil {
		err = s.DB.Bind(context.Background(), 1, "support", typeKey, id)
	}
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func TestC2_NoBindingMeansNoFields(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	v := s.Visitor("globex.localhost")
	v.Get("/ticket/help").Status(200).HasNot(`name="field_`, "Show fields", "hx-post")
	form := filled(v, "help", "ada@example.org", "Plain")
	form.Set("field_version", "ignored")
	v.Follow(v.Post("/ticket/help", form)).Status(200)
}

func TestC3_EveryKindIsAskedCheckedAndShown(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	colour, tags := asks("colour", model.FieldChoice), asks("tags", model.FieldChoices)
	colour.Choices, tags.Choices = []string{"Red", "Green"}, []string{"one", "two", "three"}
	bindTemplate(t, s, "billing", "All kinds", []model.Field{asks("word", model.FieldText), asks("story", model.FieldLongText),
		asks("count", model.FieldNumber), asks("day", model.FieldDate), colour, tags, asks("sure", model.FieldYesNo),
		asks("other", model.FieldEmail), asks("site", model.FieldURL)})
	v := s.Visitor("")
	form := filled(v, "support", "ada@example.org", "All kinds")
	form.Set("type", "billing")
	right := url.Values{"field_word": {"plain"}, "field_story": {"a\nb"}, "field_count": {"3.5"}, "field_day": {"2026-11-20"},
		"field_colour": {"Green"}, "field_tags": {"three", "one"}, "field_sure": {"no"}, "field_other": {"bob@example.org"}, "field_site": {"example.com/x"}}
	right.Set("field_site", "https://example.com/x")
	for name, wrong := range map[string]string{"field_word": strings.Repeat("x", 1001), "field_count": "many", "field_day": "soon",
		"field_colour": "Blue", "field_tags": "four", "field_sure": "perhaps", "field_other": "bob", "field_site": "javascript:alert(1)"} {
		for k, value := range right {
			form[k] = value
		}
		form.Set(name, wrong)
		v.Post("/ticket/support", form).Status(422).Has(`href="#`+name+`"`, `id="`+name+`"`, name+"-error")
		form[name] = right[name]
	}
	v.Post("/ticket/support", form).Status(303)
	s.Jobs.Step(t.Context())
	thread := s.Mailbox.Last(t, "ada@example.org").Link(t, "/ticket/thread/")
	for _, page := range []handlerstest.Page{v.Get(thread), s.Member("agent@example.com").Get("/desk/tickets/7")} {
		page.Status(200).Has("plain", "a\nb", "3.5", "20 Nov 2026", "Green", "one, three", "<bdi>No</bdi>", "bob@example.org", "https://example.com/x")
	}
}

func TestC5_TheServerChecksAndFillsIn(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	v := s.Visitor("")
	form := bugReport(v, "ada@example.org")
	form.Set("field_version", "")
	form.Set("field_severity", "catastrophic")
	form.Set("field_steps", "kept text")
	v.Post("/ticket/support", form).Status(422).Has(`href="#field_version"`, `href="#field_severity"`, "kept text").HasNot(secrets...)
	form.Set("field_version", "4.2")
	form.Set("field_severity", "major")
	form.Set("field_triage_queue", "forged-queue")
	form.Set("field_service_tier", "forged-tier")
	form.Set("field_unknown", "forged-field")
	form.Set("field_order_number", "forged-order") // of the project's template, which does not hold here
	v.Post("/ticket/support", form).Status(303)
	s.Member("agent@example.com").Get("/desk/tickets/7").Status(200).HasNot("forged").
		Has("4.2", "major", "triage-queue-7", "tier-standard-9", "internal")
	wrong := filled(v, "support", "ada@example.org", "An order")
	wrong.Set("field_order_number", "12")
	v.Post("/ticket/support", wrong).Status(422).Has(`href="#field_order_number"`, `value="12"`, "like AB-1234")
}

func TestC5_ARequiredHiddenFieldNeedsADefault(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	hidden := asks("queue", model.FieldText)
	hidden.Visibility, hidden.Required, hidden.Default = model.Hidden, true, "secret-default"
	id := bindTemplate(t, s, "billing", "Billing", []model.Field{hidden})
	v := s.Visitor("")
	form := filled(v, "support", "ada@example.org", "Blocked")
	form.Set("type", "billing")
	v.Post("/ticket/support", form).Status(303)
	hidden.Default = ""
	if err := s.DB.SetFields(t.Context(), 1, id, []model.Field{hidden}); model.KindOf(err) != model.Invalid {
		t.Errorf("a required hidden field without a default is taken: %v", err)
	}
}

func TestC6_AChangedTemplateBringsTheFormBackWithTheOldAnswers(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	old, kept := asks("old", model.FieldText), asks("kept", model.FieldText)
	id := bindTemplate(t, s, "question", "Questions", []model.Field{old, kept})
	v := s.Visitor("")
	form := filled(v, "support", "ada@example.org", "Written before the change")
	form.Set("field_old", "old answer")
	form.Set("field_kept", "kept answer")
	change := func(fields ...model.Field) {
		t.Helper()
		if err := s.DB.SetFields(context.Background(), 1, id, fields); err != nil {
			t.Fatal(err)
		}
	}
	needed := asks("needed", model.FieldText)
	needed.Required = true
	change(kept, needed)
	page := v.Post("/ticket/support", form).Status(422).Has("have changed while you were writing", `href="#field_needed"`, `name="field_needed"`,
		"kept answer", "Written before the change", "Described here.", `type="hidden" name="field_old" value="old answer"`).HasNot(`id="field_old"`)
	again := page.Form("/ticket/support")
	again.Set("field_needed", "here")
	optional := asks("optional", model.FieldText)
	change(kept, needed, optional) // the answers are right, and yet nobody has seen the new question
	page = v.Post("/ticket/support", again).Status(422).Has("have changed while you were writing", `name="field_optional"`, "kept answer", "here")
	last := page.Form("/ticket/support")
	kept.Label = "Other words"
	change(kept, needed, optional)
	v.Post("/ticket/support", last).Status(303)
	change()
	v.Post("/ticket/support", last).Status(303) // the same form again is still the same ticket
	s.Jobs.Step(t.Context())
	thread := s.Mailbox.Last(t, "ada@example.org").Link(t, "/ticket/thread/")
	v.Get(thread).Status(200).Has("Other words", "kept answer").HasNot("old answer")
}

func TestC4_HiddenFieldsNeverLeave(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	v := s.Visitor("")
	form := bugReport(v, "ada@example.org")
	v.Follow(v.Post("/ticket/support", form)).Status(200).HasNot(secrets...)
	s.Jobs.Step(t.Context())
	thread := s.Mailbox.Last(t, "ada@example.org").Link(t, "/ticket/thread/")
	agent := s.Member("agent@example.com")
	answer(agent, 7, "message", "We are looking.")
	agent.Post("/desk/tickets/7/status", url.Values{"status": {"4"}}).Status(303)
	signedIn := customer(t, s, "ada@example.org")
	list := signedIn.Get("/tickets?show=done").Body + signedIn.Get("/tickets").Body
	for _, b := range []*handlerstest.Browser{v, signedIn} {
		for _, htmx := range []string{"", "true"} {
			b.Header.Set("HX-Request", htmx)
			for _, path := range []string{"/", "/ticket/support", "/ticket/support?type=bug", "/ticket/support/fields?type=bug",
				"/ticket/support/fields?type=question", "/ticket/support/fields?type=nonsense", "/ticket/support/sent", "/ticket/nonsense",
				"/ticket/internal", thread, thread + "/messages?after=0", thread + "/messages", "/tickets", "/tickets?show=done", "/tickets/login"} {
				b.Get(path).HasNot(secrets...)
			}
			for _, ref := range refs(list) {
				b.Get("/tickets/" + ref).HasNot(secrets...)
			}
			for _, post := range []url.Values{{"type": {"bug"}}, {"type": {"bug"}, "show_fields": {"1"}}, {"type": {"bug"}, "website": {"x"}}, bugReport(v, "not an address")} {
				b.Post("/ticket/support", post).HasNot(secrets...)
				b.Post("/ticket/support/fields", post).HasNot(secrets...)
			}
		}
	}
	s.Jobs.Step(t.Context())
	mails := s.Mailbox.Mails("")
	if len(mails) < 4 {
		t.Fatalf("%d mails: the test lost what it looks at", len(mails))
	}
	for _, mail := range mails {
		for _, secret := range secrets {
			if strings.Contains(mail.Raw+mail.Text+mail.HTML, secret) {
				t.Errorf("the mail to %s says %s", mail.To, secret)
			}
		}
	}
	agent.Get("/desk/tickets/7").Has("triage-queue-7", "tier-standard-9") // and yet the team sees them
}

// refs returns the references of the tickets that an overview links.
func refs(overview string) []string {
	var list []string
	for _, part := range strings.Split(overview, `href="/tickets/`)[1:] {
		if ref, _, _ := strings.Cut(part, `"`); len(ref) > 10 {
			list = append(list, ref)
		}
	}
	return list
}

func TestC5_NoPostedFieldEndsInA500OrInATicketUnasked(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	v := s.Visitor("")
	base := bugReport(v, "ada@example.org")
	random := rand.New(rand.NewPCG(1, 2))
	keys := []string{"version", "severity", "steps", "triage_queue", "service_tier", "order_number", "", "[]", "a.b", "\x00", "ü", strings.Repeat("k", 5000)}
	for i := range 120 {
		form := url.Values{}
		for k, value := range base {
			form[k] = value
		}
		form.Del("field_version") // so that no post makes a ticket by chance
		for range 1 + random.IntN(6) {
			key := "field_" + keys[random.IntN(len(keys))]
			if key == "field_version" {
				continue
			}
			bytes := make([]byte, random.IntN(400))
			for j := range bytes {
				bytes[j] = byte(random.IntN(256))
			}
			for range random.IntN(4) {
				form.Add(key, string(bytes))
			}
		}
		form.Set("fields_seen", fmt.Sprintf("bug:%d", i%2))
		if i == 0 {
			form["field_severity"] = make([]string, 60_000) // one value repeated until the body is full
		}
		for _, path := range []string{"/ticket/support", "/ticket/support/fields"} {
			if page := v.Post(path, form).HasNot(secrets[:2]...); page.Code >= 500 {
				t.Fatalf("%s answers %d for %q", path, page.Code, form)
			}
		}
	}
	s.Member("agent@example.com").Get("/desk").HasNot("It broke")
	if strings.Contains(s.Log.String(), "level=ERROR") {
		t.Errorf("the log has errors:\n%s", s.Log)
	}
}

func TestC4_MembersMailListsWhatTheReporterAnswered(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	v := s.Visitor("")
	v.Post("/ticket/support", bugReport(v, "ada@example.org")).Status(303)
	s.Jobs.Step(t.Context())
	if mail := s.Mailbox.Last(t, "admin@example.com"); !strings.Contains(mail.Text, "Severity: major") || !strings.Contains(mail.HTML, "Severity:") {
		t.Errorf("the mail about a new ticket says\n%s\n%s", mail.Text, mail.HTML)
	}
	if mail := s.Mailbox.Last(t, "ada@example.org"); strings.Contains(mail.Text, "major") {
		t.Errorf("the first mail carries the visitor's words:\n%s", mail.Text)
	}
}
