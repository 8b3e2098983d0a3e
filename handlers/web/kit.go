// Package web is the request kit that the areas of the server share: the workspace of a request,
// its session, its form, and how pages and fragments are answered.
package web

import (
	"log/slog"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"deskbell/db"
	"deskbell/db/files"
	"deskbell/db/model"
	"deskbell/static"
	"deskbell/views"
)

// Kit is what every handler works with.
type Kit struct {
	DB     *db.DB
	Views  *views.Views
	Assets *static.Assets
	Files  files.Store
	Keys   model.Keys
	Base   model.BaseURL
	Log    *slog.Logger
	// Apps are those of the installation, by which reporters sign in where a workspace has none of its own.
	Apps map[model.Provider]model.App

	Pace Pace // how slow a client may be

	receiving inFlight
	clicks    clicks
}

// Now is the time by the database's clock.
func (k *Kit) Now() time.Time { return k.DB.Now() }

const (
	workspaceKey = "workspace"
	sessionKey   = "session"
	memberKey    = "member"
)

// OnPageDomain lets a request through on a host that serves a workspace's public pages: a page
// domain (A10), or the base host, which serves the first workspace's (A12).
func (k *Kit) OnPageDomain(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		ws, err := k.FindWorkspace(c)
		if err != nil {
			return err
		}
		k.Enter(c, ws)
		k.keepLanguage(c)
		return next(c)
	}
}

// Enter makes a workspace that of the request.
func (k *Kit) Enter(c echo.Context, ws model.Workspace) { c.Set(workspaceKey, ws) }

// OnKnownHost lets a request through on the base host and on every page domain.
func (k *Kit) OnKnownHost(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if Host(c) == k.Base.Host {
			return next(c)
		}
		return k.OnPageDomain(next)(c)
	}
}

// OnBaseHost lets a request through on the base host alone (A7).
func (k *Kit) OnBaseHost(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if Host(c) != k.Base.Host {
			return model.Fail(model.NotFound, "There is nothing at this address.")
		}
		return next(c)
	}
}

// FindWorkspace returns the workspace of a request's host, NotFound for an unknown one.
func (k *Kit) FindWorkspace(c echo.Context) (model.Workspace, error) {
	ctx, host := c.Request().Context(), Host(c)
	if host == k.Base.Host {
		return k.DB.WorkspaceOfBaseHost(ctx, host)
	}
	return k.DB.WorkspaceByHost(ctx, host)
}

// Workspace returns the workspace that OnPageDomain or RequireMember found.
func Workspace(c echo.Context) model.Workspace {
	ws, _ := c.Get(workspaceKey).(model.Workspace)
	return ws
}

// Host returns the host name that a request names, without port.
func Host(c echo.Context) string { return model.HostOf(c.Request().Host) }

// Page answers with a whole page.
func (k *Kit) Page(c echo.Context, status int, p views.Page) error {
	html, err := k.Views.Render(p, k.Language(c))
	if err != nil {
		return err
	}
	return k.answer(c, status, html)
}

// Fragment answers with named blocks of a page, one after the other.
func (k *Kit) Fragment(c echo.Context, status int, p views.Page, blocks ...string) error {
	var html []byte
	for _, block := range blocks {
		part, err := k.Views.Fragment(p, k.Language(c), block)
		if err != nil {
			return err
		}
		html = append(html, part...)
	}
	return k.answer(c, status, html)
}

// WantsFragment says whether htmx asked for a part of a page. The answer depends on its headers.
func WantsFragment(c echo.Context) bool {
	c.Response().Header().Add(echo.HeaderVary, "HX-Request")
	h := c.Request().Header
	return h.Get("HX-Request") == "true" && h.Get("HX-Boosted") != "true" && h.Get("HX-History-Restore-Request") != "true"
}

// SeeOther sends the browser to another page after a change; htmx follows by itself.
func SeeOther(c echo.Context, to string) error {
	if WantsFragment(c) {
		c.Response().Header().Set("HX-Redirect", to)
		return c.NoContent(http.StatusOK)
	}
	return c.Redirect(http.StatusSeeOther, to)
}

// NoStore keeps an answer with a token or personal data out of every cache (P1).
func NoStore(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		c.Response().Header().Set(echo.HeaderCacheControl, "no-store")
		return next(c)
	}
}
