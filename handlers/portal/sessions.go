package portal

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"deskbell/db/model"
	"deskbell/handlers/web"
	"deskbell/views"
)

const sessionsURL = "/tickets/sessions"

// ended is what the list says of what was just done, by the word in its address.
var ended = map[string]model.Text{
	"one": model.Say("That browser is logged out."), "others": model.Say("Every other browser is logged out."),
}

// Sessions lists where the customer is signed in (J3).
func (p *Portal) Sessions(c echo.Context) error {
	if _, err := p.requireCustomer(c); err != nil {
		return err
	}
	frame, _, err := p.frame(c)
	if err != nil {
		return err
	}
	this, _, err := p.Session(c, web.PortalSide)
	if err != nil {
		return err
	}
	list, err := p.DB.Sessions(c.Request().Context(), this)
	if err != nil {
		return err
	}
	return p.Page(c, http.StatusOK, views.SignedIn{
		Frame: frame, Saved: p.Language(c).Say(ended[c.QueryParam("ended")]), Sessions: views.Sessions(list, this.Hash, sessionsURL),
	})
}

// EndSessions signs the customer out from one other browser, or from all of them. This one goes on.
func (p *Portal) EndSessions(c echo.Context) error {
	if _, err := p.requireCustomer(c); err != nil {
		return err
	}
	posted, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	this, _, err := p.Session(c, web.PortalSide)
	if err != nil {
		return err
	}
	one, which := posted.Raw("session"), "one"
	if one != "" {
		err = p.DB.EndOneSession(c.Request().Context(), this, one)
	} else {
		err, which = p.DB.EndOtherSessions(c.Request().Context(), this), "others"
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, sessionsURL+"?ended="+which)
}
