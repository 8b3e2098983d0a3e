package browser_test

import (
	"strings"
	"testing"

	"deskbell/db/model"
	"deskbell/handlers/handlerstest"
)

// kinds has a field of every kind that a form asks for, with bounds that can be broken.
func kinds() []model.Field {
	keys := map[model.FieldKind]string{
		model.FieldText: "word", model.FieldLongText: "story", model.FieldNumber: "count", model.FieldDate: "day", model.FieldChoice: "colour",
		model.FieldChoices: "tags", model.FieldYesNo: "sure", model.FieldEmail: "other", model.FieldURL: "site", model.FieldFile: "shot",
	}
	var fields []model.Field
	for _, kind := range model.AskedKinds { // a kind without a key is refused
		key := keys[kind]
		f := model.Field{Visibility: model.Shown, PublicField: model.PublicField{Key: key, Kind: kind, Label: "The " + key, Required: true}}
		switch {
		case kind == model.FieldText:
			f.Pattern, f.Help = "[A-Z]{2}-[0-9]{4}", "Like AB-1234."
		case kind == model.FieldLongText:
			f.MinLength = 20
		case kind == model.FieldNumber:
			f.Min, f.Max = "1", "12.5"
		case kind == model.FieldDate:
			f.Min = "2026-11-01"
		case kind.Chosen():
			f.Choices = []string{"Red", "Green", "Deep blue"}
		}
		fields = append(fields, f)
	}
	return fields
}

// Every kind of field, by somebody who gets each wrong at first: nothing typed is lost, each message
// stands beside its field, and the team reads the answers (B3, C3).
func TestC3_EveryKindFailsAndThenArrives(t *testing.T) {
	everyLook(t, func(t *testing.T, s *handlerstest.Server, l look) {
		asked := kinds()
		id, err := s.DB.CreateTemplate(t.Context(), 1, "Every kind", asked)
		if err == nil {
			err = s.DB.Bind(t.Context(), 1, "support", "billing", id)
		}
		if err != nil {
			t.Fatal(err)
		}
		p := open(t, s, "", l)
		p.expect("status of 422")
		p.visit("/ticket/support")
		chooseType(p, "Billing")
		p.until("document.getElementById('field_word')")
		p.fill("email", "ada@new.example")
		p.fill("title", "Every kind")
		p.fill("description", "Each is asked.")

		wrong := map[string]string{"word": "ab", "story": "Too short\nyet.", "count": "many", "day": "2026-10-31", "other": "bob", "site": "no address"}
		p.answer(wrong)
		p.loads(func() { p.press("Send ticket") })
		p.focused("#error-summary")
		p.shot("wrong")
		for _, f := range asked {
			p.complains(f)
		}
		p.answered(wrong)

		p.pick("field_shot", map[string][]byte{"shot.png": screenshot(t)})
		if !l.noScript {
			p.waits(1)
		}
		p.choose("#field_colour", "Green")
		for _, choice := range []string{"Deep blue", "Red", "No"} {
			p.press(choice)
		}
		right := map[string]string{"word": "AB-1234", "story": "  It was green,\nand then it was not.", "count": "3.5", "day": "2026-11-20",
			"other": "bob@new.example", "site": "https://example.com/a?b=c"}
		p.answer(right)
		p.fill("field_count", "99")
		p.loads(func() { p.press("Send ticket") })
		p.is("document.querySelectorAll('#error-summary li').length === 1")
		p.waits(1)
		right["count"], right["story"] = "99", strings.TrimSpace(right["story"])
		p.answered(right)
		p.is("document.getElementById('field_colour').value === 'Green'")
		p.is("[...document.querySelectorAll('[name=field_tags]:checked')].map(c => c.value).join() === 'Red,Deep blue'")
		p.is("document.querySelector('[name=field_sure]:checked').value === 'no'")

		p.fill("field_count", "3.5")
		p.loads(func() { p.press("Send ticket") })
		p.shows("Thank you, your ticket is here")
		s.Member("agent@example.com").Get("/desk/tickets/7").Status(200).Has("AB-1234", "It was green,\nand then it was not.", "3.5",
			"20 Nov 2026", "Green", "Red, Deep blue", "<bdi>No</bdi>", "<bdi>shot.png</bdi>", "bob@new.example", "https://example.com/a?b=c")
	})
}

// answer types into the fields with these keys. A date is set as its picker does.
func (p *tab) answer(typed map[string]string) {
	p.t.Helper()
	for key, value := range typed {
		if key == "day" {
			p.eval("document.getElementById('field_day').value = %q", value)
			continue
		}
		p.fill("field_"+key, value)
	}
}

// answered checks that what was typed stands in the fields.
func (p *tab) answered(typed map[string]string) {
	p.t.Helper()
	for key, value := range typed {
		p.is("document.getElementById(%q).value === %q", "field_"+key, value)
	}
}

// complains checks that a field has its message beside it, for everybody, and that the summary leads
// to it.
func (p *tab) complains(f model.Field) {
	p.t.Helper()
	p.is(`(message => message.closest(".field, .fieldset").contains(document.getElementById(%q)) && message.innerText.includes(%q)
		&& message.getBoundingClientRect().height > 0)(document.getElementById(%q))`, f.Name(), f.Label, f.Name()+"-error")
	p.is(`document.querySelector("[aria-describedby~=%s]").contains(document.getElementById(%q))`, f.Name()+"-error", f.Name())
	p.pressOn(only(`#error-summary a[href="#` + f.Name() + `"]`))
	p.focused("#" + f.Name())
}
