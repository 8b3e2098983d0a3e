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
	page = views.Account{Email: m.Email, Name: m.Name, Mail: m.NewTicketMail}
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
	m.Name, m.NewTicketMail = posted.Line("name"), posted.On("new_ticket_mail")
	err = d.DB.ChangeAccount(c.Request().Context(), m)
	if failure, ok := model.AsError(err); ok && failure.Kind == model.Invalid {
		page, err := d.account(c)
		if err != nil {
			return err
		}
		page.Name, page.Mail, page.Errors = m.Name, m.NewTicketMail, failure.Fields
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
	limit := db.Count{Scope: "sign-in account", Key: model.Hash(m.Email), Limit: 10, Per: 15 * time.Minute}
	err = d.DB.Spend(ctx, "Too many wrong passwords.", limit)
	if failure, ok := model.AsError(err); ok && failure.Kind == model.Limited {
		web.SetRetryAfter(c, failure)
		page.Errors.Add("current_password", failure.Advice())
		return d.Page(c, http.StatusTooManyRequests, page)
	}
	if err != nil {
		return err
	}
	_, hash, err := d.DB.MemberSecret(ctx, m.Email)
	if err != nil {
		return err
	}
	if web.PasswordMatches(posted.Raw("current_password"), hash) {
		err = d.DB.Refund(ctx, limit)
	} else {
		page.Errors.Add("current_password", "This is not your password. Check it and try again.")
	}
	if err != nil {
		return err
	}
	model.CheckPassword(&page.Errors, "password", posted.Raw("password"))
	if len(page.Errors) > 0 {
		return d.Page(c, http.StatusUnprocessableEntity, page)
	}
	if err := d.DB.SetPassword(ctx, m.WorkspaceID, m.ID, web.HashPassword(posted.Raw("password"))); err != nil {
		return err
	}
	session := model.Session{Workspace: m.WorkspaceID, Member: m.ID, Flash: "Your new password counts from now on. Every other browser is signed out."}
	if err := d.SignIn(c, web.DeskSide, session); err != nil {
		return err
	}
	return web.SeeOther(c, accountURL)
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
		return d.savedAccount(c, d.DB.EndOneSession(c.Request().Context(), s, one), "That browser is signed out.")
	}
	return d.savedAccount(c, d.DB.EndOtherSessions(c.Request().Context(), s), "Every other browser is signed out.")
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
