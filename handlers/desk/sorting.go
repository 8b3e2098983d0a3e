package desk

import (
	"strconv"

	"github.com/labstack/echo/v4"

	"deskbell/db"
	"deskbell/db/model"
	"deskbell/handlers/web"
	"deskbell/views"
)

// sorting is a ticket's priority and labels, with what there is to choose from.
func sorting(t db.TicketPage) views.Sorting {
	s := views.Sorting{Priority: string(t.Ticket.Priority)}
	for _, p := range model.Priorities {
		s.Priorities = append(s.Priorities, views.Choice{Value: string(p), Label: p.Label()})
	}
	has := map[model.LabelID]bool{}
	for _, l := range t.Labels {
		has[l.ID] = true
	}
	for _, l := range t.AllLabels {
		s.Labels = append(s.Labels, views.LabelChoice{Label: l, Chosen: has[l.ID]})
	}
	return s
}

// SetPriority takes the priority form (M3).
func (d *Desk) SetPriority(c echo.Context) error {
	n, err := number(c)
	if err != nil {
		return err
	}
	posted, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	to, err := model.ParsePriority(posted.Raw("priority"))
	if err == nil {
		err = d.DB.SetPriority(c.Request().Context(), web.Member(c), n, to)
	}
	return d.changed(c, err, n, "The priority is set.")
}

// SetLabels takes the labels form: those that are ticked (M3).
func (d *Desk) SetLabels(c echo.Context) error {
	n, err := number(c)
	if err != nil {
		return err
	}
	posted, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	var want []model.LabelID
	for _, text := range posted.All("labels") {
		id, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return model.Fail(model.Invalid, "Choose labels from the list.")
		}
		want = append(want, model.LabelID(id))
	}
	return d.changed(c, d.DB.SetLabels(c.Request().Context(), web.Member(c), n, want), n, "The labels are set.")
}

// changed leads back to a ticket with a notice.
func (d *Desk) changed(c echo.Context, err error, number int64, notice string) error {
	if err == nil {
		err = d.Flash(c, notice)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, ticketURL(number))
}
