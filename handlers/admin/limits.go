package admin

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"deskbell/db/model"
	"deskbell/handlers/web"
	"deskbell/views"
)

// Limits shows the limits of the public side (H1).
func (a *Admin) Limits(c echo.Context) error {
	settings, err := a.settings(c, "limits")
	if err != nil {
		return err
	}
	l := web.Workspace(c).Limits
	return a.Page(c, http.StatusOK, views.LimitsForm{
		Settings: settings, CreatePer10Minutes: strconv.Itoa(l.CreatePer10Minutes), CreatePerDay: strconv.Itoa(l.CreatePerDay),
		RepliesPer10Minutes: strconv.Itoa(l.RepliesPer10Minutes), UploadMBPerDay: strconv.Itoa(l.UploadMBPerDay),
	})
}

// SaveLimits takes the form.
func (a *Admin) SaveLimits(c echo.Context) error {
	posted, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	var page views.LimitsForm
	var l model.Limits
	page.CreatePer10Minutes, l.CreatePer10Minutes = number{"create_per_10_minutes", 1, 10_000}.read(posted, &page.Errors)
	page.CreatePerDay, l.CreatePerDay = number{"create_per_day", 1, 100_000}.read(posted, &page.Errors)
	page.RepliesPer10Minutes, l.RepliesPer10Minutes = number{"replies_per_10_minutes", 1, 10_000}.read(posted, &page.Errors)
	page.UploadMBPerDay, l.UploadMBPerDay = number{"upload_mb_per_day", 1, 100_000}.read(posted, &page.Errors)
	if len(page.Errors) > 0 {
		if page.Settings, err = a.settings(c, "limits"); err != nil {
			return err
		}
		return a.Page(c, http.StatusUnprocessableEntity, page)
	}
	return a.saved(c, a.DB.SetLimits(c.Request().Context(), web.Workspace(c).ID, l), "Saved.", "/desk/settings/limits")
}
