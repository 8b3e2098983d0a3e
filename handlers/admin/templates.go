package admin

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"deskbell/db/model"
	"deskbell/handlers/web"
	"deskbell/views"
	"deskbell/views/language"
)

const templatesURL = "/desk/settings/templates"

func templateURL(id model.TemplateID) string { return fmt.Sprintf("%s/%d", templatesURL, id) }

// Templates lists the templates, and where they hold (C1).
func (a *Admin) Templates(c echo.Context) error {
	page, err := a.templateList(c)
	if err != nil {
		return err
	}
	return a.Page(c, http.StatusOK, page)
}

func (a *Admin) templateList(c echo.Context) (views.TemplateList, error) {
	ctx, ws := c.Request().Context(), web.Workspace(c)
	settings, err := a.settings(c, "templates")
	if err != nil {
		return views.TemplateList{}, err
	}
	list, err := a.DB.Templates(ctx, ws.ID)
	if err != nil {
		return views.TemplateList{}, err
	}
	page := views.TemplateList{Settings: settings}
	choices := []views.Choice{{Value: "0", Label: "No template"}}
	for _, t := range list {
		page.Templates = append(page.Templates, views.TemplateLine{Name: t.Name, URL: templateURL(t.ID), Fields: t.Fields, Bound: t.Bound})
		choices = append(choices, views.Choice{Value: fmt.Sprint(t.ID), Label: t.Name})
	}
	projects, err := a.DB.Projects(ctx, ws.ID)
	if err != nil {
		return page, err
	}
	for _, p := range projects {
		bound, err := a.projectBindings(c, p.PublicID, choices)
		if err != nil {
			return page, err
		}
		page.Projects = append(page.Projects, bound)
	}
	return page, nil
}

// projectBindings is the form that says which template holds where in one project.
func (a *Admin) projectBindings(c echo.Context, publicID string, choices []views.Choice) (views.ProjectBindings, error) {
	ctx := c.Request().Context()
	p, err := a.DB.Project(ctx, web.Workspace(c).ID, publicID)
	if err != nil {
		return views.ProjectBindings{}, err
	}
	bound, err := a.DB.Bindings(ctx, p)
	own := map[string]model.TemplateID{}
	for _, b := range bound {
		own[b.Type] = b.Template
	}
	control := func(typeKey, label, none string) views.Input {
		name := "binding_" + typeKey
		options := append([]views.Choice{{Value: "0", Label: none}}, choices[1:]...)
		return views.Input{Name: name, ID: p.PublicID + "-" + name, Label: label, Value: fmt.Sprint(own[typeKey]), Choices: options}
	}
	form := views.ProjectBindings{
		Name: p.Name, Action: templatesURL + "/bindings/" + url.PathEscape(p.PublicID),
		Whole: control("", "Every ticket type", "No template"),
	}
	for _, t := range p.Types {
		form.Types = append(form.Types, views.TypeBinding{
			Input:   control(t.Key, t.Name, "As every ticket type"),
			Inspect: templatesURL + "/browser/" + url.PathEscape(p.PublicID) + "/" + url.PathEscape(t.Key),
		})
	}
	return form, err
}

// SetBindings takes the form of where templates hold in one project. A type whose control was not
// sent keeps its binding.
func (a *Admin) SetBindings(c echo.Context) error {
	ctx, ws := c.Request().Context(), web.Workspace(c)
	posted, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	p, err := a.DB.Project(ctx, ws.ID, c.Param("project"))
	if err != nil {
		return err
	}
	var list []model.Binding
	for _, t := range append([]model.TicketType{{}}, p.Types...) {
		chosen := posted.Raw("binding_" + t.Key)
		if chosen == "" {
			continue
		}
		id, err := strconv.ParseInt(chosen, 10, 64)
		if err != nil || id < 0 {
			return model.FieldErrors{{Field: "binding_" + t.Key, Message: "Choose a template from the list."}}.Err()
		}
		list = append(list, model.Binding{Type: t.Key, Template: model.TemplateID(id)})
	}
	err = a.DB.SetBindings(ctx, ws.ID, p.PublicID, list)
	if model.KindOf(err) == model.NotFound { // the template went while the form was open
		return model.Fail(model.Invalid, "One of these templates is gone. Go back, reload the page and choose again.")
	}
	return a.saved(c, err, "Saved.", templatesURL)
}

// CreateTemplate takes the name of a new template.
func (a *Admin) CreateTemplate(c echo.Context) error {
	posted, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	id, err := a.DB.CreateTemplate(c.Request().Context(), web.Workspace(c).ID, posted.Line("name"), nil)
	if errs := nameErrors(err); errs != nil {
		page, err := a.templateList(c)
		if err != nil {
			return err
		}
		page.Name, page.Errors = posted.Line("name"), errs
		return a.Page(c, http.StatusUnprocessableEntity, page)
	}
	return a.saved(c, err, "Saved. Now add its fields.", templateURL(id))
}

// nameErrors returns what is wrong with a template's name, nil for any other outcome.
func nameErrors(err error) model.FieldErrors {
	failure, _ := model.AsError(err)
	switch model.KindOf(err) {
	case model.Invalid:
		return failure.Fields
	case model.Conflict:
		return model.FieldErrors{{Field: "name", Message: "Choose another name: a template has this one already."}}
	}
	return nil
}

// storedTemplate returns the template in the path.
func (a *Admin) storedTemplate(c echo.Context) (model.Template, error) {
	id, err := strconv.ParseInt(c.Param("id"), 10, 64)
	if err != nil {
		return model.Template{}, model.Fail(model.NotFound, "There is no such template. It may have been deleted.")
	}
	return a.DB.Template(c.Request().Context(), web.Workspace(c).ID, model.TemplateID(id))
}

// Template shows a template's fields and what the public form makes of them.
func (a *Admin) Template(c echo.Context) error {
	t, err := a.storedTemplate(c)
	if err != nil {
		return err
	}
	page, err := a.templatePage(c, t)
	if err != nil {
		return err
	}
	return a.Page(c, http.StatusOK, page)
}

func (a *Admin) templatePage(c echo.Context, t model.Template) (views.TemplatePage, error) {
	settings, err := a.settings(c, "templates")
	here := templateURL(t.ID)
	page := views.TemplatePage{
		Settings: settings, Name: t.Name, Action: here, Delete: here + "/delete", New: here + "/new", Order: here + "/order",
		Warnings: t.Warnings(), Fields: views.Fields{List: views.NewFields(language.English(), t.Form(), nil, nil)},
	}
	for i, f := range t.Fields {
		link := fieldURL(t.ID, f.Key)
		page.Rows = append(page.Rows, views.FieldRow{
			Label: f.Label, Key: f.Key, Kind: f.Kind, Required: f.Required, Visibility: f.Visibility,
			URL: link, Move: link + "/move", Remove: link + "/delete", First: i == 0, Last: i == len(t.Fields)-1,
		})
	}
	return page, err
}

// RenameTemplate takes a template's other name.
func (a *Admin) RenameTemplate(c echo.Context) error {
	t, err := a.storedTemplate(c)
	if err != nil {
		return err
	}
	posted, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	err = a.DB.RenameTemplate(c.Request().Context(), web.Workspace(c).ID, t.ID, posted.Line("name"))
	if errs := nameErrors(err); errs != nil {
		t.Name = posted.Line("name")
		page, err := a.templatePage(c, t)
		if err != nil {
			return err
		}
		page.Errors = errs
		return a.Page(c, http.StatusUnprocessableEntity, page)
	}
	return a.saved(c, err, "Saved.", templateURL(t.ID))
}

// ConfirmDeleteTemplate asks before a template is deleted.
func (a *Admin) ConfirmDeleteTemplate(c echo.Context) error {
	t, err := a.storedTemplate(c)
	if err != nil {
		return err
	}
	settings, err := a.settings(c, "templates")
	if err != nil {
		return err
	}
	return a.Page(c, http.StatusOK, views.TemplateDelete{
		Settings: settings, Title: "Delete the template “" + t.Name + "”?", Button: "Delete template",
		Warning: "It holds nowhere any more, at once. Tickets keep the answers that they have.",
		Action:  templateURL(t.ID) + "/delete", Back: templateURL(t.ID),
	})
}

// DeleteTemplate removes a template.
func (a *Admin) DeleteTemplate(c echo.Context) error {
	t, err := a.storedTemplate(c)
	if err != nil {
		return err
	}
	err = a.DB.DeleteTemplate(c.Request().Context(), web.Workspace(c).ID, t.ID)
	return a.saved(c, err, "The template is deleted.", templatesURL)
}

// Inspect shows what a browser receives of one type's fields, and what stays on the server (C4).
func (a *Admin) Inspect(c echo.Context) error {
	ctx, ws := c.Request().Context(), web.Workspace(c)
	p, err := a.DB.Project(ctx, ws.ID, c.Param("project"))
	if err != nil {
		return err
	}
	typeKey := c.Param("type")
	if !p.HasType(typeKey) {
		return model.Fail(model.NotFound, "This project has no such ticket type. Choose one from the list of templates.")
	}
	t, err := a.DB.TemplateFor(ctx, p, typeKey)
	if err != nil {
		return err
	}
	settings, err := a.settings(c, "templates")
	if err != nil {
		return err
	}
	fields := views.Fields{Mark: model.Mark(typeKey, t.Form()), List: views.NewFields(language.English(), t.Form(), nil, nil)}
	source, err := a.Views.Fragment(views.Intake{Fields: fields}, language.English(), "fields")
	if err != nil {
		return err
	}
	return a.Page(c, http.StatusOK, views.Inspector{
		Settings: settings, Project: p.Name, Type: p.TypeName(typeKey), Source: string(source), Kept: t.Kept(), Fields: fields,
	})
}
