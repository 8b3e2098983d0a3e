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

// inboxViews are the filters by which the inbox can be looked at; the URL's status is the key.
var inboxViews = []struct {
	key, label string
	category   model.Category
	mine       bool
}{
	{key: "open", label: "Open", category: model.Open},
	{key: "waiting", label: "Waiting on reporter", category: model.Waiting},
	{key: "closed", label: "Closed", category: model.Closed},
	{key: "all", label: "All"},
	{key: "mine", label: "Mine", mine: true},
}

// Inbox lists tickets, newest activity first (M2). The URL is its state: status, and a place to
// page from.
func (d *Desk) Inbox(c echo.Context) error {
	frame, err := d.DeskFrame(c, "inbox")
	if err != nil {
		return err
	}
	ctx, ws := c.Request().Context(), web.Workspace(c)
	counts, err := d.DB.TicketCounts(ctx, ws.ID)
	if err != nil {
		return err
	}
	page := views.Inbox{Desk: frame}
	filter, status := db.InboxFilter{}, c.QueryParam("status")
	if status == "" {
		status = "open"
	}
	for _, v := range inboxViews {
		shown := views.Filter{Label: v.label, URL: "/desk?status=" + v.key, Current: v.key == status}
		if v.category != "" {
			shown.Count = model.Thousands(counts[v.category])
		}
		if shown.Current {
			filter.Category = v.category
			if v.mine {
				filter.Assignee = web.Member(c).ID
			}
		}
		page.Filters = append(page.Filters, shown)
	}
	from, above := place(c)
	list, err := d.DB.Inbox(ctx, ws.ID, filter, from, above)
	if err != nil {
		return err
	}
	for _, t := range list.Tickets {
		page.Tickets = append(page.Tickets, inboxLine(t))
	}
	if n := len(list.Tickets); n > 0 {
		base := "/desk?status=" + url.QueryEscape(status)
		if list.Newer {
			page.Newer = base + "&above=" + cursorText(list.Tickets[0])
		}
		if list.Older {
			page.Older = base + "&below=" + cursorText(list.Tickets[n-1])
		}
	}
	return d.Page(c, http.StatusOK, page)
}

func inboxLine(t db.InboxTicket) views.InboxLine {
	return views.InboxLine{
		URL: ticketURL(t.Number), Number: t.Number, Title: t.Title, Project: t.Project, Type: t.Type,
		Status: t.Status.Name, Category: t.Status.Category, Assignee: t.Assignee, Reporter: t.Reporter,
		Confirmed: t.Confirmed, At: t.LastActivityAt,
	}
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
