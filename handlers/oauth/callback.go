package oauth

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"deskbell/db"
	"deskbell/db/model"
	"deskbell/handlers/web"
)

// Callback takes what the provider sends back with a browser (A8). The state is used up before the
// provider is asked: whatever comes of it, it counts once.
func (o *OAuth) Callback(c echo.Context) error {
	ctx, state := c.Request().Context(), c.QueryParam("state")
	provider := model.Provider(c.Param("provider"))
	if state == "" || o.KnownBrowser(c) == "" {
		return model.Fail(model.Gone, "This sign-in was not begun in this browser, or the browser keeps no cookies for this site. Allow them, or go back to your form and use your email address.")
	}
	if c.Request().Method == http.MethodHead {
		return c.NoContent(http.StatusSeeOther) // uses nothing up
	}
	begun, err := o.DB.UseSignIn(ctx, provider, model.Hash(state), model.Hash(o.KnownBrowser(c)))
	if err != nil {
		return err
	}
	ws, err := o.workspaceOf(c, begun)
	if err != nil {
		return err
	}
	id, avatar, err := o.identify(ctx, ws, state, c.QueryParams())
	if err != nil {
		return o.failed(c, ws, begun, err)
	}
	if begun.Project == "" {
		return o.tried(c, ws, itWorks(provider, id))
	}
	code := model.RandomID() + model.RandomID()
	if err := o.DB.KeepIdentity(ctx, begun, id, o.avatar(ctx, avatar), model.Hash(code)); err != nil {
		return err
	}
	return o.handOver(c, begun, url.Values{"code": {code}})
}

// workspaceOf returns the workspace of a sign-in, while it still has the host and the provider.
func (o *OAuth) workspaceOf(c echo.Context, begun db.SignIn) (model.Workspace, error) {
	ended := model.Fail(model.Gone, "This sign-in is no longer offered. Go back to your form and use your email address.")
	if begun.Project == "" {
		return o.DB.Workspace(c.Request().Context(), begun.Workspace)
	}
	ws, err := o.workspaceAt(c, begun.Host)
	if model.KindOf(err) == model.NotFound || err == nil && (ws.ID != begun.Workspace || ws.Kind.Provider() != begun.Provider) {
		err = ended
	}
	return ws, err
}

// identify asks the provider who came back with a code.
func (o *OAuth) identify(ctx context.Context, ws model.Workspace, state string, answer url.Values) (model.Identity, string, error) {
	way, err := o.way(ws)
	if err != nil {
		return model.Identity{}, "", err
	}
	if refused := answer.Get("error"); refused != "" || answer.Get("code") == "" {
		return model.Identity{}, "", refusal(refused)
	}
	profile, avatar, err := way.finish(ctx, answer, o.proof(state))
	if err != nil {
		return model.Identity{}, "", err
	}
	id, err := model.Identify(ws, profile)
	return id, avatar, err
}

// handOver sends the browser to the page's own host. It was checked when the sign-in began and after.
func (o *OAuth) handOver(c echo.Context, begun db.SignIn, outcome url.Values) error {
	return c.Redirect(http.StatusSeeOther, o.Base.Origin(begun.Host)+web.HandOver(begun.Project)+"?"+outcome.Encode())
}

// failed tells the page's own host that a sign-in came to nothing, in a word. Why stands in the log,
// without anything that a provider sent.
func (o *OAuth) failed(c echo.Context, ws model.Workspace, begun db.SignIn, err error) error {
	why := model.SignInFailed
	if cause, ok := errors.AsType[*failure](err); ok {
		why = cause.why
	} else if model.KindOf(err) == model.Forbidden {
		why = model.SignInOtherTeam
	}
	if why != model.SignInCancelled {
		o.Log.Warn("a sign-in failed", "id", c.Response().Header().Get(echo.HeaderXRequestID),
			"workspace", ws.ID, "provider", begun.Provider, "why", why, "error", withoutSecrets(err))
	}
	if begun.Project == "" {
		return o.tried(c, ws, "It does not work. "+why.Explain(begun.Provider, ws.Name).String()+" "+withoutSecrets(err))
	}
	return o.handOver(c, begun, url.Values{"failed": {string(why)}})
}

// tried leads an admin back to the settings with what came of it, sealed, so that nobody else can
// write there.
func (o *OAuth) tried(c echo.Context, ws model.Workspace, outcome string) error {
	q := url.Values{"tried": {o.Keys.Seal(web.TriedScope(ws.ID), outcome)}}
	return c.Redirect(http.StatusSeeOther, "/desk/settings/sign-in?"+q.Encode())
}

// itWorks says to an admin what a trial came to.
func itWorks(p model.Provider, id model.Identity) string {
	return "It works. " + p.Label() + " knows you as " + id.Name + "."
}
