// Package admin is the settings: forms for admins, one page a subject, on the base host.
package admin

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"deskbell/handlers/web"
	"deskbell/views"
)

// Admin answers on the base host, to members of the role admin.
type Admin struct {
	*web.Kit
	Installation
}

// Settings lists the pages of the settings.
func (a *Admin) Settings(c echo.Context) error {
	settings, err := a.settings(c, "")
	if err != nil {
		return err
	}
	return a.Page(c, http.StatusOK, views.SettingsIndex{Settings: settings})
}

// settings returns what every page of the settings carries.
func (a *Admin) settings(c echo.Context, subject string) (views.Settings, error) {
	frame, err := a.DeskFrame(c, "settings")
	return views.Settings{Desk: frame, Subject: subject}, err
}

// saved leaves a notice and leads on, unless saving failed.
func (a *Admin) saved(c echo.Context, err error, notice, to string) error {
	if err == nil {
		err = a.Flash(c, notice)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, to)
}
