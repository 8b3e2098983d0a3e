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

const accountURL = "/desk/account"

// Account shows members what is theirs to change: name, mail, password, sessions.
func (d *Desk) Account(c echo.Context) error {
	page, err := d.account(c)
	if err != nil {
		return err
	}
	return d.Page(c, http.StatusOK, page)
}

func (d *Desk) account(c echo.Context) (page views.Account, err error) {
	m := web.Member(c)
	page = views.Account{Email: m.Email, Name: m.Name, CodesSince: m.CodesSince}
	if page.Mail, err = d.memberMail(c, m); err != nil {
		return page, err
	}
	s, _, err := d.Session(c, web.DeskSide)
	if err != nil {
		return page, err
	}
	list, err := d.DB.Sessions(c.Request().Context(), s)
	if err != nil {
		return page, err
	}
	page.Sessions = views.Sessions(list, s.Hash, accountURL+"/sessions")
	page.Desk, err = d.DeskFrame(c, "account")
	return page, err
}

// SaveAccount takes name and mail.
func (d *Desk) SaveAccount(c echo.Context) error {
	posted, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	m := web.Member(c)
	page, err := d.account(c)
	if err != nil {
		return err
	}
	m.Name = posted.Line("name")
	quiet := readMemberMail(posted, &m, page.Mail.Projects)
	err = model.FieldErrors{{Field: "reply_mail", Message: "Choose one from the list."}}.Err()
	if m.ReplyMail.Known() {
		err = d.DB.ChangeAccount(c.Request().Context(), m, quiet)
	}
	if failure, ok := model.AsError(err); ok && failure.Kind == model.Invalid {
		page.Name, page.Errors = m.Name, failure.Fields
		page.Mail = memberMailForm(m, page.Mail.Projects)
		return d.Page(c, http.StatusUnprocessableEntity, page)
	}
	return d.savedAccount(c, err, "Saved.")
}

// ChangePassword takes the old and the new password. Every other session ends (P4). Wrong ones are
// limited as at the sign-in.
func (d *Desk) ChangePassword(c echo.Context) error {
	posted, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	ctx, m := c.Request().Context(), web.Member(c)
	page, err := d.account(c)
	if err != nil {
		return err
	}
	status, err := d.ownPassword(c, posted.Raw("current_password"), "current_password", &page.Errors)
	if err != nil {
		return err
	}
	if status == http.StatusTooManyRequests {
		return d.Page(c, status, page)
	}
	model.CheckPassword(&page.Errors, "password", posted.Raw("password"))
	if len(page.Errors) > 0 {
		return d.Page(c, http.StatusUnprocessableEntity, page)
	}
	if err := d.DB.SetPassword(ctx, m, web.HashPassword(posted.Raw("password"))); err != nil {
		return err
	}
	session := model.Session{Workspace: m.WorkspaceID, Member: m.ID, Flash: "Your new password counts from now on. Every other browser is logged out."}
	if err := d.SignIn(c, web.DeskSide, session); err != nil {
		return err
	}
	return web.SeeOther(c, accountURL)
}

// ownPassword adds an error at a field unless a member has typed their own password, and returns the
// status to answer with. Wrong ones are limited as at the sign-in (P4).
func (d *Desk) ownPassword(c echo.Context, typed, field string, errs *model.FieldErrors) (int, error) {
	ctx, m := c.Request().Context(), web.Member(c)
	limit := db.Count{Scope: "sign-in account", Key: model.Hash(m.Email), Limit: 10, Per: 15 * time.Minute}
	err := d.DB.Spend(ctx, "Too many wrong passwords.", limit)
	if failure, ok := model.AsError(err); ok && failure.Kind == model.Limited {
		web.SetRetryAfter(c, failure)
		errs.Add(field, failure.Advice())
		return http.StatusTooManyRequests, nil
	}
	if err != nil {
		return 0, err
	}
	_, hash, err := d.DB.MemberSecret(ctx, m.Email)
	if err != nil {
		return 0, err
	}
	if web.PasswordMatches(typed, hash) {
		return http.StatusOK, d.DB.Refund(ctx, limit)
	}
	errs.Add(field, "This is not your password. Check it and try again.")
	return http.StatusUnprocessableEntity, nil
}

// EndSessions signs the member out from one other browser, or from all of them.
func (d *Desk) EndSessions(c echo.Context) error {
	posted, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	s, _, err := d.Session(c, web.DeskSide)
	if err != nil {
		return err
	}
	if one := posted.Raw("session"); one != "" {
		return d.savedAccount(c, d.DB.EndOneSession(c.Request().Context(), s, one), "That browser is logged out.")
	}
	return d.savedAccount(c, d.DB.EndOtherSessions(c.Request().Context(), s), "Every other browser is logged out.")
}

func (d *Desk) savedAccount(c echo.Context, err error, notice string) error {
	if err == nil {
		err = d.Flash(c, notice)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, accountURL)
}
