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
	return a.workspace(c, http.StatusOK, views.WorkspaceForm{Name: ws.Name, Language: ws.Language, Version: ws.Version})
}

// workspace adds to a form what the page shows beside it.
func (a *Admin) workspace(c echo.Context, status int, page views.WorkspaceForm) (err error) {
	if page.Settings, err = a.settings(c, "workspace"); err != nil {
		return err
	}
	for _, l := range language.All() {
		page.Languages = append(page.Languages, views.Choice{Value: l.Tag, Label: l.Name})
	}
	return a.Page(c, status, page)
}

// SaveWorkspace takes the form. Saving once more after a conflict goes on from what stands now.
func (a *Admin) SaveWorkspace(c echo.Context) error {
	posted, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	ws := web.Workspace(c)
	page := views.WorkspaceForm{Name: posted.Line("name"), Language: posted.Line("language"), Version: ws.Version}
	ws.Name, ws.Language = page.Name, page.Language
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
