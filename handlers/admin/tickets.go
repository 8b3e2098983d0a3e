package admin

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"deskbell/handlers/web"
	"deskbell/views"
)

// TicketRules shows when tickets close by themselves.
func (a *Admin) TicketRules(c echo.Context) error {
	settings, err := a.settings(c, "tickets")
	if err != nil {
		return err
	}
	return a.Page(c, http.StatusOK, views.TicketRulesForm{
		Settings: settings, AutoCloseAfter: strconv.Itoa(web.Workspace(c).AutoCloseAfter),
	})
}

// SaveTicketRules takes the form.
func (a *Admin) SaveTicketRules(c echo.Context) error {
	posted, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	var page views.TicketRulesForm
	var closeAfter int
	page.AutoCloseAfter, closeAfter = number{"auto_close_after", 0, 3650}.read(posted, &page.Errors)
	if len(page.Errors) > 0 {
		if page.Settings, err = a.settings(c, "tickets"); err != nil {
			return err
		}
		return a.Page(c, http.StatusUnprocessableEntity, page)
	}
	return a.saved(c, a.DB.SetTicketRules(c.Request().Context(), web.Workspace(c).ID, closeAfter), "Saved.", "/desk/settings/tickets")
}
