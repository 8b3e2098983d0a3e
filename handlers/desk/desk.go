// Package desk is where members work: sign-in, inbox, ticket, outbox. It answers on the base host
// alone.
package desk

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"deskbell/db"
	"deskbell/db/model"
	"deskbell/handlers/web"
	"deskbell/views"
	"deskbell/views/mail"
)

// Desk answers on the base host.
type Desk struct {
	*web.Kit
	Mail     mail.Writer
	NoServer bool // no SMTP server is set: the outbox says so (K4)
}

// LoginPage asks a member for address and password (M1).
func (d *Desk) LoginPage(c echo.Context) error {
	s, ok, err := d.Session(c, web.DeskSide)
	if err != nil {
		return err
	}
	if next := localPath(c.QueryParam("next")); ok && s.Member != 0 {
		return web.SeeOther(c, next)
	}
	return d.Page(c, http.StatusOK, views.DeskLogin{Next: localPath(c.QueryParam("next"))})
}

// Login signs a member in. Wrong tries are limited per account and per client (P4); what is wrong is
// not said, and an unknown address costs what a known one does.
func (d *Desk) Login(c echo.Context) error {
	posted, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	page := views.DeskLogin{Email: posted.Line("email"), Next: localPath(posted.Raw("next"))}
	password := posted.Raw("password")
	if page.Email == "" {
		page.Errors.Add("email", "Enter your email address.")
	}
	if password == "" {
		page.Errors.Add("password", "Enter your password.")
	}
	if len(page.Errors) > 0 {
		return d.Page(c, http.StatusUnprocessableEntity, page)
	}
	ctx, email := c.Request().Context(), strings.ToLower(page.Email)
	limits := []db.Count{
		{Scope: "sign-in account", Key: model.Hash(email), Limit: 10, Per: 15 * time.Minute},
		{Scope: "sign-in client", Key: web.Client(c), Limit: 30, Per: 15 * time.Minute},
	}
	err = d.DB.Spend(ctx, "Too many wrong passwords.", limits...)
	if failure, ok := model.AsError(err); ok && failure.Kind == model.Limited {
		page.Problem = failure.Advice()
		web.SetRetryAfter(c, failure)
		return d.Page(c, http.StatusTooManyRequests, page)
	}
	if err != nil {
		return err
	}
	member, hash, err := d.DB.MemberSecret(ctx, email)
	unknown := model.KindOf(err) == model.NotFound
	if err != nil && !unknown {
		return err
	}
	if right := web.PasswordMatches(password, hash); unknown || !right {
		page.Problem = "This address and password do not belong together. Check both and try again."
		return d.Page(c, http.StatusUnprocessableEntity, page)
	}
	if err := d.DB.Refund(ctx, limits...); err != nil {
		return err
	}
	return d.letIn(c, member, page.Next, "")
}

// Logout ends the session.
func (d *Desk) Logout(c echo.Context) error {
	if err := d.SignOut(c, web.DeskSide); err != nil {
		return err
	}
	return web.SeeOther(c, "/desk/login")
}

// localPath returns a path of the desk to go to, "/desk" for anything that might lead elsewhere.
func localPath(next string) string {
	if next != "/desk" && !strings.HasPrefix(next, "/desk/") && !strings.HasPrefix(next, "/desk?") || strings.ContainsAny(next, "\\\r\n") {
		return "/desk"
	}
	return next
}

// number reads the ticket's number from the path.
func number(c echo.Context) (int64, error) {
	n, err := strconv.ParseInt(c.Param("number"), 10, 64)
	if err != nil || n < 1 {
		return 0, model.Fail(model.NotFound, "There is no ticket with this number.")
	}
	return n, nil
}
