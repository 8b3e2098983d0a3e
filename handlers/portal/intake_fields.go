package portal

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"deskbell/db/model"
	"deskbell/handlers/web"
	"deskbell/views"
)

// intakePage answers with the creation form and the fields of the chosen type's template, as it is
// now, with all that was typed (C2, C6).
func (p *Portal) intakePage(c echo.Context, status int, form *intake) error {
	if err := p.addFields(c, form); err != nil {
		return err
	}
	return p.Page(c, status, form.page)
}

// addFields puts the fields of the chosen type on the form.
func (p *Portal) addFields(c echo.Context, form *intake) error {
	answers := form.page.Answers
	asked, err := p.DB.PublicForm(c.Request().Context(), form.project, answers.Type)
	if err != nil {
		return err
	}
	form.page.Fields = views.Fields{
		Mark: model.Mark(answers.Type, asked.Fields),
		List: views.NewFields(asked.Fields, answers.Fields, form.page.Errors),
		Kept: views.NewKept(answers.Fields.Besides(asked.Fields)),
	}
	if asked.ByType {
		form.page.Fields.URL = form.page.Action + "/fields"
	}
	return nil
}

// showFields shows the form again for the chosen type, without JavaScript (C1) or after an error page
// (B3): nothing is checked and nothing is lost.
func (p *Portal) showFields(c echo.Context, form *intake, key string) error {
	if p.Keys.FormKeyValid(form.scope(), key, p.Now()) {
		form.page.FormKey = key
	}
	return p.intakePage(c, http.StatusOK, form)
}

// Fields answers with the fields of one type's template as a fragment, with what was typed in those
// that the form had already, in those of other types too (C1). Why a post as well: the form's texts fit no address, and do not
// belong into one.
func (p *Portal) Fields(c echo.Context) error {
	posted := web.QueryForm(c)
	if c.Request().Method == http.MethodPost {
		var err error
		if posted, err = web.ReadForm(c); err != nil {
			return err
		}
	}
	form, err := p.newIntake(c, posted.Raw("customer_token"))
	if err != nil {
		return err
	}
	form.read(posted)
	if err := p.addFields(c, form); err != nil {
		return err
	}
	return p.Fragment(c, http.StatusOK, form.page, "fields-update")
}
