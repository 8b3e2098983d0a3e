package handlers_test

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"deskbell/db/model"
	"deskbell/handlers/handlerstest"
)

// nobody checks that a browser's form knows nobody.
func nobody(t *testing.T, b *handlerstest.Browser, form string) {
	t.Helper()
	b.Get(form).Status(200).Has("Sign in with").HasNot("Wei Zhang")
}

// with returns an address with another value of a parameter, or without it for "".
func with(t *testing.T, address, name, value string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set(name, value)
	if value == "" {
		q.Del(name)
	}
	u.RawQuery = q.Encode()
	return u.String()
}

func TestE2_ASignInBeginsForAPageDomainAlone(t *testing.T) {
	t.Parallel()
	s, _ := world().Start(t)
	b := s.Visitor("globex.localhost")
	start := startOf(t, b.Get("/ticket/help"))
	port := ":" + s.Base.Port
	for _, origin := range []string{
		"", "null", "https://evil.example", "http://evil.example" + port, "globex.localhost" + port, "http://globex.localhost",
		"https://globex.localhost" + port, "http://globex.localhost" + port + "/", "http://globex.localhost" + port + "@evil.example",
		"http://evil.example#http://globex.localhost" + port, "http://globex.localhost.evil.example" + port, "//globex.localhost" + port,
		"javascript:alert(1)", "http://initech.localhost" + port, // another provider's
		"http://localhost" + port, // email alone
	} {
		page := b.Get(with(t, start, "origin", origin))
		if page.Code != http.StatusNotFound || page.Location != "" {
			t.Errorf("a start for the origin %q: %d, to %q", origin, page.Code, page.Location)
		}
		page.HasNot("Globex", "Acme", "Initech")
	}
	for _, project := range []string{"", "support", "desk", "../../evil"} {
		b.Get(with(t, start, "project", project)).Status(404).HasNot("Globex", "Acme")
	}
	b.Get(with(t, start, "browser", "short")).Status(400)
	b.Get(strings.Replace(start, "/auth/discord/", "/auth/slack/", 1)).Status(404)
	b.Get(strings.Replace(start, "/auth/discord/", "/auth/google/", 1)).Status(404)
	b.Get(strings.Replace(start, s.Origin(""), "", 1)).Status(404) // on the page domain itself
	b.Get(start).Status(303)
}

func TestE2_TheProviderIsAskedForAsLittleAsThereIs(t *testing.T) {
	t.Parallel()
	s, _ := world().Start(t)
	asked := func(host, form string) url.Values {
		b := s.Visitor(host)
		to, err := url.Parse(b.Get(startOf(t, b.Get(form))).Status(303).Location)
		if err != nil {
			t.Fatal(err)
		}
		return to.Query()
	}
	discord := asked("globex.localhost", "/ticket/help")
	if discord.Get("scope") != "identify email" || discord.Get("code_challenge_method") != "S256" || len(discord.Get("code_challenge")) != 43 ||
		len(discord.Get("state")) < 22 || discord.Get("redirect_uri") != s.CallbackURL(model.ByDiscord) {
		t.Errorf("Discord is asked with %v", discord)
	}
	slack := asked("initech.localhost", "/ticket/desk")
	if slack.Get("scope") != "openid profile email" || len(slack.Get("nonce")) != 43 || slack.Get("team") != "T0INITECH" ||
		slack.Get("redirect_uri") != s.CallbackURL(model.BySlack) {
		t.Errorf("Slack is asked with %v", slack)
	}
	if again := asked("globex.localhost", "/ticket/help"); again.Get("state") == discord.Get("state") || again.Get("code_challenge") == discord.Get("code_challenge") {
		t.Error("two sign-ins share their state or their proof")
	}
}

func TestE2_AStateCountsOnceInItsBrowserAndInTime(t *testing.T) {
	t.Parallel()
	s, _ := world().Start(t)
	refused := func(b *handlerstest.Browser, to string) {
		t.Helper()
		page := b.Get(to).Status(410).Has("what you typed is still there", "sign in again")
		if page.Location != "" {
			t.Errorf("a refused callback leads to %s", page.Location)
		}
		page.HasNot("Globex", "code=")
	}
	b := s.Visitor("globex.localhost")
	to := callback(t, b, startOf(t, b.Get("/ticket/help")))
	refused(b, with(t, to, "state", model.RandomID()))
	refused(b, strings.Replace(to, "/auth/discord/", "/auth/slack/", 1))
	b.Get(with(t, to, "state", "")).Status(410) // not even looked up

	// Another browser, with a cookie of its own on the base host and without one.
	other := s.Visitor("globex.localhost")
	other.Get(to).Status(410).Has("not begun in this browser")
	other.Get(startOf(t, other.Get("/ticket/help"))).Status(303)
	refused(other, to)

	if head := b.Do(http.MethodHead, to, nil, ""); head.Location != "" {
		t.Errorf("a HEAD leads to %s", head.Location)
	}
	handover := b.Get(to).Status(303).Location // none of these have used it up
	refused(b, to)
	refused(b, with(t, to, "error", "access_denied"))
	b.Follow(b.Get(handover)).Status(200).Has("Wei Zhang")

	// A window that was left open for an hour at the provider.
	late := s.Visitor("globex.localhost")
	to = callback(t, late, startOf(t, late.Get("/ticket/help")))
	s.Clock.Move(time.Hour)
	refused(late, to)
	nobody(t, late, "/ticket/help")
}

func TestE3_ACodeIsTradedOnceWhereItBelongs(t *testing.T) {
	t.Parallel()
	s, _ := world().Start(t, handlerstest.Empty())
	shared(t, s, model.Discord)
	refused := func(b *handlerstest.Browser, to string) {
		t.Helper()
		page := b.Get(to).Status(410).Has("You are not signed in", "Try again")
		if strings.Contains(page.Header.Get("Set-Cookie"), "identity") {
			t.Errorf("a refused code gives a cookie: %s", page.Header.Get("Set-Cookie"))
		}
	}
	b := s.Visitor("hooli.localhost")
	to := handOver(t, b, "/ticket/help")
	refused(b, with(t, to, "code", model.RandomID()))
	refused(b, with(t, to, "code", ""))

	// Another page domain of the same workspace, and the base host, in the same browser.
	for _, host := range []string{"help.customer.example", ""} {
		b.Get(s.Origin(host) + "/ticket/help") // a cookie there
		refused(b, strings.Replace(to, s.Origin("hooli.localhost"), s.Origin(host), 1))
	}
	// The same again where somebody has carried the browser's cookie over.
	for _, cookie := range b.Cookies() {
		twin := s.Visitor("help.customer.example")
		twin.Header.Set("Cookie", cookie.String())
		refused(twin, strings.Replace(to, s.Origin("hooli.localhost"), s.Origin("help.customer.example"), 1))
	}
	// Another browser, with a cookie and without one.
	other := s.Visitor("hooli.localhost")
	other.Get(to).Status(410).Has("not begun in this browser")
	nobody(t, other, "/ticket/help")
	refused(other, to)

	if head := b.Do(http.MethodHead, to, nil, ""); head.Location != "" {
		t.Errorf("a HEAD leads to %s", head.Location)
	}
	b.Follow(b.Get(to)).Status(200).Has("Wei Zhang") // nothing of that has used it up
	refused(b, to)
	b.Get("/ticket/help").Has("Wei Zhang") // and a code that comes twice ends nobody's identity

	late := s.Visitor("hooli.localhost")
	to = handOver(t, late, "/ticket/help")
	s.Clock.Move(model.HandOverLife)
	refused(late, to)
	nobody(t, late, "/ticket/help")
}

func TestE3_ACodeOfAnotherWorkspaceIsRefused(t *testing.T) {
	t.Parallel()
	s, _ := world().Start(t)
	b := s.Visitor("globex.localhost")
	to := handOver(t, b, "/ticket/help")
	b.Get(s.Origin("initech.localhost") + "/ticket/desk") // a cookie there
	code := "?code=" + query(t, to, "code")
	b.Get(s.Origin("initech.localhost") + "/ticket/desk/identity/handover" + code).Status(410).HasNot("Wei Zhang")
	b.Get(s.Origin("initech.localhost") + "/ticket/help/identity/handover" + code).Status(404)
	b.Get(s.Origin("initech.localhost") + "/ticket/desk").Has("Sign in with Slack").HasNot("Wei Zhang")
}

func TestE3_AnIdentityIsKnownOnItsHostAlone(t *testing.T) {
	t.Parallel()
	s, _ := world().Start(t, handlerstest.Empty())
	shared(t, s, model.Discord)
	b := s.Visitor("hooli.localhost")
	b.Get("/ticket/help")
	page := b.Get(handOver(t, b, "/ticket/help")).Status(303)
	cookie := page.Header.Get("Set-Cookie")
	for _, want := range []string{"HttpOnly", "SameSite=Lax", "Max-Age=900", "Path=/"} {
		if !strings.Contains(cookie, want) {
			t.Errorf("the identity's cookie lacks %s: %s", want, cookie)
		}
	}
	stolen, _, _ := strings.Cut(cookie, ";")
	elsewhere := s.Visitor("help.customer.example")
	elsewhere.Header.Set("Cookie", stolen)
	elsewhere.Get("/ticket/help").HasNot("Wei Zhang")
	elsewhere.Get("/ticket/help/identity/avatar").Status(404)
	b.Get(s.Origin("") + "/ticket/help").HasNot("Wei Zhang")
}

// Where a sign-in ends is decided when it begins: no parameter of a later step leads anywhere else.
func TestE3_NoStepIsAnOpenRedirect(t *testing.T) {
	t.Parallel()
	s, _ := world().Start(t)
	b := s.Visitor("globex.localhost")
	evil := url.Values{}
	for _, name := range []string{"origin", "host", "next", "to", "return", "return_to", "redirect", "redirect_uri", "url", "project"} {
		evil.Set(name, "https://evil.example/")
	}
	to := b.Get(startOf(t, b.Get("/ticket/help")) + "&" + evil.Encode()).Status(303).Location
	if !strings.HasPrefix(to, "https://discord.com/api/oauth2/authorize?") || strings.Contains(to, "evil") {
		t.Errorf("a start leads to %s", to)
	}
	to = b.Get(world().Decide(t, to, true) + "&" + evil.Encode()).Status(303).Location
	if !strings.HasPrefix(to, s.Origin("globex.localhost")+"/ticket/help/identity/handover?code=") || strings.Contains(to, "evil") {
		t.Errorf("a callback leads to %s", to)
	}
	if to = b.Get(to + "&" + evil.Encode()).Status(303).Location; to != "/ticket/help/identity/done" {
		t.Errorf("a hand-over leads to %s", to)
	}
	b.Get("/ticket/help/identity/handover?failed=%3Cb%3Eevil&" + evil.Encode()).Status(200).HasNot("evil")
}

func TestE2_AnswersThatProveNothingAreRefused(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*handlerstest.App){
		"slack another audience": func(a *handlerstest.App) { a.Token = func(c map[string]any) { c["aud"] = "another-app" } },
		"slack another issuer":   func(a *handlerstest.App) { a.Token = func(c map[string]any) { c["iss"] = "https://evil.example" } },
		"slack another sign-in":  func(a *handlerstest.App) { a.Token = func(c map[string]any) { c["nonce"] = "of-another-sign-in" } },
		"slack no nonce":         func(a *handlerstest.App) { a.Token = func(c map[string]any) { delete(c, "nonce") } },
		"slack no expiry":        func(a *handlerstest.App) { a.Token = func(c map[string]any) { delete(c, "exp") } },
		"slack expired": func(a *handlerstest.App) {
			a.Token = func(c map[string]any) { c["exp"] = time.Now().Add(-time.Hour).Unix() }
		},
		"slack another person": func(a *handlerstest.App) { a.Profile = func(p map[string]any) { p["sub"] = "U0ELSE" } },
		"slack refused the profile": func(a *handlerstest.App) {
			a.Profile = func(p map[string]any) { clear(p); p["ok"] = false; p["error"] = "invalid_auth" }
		},
		"slack refused the code": func(a *handlerstest.App) { a.TokenAnswer = `{"ok":false,"error":"invalid_code"}` },
		"slack no id token":      func(a *handlerstest.App) { a.TokenAnswer = `{"ok":true,"access_token":"x","token_type":"Bearer"}` },
		"slack an id token of a kind": func(a *handlerstest.App) {
			a.TokenAnswer = `{"ok":true,"access_token":"x","token_type":"Bearer","id_token":7}`
		},
		"slack nonsense":          func(a *handlerstest.App) { a.TokenAnswer = `<html>` },
		"slack another secret":    func(a *handlerstest.App) { a.Secret = "changed since" },
		"discord another secret":  func(a *handlerstest.App) { a.Secret = "changed since" },
		"discord nonsense":        func(a *handlerstest.App) { a.TokenAnswer = `{"access_token":` },
		"discord another's token": func(a *handlerstest.App) { a.TokenAnswer = `{"access_token":"x","token_type":"Bearer"}` },
		"discord nobody":          func(a *handlerstest.App) { a.Profile = func(p map[string]any) { clear(p) } },
		"discord a strange id":    func(a *handlerstest.App) { a.Profile = func(p map[string]any) { p["id"] = "1@evil.example" } },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, apps := world().Start(t)
			host, form, provider := "globex.localhost", "/ticket/help", model.ByDiscord
			if strings.HasPrefix(name, "slack") {
				host, form, provider = "initech.localhost", "/ticket/desk", model.BySlack
			}
			change(apps[provider])
			b := s.Visitor(host)
			b.Get(handOver(t, b, form)).Status(200).Has("You are not signed in", provider.Label()+" could not sign you in", "use your email address", "Try again")
			nobody(t, b, form)
			if log := s.Log.String(); !strings.Contains(log, "a sign-in failed") || strings.Contains(log, apps[provider].Secret) || strings.Contains(log, "wei@") {
				t.Errorf("the log does not say what happened, or says too much:\n%s", log)
			}
		})
	}
}

// An answer that another issuer sent to Discord's address, as RFC 9207 tells them apart.
func TestE2_AnAnswerOfAnotherIssuerIsRefused(t *testing.T) {
	t.Parallel()
	s, _ := world().Start(t)
	for issuer, signedIn := range map[string]bool{"https://discord.com": true, "https://evil.example": false} {
		b := s.Visitor("globex.localhost")
		to := callback(t, b, startOf(t, b.Get("/ticket/help"))) + "&iss=" + url.QueryEscape(issuer)
		end := b.Get(b.Get(to).Status(303).Location)
		if (end.Location == "/ticket/help/identity/done") != signedIn {
			t.Errorf("an answer of %s leads to %q\n%s", issuer, end.Location, end.Body)
		}
	}
}

func TestE2_ASlackTeamOfAnotherWorkspaceIsRefused(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*handlerstest.App){
		"a member of another team": func(a *handlerstest.App) { a.Person.Team = "T0OTHER" },
		"no team":                  func(a *handlerstest.App) { a.Token = func(c map[string]any) { delete(c, "https://slack.com/team_id") } },
		"another team in the token alone": func(a *handlerstest.App) {
			a.Token = func(c map[string]any) { c["https://slack.com/team_id"] = "T0OTHER" }
		},
		"the right team in the profile alone": func(a *handlerstest.App) {
			a.Person.Team = "T0OTHER"
			a.Profile = func(p map[string]any) { p["https://slack.com/team_id"] = "T0INITECH" }
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, apps := world().Start(t)
			change(apps[model.BySlack])
			b := s.Visitor("initech.localhost")
			b.Get(handOver(t, b, "/ticket/desk")).Status(200).Has("another Slack team than that of Initech")
			nobody(t, b, "/ticket/desk")
		})
	}
}

func TestE3_EachFriendlyEndSaysWhatToDo(t *testing.T) {
	t.Parallel()
	s, _ := world().Start(t)
	b := s.Visitor("globex.localhost")
	cancelled := b.Get(world().Decide(t, b.Get(startOf(t, b.Get("/ticket/help"))).Location, false)).Status(303).Location
	page := b.Get(cancelled).Status(200).Has("You cancelled at Discord", "Your form is still open", "Try again")
	b.Get(startOf(t, page)).Status(303) // works

	slow, apps := world().Start(t, handlerstest.Patience(50*time.Millisecond))
	apps[model.ByDiscord].Silent = true
	b = slow.Visitor("globex.localhost")
	b.Get(handOver(t, b, "/ticket/help")).Status(200).Has("Discord takes too long to answer", "use your email address")

	nowhere := &http.Transport{Proxy: func(*http.Request) (*url.URL, error) { return url.Parse("http://127.0.0.1:1") }}
	down, _ := world().Start(t, handlerstest.Outside(nowhere))
	b = down.Visitor("globex.localhost")
	b.Get(handOver(t, b, "/ticket/help")).Status(200).Has("Discord could not sign you in", "use your email address")

	many, _ := world().Start(t)
	b = many.Visitor("globex.localhost")
	start := startOf(t, b.Get("/ticket/help"))
	for range 30 {
		b.Get(start).Status(303)
	}
	limited := b.Get(start).Status(429).Has("You have begun many sign-ins", "Try again in")
	if limited.Header.Get("Retry-After") == "" {
		t.Error("nothing says when to try again")
	}
}

func TestP3_ACopyOfTheDatabaseSignsNobodyIn(t *testing.T) {
	t.Parallel()
	s, apps := world().Start(t)
	b := s.Visitor("globex.localhost")
	to := callback(t, b, startOf(t, b.Get("/ticket/help")))
	handover := b.Get(to).Status(303).Location
	secrets := map[string]string{"code": query(t, handover, "code"), "state": query(t, to, "state")}
	for _, cookie := range b.Cookies() {
		secrets[cookie.Name] = cookie.Value
	}
	b.Get(handover).Status(303)
	for _, cookie := range b.Cookies() {
		secrets[cookie.Name] = cookie.Value
	}
	if len(secrets) < 4 {
		t.Fatalf("only %d secrets are looked for", len(secrets))
	}
	secrets["client secret"] = apps[model.ByDiscord].Secret
	files, err := filepath.Glob(filepath.Join(s.Dir, "deskbell.db*"))
	if err != nil || len(files) == 0 {
		t.Fatal(err)
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for name, secret := range secrets {
			if strings.Contains(string(content), secret) {
				t.Errorf("%s has the %s", filepath.Base(file), name)
			}
		}
	}
}

func query(t *testing.T, address, name string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil || u.Query().Get(name) == "" {
		t.Fatalf("no %s in %s: %v", name, address, err)
	}
	return u.Query().Get(name)
}
