package desk

import (
	"fmt"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"deskbell/db/model"
	"deskbell/handlers/web"
	"deskbell/views"
)

// AddRecipient takes the form that adds somebody to a ticket (M3).
func (d *Desk) AddRecipient(c echo.Context) error {
	n, err := number(c)
	if err != nil {
		return err
	}
	posted, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	in := model.NewRecipient{Email: posted.Line("email"), Name: posted.Line("name")}
	email, added, err := d.DB.AddRecipient(c.Request().Context(), web.Member(c), n, in)
	if failure, ok := model.AsError(err); ok && failure.Kind == model.Invalid {
		return d.addRecipientAgain(c, in, failure.Fields)
	}
	if err != nil {
		return err
	}
	notice := email + " is added, and told so by mail."
	if !added {
		notice = email + " is a recipient already."
	}
	if err := d.Flash(c, notice); err != nil {
		return err
	}
	return web.SeeOther(c, ticketURL(n)+"#recipients")
}

// addRecipientAgain shows the form with what was typed and what is wrong with it.
func (d *Desk) addRecipientAgain(c echo.Context, typed model.NewRecipient, errs model.FieldErrors) error {
	page, err := d.ticketPage(c, "")
	if err != nil {
		return err
	}
	page.New = views.NewRecipient{Email: typed.Email, Name: typed.Name, Errors: errs}
	return d.Page(c, http.StatusUnprocessableEntity, page)
}

// ConfirmRemoveRecipient asks before somebody is removed.
func (d *Desk) ConfirmRemoveRecipient(c echo.Context) error {
	n, id, err := recipientOf(c)
	if err != nil {
		return err
	}
	r, title, err := d.DB.Recipient(c.Request().Context(), web.Workspace(c).ID, n, id)
	if err != nil {
		return err
	}
	frame, err := d.DeskFrame(c, "inbox")
	if err != nil {
		return err
	}
	return d.Page(c, http.StatusOK, views.RemoveRecipient{
		Desk: frame, Who: r.Label(), Ticket: title, Action: removeURL(n, id), Back: ticketURL(n),
	})
}

// RemoveRecipient removes somebody from a ticket.
func (d *Desk) RemoveRecipient(c echo.Context) error {
	n, id, err := recipientOf(c)
	if err != nil {
		return err
	}
	if err := d.DB.RemoveRecipient(c.Request().Context(), web.Member(c), n, id); err != nil {
		return err
	}
	if err := d.Flash(c, "The recipient is removed."); err != nil {
		return err
	}
	return web.SeeOther(c, ticketURL(n)+"#recipients")
}

func recipientOf(c echo.Context) (n int64, id model.RecipientID, err error) {
	if n, err = number(c); err != nil {
		return 0, 0, err
	}
	row, err := strconv.ParseInt(c.Param("recipient"), 10, 64)
	if err != nil || row < 1 {
		return 0, 0, model.Fail(model.NotFound, "There is no such recipient. Somebody may have removed them: look at the ticket.")
	}
	return n, model.RecipientID(row), nil
}

func removeURL(number int64, id model.RecipientID) string {
	return fmt.Sprintf("%s/recipients/%d/remove", ticketURL(number), id)
}

func recipientLine(number int64, r model.Recipient) views.RecipientLine {
	line := views.RecipientLine{Recipient: r}
	if !r.Reporter {
		line.Remove = removeURL(number, r.ID)
	}
	return line
}
