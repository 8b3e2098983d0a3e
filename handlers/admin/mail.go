package admin

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"deskbell/handlers/web"
	"deskbell/views"
)

// MailRules shows how unconfirmed addresses are treated (B10).
func (a *Admin) MailRules(c echo.Context) error {
	settings, err := a.settings(c, "mail")
	if err != nil {
		return err
	}
	ws := web.Workspace(c)
	return a.Page(c, http.StatusOK, views.MailRulesForm{
		Settings: settings, FirstMailsPerHour: strconv.Itoa(ws.FirstMailsPerHour),
		UnconfirmedDropAfter: strconv.Itoa(ws.UnconfirmedDropAfter),
	})
}

// SaveMailRules takes the form.
func (a *Admin) SaveMailRules(c echo.Context) error {
	posted, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	var page views.MailRulesForm
	var perHour, dropAfter int
	page.FirstMailsPerHour, perHour = number{"first_mails_per_hour", 0, 100_000}.read(posted, &page.Errors)
	page.UnconfirmedDropAfter, dropAfter = number{"unconfirmed_drop_after", 0, 3650}.read(posted, &page.Errors)
	if len(page.Errors) > 0 {
		if page.Settings, err = a.settings(c, "mail"); err != nil {
			return err
		}
		return a.Page(c, http.StatusUnprocessableEntity, page)
	}
	return a.saved(c, a.DB.SetMailRules(c.Request().Context(), web.Workspace(c).ID, perHour, dropAfter), "Saved.", "/desk/settings/mail")
}
