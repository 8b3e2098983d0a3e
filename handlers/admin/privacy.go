package admin

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"deskbell/db"
	"deskbell/db/model"
	"deskbell/handlers/web"
	"deskbell/views"
)

const privacyURL = "/desk/settings/privacy"

func eraseURL(id model.CustomerID) string { return customerURL(id) + "/erase" }

// Privacy lists who asked for erasure, who is being erased, and who confirmed what was done.
func (a *Admin) Privacy(c echo.Context) error {
	settings, err := a.settings(c, "privacy")
	if err != nil {
		return err
	}
	ctx, ws := c.Request().Context(), web.Workspace(c).ID
	page := views.ErasureList{Settings: settings}
	list, err := a.DB.Erasures(ctx, ws)
	if err != nil {
		return err
	}
	for _, e := range list {
		line := views.ErasureLine{Name: e.Name, Email: e.Email, At: e.AskedAt, Age: age(a.Now().Sub(e.AskedAt)), URL: eraseURL(e.Customer)}
		if e.BegunAt.IsZero() {
			page.Asked = append(page.Asked, line)
		} else {
			page.Begun = append(page.Begun, line)
		}
	}
	if page.Done, _, err = a.DB.Audit(ctx, ws, db.AuditFilter{Subject: model.AuditErasure}); err != nil {
		return err
	}
	return a.Page(c, http.StatusOK, page)
}

// age says in days how long ago something was.
func age(d time.Duration) string {
	switch days := int(d / (24 * time.Hour)); days {
	case 0:
		return "today"
	case 1:
		return "1 day ago"
	default:
		return fmt.Sprintf("%s days ago", model.Thousands(days))
	}
}

// ConfirmErase says what an erasure of a customer would remove.
func (a *Admin) ConfirmErase(c echo.Context) error {
	_, page, err := a.eraseForm(c)
	if err != nil {
		return err
	}
	return a.Page(c, http.StatusOK, page)
}

func (a *Admin) eraseForm(c echo.Context) (db.Customer, views.EraseForm, error) {
	var page views.EraseForm
	id, err := strconv.ParseInt(c.Param("id"), 10, 64)
	if err != nil {
		return db.Customer{}, page, model.Fail(model.NotFound, "There is no such customer. They may have been erased: look for them among the customers.")
	}
	ctx, ws := c.Request().Context(), web.Workspace(c).ID
	customer, err := a.DB.Customer(ctx, ws, model.CustomerID(id))
	if err != nil {
		return customer, page, err
	}
	held, err := a.DB.Footprint(ctx, ws, customer.ID)
	if err != nil {
		return customer, page, err
	}
	asked, err := a.DB.Erasure(ctx, ws, customer.ID)
	if err != nil {
		return customer, page, err
	}
	page = views.EraseForm{
		Name: customer.Name, Email: customer.Email, AskedAt: asked.AskedAt, Age: age(a.Now().Sub(asked.AskedAt)),
		Goes: goes(held), Stays: stays(held), Mailed: !customer.ConfirmedAt.IsZero(), Action: eraseURL(customer.ID), Back: privacyURL,
	}
	page.Settings, err = a.settings(c, "privacy")
	return customer, page, err
}

// goes says what an erasure removes.
func goes(held model.Footprint) []string {
	return []string{
		"Their name and address, wherever Deskbell wrote them",
		model.Count(held.Tickets, "ticket", "tickets") + " that they opened: the title, the description and " + model.Count(held.Answers, "answer", "answers") + " to its fields",
		model.Count(held.Messages, "message", "messages") + " that they wrote",
		fmt.Sprintf("%s that they sent, %s, and %s in forms that were not sent yet", model.Count(held.Files, "file", "files"), model.HumanSize(held.FileBytes), model.Thousands(held.Waiting)),
		model.Count(held.Recipient, "thread link", "thread links") + ": each opens nothing any more, and mail to it ends",
		model.Count(held.Mails, "mail", "mails") + " to them in the outbox, waiting ones too",
		fmt.Sprintf("%s, %s and %s", model.Count(held.Sessions, "session", "sessions"), model.Count(held.Logins, "login that was asked for", "logins that were asked for"), model.Count(held.Links, "intake link", "intake links")),
		model.Count(held.Identities, "sign-in", "sign-ins") + " with Discord or Slack: who signs in so from now on is somebody new",
	}
}

// stays says what an erasure leaves.
func stays(held model.Footprint) []string {
	return []string{
		model.Count(held.Tickets, "ticket", "tickets") + " with number, type, status, times and timeline, opened by “" + model.ErasedPerson + "”",
		model.Count(held.TeamAnswer, "answer and note", "answers and notes") + " of your team in them, and what other recipients wrote. They may quote this person: look at them if that matters.",
		"A line that says that you had somebody erased, and not whom",
		"Backups and copies of the database, until they are thrown away",
	}
}

// Erase has a customer erased, once an admin has typed the address.
func (a *Admin) Erase(c echo.Context) error {
	posted, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	customer, page, err := a.eraseForm(c)
	if err != nil {
		return err
	}
	page.Typed = posted.Line("address")
	err = a.DB.BeginErasure(c.Request().Context(), web.Member(c), customer.ID, page.Typed)
	if failure, ok := model.AsError(err); ok && failure.Kind == model.Invalid {
		page.Errors = failure.Fields
		return a.Page(c, http.StatusUnprocessableEntity, page)
	}
	return a.saved(c, err, "The erasure has begun. It takes a minute at most; the list below says when it is done.", privacyURL)
}
