package browser_test

import (
	"testing"

	"deskbell/handlers/handlerstest"
)

const workspacePage = "/desk/settings/workspace"

// Colours that no page could use as they are still make pages that everybody can read.
func TestN_WithAnAwkwardColourEveryPageCanBeRead(t *testing.T) {
	t.Parallel()
	for _, color := range []string{"#ffff00", "#ffffff", "#000000", "#808080"} {
		t.Run(color[1:], func(t *testing.T) {
			t.Parallel()
			s := handlerstest.Start(t)
			admin := s.Member("admin@example.com")
			form := admin.Get(workspacePage).Form(workspacePage)
			form.Set("color", color)
			admin.Post(workspacePage, form).Status(303)
			p := open(t, s, "", look{})
			p.expect("status of 422")
			p.visit("/ticket/support")
			p.is("getComputedStyle(document.documentElement).getPropertyValue('--accent') === %q", color)
			p.loads(func() { p.press("Send ticket") })
			p.shutsNobodyOut("create form")
			p.visit("/doc/support")
			p.shutsNobodyOut("documents")
			signIn(p, "admin@example.com")
			p.visit(workspacePage)
			p.fitsEveryScreen("workspace")
			p.shutsNobodyOut("workspace")
		})
	}
}

// The settings show what visitors will see, on light and on dark pages, whatever the admin's own are;
// the desk around it keeps its colour.
func TestN_ThePreviewIsThatOfThePublicPages(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	p := open(t, s, "", look{})
	signIn(p, "admin@example.com")
	p.visit(workspacePage)
	p.fill("color", "#ffd200")
	p.is("document.querySelector('input[type=color]').value === '#ffd200'")
	p.loads(func() { p.press("Save") })
	p.shows("Saved.")
	public := open(t, s, "", look{})
	public.visit("/tickets/login")
	const inkOf = "getComputedStyle(document.querySelector(%q)).getPropertyValue('--accent-ink')"
	for name, l := range map[string]look{"light": {}, "dark": {dark: true}} {
		public.emulate(l)
		want := public.text(inkOf, "html")
		for _, mine := range []look{{}, {dark: true}} {
			p.emulate(mine)
			if got := p.text(inkOf, ".look--"+name); got != want {
				t.Errorf("%s pages, seen at %v: links are %s, and %s in public", name, mine, got, want)
			}
		}
	}
	p.emulate(look{})
	p.is("getComputedStyle(document.documentElement).getPropertyValue('--accent') === '#17605c'")
	p.is("getComputedStyle(document.querySelector('.look .button')).backgroundColor === 'rgb(255, 210, 0)'")
}

func TestN_WithoutJavaScriptAColourIsTyped(t *testing.T) {
	t.Parallel()
	s := handlerstest.Start(t)
	p := open(t, s, "", look{noScript: true})
	signIn(p, "admin@example.com")
	p.visit(workspacePage)
	p.is("getComputedStyle(document.querySelector('input[type=color]')).display === 'none'")
	p.fill("color", "#0b6e99")
	p.loads(func() { p.press("Save") })
	p.shows("Saved.")
	p.is("document.getElementById('color').value === '#0b6e99'")
}
