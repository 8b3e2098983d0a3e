package desk

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"deskbell/db"
	"deskbell/db/model"
	"deskbell/handlers/web"
	"deskbell/views"
)

// ChangeTickets does the same to the ticked tickets of a page of the inbox (M2). Its URL says which page, as
// the inbox's own does, so that the member comes back to it.
func (d *Desk) ChangeTickets(c echo.Context) error {
	state, err := d.readInbox(c)
	if err != nil {
		return err
	}
	posted, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	numbers, change, err := readBulk(posted)
	var done db.BulkResult
	if err == nil {
		done, err = d.DB.ChangeTickets(c.Request().Context(), web.Member(c), numbers, change)
	}
	if failure, ok := model.AsError(err); ok && failure.Kind == model.Invalid {
		return d.bulkAgain(c, state, posted, failure)
	}
	if err == nil {
		err = d.Flash(c, bulkNotice(done))
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, inboxURL+"?"+here(c, state))
}

// readBulk reads which tickets are ticked and what shall be done to them.
func readBulk(posted web.Form) ([]int64, db.BulkChange, error) {
	var wrong error
	id := func(text string) int64 {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n < 0 {
			wrong = model.FieldErrors{{Field: "tickets", Message: "Choose tickets, members and labels from the lists."}}.Err()
		}
		return n
	}
	var numbers []int64
	for _, text := range posted.All("tickets") {
		numbers = append(numbers, id(text))
	}
	change := db.BulkChange{Status: posted.Line("bulk_status")}
	if text := posted.Raw("bulk_assignee"); text != "" {
		change.Assign, change.Assignee = true, model.MemberID(id(text))
	}
	if text := posted.Raw("bulk_priority"); text != "" {
		priority, err := model.ParsePriority(text)
		if err != nil {
			return nil, change, model.FieldErrors{{Field: "bulk_priority", Message: "Choose a priority from the list."}}.Err()
		}
		change.Priority = priority
	}
	if text := posted.Raw("add_label"); text != "" {
		change.AddLabel = model.LabelID(id(text))
	}
	if text := posted.Raw("remove_label"); text != "" {
		change.RemoveLabel = model.LabelID(id(text))
	}
	return numbers, change, wrong
}

// bulkAgain shows the page with what was ticked and chosen, and what is wrong with it.
func (d *Desk) bulkAgain(c echo.Context, state *inboxState, posted web.Form, failure *model.Error) error {
	page, err := d.inboxList(c, state)
	if err != nil {
		return err
	}
	b := &page.Bulk
	b.Assignee, b.Status, b.Priority = posted.Raw("bulk_assignee"), posted.Line("bulk_status"), posted.Raw("bulk_priority")
	b.Add, b.Remove = posted.Raw("add_label"), posted.Raw("remove_label")
	if b.Errors = failure.Fields; len(b.Errors) == 0 {
		b.Errors.Add("tickets", failure.Message)
	}
	for i, t := range page.Tickets {
		page.Tickets[i].Ticked = slices.Contains(posted.All("tickets"), strconv.FormatInt(t.Number, 10))
	}
	return d.Page(c, http.StatusUnprocessableEntity, page)
}

// bulkNotice says how many tickets are changed, and how many could not be.
func bulkNotice(done db.BulkResult) string {
	notice := model.Count(done.Done, "ticket is changed.", "tickets are changed.")
	if done.Left == 0 {
		return notice
	}
	return notice + " " + model.Count(done.Left, "is left as it was: its project has no such status, or it was merged.",
		"are left as they were: their projects have no such status, or they were merged.")
}

// bulk is the form that changes the ticked tickets of the page with this query.
func (s *inboxState) bulk(query string) views.Bulk {
	keep := views.Choice{Label: "Leave as it is"}
	b := views.Bulk{
		Action: "/desk/bulk?" + query, Statuses: []views.Choice{keep}, Priorities: []views.Choice{keep},
		Assignees: []views.Choice{keep, {Value: "0", Label: "Nobody"}},
		Adds:      []views.Choice{{Label: "None"}}, Removes: []views.Choice{{Label: "None"}},
	}
	for _, m := range s.members {
		b.Assignees = append(b.Assignees, views.Choice{Value: strconv.FormatInt(int64(m.ID), 10), Label: m.Name})
	}
	for _, status := range s.statuses {
		if !slices.ContainsFunc(b.Statuses, func(c views.Choice) bool { return same(c.Value, status.Name) }) {
			b.Statuses = append(b.Statuses, views.Choice{Value: status.Name, Label: status.Name})
		}
	}
	for _, p := range model.Priorities {
		b.Priorities = append(b.Priorities, views.Choice{Value: string(p), Label: p.Label()})
	}
	for _, l := range s.labels {
		choice := views.Choice{Value: strconv.FormatInt(int64(l.ID), 10), Label: l.Name}
		b.Adds, b.Removes = append(b.Adds, choice), append(b.Removes, choice)
	}
	return b
}
