package portal

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"deskbell/handlers/web"
	"deskbell/views"
)

// Overview lists the signed-in customer's tickets (A3).
func (p *Portal) Overview(c echo.Context) error {
	customer, err := p.requireCustomer(c)
	if err != nil {
		return err
	}
	frame, _, err := p.frame(c)
	if err != nil {
		return err
	}
	page := views.Overview{Frame: frame, Done: c.QueryParam("done") == "1"}
	tickets, err := p.DB.CustomerTickets(c.Request().Context(), web.Workspace(c).ID, customer.ID, page.Done)
	if err != nil {
		return err
	}
	for _, t := range tickets {
		page.Tickets = append(page.Tickets, views.OverviewTicket{PublicTicket: t, URL: "/tickets/" + t.Ref})
	}
	return p.Page(c, http.StatusOK, page)
}
