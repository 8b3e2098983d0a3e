package admin

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"deskbell/db/model"
	"deskbell/handlers/web"
	"deskbell/views"
	"deskbell/views/language"
)

const workspaceURL = "/desk/settings/workspace"

// Workspace shows how the workspace presents itself (N).
func (a *Admin) Workspace(c echo.Context) error {
	ws := web.Workspace(c)
	return a.workspace(c, http.StatusOK, views.WorkspaceForm{Name: ws.Name, Language: ws.Language, Color: ws.Color, Version: ws.Version})
}

// workspace adds to a form what the page shows beside it.
func (a *Admin) workspace(c echo.Context, status int, page views.WorkspaceForm) (err error) {
	if page.Settings, err = a.settings(c, "workspace"); err != nil {
		return err
	}
	for _, l := range language.All() {
		page.Languages = append(page.Languages, views.Choice{Value: l.Tag, Label: l.Name})
	}
	ws := web.Workspace(c)
	page.Logo, page.ThemeURL, page.Own = web.Logo(ws), web.ThemeURL(ws), ws.Color != ""
	page.Picked = ws.Palette().Brand.String()
	return a.Page(c, status, page)
}

// SaveWorkspace takes the form. Saving once more after a conflict goes on from what stands now.
func (a *Admin) SaveWorkspace(c echo.Context) error {
	posted, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	ws := web.Workspace(c)
	page := views.WorkspaceForm{Name: posted.Line("name"), Language: posted.Line("language"), Color: posted.Line("color"), Version: ws.Version}
	ws.Name, ws.Language, ws.Color = page.Name, page.Language, page.Color
	if color, ok := model.ParseColor(page.Color); ok {
		ws.Color = color.String()
	}
	ws.Version, _ = strconv.ParseInt(posted.Raw("version"), 10, 64) // anything else is a version that never was
	if !language.Known(ws.Language) {
		err = model.FieldFail("language", "Choose a language from the list.")
	} else {
		err = a.DB.SetWorkspace(c.Request().Context(), ws)
	}
	switch failure, _ := model.AsError(err); model.KindOf(err) {
	case model.Invalid:
		page.Errors, page.Version = failure.Fields, ws.Version
		return a.workspace(c, http.StatusUnprocessableEntity, page)
	case model.Conflict:
		page.Problem = failure.Message
		return a.workspace(c, http.StatusConflict, page)
	}
	return a.saved(c, err, "Saved.", workspaceURL)
}

// SetLogo takes the form with a picture.
func (a *Admin) SetLogo(c echo.Context) error {
	logo, err := web.ReadLogo(c)
	if failure, ok := model.AsError(err); ok && failure.Kind == model.Invalid {
		ws := web.Workspace(c)
		return a.workspace(c, http.StatusUnprocessableEntity, views.WorkspaceForm{
			Name: ws.Name, Color: ws.Color, Version: ws.Version, Errors: failure.Fields,
		})
	}
	if err != nil {
		return err
	}
	return a.saved(c, a.DB.SetLogo(c.Request().Context(), web.Workspace(c).ID, logo), "Saved.", workspaceURL)
}

// RemoveLogo takes the logo away: the name stands in its place again.
func (a *Admin) RemoveLogo(c echo.Context) error {
	return a.saved(c, a.DB.RemoveLogo(c.Request().Context(), web.Workspace(c).ID), "The logo is removed.", workspaceURL)
}
