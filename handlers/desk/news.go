package desk

import (
	"fmt"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"deskbell/db"
	"deskbell/db/model"
	"deskbell/handlers/web"
	"deskbell/views"
)

// TicketNews tells an open page what has come since it looked last: new entries and events, and who else is here.
// It answers 204 where nothing has, and records that the member is here.
func (d *Desk) TicketNews(c echo.Context) error {
	n, err := number(c)
	if err != nil {
		return err
	}
	posted, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	mark, err := d.DB.TicketMark(c.Request().Context(), web.Member(c), n)
	if err != nil {
		return err
	}
	if err := d.DB.SeeTicket(c.Request().Context(), web.Member(c), mark.Ticket); err != nil {
		return err
	}
	if posted.Raw("mark") == markOf(mark).Text {
		return web.Nothing(c)
	}
	page, err := d.ticketPage(c, "")
	if err != nil {
		return err
	}
	after, _ := strconv.ParseInt(posted.Raw("after"), 10, 64) // anything else: all entries
	page.Polled, page.Messages = true, entriesAfter(page.Messages, model.MessageID(after))
	return d.Fragment(c, http.StatusOK, page, "poll", "news")
}

// entriesAfter returns the entries that a page does not show yet.
func entriesAfter(list []model.Message, after model.MessageID) []model.Message {
	for i, m := range list {
		if m.ID > after {
			return list[i:]
		}
	}
	return nil
}

// markOf is how far a page has come, as its next question says it.
func markOf(m db.TicketMark) views.Mark {
	mark := views.Mark{Entry: int64(m.Entry), Event: m.Event}
	for _, who := range m.Colleagues {
		mark.Colleagues = append(mark.Colleagues, colleague(who))
	}
	mark.Text = fmt.Sprintf("%d-%d-%s", m.Entry, m.Event, model.Hash(fmt.Sprint(mark.Colleagues)))
	return mark
}

func colleague(c model.Colleague) string {
	if c.Writing {
		return c.Name + " is writing an answer."
	}
	return c.Name + " has this ticket open too."
}
