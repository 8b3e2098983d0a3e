package admin

import (
	"github.com/labstack/echo/v4"

	"deskbell/handlers/web"
)

// RequireCodes says whether each member signs in with one-time codes. Those without any set them up before
// they go on, the admin who asks for it too.
func (a *Admin) RequireCodes(c echo.Context) error {
	posted, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	return a.saved(c, a.DB.RequireCodes(c.Request().Context(), web.Workspace(c).ID, posted.On("require_codes")), "Saved.", membersURL)
}

// ResetCodes turns the codes of a member off who has lost device and recovery codes.
func (a *Admin) ResetCodes(c echo.Context) error {
	m, page, err := a.memberForm(c)
	if err != nil {
		return err
	}
	err = a.DB.EndCodes(c.Request().Context(), m.WorkspaceID, m.ID)
	return a.saved(c, err, "The codes of "+m.Name+" are off.", page.URL)
}
