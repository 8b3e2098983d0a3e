package desk

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"deskbell/db"
	"deskbell/db/model"
	"deskbell/handlers/web"
	"deskbell/views"
)

// JoinPage lets the holder of a link choose a password: to join a team, or instead of the old one.
func (d *Desk) JoinPage(c echo.Context) error {
	l, err := d.memberLink(c)
	if err != nil {
		return err
	}
	page, err := d.joinPage(c, l)
	if err != nil {
		return err
	}
	return d.Page(c, http.StatusOK, page)
}

// Join takes name and password, and signs the member in.
func (d *Desk) Join(c echo.Context) error {
	l, err := d.memberLink(c)
	if err != nil {
		return err
	}
	posted, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	page, err := d.joinPage(c, l)
	if err != nil {
		return err
	}
	page.Name = posted.Line("name")
	password := posted.Raw("password")
	if failure, ok := model.AsError(model.CheckMemberName(page.Name)); ok {
		page.Errors = failure.Fields
	}
	model.CheckPassword(&page.Errors, "password", password)
	if len(page.Errors) > 0 {
		return d.Page(c, http.StatusUnprocessableEntity, page)
	}
	m, err := d.DB.UseMemberLink(c.Request().Context(), l.ID, page.Name, web.HashPassword(password))
	if err != nil {
		return usedUp(err)
	}
	flash := "Welcome to the team."
	if page.Reset {
		flash = "Your new password counts from now on."
	}
	if m, err = d.DB.Member(c.Request().Context(), m.WorkspaceID, m.ID); err != nil {
		return err
	}
	return d.letIn(c, m, "/desk", flash)
}

// memberLink returns the link in a request's address.
func (d *Desk) memberLink(c echo.Context) (db.MemberLink, error) {
	id, ok := d.Keys.Link(model.MemberLinkToken, model.Token(c.Param("token")))
	if !ok {
		return db.MemberLink{}, usedUp(model.Fail(model.NotFound, ""))
	}
	l, err := d.DB.MemberLink(c.Request().Context(), id)
	return l, usedUp(err)
}

// usedUp says of a link that opens nothing what to do next.
func usedUp(err error) error {
	if model.KindOf(err) != model.NotFound {
		return err
	}
	return &web.Problem{
		Title: "This link opens nothing",
		Err:   model.Fail(model.NotFound, "It has been used, withdrawn or replaced, or it is older than a week. Ask an admin of your team for a new one."),
		Links: []views.ProblemLink{{Label: "Sign in to the desk", URL: "/desk/login"}},
	}
}

func (d *Desk) joinPage(c echo.Context, l db.MemberLink) (views.Join, error) {
	ws, err := d.DB.Workspace(c.Request().Context(), l.Workspace)
	page := views.Join{Team: ws.Name, Action: c.Request().URL.Path, Email: l.Email, Name: l.Name, By: l.MadeBy}
	if err != nil || l.Member == 0 {
		return page, err
	}
	m, err := d.DB.Member(c.Request().Context(), l.Workspace, l.Member)
	page.Reset = m.LeftAt.IsZero()
	return page, err
}
