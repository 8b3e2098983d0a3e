package web

import (
	"fmt"
	"net/url"

	"github.com/labstack/echo/v4"

	"deskbell/db/model"
)

// App returns the app by which a workspace's reporters sign in: the workspace's own, else the
// installation's. It is false for a workspace of email alone, and where no app is set up.
func (k *Kit) App(ws model.Workspace) (model.App, bool) {
	provider := ws.Kind.Provider()
	if provider == "" {
		return model.App{}, false
	}
	if ws.SignIn.ClientID == "" {
		app, ok := k.Apps[provider]
		return app, ok
	}
	secret, ok := k.Keys.Unseal(secretScope(ws.ID, provider), ws.SignIn.Secret)
	if !ok { // sealed under another key
		return model.App{}, false
	}
	return model.App{ClientID: ws.SignIn.ClientID, Secret: secret}, true
}

// SealSecret encrypts the secret of a workspace's own app, as the database keeps it.
func (k *Kit) SealSecret(ws model.WorkspaceID, provider model.Provider, secret string) string {
	return k.Keys.Seal(secretScope(ws, provider), secret)
}

func secretScope(ws model.WorkspaceID, provider model.Provider) string {
	return fmt.Sprintf("sign-in secret/%d/%s", ws, provider)
}

// browserCookie names the cookie by which a browser that begins a sign-in is known again.
const browserCookie = "browser"

// KnownBrowser returns the random id of this browser on this host, "" where it has none.
func (k *Kit) KnownBrowser(c echo.Context) string {
	cookie, err := c.Cookie(k.CookieName(browserCookie))
	if err != nil || len(cookie.Value) < len(model.RandomID()) {
		return ""
	}
	return cookie.Value
}

// Browser returns the random id of this browser on this host, which gets one where it has none. It
// lasts as long as the browser is open.
func (k *Kit) Browser(c echo.Context) string {
	if known := k.KnownBrowser(c); known != "" {
		return known
	}
	id := model.RandomID() + model.RandomID()
	c.SetCookie(k.Cookie(browserCookie, id, 0))
	return id
}

// CallbackURL is the fixed address to which a provider sends people back. An app is registered with it.
func (k *Kit) CallbackURL(p model.Provider) string {
	return k.Base.Origin("") + "/auth/" + string(p) + "/callback"
}

// StartURL is where a sign-in begins, on the base host, for the form of a project on the host of this
// request. Nothing in it is secret: the browser stands there by its hash.
func (k *Kit) StartURL(c echo.Context, p model.Provider, project, browser string) string {
	q := url.Values{"origin": {k.Base.Origin(Host(c))}, "project": {project}, "browser": {model.Hash(browser)}}
	return k.Base.Origin("") + "/auth/" + string(p) + "/start?" + q.Encode()
}

// TriedScope is where the outcome of a sign-in that an admin tried counts.
func TriedScope(ws model.WorkspaceID) string { return fmt.Sprint("sign-in tried/", ws) }

// HandOver is where a sign-in ends: the path of a project's page on its own host.
func HandOver(project string) string {
	return "/ticket/" + url.PathEscape(project) + "/identity/handover"
}
