package desk

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"deskbell/db/model"
	"deskbell/handlers/web"
)

// Link says that another ticket belongs to this one (M5).
func (d *Desk) Link(c echo.Context) error {
	n, err := number(c)
	if err != nil {
		return err
	}
	posted, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	other, err := ticketNumber("other", posted.Line("other"))
	if err == nil {
		err = d.DB.LinkTickets(c.Request().Context(), web.Member(c), n, other)
	}
	if failure, ok := model.AsError(err); ok && failure.Kind == model.Invalid {
		page, err := d.ticketPage(c, "")
		if err != nil {
			return err
		}
		page.LinkTo, page.LinkErrors = posted.Line("other"), failure.Fields
		return d.Page(c, http.StatusUnprocessableEntity, page)
	}
	return d.related(c, n, err, "The tickets are linked.")
}

// Unlink ends the link to another ticket.
func (d *Desk) Unlink(c echo.Context) error {
	n, err := number(c)
	if err != nil {
		return err
	}
	other, err := strconv.ParseInt(c.Param("other"), 10, 64)
	if err != nil {
		return model.Fail(model.NotFound, "There is no ticket with this number.")
	}
	return d.related(c, n, d.DB.UnlinkTickets(c.Request().Context(), web.Member(c), n, other), "The tickets are no longer linked.")
}

// related leads back to the list of links with a notice, unless it failed.
func (d *Desk) related(c echo.Context, n int64, err error, notice string) error {
	if err == nil {
		err = d.Flash(c, notice)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, ticketURL(n)+"#related")
}
