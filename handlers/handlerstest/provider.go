package handlerstest

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"deskbell/db/model"
)

// App is an app that a test has registered with Discord or Slack, the person who will sign in to it, and
// what goes wrong with it. A test changes it before the sign-in that it is about.
type App struct {
	model.App
	Redirect string // the one address that may be redirected to
	Person   Person

	// Token and Profile change what the provider answers, before it is signed and sent.
	Token, Profile func(map[string]any)
	// TokenAnswer stands in for the token endpoint's whole answer, with status 200.
	TokenAnswer string
	// Silent makes the token endpoint take a request and never answer.
	Silent bool
}

// Person is somebody with an account at a provider.
type Person struct {
	ID, Name, Email, Team string
	Unverified            bool   // the address is not verified
	Avatar                []byte // a picture; empty: none
}

// grant is what a person has allowed an app: behind a code, then behind an access token.
type grant struct {
	app   *App
	query url.Values // of the authorisation request
}

// provider is what Discord and Slack have in common: the authorisation code flow (RFC 6749, 4.1).
type provider struct {
	name string
	mu   sync.Mutex
	apps map[string]*App
	// codes and tokens are used up or kept.
	codes, tokens map[string]grant
}

func newProvider(name string) provider {
	return provider{name: name, apps: map[string]*App{}, codes: map[string]grant{}, tokens: map[string]grant{}}
}

// Register registers an app at a provider, and returns it with somebody who will sign in. It works once
// its redirect address is set.
func (w *World) Register(p model.Provider) *App {
	app := &App{
		App:    model.App{ClientID: model.RandomID(), Secret: model.RandomID()},
		Person: Person{ID: "80351110224678912", Name: "Wei Zhang", Email: "wei@zhang.example"},
	}
	to := &w.discord.provider
	if p == model.BySlack {
		to = &w.slack.provider
		app.Person.ID, app.Person.Team = "U0WEI", "T0INITECH"
	}
	to.mu.Lock()
	defer to.mu.Unlock()
	to.apps[app.ClientID] = app
	return app
}

// Start starts a server in this world, with an app of the installation's at each provider.
func (w *World) Start(t testing.TB, with ...Option) (*Server, map[model.Provider]*App) {
	t.Helper()
	registered, known := map[model.Provider]*App{}, map[model.Provider]model.App{}
	for _, p := range []model.Provider{model.ByDiscord, model.BySlack} {
		registered[p] = w.Register(p)
		known[p] = registered[p].App
	}
	s := Start(t, append([]Option{Outside(w.Way()), Apps(known)}, with...)...)
	for p, app := range registered {
		app.Redirect = s.CallbackURL(p)
	}
	return s, registered
}

// CallbackURL is the redirect address of an app for this server.
func (s *Server) CallbackURL(p model.Provider) string {
	return s.Origin("") + "/auth/" + string(p) + "/callback"
}

func (p *provider) app(clientID string) *App {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.apps[clientID]
}

var consent = template.Must(template.New("").Parse(`<!doctype html><html lang="en"><title>{{.Name}}</title>
<h1>{{.Name}}: {{.Person}}, do you want to sign in?</h1>
<form method="post" action="{{.Action}}"><input type="hidden" name="query" value="{{.Query}}">
<button name="decision" value="yes">Authorize</button> <button name="decision" value="no">Cancel</button></form></html>`))

// authorize is the page on which a person decides. It cuts the window off from its opener, as the real
// ones may.
func (p *provider) authorize(rw http.ResponseWriter, r *http.Request, scopes ...string) {
	query := r.URL.Query()
	if r.Method == http.MethodPost {
		query, _ = url.ParseQuery(r.PostFormValue("query")) // of our own page
	}
	app := p.app(query.Get("client_id"))
	asked := strings.Fields(query.Get("scope"))
	slices.Sort(asked)
	switch {
	case app == nil || query.Get("redirect_uri") != app.Redirect:
		http.Error(rw, "invalid client_id or redirect_uri", http.StatusBadRequest)
		return
	case query.Get("response_type") != "code" || !slices.Equal(asked, scopes) || query.Get("state") == "":
		http.Error(rw, "invalid request: "+query.Encode(), http.StatusBadRequest)
		return
	case r.Method == http.MethodGet:
		rw.Header().Set("Cross-Origin-Opener-Policy", "same-origin")
		rw.Header().Set("Content-Type", "text/html; charset=utf-8")
		consent.Execute(rw, map[string]string{"Name": p.name, "Person": app.Person.Name, "Action": r.URL.Path, "Query": query.Encode()})
		return
	}
	answer := url.Values{"state": {query.Get("state")}}
	if r.PostFormValue("decision") == "yes" {
		code := model.RandomID()
		p.mu.Lock()
		p.codes[code] = grant{app, query}
		p.mu.Unlock()
		answer.Set("code", code)
	} else {
		answer.Set("error", "access_denied")
	}
	http.Redirect(rw, r, app.Redirect+"?"+answer.Encode(), http.StatusFound)
}

// trade gives an access token for a code, once; the error is a code of RFC 6749, 5.2.
func (p *provider) trade(r *http.Request) (token string, given grant, err string) {
	id, secret, basic := r.BasicAuth()
	if !basic {
		id, secret = r.PostFormValue("client_id"), r.PostFormValue("client_secret")
	}
	app := p.app(id)
	if app == nil || app.Secret != secret {
		return "", given, "invalid_client"
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	given, ok := p.codes[r.PostFormValue("code")]
	delete(p.codes, r.PostFormValue("code"))
	if !ok || given.app != app || r.PostFormValue("grant_type") != "authorization_code" ||
		r.PostFormValue("redirect_uri") != app.Redirect || !proves(given.query, r.PostFormValue("code_verifier")) {
		return "", given, "invalid_grant"
	}
	token = model.RandomID()
	p.tokens[token] = given
	return token, given, ""
}

// proves checks a PKCE verifier (RFC 7636, 4.6).
func proves(asked url.Values, verifier string) bool {
	if asked.Get("code_challenge") == "" {
		return verifier == ""
	}
	sum := sha256.Sum256([]byte(verifier))
	return asked.Get("code_challenge_method") == "S256" && asked.Get("code_challenge") == base64.RawURLEncoding.EncodeToString(sum[:])
}

// bearer returns what the access token of a request allows.
func (p *provider) bearer(r *http.Request) (grant, bool) {
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	p.mu.Lock()
	defer p.mu.Unlock()
	given, ok := p.tokens[token]
	return given, ok
}

// picture serves the avatar of whoever has this id, to this provider's apps.
func (p *provider) picture(rw http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, app := range p.apps {
		if len(app.Person.Avatar) > 0 && strings.Contains(r.URL.Path, app.ClientID) {
			rw.Write(app.Person.Avatar)
			return
		}
	}
	http.NotFound(rw, r)
}

func answerJSON(rw http.ResponseWriter, status int, answer map[string]any) {
	rw.Header().Set("Content-Type", "application/json")
	rw.WriteHeader(status)
	json.NewEncoder(rw).Encode(answer) // maps of plain values cannot fail
}

// Decide is what a person does at the provider without a browser: it opens the page to which a sign-in
// led, presses Authorize or Cancel, and returns where that leads.
func (w *World) Decide(t testing.TB, to string, yes bool) (callback string) {
	t.Helper()
	way := w.Way()
	defer way.CloseIdleConnections()
	client := &http.Client{Transport: way, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	page, err := client.Get(to)
	must(t, err)
	page.Body.Close()
	if page.StatusCode != http.StatusOK {
		t.Fatalf("the provider does not know what %s asks for: %s", to, page.Status)
	}
	u, err := url.Parse(to)
	must(t, err)
	decision := "no"
	if yes {
		decision = "yes"
	}
	answer, err := client.PostForm(u.Scheme+"://"+u.Host+u.Path, url.Values{"query": {u.RawQuery}, "decision": {decision}})
	must(t, err)
	answer.Body.Close()
	return answer.Header.Get("Location")
}
