package desk

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"deskbell/db"
	"deskbell/db/model"
	"deskbell/handlers/web"
	"deskbell/views"
)

// ForgotPage asks a member who has forgotten their password for the address. Without a mail server it says
// who can help.
func (d *Desk) ForgotPage(c echo.Context) error {
	return d.Page(c, http.StatusOK, views.ForgotPassword{NoServer: d.NoServer})
}

// AskPassword takes the address. The answer and its cost are the same for known and unknown: a job looks
// the address up.
func (d *Desk) AskPassword(c echo.Context) error {
	posted, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	if d.NoServer {
		return d.ForgotPage(c)
	}
	page := views.ForgotPassword{Email: posted.Line("email")}
	email, ok := model.CleanAddress(page.Email)
	if !ok {
		page.Errors.Add("email", "Enter an email address like name@example.com.")
		return d.Page(c, http.StatusUnprocessableEntity, page)
	}
	ctx := c.Request().Context()
	err = d.DB.Spend(ctx, "Many new passwords were asked for. Look into your mail first.",
		db.Count{Scope: "password address", Key: model.Hash(email), Limit: 5, Per: time.Hour},
		db.Count{Scope: "password client", Key: web.Client(c), Limit: 20, Per: time.Hour})
	if failure, ok := model.AsError(err); ok {
		page.Problem = failure.Advice()
		web.SetRetryAfter(c, failure)
		return d.Page(c, http.StatusTooManyRequests, page)
	}
	if err == nil {
		err = d.DB.AskPassword(ctx, email)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, "/desk/password/sent")
}

// PasswordSent says to look into the mail, whoever asked.
func (d *Desk) PasswordSent(c echo.Context) error {
	return d.Page(c, http.StatusOK, views.ForgotPassword{Sent: true})
}
