package desk

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"deskbell/db/model"
	"deskbell/handlers/web"
	"deskbell/views"
)

func mergeURL(number int64) string { return ticketURL(number) + "/merge" }

// MergePage asks for the ticket that another one is a duplicate of; once that is known, it says what a merge
// does, and asks again (M5).
func (d *Desk) MergePage(c echo.Context) error {
	n, err := number(c)
	if err != nil {
		return err
	}
	return d.mergePage(c, n, c.QueryParam("into"), nil)
}

// Merge makes a ticket part of another one.
func (d *Desk) Merge(c echo.Context) error {
	n, err := number(c)
	if err != nil {
		return err
	}
	posted, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	into, err := ticketNumber("into", posted.Line("into"))
	if err == nil {
		err = d.DB.MergeTickets(c.Request().Context(), web.Member(c), n, into, posted.On("agreed"))
	}
	if failure, ok := model.AsError(err); ok && failure.Kind == model.Invalid {
		return d.mergePage(c, n, posted.Line("into"), failure.Fields)
	}
	if err == nil {
		err = d.Flash(c, fmt.Sprintf("Ticket #%d is part of this one now.", n))
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, ticketURL(into))
}

// ticketNumber reads the number of a ticket as people write it: 12 or #12.
func ticketNumber(field, typed string) (int64, error) {
	n, err := strconv.ParseInt(strings.TrimPrefix(typed, "#"), 10, 64)
	if err != nil {
		err = model.FieldErrors{{Field: field, Message: "Enter the number of the other ticket, as in 12."}}.Err()
	}
	return n, err
}

// mergePage is the page for what was typed as the other ticket's number, which may be nothing yet.
func (d *Desk) mergePage(c echo.Context, n int64, typed string, errs model.FieldErrors) error {
	frame, err := d.DeskFrame(c, "inbox")
	if err != nil {
		return err
	}
	page := views.Merge{Desk: frame, Typed: typed, Errors: errs, Action: mergeURL(n), Back: ticketURL(n)}
	if typed == "" || errs.Of("into") != "" {
		return d.askMerge(c, n, page)
	}
	into, err := ticketNumber("into", typed)
	var plan model.MergePlan
	if err == nil {
		plan, err = d.DB.MergePlan(c.Request().Context(), web.Workspace(c).ID, n, into)
	}
	if failure, ok := model.AsError(err); ok && failure.Kind == model.Invalid {
		page.Errors = failure.Fields
		return d.askMerge(c, n, page)
	}
	if err != nil {
		return err
	}
	page.From, page.Into = mergeSide("This ticket", plan.From, plan.FromPeople), mergeSide("becomes part of", plan.Into, plan.IntoPeople)
	page.Moves, page.Strangers = moves(plan), plan.Strangers
	page.Becomes = plan.Becomes()
	page.Swap = mergeURL(into) + "?" + url.Values{"into": {fmt.Sprint(n)}}.Encode()
	return d.Page(c, status(page.Errors), page)
}

// askMerge asks which ticket it is, and names those that are likely.
func (d *Desk) askMerge(c echo.Context, n int64, page views.Merge) error {
	t, likely, err := d.DB.LikelyDuplicates(c.Request().Context(), web.Workspace(c).ID, n)
	if err != nil {
		return err
	}
	page.From = mergeSide("", t, nil)
	page.Likely = views.NewOtherTickets(likely)
	for i, other := range likely {
		page.Likely[i].URL = page.Action + "?" + url.Values{"into": {fmt.Sprint(other.Number)}}.Encode()
	}
	return d.Page(c, status(page.Errors), page)
}

func status(errs model.FieldErrors) int {
	if len(errs) > 0 {
		return http.StatusUnprocessableEntity
	}
	return http.StatusOK
}

func mergeSide(heading string, t model.Ticket, people []model.Recipient) views.MergeSide {
	side := views.MergeSide{Heading: heading, OtherTicket: views.OtherTicket{
		TicketLine: model.TicketLine{Number: t.Number, Title: t.Title, Status: t.Status.Name}, URL: ticketURL(t.Number)}}
	for _, r := range people {
		side.People = append(side.People, r.Label())
	}
	return side
}

// moves says how much of a conversation moves.
func moves(p model.MergePlan) string {
	text := "The description"
	if p.Notes == 0 && p.Messages > 0 {
		text += " and " + model.Count(p.Messages, "message", "messages")
	} else if p.Messages > 0 {
		text += ", " + model.Count(p.Messages, "message", "messages")
	}
	if p.Notes > 0 {
		text += " and " + model.Count(p.Notes, "internal note", "internal notes")
	}
	return text
}
