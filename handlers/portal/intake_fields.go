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
	documents, err := p.DB.HasDocuments(c.Request().Context(), form.workspace.ID, form.project.ID)
	if err != nil {
		return err
	}
	if documents {
		form.page.Documents = documentsURL(form.project.PublicID)
	}
	return p.Page(c, status, form.page)
}

// addFields puts the fields of the chosen type on the form.
func (p *Portal) addFields(c echo.Context, form *intake) error {
	answers := form.page.Answers
	asked, err := p.DB.PublicForm(c.Request().Context(), form.workspace, form.project, answers.Type)
	if err != nil {
		return err
	}
	waiting, err := p.DB.Waiting(c.Request().Context(), form.workspace.ID, form.page.FormKey)
	if err != nil {
		return err
	}
	form.page.Uploads = p.uploads(c, form.workspace, form.page.Action, waiting, form.page.Errors)
	form.page.Uploads.Keep = true
	form.page.Fields = views.Fields{
		Mark: model.Mark(answers.Type, asked.Fields),
		List: views.NewFields(p.Language(c), asked.Fields, answers.Fields, form.page.Errors),
		Kept: views.NewKept(answers.Fields.Besides(asked.Fields)),
	}
	form.page.Fields.AddUploads(p.Language(c), form.workspace.Uploads, form.page.Action, waiting, form.page.Errors)
	if asked.ByType {
		form.page.Fields.URL = form.page.Action + "/fields"
	}
	return nil
}

// reopened shows a form again by the key that stands in its address once it has files: who reloads
// the page finds them there. A form that was sent is not shown again.
func (p *Portal) reopened(c echo.Context, form *intake, key string) error {
	if key == "" || !p.Keys.FormKeyValid(form.scope(), key, p.Now()) {
		return nil
	}
	_, err := p.DB.LinkByForm(c.Request().Context(), form.workspace.ID, 0, key)
	if model.KindOf(err) == model.NotFound {
		form.page.FormKey, err = key, nil
	}
	return err
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
	form.useKey(p, posted.Raw("form_key"))
	if err := p.addFields(c, form); err != nil {
		return err
	}
	return p.Fragment(c, http.StatusOK, form.page, "fields-update")
}
