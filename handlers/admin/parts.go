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
)

// Types and statuses of a project are two lists of the same make: they are added, renamed, moved and deleted.

func partsURL(id model.ProjectID, kind model.PartKind) string {
	return fmt.Sprintf("%s/%s", projectURL(id), kind)
}

func partURL(id model.ProjectID, part model.Part) string {
	return partsURL(id, part.Kind) + "/" + url.PathEscape(part.Key)
}

func projectOf(c echo.Context) (model.ProjectID, error) {
	id, err := strconv.ParseInt(c.Param("id"), 10, 64)
	if err != nil {
		return 0, model.Fail(model.NotFound, "There is no such project. Choose one from the list of projects.")
	}
	return model.ProjectID(id), nil
}

// postedProject is projectOf for a form that was posted.
func postedProject(c echo.Context) (model.ProjectID, web.Form, error) {
	id, err := projectOf(c)
	if err != nil {
		return 0, web.Form{}, err
	}
	posted, err := web.ReadForm(c)
	return id, posted, err
}

// Parts lists the types or the statuses of a project, and takes a new one.
func (a *Admin) Parts(kind model.PartKind) echo.HandlerFunc {
	return func(c echo.Context) error { return a.partsPage(c, http.StatusOK, views.Parts{Kind: kind}) }
}

func (a *Admin) partsPage(c echo.Context, status int, page views.Parts) error {
	id, err := projectOf(c)
	if err != nil {
		return err
	}
	p, parts, err := a.DB.ProjectParts(c.Request().Context(), web.Workspace(c).ID, id, page.Kind)
	if err != nil {
		return err
	}
	if page.Settings, err = a.settings(c, "projects"); err != nil {
		return err
	}
	page.Project, page.Back, page.Action = p.Name, projectURL(id), partsURL(id, page.Kind)
	page.Categories = []views.Choice{
		{Label: "Choose one"}, {Value: string(model.Open), Label: "It is the team’s turn"},
		{Value: string(model.Waiting), Label: "It is the reporter’s turn"}, {Value: string(model.Closed), Label: "It is done"},
	}
	for i, part := range parts {
		page.List = append(page.List, views.PartLine{Part: part, URL: partURL(id, part), First: i == 0, Last: i == len(parts)-1})
	}
	return a.Page(c, status, page)
}

// AddPart takes the form of the list.
func (a *Admin) AddPart(kind model.PartKind) echo.HandlerFunc {
	return func(c echo.Context) error {
		id, posted, err := postedProject(c)
		if err != nil {
			return err
		}
		part := model.Part{Kind: kind, Name: posted.Line("name"), Category: model.Category(posted.Line("category"))}
		err = a.DB.SavePart(c.Request().Context(), web.Workspace(c).ID, id, part)
		if failure, ok := model.AsError(err); ok && failure.Kind == model.Invalid {
			return a.partsPage(c, http.StatusUnprocessableEntity, views.Parts{
				Kind: kind, Name: part.Name, Category: string(part.Category), Errors: failure.Fields,
			})
		}
		return a.saved(c, err, "It is added.", partsURL(id, kind))
	}
}

// part reads the part that the address names.
func (a *Admin) part(c echo.Context, kind model.PartKind) (model.Project, model.Part, bool, error) {
	id, err := projectOf(c)
	if err != nil {
		return model.Project{}, model.Part{}, false, err
	}
	ctx, ws := c.Request().Context(), web.Workspace(c).ID
	part, used, err := a.DB.ProjectPart(ctx, ws, id, kind, c.Param("part"))
	if err != nil {
		return model.Project{}, part, used, err
	}
	p, err := a.DB.ProjectByID(ctx, ws, id)
	return p, part, used, err
}

// postedPart is part for a form that was posted.
func (a *Admin) postedPart(c echo.Context, kind model.PartKind) (model.Project, model.Part, web.Form, error) {
	p, part, _, err := a.part(c, kind)
	if err != nil {
		return p, part, web.Form{}, err
	}
	posted, err := web.ReadForm(c)
	return p, part, posted, err
}

// Part is the form of one type or status.
func (a *Admin) Part(kind model.PartKind) echo.HandlerFunc {
	return func(c echo.Context) error {
		_, part, _, err := a.part(c, kind)
		if err != nil {
			return err
		}
		return a.partPage(c, http.StatusOK, kind, part.Name, nil)
	}
}

func (a *Admin) partPage(c echo.Context, status int, kind model.PartKind, typed string, errs model.FieldErrors) error {
	p, part, _, err := a.part(c, kind)
	if err != nil {
		return err
	}
	settings, err := a.settings(c, "projects")
	if err != nil {
		return err
	}
	return a.Page(c, status, views.Part{
		Settings: settings, Project: p.Name, Part: part, Name: typed, List: partsURL(p.ID, kind), Action: partURL(p.ID, part), Errors: errs,
	})
}

// SavePart renames a type or a status.
func (a *Admin) SavePart(kind model.PartKind) echo.HandlerFunc {
	return func(c echo.Context) error {
		p, part, posted, err := a.postedPart(c, kind)
		if err != nil {
			return err
		}
		part.Name = posted.Line("name")
		err = a.DB.SavePart(c.Request().Context(), web.Workspace(c).ID, p.ID, part)
		if failure, ok := model.AsError(err); ok && failure.Kind == model.Invalid {
			return a.partPage(c, http.StatusUnprocessableEntity, kind, part.Name, failure.Fields)
		}
		return a.saved(c, err, "Saved.", partsURL(p.ID, kind))
	}
}

// MovePart moves a type or a status a place up or down.
func (a *Admin) MovePart(kind model.PartKind) echo.HandlerFunc {
	return func(c echo.Context) error {
		id, posted, err := postedProject(c)
		if err != nil {
			return err
		}
		err = a.DB.MovePart(c.Request().Context(), web.Workspace(c).ID, id, kind, c.Param("part"), posted.Raw("to") == "up")
		return a.saved(c, err, "The order is saved.", partsURL(id, kind))
	}
}

// ConfirmDeletePart asks before a type or a status goes.
func (a *Admin) ConfirmDeletePart(kind model.PartKind) echo.HandlerFunc {
	return func(c echo.Context) error { return a.deletePage(c, http.StatusOK, kind, "", nil) }
}

func (a *Admin) deletePage(c echo.Context, status int, kind model.PartKind, chosen string, errs model.FieldErrors) error {
	p, part, used, err := a.part(c, kind)
	if err != nil {
		return err
	}
	_, all, err := a.DB.ProjectParts(c.Request().Context(), web.Workspace(c).ID, p.ID, kind)
	if err != nil {
		return err
	}
	page := views.PartDelete{
		Project: p.Name, Part: part, Used: used, Kept: part.Kept(all), Chosen: chosen, Errors: errs,
		Action: partURL(p.ID, part) + "/delete", Back: partURL(p.ID, part), Others: []views.Choice{{Label: "Choose one"}},
	}
	for _, o := range all {
		if o.Key != part.Key && o.Category == part.Category {
			page.Others = append(page.Others, views.Choice{Value: o.Key, Label: o.Name})
		}
	}
	if page.Settings, err = a.settings(c, "projects"); err != nil {
		return err
	}
	return a.Page(c, status, page)
}

// DeletePart removes a type or a status; its tickets get the chosen one instead.
func (a *Admin) DeletePart(kind model.PartKind) echo.HandlerFunc {
	return func(c echo.Context) error {
		p, part, posted, err := a.postedPart(c, kind)
		if err != nil {
			return err
		}
		err = a.DB.DeletePart(c.Request().Context(), web.Member(c), p.ID, part, posted.Raw("replacement"))
		if failure, ok := model.AsError(err); ok && failure.Kind == model.Invalid {
			return a.deletePage(c, http.StatusUnprocessableEntity, kind, posted.Raw("replacement"), failure.Fields)
		}
		return a.saved(c, err, "It is deleted.", partsURL(p.ID, kind))
	}
}
