package admin

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"deskbell/db/model"
	"deskbell/handlers/web"
	"deskbell/views"
)

const labelsURL = "/desk/settings/labels"

func labelURL(id model.LabelID) string { return fmt.Sprintf("%s/%d", labelsURL, id) }

// Labels lists the labels by which members sort tickets, and takes a new one.
func (a *Admin) Labels(c echo.Context) error {
	page, err := a.labelsPage(c)
	if err != nil {
		return err
	}
	return a.Page(c, http.StatusOK, page)
}

func (a *Admin) labelsPage(c echo.Context) (views.Labels, error) {
	settings, err := a.settings(c, "labels")
	if err != nil {
		return views.Labels{}, err
	}
	page := views.Labels{Settings: settings, Form: labelForm(model.Label{Color: model.LabelColors[0]})}
	list, err := a.DB.Labels(c.Request().Context(), web.Workspace(c).ID)
	for _, l := range list {
		page.List = append(page.List, views.LabelLine{Label: l, URL: labelURL(l.ID)})
	}
	return page, err
}

// labelForm is the form of a label, of a new one where it has no id.
func labelForm(l model.Label) views.LabelForm {
	form := views.LabelForm{Label: l, Action: labelsURL}
	if l.ID != 0 {
		form.Action, form.Delete = labelURL(l.ID), labelURL(l.ID)+"/delete"
	}
	for _, color := range model.LabelColors {
		form.Colors = append(form.Colors, views.Choice{Value: color, Label: strings.ToUpper(color[:1]) + color[1:]})
	}
	return form
}

// Label is the form of one label.
func (a *Admin) Label(c echo.Context) error {
	page, err := a.labelPage(c)
	if err != nil {
		return err
	}
	return a.Page(c, http.StatusOK, page)
}

func (a *Admin) labelPage(c echo.Context) (views.LabelPage, error) {
	settings, err := a.settings(c, "labels")
	if err != nil {
		return views.LabelPage{}, err
	}
	id, err := strconv.ParseInt(c.Param("id"), 10, 64)
	if err != nil {
		return views.LabelPage{}, model.Fail(model.NotFound, "There is no such label. It may have been deleted: look among the labels.")
	}
	l, err := a.DB.Label(c.Request().Context(), web.Workspace(c).ID, model.LabelID(id))
	return views.LabelPage{Settings: settings, Form: labelForm(l)}, err
}

// SaveLabel takes the form of a label, new or not.
func (a *Admin) SaveLabel(c echo.Context) error {
	posted, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	var stored model.Label
	if c.Param("id") != "" {
		page, err := a.labelPage(c)
		if err != nil {
			return err
		}
		stored = page.Form.Label
	}
	l := model.Label{ID: stored.ID, Name: posted.Line("name"), Color: posted.Raw("color")}
	err = a.DB.SaveLabel(c.Request().Context(), web.Workspace(c).ID, l)
	if failure, ok := model.AsError(err); ok && failure.Kind == model.Invalid {
		return a.labelAgain(c, l, failure.Fields)
	}
	return a.saved(c, err, "The label is saved.", labelsURL)
}

// labelAgain shows the form with what was typed and what is wrong with it.
func (a *Admin) labelAgain(c echo.Context, typed model.Label, errs model.FieldErrors) error {
	if typed.ID != 0 {
		page, err := a.labelPage(c)
		if err != nil {
			return err
		}
		page.Form = labelForm(typed)
		page.Form.Errors = errs
		return a.Page(c, http.StatusUnprocessableEntity, page)
	}
	page, err := a.labelsPage(c)
	if err != nil {
		return err
	}
	page.Form = labelForm(typed)
	page.Form.Errors = errs
	return a.Page(c, http.StatusUnprocessableEntity, page)
}

// ConfirmDeleteLabel asks before a label goes.
func (a *Admin) ConfirmDeleteLabel(c echo.Context) error {
	page, err := a.labelPage(c)
	if err != nil {
		return err
	}
	used, err := a.DB.LabelUse(c.Request().Context(), web.Workspace(c).ID, page.Form.ID)
	if err != nil {
		return err
	}
	return a.Page(c, http.StatusOK, views.LabelDelete{
		Settings: page.Settings, Name: page.Form.Name, Used: used, Action: page.Form.Delete, Back: page.Form.Action,
	})
}

// DeleteLabel removes a label from the workspace and from its tickets.
func (a *Admin) DeleteLabel(c echo.Context) error {
	page, err := a.labelPage(c)
	if err == nil {
		err = a.DB.DeleteLabel(c.Request().Context(), web.Workspace(c).ID, page.Form.ID)
	}
	return a.saved(c, err, "The label is deleted.", labelsURL)
}
