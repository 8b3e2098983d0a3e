package admin

import (
	"fmt"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"deskbell/db"
	"deskbell/db/model"
	"deskbell/handlers/web"
	"deskbell/views"
)

// Projects lists the workspace's projects.
func (a *Admin) Projects(c echo.Context) error {
	settings, err := a.settings(c, "projects")
	if err != nil {
		return err
	}
	list, err := a.DB.Projects(c.Request().Context(), web.Workspace(c).ID)
	if err != nil {
		return err
	}
	page := views.ProjectList{Settings: settings}
	for _, p := range list {
		page.Projects = append(page.Projects, views.ProjectLine{Name: p.Name, PublicID: p.PublicID, Intake: p.Intake, URL: projectURL(p.ID)})
	}
	return a.Page(c, http.StatusOK, page)
}

func projectURL(id model.ProjectID) string { return fmt.Sprintf("/desk/settings/projects/%d", id) }

// NewProject is the form for another project.
func (a *Admin) NewProject(c echo.Context) error {
	return a.newProject(c, http.StatusOK, views.NewProject{})
}

// AddProject takes that form.
func (a *Admin) AddProject(c echo.Context) error {
	posted, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	page := views.NewProject{Name: posted.Line("name"), PublicID: posted.Line("public_id")}
	p, err := a.DB.AddProject(c.Request().Context(), web.Workspace(c).ID, db.NewProject{
		PublicID: page.PublicID, Name: page.Name, Intake: model.IntakeHidden, DefaultType: "question",
		Types: []model.TicketType{{Key: "question", Name: "Question"}},
	})
	if failure, ok := model.AsError(err); ok && failure.Kind == model.Invalid {
		page.Errors = failure.Fields
		return a.newProject(c, http.StatusUnprocessableEntity, page)
	}
	return a.saved(c, err, "The project is added. It is hidden until you let it take tickets.", projectURL(p.ID))
}

func (a *Admin) newProject(c echo.Context, status int, page views.NewProject) error {
	var err error
	if page.Settings, err = a.settings(c, "projects"); err != nil {
		return err
	}
	page.Base = a.Base.Origin(web.Workspace(c).PrimaryHost) + "/ticket/"
	return a.Page(c, status, page)
}

// Project shows a project's form.
func (a *Admin) Project(c echo.Context) error {
	page, err := a.projectForm(c)
	if err != nil {
		return err
	}
	return a.Page(c, http.StatusOK, page)
}

func (a *Admin) projectForm(c echo.Context) (views.ProjectForm, error) {
	id, err := strconv.ParseInt(c.Param("id"), 10, 64)
	if err != nil {
		return views.ProjectForm{}, model.Fail(model.NotFound, "There is no such project. Choose one from the list of projects.")
	}
	ws := web.Workspace(c)
	p, err := a.DB.ProjectByID(c.Request().Context(), ws.ID, model.ProjectID(id))
	if err != nil {
		return views.ProjectForm{}, err
	}
	settings, err := a.settings(c, "projects")
	if err != nil {
		return views.ProjectForm{}, err
	}
	page := views.ProjectForm{
		Settings: settings, Action: projectURL(p.ID), Project: p, Intake: string(p.Intake),
		Public: a.Base.Origin(ws.PrimaryHost) + "/ticket/" + p.PublicID,
		Intakes: []views.Choice{
			{Value: string(model.IntakeOpen), Label: "Takes tickets"},
			{Value: string(model.IntakeClosed), Label: "Takes none, and the page says so"},
			{Value: string(model.IntakeHidden), Label: "Hidden: the page does not exist for the outside"},
		},
	}
	if _, page.Statuses, err = a.DB.ProjectParts(c.Request().Context(), ws.ID, p.ID, model.StatusPart); err != nil {
		return page, err
	}
	for _, t := range p.Types {
		page.Types = append(page.Types, views.Choice{Value: t.Key, Label: t.Name})
	}
	return page, nil
}

// SaveProject takes the form.
func (a *Admin) SaveProject(c echo.Context) error {
	page, err := a.projectForm(c)
	if err != nil {
		return err
	}
	posted, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	p := &page.Project
	p.Name, p.Intro, p.DefaultType = posted.Line("name"), posted.Text("intro"), posted.Line("default_type")
	p.Intake, page.Intake = model.IntakeState(posted.Line("intake")), posted.Line("intake")
	if err, ok := model.AsError(p.Check()); ok {
		page.Errors = err.Fields
		return a.Page(c, http.StatusUnprocessableEntity, page)
	}
	return a.saved(c, a.DB.SetProject(c.Request().Context(), *p), "Saved.", projectURL(p.ID))
}
