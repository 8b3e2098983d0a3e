package portal

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"deskbell/db"
	"deskbell/db/model"
	"deskbell/handlers/web"
	"deskbell/views"
)

// maxOverviewQuery is how many bytes of a search are looked at.
const maxOverviewQuery = 400

// Overview lists the signed-in customer's tickets, open and done apart, or those that a search in
// their texts finds (A3, J3).
func (p *Portal) Overview(c echo.Context) error {
	customer, err := p.requireCustomer(c)
	if err != nil {
		return err
	}
	frame, _, err := p.frame(c)
	if err != nil {
		return err
	}
	query := c.QueryParam("q")
	page := views.Overview{Frame: frame, Done: c.QueryParam("done") == "1", Query: model.CleanLine(query[:min(len(query), maxOverviewQuery)])}
	if page.Query != "" {
		if err := p.spendSearch(c); err != nil {
			return err
		}
	}
	below := overviewPlace(c.QueryParam("below"))
	page.Below = below != (db.OverviewPlace{})
	ctx, ws := c.Request().Context(), web.Workspace(c)
	unread, err := p.DB.UnreadTickets(ctx, ws.ID, customer.ID)
	if err != nil {
		return err
	}
	page.UnreadOpen, page.UnreadDone = unread.Open, unread.Done
	filter := db.OverviewFilter{Done: page.Done, Text: page.Query}
	tickets, older, err := p.DB.CustomerTickets(ctx, ws.ID, customer.ID, filter, below)
	if err != nil {
		return err
	}
	for i := range tickets {
		tickets[i].Title = p.Language(c).Say(model.Standing(tickets[i].Title))
	}
	listTickets(&page, tickets, older)
	return p.Page(c, http.StatusOK, page)
}

// listTickets adds the lines of a page, and where it leads on to.
func listTickets(page *views.Overview, tickets []model.PublicTicket, older bool) {
	for _, t := range tickets {
		page.Tickets = append(page.Tickets, views.OverviewTicket{PublicTicket: t, URL: "/tickets/" + t.Ref})
	}
	page.OpenURL, page.DoneURL = overviewURL(false, page.Query, ""), overviewURL(true, page.Query, "")
	page.TopURL, page.AllURL = overviewURL(page.Done, page.Query, ""), overviewURL(page.Done, "", "")
	if older {
		page.OlderURL = overviewURL(page.Done, page.Query, placeText(tickets[len(tickets)-1]))
	}
}

func overviewURL(done bool, query, below string) string {
	values := url.Values{}
	if done {
		values.Set("done", "1")
	}
	if query != "" {
		values.Set("q", query)
	}
	if below != "" {
		values.Set("below", below)
	}
	if len(values) == 0 {
		return "/tickets"
	}
	return "/tickets?" + values.Encode()
}

// placeText names the place below a ticket. It says nothing that the line of the ticket does not.
func placeText(t model.PublicTicket) string {
	turn := "us"
	if t.State == model.WaitingForYou {
		turn = "you"
	}
	return fmt.Sprintf("%s.%d.%s", turn, t.LastActivityAt.UnixMilli(), t.Ref)
}

// overviewPlace reads where a page begins; anything that is no place is the top.
func overviewPlace(text string) db.OverviewPlace {
	turn, rest, _ := strings.Cut(text, ".")
	millis, ref, found := strings.Cut(rest, ".")
	at, err := strconv.ParseInt(millis, 10, 64)
	if err != nil || !found {
		return db.OverviewPlace{}
	}
	place := db.OverviewPlace{State: model.WaitingForUs, At: time.UnixMilli(at), Ref: ref}
	if turn == "you" {
		place.State = model.WaitingForYou
	}
	return place
}
