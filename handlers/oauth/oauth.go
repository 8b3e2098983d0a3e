// Package oauth is the part of a reporter's sign-in that runs on the base host: it sends a browser to
// Discord or Slack, asks them who came back, and hands the answer over to the page's own host (E2, E3).
package oauth

import (
	"net/http"
	"net/url"
	"time"

	"github.com/labstack/echo/v4"

	"deskbell/db"
	"deskbell/db/model"
	"deskbell/handlers/web"
)

// OAuth answers under /auth on the base host.
type OAuth struct {
	*web.Kit
	client *http.Client // to the providers
}

// New returns the sign-ins of a server. Through outside it reaches the providers; nil is the
// environment's way, with its proxies. Patience is how long one answer of theirs may take; 0 is 8 seconds.
func New(kit *web.Kit, outside http.RoundTripper, patience time.Duration) *OAuth {
	if patience == 0 {
		patience = 8 * time.Second
	}
	return &OAuth{Kit: kit, client: newClient(outside, patience)}
}

// Start begins a sign-in for a form on a page domain and sends the browser to the provider (A8). Where
// it ends is decided here: on a host that belongs to a workspace, and nowhere else.
func (o *OAuth) Start(c echo.Context) error {
	in, ws, err := o.asked(c)
	if err != nil {
		return err
	}
	return o.begin(c, ws, in)
}

// Try begins a sign-in that leads back to the settings: an admin sees whether the app works.
func (o *OAuth) Try(c echo.Context) error {
	ws := web.Workspace(c)
	return o.begin(c, ws, db.SignIn{Workspace: ws.ID, Provider: ws.Kind.Provider(), Host: o.Base.Host})
}

func (o *OAuth) begin(c echo.Context, ws model.Workspace, in db.SignIn) error {
	ctx := c.Request().Context()
	way, err := o.way(ws)
	if err != nil {
		return err
	}
	if c.Request().Method == http.MethodHead {
		return c.NoContent(http.StatusSeeOther) // begins nothing
	}
	if err := o.DB.Spend(ctx, "You have begun many sign-ins in a short time.",
		db.Count{Scope: "sign-in", Key: web.Client(c), Limit: 30, Per: 10 * time.Minute}); err != nil {
		return err
	}
	state := model.RandomID() + model.RandomID()
	in.Starter = model.Hash(o.Browser(c))
	if err := o.DB.BeginSignIn(ctx, model.Hash(state), in); err != nil {
		return err
	}
	to, err := way.begin(state, o.proof(state))
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, to)
}

// asked reads for which form a sign-in is wanted. An origin that is no page domain of a workspace with
// this sign-in fails as an address that is not there.
func (o *OAuth) asked(c echo.Context) (db.SignIn, model.Workspace, error) {
	nothing := model.Fail(model.NotFound, "There is no such sign-in. Go back to the form and begin from there.")
	ctx, host := c.Request().Context(), o.hostOf(c.QueryParam("origin"))
	ws, err := o.workspaceAt(c, host)
	if model.KindOf(err) == model.NotFound || err == nil && string(ws.Kind.Provider()) != c.Param("provider") {
		err = nothing
	}
	if err != nil {
		return db.SignIn{}, ws, err
	}
	project, err := o.DB.Project(ctx, ws.ID, c.QueryParam("project"))
	if err == nil && project.Intake != model.IntakeOpen || model.KindOf(err) == model.NotFound {
		err = nothing
	}
	browser := c.QueryParam("browser")
	if err == nil && len(browser) != len(model.Hash("")) {
		err = model.Fail(model.BadRequest, "This address is not complete. Go back to the form and begin from there.")
	}
	return db.SignIn{Workspace: ws.ID, Provider: ws.Kind.Provider(), Host: host, Project: project.PublicID, Browser: browser}, ws, err
}

// hostOf returns the host of an origin, "" for anything that is not written exactly as ours are.
func (o *OAuth) hostOf(origin string) string {
	u, err := url.Parse(origin)
	if err != nil {
		return ""
	}
	if host := model.HostOf(u.Host); host != "" && o.Base.Origin(host) == origin {
		return host
	}
	return ""
}

// workspaceAt returns the workspace whose pages a host serves, or NotFound.
func (o *OAuth) workspaceAt(c echo.Context, host string) (model.Workspace, error) {
	if host == o.Base.Host {
		return o.DB.WorkspaceOfBaseHost(c.Request().Context(), host)
	}
	return o.DB.WorkspaceByHost(c.Request().Context(), host)
}

// proof returns what a sign-in's state is proved by, for each use.
func (o *OAuth) proof(state string) proof {
	return proof{verifier: o.Keys.Proof("pkce", state), nonce: o.Keys.Proof("nonce", state)}
}
