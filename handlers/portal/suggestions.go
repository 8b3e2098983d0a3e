package portal

import (
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"

	"deskbell/db/model"
	"deskbell/handlers/web"
	"deskbell/views"
)

// Suggestions is the fragment with the documents that fit what a reporter types (F1, F2). Where they
// are switched off it is not there (F3).
func (p *Portal) Suggestions(c echo.Context) error {
	ctx, ws := c.Request().Context(), web.Workspace(c)
	project, err := p.suggesting(c)
	if err != nil {
		return err
	}
	found, err := p.DB.Suggestions(ctx, ws.ID, project.ID, c.QueryParam("title"), c.QueryParam("description"))
	if err != nil {
		return err
	}
	p.suggested(c, project, len(found))
	page := views.Suggestions{Documents: documentLinks(project, found), News: p.Language(c).Say(suggestionNews(len(found)))}
	return p.Fragment(c, http.StatusOK, page, "suggestions")
}

// suggesting returns the project of a request that has to do with suggestions, if it may have them. It counts as a
// search.
func (p *Portal) suggesting(c echo.Context) (model.Project, error) {
	ws := web.Workspace(c)
	project, err := p.DB.Project(c.Request().Context(), ws.ID, c.Param("project"))
	if err == nil {
		err = model.MaySuggest(ws, project)
	}
	if err == nil {
		err = p.spendSearch(c)
	}
	return project, err
}

// suggestionNews says for the live region how many documents there are.
func suggestionNews(n int) model.Text {
	switch n {
	case 0:
		return model.Text{}
	case 1:
		return model.Say("1 document may help.")
	}
	return model.Say("{0} documents may help.", n)
}

// newVisit returns the word by which a form's suggestions are counted. It is signed, so that nobody makes up
// forms to count.
func (p *Portal) newVisit(project model.Project) string {
	return p.Keys.FormKey(visitScope(project), p.Now())
}

func (p *Portal) isVisit(project model.Project, visit string) bool {
	return p.Keys.FormKeyValid(visitScope(project), visit, p.Now())
}

func visitScope(project model.Project) string {
	return fmt.Sprintf("visit/%d/%d", project.WorkspaceID, project.ID)
}

// useVisit keeps the word of a form that comes back.
func (f *intake) useVisit(p *Portal, visit string) {
	if f.page.Suggest != "" && p.isVisit(f.project, visit) {
		f.page.Visit = visit
	}
}

// suggested counts a form that had suggestions. What cannot be counted is shown all the same.
func (p *Portal) suggested(c echo.Context, project model.Project, found int) {
	visit := c.QueryParam("visit")
	if found == 0 || !p.isVisit(project, visit) {
		return
	}
	if err := p.DB.SuggestionsShown(c.Request().Context(), project, visit); err != nil {
		p.Log.Error("suggestions were not counted", "error", err)
	}
}

// SuggestionOpened counts a form of which a suggestion was opened. A word that is none of ours counts nothing.
func (p *Portal) SuggestionOpened(c echo.Context) error {
	ctx, ws := c.Request().Context(), web.Workspace(c)
	project, err := p.suggesting(c)
	if err != nil {
		return err
	}
	posted, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	if visit := posted.Raw("visit"); p.isVisit(project, visit) {
		if err := p.DB.SuggestionOpened(ctx, ws.ID, visit); err != nil {
			return err
		}
	}
	return c.NoContent(http.StatusNoContent)
}
