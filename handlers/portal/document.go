package portal

import (
	"net/url"

	"github.com/labstack/echo/v4"

	"deskbell/db/model"
	"deskbell/handlers/web"
	"deskbell/views"
)

func documentsURL(projectID string) string { return "/doc/" + url.PathEscape(projectID) }

func documentURL(projectID, slug string) string {
	return documentsURL(projectID) + "/" + url.PathEscape(slug)
}

// Limits of a client's searches, the suggestions among them. Somebody who types asks three times a
// second at most.
const (
	searchesPerSecond = 4
	searchBurst       = 20
	maxSearchers      = 10_000
)

func (p *Portal) spendSearch(c echo.Context) error {
	return p.searches.Spend(web.Client(c), "You have searched very often in a short time.", p.Now())
}

// Documents lists a project's documents, or those that a search finds (A6, F4).
func (p *Portal) Documents(c echo.Context) error {
	project, frame, err := p.readableProject(c)
	if err != nil {
		return err
	}
	page := views.Documents{
		Frame: frame, Project: project.Name, URL: documentsURL(project.PublicID), Query: model.CleanLine(c.QueryParam("q")),
	}
	ctx, ws := c.Request().Context(), web.Workspace(c)
	if page.Query != "" {
		return p.searchPage(c, project, page)
	}
	list, more, err := p.DB.PublicDocuments(ctx, ws.ID, project.ID, c.QueryParam("after"))
	if err != nil {
		return err
	}
	page.Documents, page.Indexed = documentLinks(project, list), true
	if more {
		page.More = page.URL + "?after=" + url.QueryEscape(list[len(list)-1].Slug)
	}
	return p.PublicPage(c, page, page.SignedIn != "")
}

// searchPage answers a search. Nobody but who asked may keep the page: it says what was asked.
func (p *Portal) searchPage(c echo.Context, project model.Project, page views.Documents) error {
	if err := p.spendSearch(c); err != nil {
		return err
	}
	found, err := p.DB.SearchDocuments(c.Request().Context(), web.Workspace(c).ID, project.ID, page.Query)
	if err != nil {
		return err
	}
	page.Documents, page.TooShort = documentLinks(project, found), len(model.SearchTerms(page.Query)) == 0
	return p.PublicPage(c, page, true)
}

// Document shows one document (A6).
func (p *Portal) Document(c echo.Context) error {
	project, frame, err := p.readableProject(c)
	if err != nil {
		return err
	}
	ws := web.Workspace(c)
	document, err := p.DB.PublicDocument(c.Request().Context(), ws.ID, project.ID, c.Param("slug"))
	if err != nil {
		return err
	}
	frame.Indexed = true
	page := views.DocumentPage{
		Frame: frame, Project: project.Name, List: documentsURL(project.PublicID), Document: document,
		Canonical: p.Base.Origin(ws.PrimaryHost) + documentURL(project.PublicID, document.Slug),
	}
	return p.PublicPage(c, page, frame.SignedIn != "")
}

// readableProject returns the project of a document page, with the page's frame.
func (p *Portal) readableProject(c echo.Context) (model.Project, views.Frame, error) {
	frame, _, err := p.frame(c)
	if err != nil {
		return model.Project{}, frame, err
	}
	project, err := p.DB.Project(c.Request().Context(), web.Workspace(c).ID, c.Param("project"))
	if err == nil {
		err = model.MayRead(project)
	}
	frame.NewTicket = ""
	if project.Intake == model.IntakeOpen {
		frame.NewTicket = intakeURL(project.PublicID)
	}
	return project, frame, err
}

func documentLinks(project model.Project, list []model.PublicDocument) []views.DocumentLink {
	links := make([]views.DocumentLink, 0, len(list))
	for _, d := range list {
		links = append(links, views.DocumentLink{Title: d.Title, Excerpt: d.Excerpt, URL: documentURL(project.PublicID, d.Slug)})
	}
	return links
}
