package admin

import (
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"

	"deskbell/db/model"
	"deskbell/handlers/web"
	"deskbell/views"
)

// OrderFields takes the whole order of a template's fields, as dragging one of them leaves it.
func (a *Admin) OrderFields(c echo.Context) error {
	t, err := a.storedTemplate(c)
	if err != nil {
		return err
	}
	posted, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	here := templateURL(t.ID)
	err = a.DB.OrderFields(c.Request().Context(), web.Workspace(c).ID, t.ID, posted.All("order"))
	if model.KindOf(err) == model.Conflict {
		return &web.Problem{Err: err, Title: "The fields have changed", Links: []views.ProblemLink{{Label: "Load the template again", URL: here}}}
	}
	if err != nil || !web.WantsFragment(c) {
		return a.saved(c, err, "Saved.", here)
	}
	if t, err = a.storedTemplate(c); err != nil {
		return err
	}
	page, err := a.templatePage(c, t)
	if err != nil {
		return err
	}
	page.News = movedNews(t, posted.Line("moved"))
	return a.Fragment(c, http.StatusOK, page, "ordered")
}

// movedNews says for the live region where a field stands now.
func movedNews(t model.Template, key string) string {
	for i, f := range t.Fields {
		if f.Key == key {
			return fmt.Sprintf("“%s” is number %d of %d now.", f.Label, i+1, len(t.Fields))
		}
	}
	return "The new order is saved."
}
