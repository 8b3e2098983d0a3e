package admin

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"deskbell/db/model"
	"deskbell/handlers/web"
	"deskbell/views"
)

const mailURL = "/desk/settings/mail"

// MailRules shows how unconfirmed addresses are treated (B10), and how a test message fared.
func (a *Admin) MailRules(c echo.Context) error {
	ws := web.Workspace(c)
	return a.mailPage(c, http.StatusOK, views.MailRulesForm{
		FirstMailsPerHour: strconv.Itoa(ws.FirstMailsPerHour), UnconfirmedDropAfter: strconv.Itoa(ws.UnconfirmedDropAfter),
	})
}

// SaveMailRules takes the form.
func (a *Admin) SaveMailRules(c echo.Context) error {
	posted, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	var page views.MailRulesForm
	var perHour, dropAfter int
	page.FirstMailsPerHour, perHour = number{"first_mails_per_hour", 0, 100_000}.read(posted, &page.Errors)
	page.UnconfirmedDropAfter, dropAfter = number{"unconfirmed_drop_after", 0, 3650}.read(posted, &page.Errors)
	if len(page.Errors) > 0 {
		return a.mailPage(c, http.StatusUnprocessableEntity, page)
	}
	return a.saved(c, a.DB.SetMailRules(c.Request().Context(), web.Workspace(c).ID, perHour, dropAfter), "Saved.", mailURL)
}

// TestMail asks for a test message.
func (a *Admin) TestMail(c echo.Context) error {
	posted, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	err = a.DB.AskMailTest(c.Request().Context(), web.Member(c), posted.Line("to"))
	if failure, ok := model.AsError(err); ok && failure.Kind == model.Invalid {
		ws := web.Workspace(c)
		return a.mailPage(c, http.StatusUnprocessableEntity, views.MailRulesForm{
			FirstMailsPerHour: strconv.Itoa(ws.FirstMailsPerHour), UnconfirmedDropAfter: strconv.Itoa(ws.UnconfirmedDropAfter),
			Test: views.MailTest{To: posted.Line("to"), Errors: failure.Fields},
		})
	}
	if err != nil {
		return web.KeepTyped(err, mailURL+"/test", posted)
	}
	return web.SeeOther(c, mailURL+"#test")
}

// MailTest answers with how the test message fares, for a page that waits for it.
func (a *Admin) MailTest(c echo.Context) error {
	if !web.WantsFragment(c) {
		return web.SeeOther(c, mailURL+"#test")
	}
	var page views.MailRulesForm
	if err := a.putMailTest(c, &page.Test); err != nil {
		return err
	}
	return a.Fragment(c, http.StatusOK, page, "mail-test")
}

// mailPage completes the page with the test message.
func (a *Admin) mailPage(c echo.Context, status int, page views.MailRulesForm) error {
	var err error
	if page.Settings, err = a.settings(c, "mail"); err != nil {
		return err
	}
	page.NoServer = a.NoMailServer
	if err := a.putMailTest(c, &page.Test); err != nil {
		return err
	}
	if page.Test.To == "" && len(page.Test.Errors) == 0 {
		page.Test.To = web.Member(c).Email
	}
	return a.Page(c, status, page)
}

func (a *Admin) putMailTest(c echo.Context, to *views.MailTest) error {
	last, err := a.DB.MailTest(c.Request().Context(), web.Workspace(c).ID)
	if model.KindOf(err) == model.NotFound {
		return nil
	}
	to.Last, to.Waits = last, last.Open(a.Now())
	return err
}
