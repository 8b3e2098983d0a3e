package desk

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

// inboxViews are the lists that members look at most; the URL says which.
var inboxViews = []struct {
	label, status, assignee string
	category                model.Category // whose count is kept
}{
	{label: "Open", status: "open", category: model.Open},
	{label: "Unassigned", status: "open", assignee: "none"},
	{label: "Mine", status: "open", assignee: "me"},
	{label: "Waiting on reporter", status: "waiting", category: model.Waiting},
	{label: "Closed", status: "closed", category: model.Closed},
	{label: "All", status: "all"},
}

const inboxURL = "/desk"

// Inbox lists tickets, newest activity first (M2). The URL is its state: what is picked, and a place to page
// from.
func (d *Desk) Inbox(c echo.Context) error {
	state, err := d.readInbox(c)
	if err != nil {
		return err
	}
	page, err := d.inboxList(c, state)
	if err != nil {
		return err
	}
	return d.Page(c, http.StatusOK, page)
}

// inboxList is the inbox with the tickets that a state picks, at the place that the URL names.
func (d *Desk) inboxList(c echo.Context, state *inboxState) (views.Inbox, error) {
	page, err := d.inboxPage(c, state)
	if err != nil {
		return page, err
	}
	from, above := place(c)
	since := fmt.Sprintf("%d.0", d.Now().UnixMilli()) // before it is read: what arrives meanwhile is news
	list, err := d.DB.Inbox(c.Request().Context(), web.Workspace(c).ID, state.filter, from, above)
	if err != nil {
		return page, err
	}
	page.Bounded = list.Bounded
	for _, t := range list.Tickets {
		page.Tickets = append(page.Tickets, inboxLine(t))
	}
	at := func(key, place string) string {
		values := state.values()
		values.Set(key, place)
		return inboxURL + "?" + values.Encode()
	}
	if n := len(list.Tickets); n > 0 {
		since = cursorText(list.Tickets[0])
		if list.Newer {
			page.Newer = at("above", since)
		}
		if list.Older {
			page.Older = at("below", cursorText(list.Tickets[n-1]))
		}
	}
	if !list.Newer {
		page.News = "/desk/news?" + strings.TrimPrefix(at("above", since), inboxURL+"?")
	}
	if list.Further != (db.Cursor{}) {
		page.Further = at("below", cursorText(db.InboxTicket{LastActivityAt: list.Further.At, Number: list.Further.Number}))
	}
	return page, nil
}

// inboxPage is the inbox without its tickets.
func (d *Desk) inboxPage(c echo.Context, state *inboxState) (views.Inbox, error) {
	frame, err := d.DeskFrame(c, "inbox")
	if err != nil {
		return views.Inbox{}, err
	}
	counts, err := d.DB.TicketCounts(c.Request().Context(), web.Workspace(c).ID)
	if err != nil {
		return views.Inbox{}, err
	}
	page := views.Inbox{
		Desk: frame, Form: state.form(), Unknown: state.unknown, Bulk: state.bulk(here(c, state)),
		Export: "/desk/export.csv?" + state.values().Encode(), ExportJSON: "/desk/export.json?" + state.values().Encode(),
	}
	for _, v := range inboxViews {
		values := url.Values{"status": {v.status}}
		if v.assignee != "" {
			values.Set("assignee", v.assignee)
		}
		shown := views.Filter{
			Label: v.label, URL: inboxURL + "?" + values.Encode(),
			Current: !page.Form.Narrowed && v.status == state.status && v.assignee == state.assignee,
		}
		if v.category != "" {
			shown.Count = model.Thousands(counts[v.category])
		}
		page.Filters = append(page.Filters, shown)
	}
	return page, d.addViews(c, state, &page)
}

// here is the query of the page that a request shows: what is picked, and its place.
func here(c echo.Context, state *inboxState) string {
	values := state.values()
	for _, key := range []string{"below", "above"} {
		if place := c.QueryParam(key); place != "" {
			values.Set(key, place)
		}
	}
	return values.Encode()
}

// News tells of tickets above the first one that a page of the inbox shows; 204 where there are none.
func (d *Desk) News(c echo.Context) error {
	state, err := d.readInbox(c)
	if err != nil {
		return err
	}
	from, above := place(c)
	if !above || from == (db.Cursor{}) || !web.WantsFragment(c) {
		return web.SeeOther(c, inboxURL+"?"+state.values().Encode())
	}
	list, err := d.DB.Inbox(c.Request().Context(), web.Workspace(c).ID, state.filter, from, true)
	if err != nil {
		return err
	}
	if len(list.Tickets) == 0 {
		return c.NoContent(http.StatusNoContent)
	}
	news := views.Inbox{NewTickets: len(list.Tickets), MoreNew: list.Newer, Top: inboxURL + "?" + state.values().Encode()}
	return d.Fragment(c, http.StatusOK, news, "news")
}

func inboxLine(t db.InboxTicket) views.InboxLine {
	line := views.InboxLine{
		URL: ticketURL(t.Number), Number: t.Number, Title: t.Title, Project: t.Project, Type: t.Type,
		Status: t.Status.Name, Category: t.Status.Category, Assignee: t.Assignee, Reporter: t.Reporter,
		Confirmed: t.Confirmed, At: t.LastActivityAt, Labels: t.Labels, Found: t.Found,
	}
	if t.Priority != model.PriorityNormal {
		line.Priority = t.Priority
	}
	return line
}

func cursorText(t db.InboxTicket) string {
	return fmt.Sprintf("%d.%d", t.LastActivityAt.UnixMilli(), t.Number)
}

// place reads where the page begins; anything that is no place is the top.
func place(c echo.Context) (from db.Cursor, above bool) {
	text := c.QueryParam("below")
	if text == "" {
		text, above = c.QueryParam("above"), true
	}
	millis, number, _ := strings.Cut(text, ".")
	at, atErr := strconv.ParseInt(millis, 10, 64)
	n, numberErr := strconv.ParseInt(number, 10, 64)
	if atErr != nil || numberErr != nil {
		return db.Cursor{}, false
	}
	return db.Cursor{At: time.UnixMilli(at), Number: n}, above
}
