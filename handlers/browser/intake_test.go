package browser_test

import (
	"testing"

	"deskbell/handlers/handlerstest"
)

// Documents that fit appear beside the title while somebody types, and go with what they fit.
func TestF1_TheSuggestionPanel(t *testing.T) {
	t.Parallel()
	for _, l := range []look{{}, {phone: true}} {
		t.Run(l.String(), func(t *testing.T) {
			t.Parallel()
			p := open(t, handlerstest.Start(t), "", l)
			p.visit("/ticket/support")
			p.is("!document.querySelector('.suggestions')")
			centred(p)
			p.fill("title", "sc")
			p.fill("title", "scanner")
			p.until("document.querySelectorAll('.suggestions a').length > 0")
			p.is("document.querySelectorAll('.suggestions a').length <= 5")
			p.is("[...document.querySelectorAll('.suggestions a')].every(a => a.target === '_blank' && a.rel.includes('noopener'))")
			p.until("/[1-5]/.test(document.getElementById('suggestions-news').innerText)")
			p.focused("#title")
			p.is("document.documentElement.scrollWidth <= innerWidth")
			p.shot("suggestions")
			if l.phone {
				p.is("%s.top >= %s.bottom", rect(".suggestions"), rect("#title"))
				p.is("%s.bottom <= %s.top", rect(".suggestions"), rect("#type"))
			} else {
				p.is("%s.left >= %s.right", rect(".suggestions"), rect("#form"))
				p.is("%s.right <= innerWidth", rect(".suggestions"))
				p.is("%s < innerWidth / 2 - 50", middle) // the form has moved aside
			}
			p.fill("title", "")
			p.until("!document.querySelector('.suggestions')")
			centred(p)
		})
	}
}

// Below three letters there is nothing to look for, and nothing is asked (F2).
func TestF2_TwoLettersAskForNothing(t *testing.T) {
	t.Parallel()
	p := open(t, handlerstest.Start(t), "", look{})
	p.atStart(`
		window.waited = 0; // how often somebody has paused for long enough to be asked for
		document.addEventListener("htmx:trigger", ({target}) => waited += target.matches("[hx-get$='/suggestions']"))`)
	p.visit("/ticket/support")
	asked := func() int { return p.heard.sent("GET", "/suggestions") }
	for i, typed := range []string{"sc", "a b c", "u\u0308\u0301b"} { // the last is two letters, one with marks of their own
		p.fill("title", typed)
		p.until("waited === %d", i+1)
	}
	p.fill("description", "sc")
	p.until("waited === 4")
	if n := asked(); n != 0 {
		t.Errorf("two letters sent %d requests", n)
	}
	p.fill("title", "sca")
	p.until("document.querySelectorAll('.suggestions a').length > 0")
	if n := asked(); n != 1 {
		t.Errorf("three letters sent %d requests, want one", n)
	}
	p.fill("title", "sc")
	p.until("!document.querySelector('.suggestions') && document.getElementById('suggestions-news').innerText === ''")
	if n := asked(); n != 1 {
		t.Errorf("going back to two letters sent %d requests", n-1)
	}
}

// rect is where the first element of a selector stands in the window.
func rect(selector string) string { return only(selector) + ".getBoundingClientRect()" }

const middle = "(r => (r.left + r.right) / 2)(document.getElementById('form').getBoundingClientRect())"

func centred(p *tab) {
	p.t.Helper()
	p.until("Math.abs(%s - document.documentElement.clientWidth / 2) < 2", middle)
}

// Another type brings its own fields; what both types ask for stays.
func TestC1_TheFieldsSwapWithTheType(t *testing.T) {
	everyLook(t, func(t *testing.T, s *handlerstest.Server, l look) {
		p := open(t, s, "", l)
		p.visit("/ticket/support")
		p.is("document.getElementById('field_order_number') && !document.getElementById('field_version')")
		p.fill("title", "Typed before")
		p.fill("field_order_number", "AB-1234")
		chooseType(p, "Bug")
		p.until("document.getElementById('field_version') && !document.getElementById('field_order_number')")
		p.is("document.getElementById('title').value === 'Typed before'")
		p.fill("field_version", "4.2")
		p.fill("field_steps", "First\nthen")
		chooseType(p, "Billing")
		p.until("document.getElementById('field_order_number') && !document.getElementById('field_version')")
		p.is("document.getElementById('title').value === 'Typed before'")
		p.is("document.getElementById('field_order_number').value === 'AB-1234'")
		p.hides("triage_queue", "triage-queue-7", "service_tier", "tier-standard-9")
		chooseType(p, "Bug")
		p.until("document.getElementById('field_severity')")
		p.is("document.getElementById('field_version').value === '4.2'")
		p.is("document.getElementById('field_steps').value === 'First\\nthen'")
		p.hides("triage_queue", "triage-queue-7", "service_tier", "tier-standard-9")
		p.shot("bug")
		sendBug(p)
		agent := s.Member("agent@example.com")
		agent.Get("/desk/tickets/7").Has("4.2.1", "blocker", "triage-queue-7", "tier-standard-9")
	})
}

// Somebody is quicker than the network: what they type until the fields change is kept too.
func TestC1_WhatIsTypedWhileTheFieldsAreOnTheirWayStays(t *testing.T) {
	t.Parallel()
	p := open(t, handlerstest.Start(t), "", look{})
	fields := p.hold("*/fields")
	p.visit("/ticket/support")
	p.until("window.htmx")
	p.choose("#type", "Bug")
	fields.wait(1)
	p.fill("field_order_number", "AB-1234")
	fields.release()
	p.until("document.getElementById('field_version')")
	p.is("document.querySelector('[name=field_order_number][type=hidden]').value === 'AB-1234'")
	p.until("document.getElementById('fields-news').innerText.includes('questions for this ticket type')")
}

func chooseType(p *tab, label string) {
	p.t.Helper()
	p.choose("#type", label)
	if p.look.noScript {
		p.loads(func() { p.press("Show fields") })
	}
}

// sendBug sends the form with mistakes, which come back beside their fields, and then right.
func sendBug(p *tab) {
	p.t.Helper()
	p.expect("status of 422")
	p.fill("email", "ada@new.example")
	p.fill("description", "It stops.")
	p.fill("field_version", "")
	p.loads(func() { p.press("Send ticket") })
	p.focused("#error-summary")
	p.is("document.getElementById('field_version').getAttribute('aria-invalid') === 'true'")
	p.is("document.getElementById('description').value === 'It stops.'")
	p.pressOn(only("#error-summary a[href='#field_version']"))
	p.focused("#field_version")
	p.fill("field_version", "4.2.1")
	p.eval("(c => c.tagName === 'SELECT' ? c.value = 'blocker' : c.checked = true)(document.querySelector('select[name=field_severity], [name=field_severity][value=blocker]'))")
	p.loads(func() { p.press("Send ticket") })
	p.shows("Thank you, your ticket is here")
}
