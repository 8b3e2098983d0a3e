package browser_test

import (
	"context"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"

	"deskbell/db"
	"deskbell/db/model"
	"deskbell/handlers/handlerstest"
)

// anywhere makes a workspace with pages on the base host, on a page domain and on a customer's own.
func anywhere(t *testing.T, s *handlerstest.Server, kind model.WorkspaceKind) {
	t.Helper()
	team := ""
	if kind == model.Slack {
		team = "T0INITECH"
	}
	ws, err := s.DB.CreateWorkspace(t.Context(), db.NewWorkspace{
		Name: "Hooli", Kind: kind, SlackTeam: team, Color: "#225588", Hosts: []string{"localhost", "hooli.localhost", "help.customer.example"},
	})
	if err == nil {
		_, err = s.DB.CreateProject(t.Context(), ws.ID, db.NewProject{PublicID: "help", Name: "Help", Intake: model.IntakeOpen,
			Types: []model.TicketType{{Key: "question", Name: "Question"}, {Key: "bug", Name: "Bug"}}, DefaultType: "question"})
	}
	if err != nil {
		t.Fatal(err)
	}
}

// opens returns the window that something opens. Other tests open windows at the same time: it is one
// with the cookies of this tab.
func (p *tab) opens(do func()) *tab {
	p.t.Helper()
	var own cdp.BrowserContextID
	p.do(chromedp.ActionFunc(func(ctx context.Context) error {
		info, err := target.GetTargetInfo().Do(ctx)
		if err == nil {
			own = info.BrowserContextID
		}
		return err
	}))
	found := chromedp.WaitNewTarget(p.ctx, func(info *target.Info) bool { return info.Type == "page" && info.BrowserContextID == own })
	do()
	ctx, cancel := context.WithTimeout(p.ctx, deadline)
	defer cancel()
	select {
	case id := <-found:
		return p.attach(id)
	case <-ctx.Done():
		p.t.Fatalf("%v: no window opened\n%s", p.look, p.describe())
		return nil
	}
}

// attach takes hold of a window that a page has opened. It may close itself.
func (p *tab) attach(id target.ID) *tab {
	p.t.Helper()
	ctx, cancel := chromedp.NewContext(p.ctx, chromedp.WithTargetID(id))
	p.t.Cleanup(cancel)
	w := &tab{t: p.t, origin: p.origin, ctx: ctx, look: p.look, heard: &heard{}}
	chromedp.ListenTarget(ctx, w.heard.listen)
	if err := chromedp.Run(ctx); err != nil {
		p.t.Fatalf("take hold of a window: %v", err)
	}
	return w
}

// decide presses a button of a provider's page: by the page itself, because a mouse that is still down
// when its window closes is never answered.
func (p *tab) decide(words string) {
	p.t.Helper()
	p.until("document.readyState === 'complete' && %s", named(words))
	p.eval("%s.click()", named(words))
}

// gone waits until a window has closed.
func (p *tab) gone(w *tab) {
	p.t.Helper()
	id := chromedp.FromContext(w.ctx).Target.TargetID
	p.eventually("the window closes", func(ctx context.Context) bool {
		open, err := chromedp.Targets(ctx)
		if err != nil {
			return false
		}
		for _, one := range open {
			if one.TargetID == id {
				return false
			}
		}
		return true
	})
}

func TestE3_APopupSignsInAndTheFormKeepsEverything(t *testing.T) {
	t.Parallel()
	for _, kind := range []model.WorkspaceKind{model.Discord, model.Slack} {
		for _, host := range []string{"", "hooli.localhost", "help.customer.example"} {
			t.Run(string(kind)+" "+host, func(t *testing.T) {
				t.Parallel()
				s, _ := world.Start(t, handlerstest.Empty())
				anywhere(t, s, kind)
				p := open(t, s, host, look{})
				if host == "help.customer.example" {
					p.expect("Cross-Origin-Opener-Policy header has been ignored") // over plain HTTP
				}
				p.visit("/ticket/help")
				p.fill("email", "typed@example.net")
				p.fill("title", "Typed before")
				p.fill("description", "It was all here.")
				p.stays(func() {
					w := p.opens(func() { p.pressOn(only("a[data-popup]")) })
					w.shows("do you want to sign in?")
					w.is("window.opener === null") // cut off by the provider, and by us
					w.decide("Authorize")
					p.gone(w)
					p.shows("Wei Zhang", "Use email instead", "15 minutes")
				})
				p.focused("#person")
				p.is("document.querySelector('#identity-news').textContent === 'You are signed in as Wei Zhang.'")
				p.is("document.querySelector('[name=title]').value === 'Typed before' && !document.querySelector('[name=email]')")
				p.shot("signed in")
				p.loads(func() { p.press("Send ticket") })
				p.shows("Thank you", "wei@zhang.example", "Open your ticket")
				p.loads(func() { p.press("Open your ticket") })
				p.shows("It was all here.", "Private link of Wei Zhang", "Replying as")
			})
		}
	}
}

func TestE3_EmailInsteadBringsBackWhatWasTyped(t *testing.T) {
	t.Parallel()
	s, _ := world.Start(t)
	p := open(t, s, "globex.localhost", look{})
	p.expect("status of 422")
	p.visit("/ticket/help")
	p.fill("email", "typed@example.net")
	p.fill("name", "Typed")
	p.fill("title", "Typed before")
	p.stays(func() {
		w := p.opens(func() { p.pressOn(only("a[data-popup]")) })
		w.decide("Authorize")
		p.gone(w)
		p.until("'htmx-internal-data' in document.querySelector('[name=use_email]')") // before, it loads the page anew
		p.press("Use email instead")
		p.until("document.querySelector('[name=email]')?.value === 'typed@example.net'")
	})
	p.is("document.querySelector('[name=name]').value === 'Typed' && document.querySelector('[name=title]').value === 'Typed before'")
	p.focused("#email")
	p.hides("Wei Zhang")
	p.keys("\r") // sends, and is told what is missing
	p.shows("Describe what you need")
}

func TestE3_TheEnterKeySendsWhileSomebodyIsSignedIn(t *testing.T) {
	t.Parallel()
	s, _ := world.Start(t)
	p := open(t, s, "globex.localhost", look{})
	p.expect("status of 422")
	p.visit("/ticket/help")
	w := p.opens(func() { p.pressOn(only("a[data-popup]")) })
	w.decide("Authorize")
	p.gone(w)
	p.shows("Wei Zhang")
	p.fill("title", "By the Enter key")
	p.loads(func() { p.keys("\r") })
	p.shows("Describe what you need", "Wei Zhang")
}

func TestE3_ACancelledWindowSaysSoAndLosesNothing(t *testing.T) {
	t.Parallel()
	s, _ := world.Start(t)
	p := open(t, s, "initech.localhost", look{})
	p.visit("/ticket/desk")
	p.fill("title", "Typed before")
	w := p.opens(func() { p.pressOn(only("a[data-popup]")) })
	w.decide("Cancel")
	w.shows("You cancelled at Slack", "Your form is still open")
	w.shot("cancelled")
	w.press("Try again")
	w.decide("Cancel")
	w.shows("You cancelled at Slack")
	w.decide("Close this window")
	p.gone(w)
	p.is("document.querySelector('[name=title]').value === 'Typed before'")
	p.shows("Sign in with Slack")
}

// A browser that blocks the window gets a tab, as the link says.
func TestE3_ABlockedPopupBecomesATab(t *testing.T) {
	t.Parallel()
	s, _ := world.Start(t)
	p := open(t, s, "globex.localhost", look{})
	p.atStart("window.open = () => null")
	p.visit("/ticket/help")
	p.fill("title", "Typed before")
	p.stays(func() {
		w := p.opens(func() { p.pressOn(only("a[data-popup]")) })
		w.decide("Authorize")
		p.shows("Wei Zhang")
	})
	p.is("document.querySelector('[name=title]').value === 'Typed before'")
}

func TestE3_WithoutScriptATabSignsIn(t *testing.T) {
	t.Parallel()
	s, _ := world.Start(t)
	p := open(t, s, "globex.localhost", look{noScript: true})
	p.visit("/ticket/help")
	p.fill("title", "Typed before")
	p.fill("description", "And described.")
	w := p.opens(func() { p.pressOn(only("a[data-popup]")) })
	w.atStart("window.close = () => {}; window.BroadcastChannel = undefined") // a tab that a link opened stays
	w.decide("Authorize")
	w.shows("You are signed in", "Wei Zhang", "go back to your form and send it")
	p.loads(func() { p.press("Send ticket") })
	p.shows("Thank you", "wei@zhang.example", "Open your ticket")
}

func TestE4_TheEndOfASignInIsClear(t *testing.T) {
	t.Parallel()
	s, _ := world.Start(t)
	p := open(t, s, "globex.localhost", look{})
	p.visit("/ticket/help")
	w := p.opens(func() { p.pressOn(only("a[data-popup]")) })
	w.decide("Authorize")
	p.gone(w)
	p.shows("15 minutes")
	s.Clock.Move(model.IdentityLife - 3e9)
	p.visit("/ticket/help")
	p.shows("Wei Zhang", "1 minute")
	s.Clock.Move(3e9)
	p.fill("title", "While it ended")
	p.shows("Your sign-in has ended", "Sign in with Discord")
	p.is("document.querySelector('[name=title]').value === 'While it ended'")
	p.is("document.querySelector('#identity-news').textContent === 'Your sign-in has ended.'")
	p.focused("[name=title]")
	p.shot("ended")
}

func TestE2_NothingSecretCrossesToAnotherSite(t *testing.T) {
	t.Parallel()
	s, _ := world.Start(t)
	p := open(t, s, "globex.localhost", look{})
	p.visit("/ticket/help")
	w := p.opens(func() { p.pressOn(only("a[data-popup]")) })
	w.shows("do you want to sign in?")
	if from := w.text("document.referrer"); from != "" {
		t.Errorf("the provider is told where the person comes from: %s", from)
	}
	if to := w.text("location.href"); strings.Contains(to, "globex") {
		t.Errorf("the provider is told of the page domain: %s", to)
	}
	w.decide("Authorize")
	p.gone(w)
	p.shows("Wei Zhang")
	if cookies := p.text("document.cookie"); cookies != "" {
		t.Errorf("scripts can read %s", cookies)
	}
}
