// Package portal is everything that an outsider can reach: the creation form, the thread behind a
// private link, the customer's own tickets. It reads through statements and types of its own, which
// do not have what must not leave.
package portal

import (
	"github.com/labstack/echo/v4"

	"deskbell/db"
	"deskbell/db/model"
	"deskbell/handlers/web"
	"deskbell/views"
)

// Portal answers on page domains.
type Portal struct {
	*web.Kit
	searches *web.Throttle // of documents, for each client (H1)
	posts    *web.Throttle // of forms, for each client: rendering and checking them costs time
	threads  *web.Kept     // pages, as their readers were sent them
}

// maxKeptThreads bounds the memory of thread pages that are kept: some two thousand of usual length.
const maxKeptThreads = 8 << 20 // bytes

// New returns the portal of a server.
func New(kit *web.Kit) *Portal {
	kept := maxKeptThreads
	if kit.Views.Live() {
		kept = 0
	}
	return &Portal{Kit: kit, searches: web.NewThrottle(searchesPerSecond, searchBurst, maxSearchers),
		posts:   web.NewThrottle(postsPerSecond, postBurst, maxSearchers),
		threads: web.NewKept(kept)}
}

// frame returns what every public page carries, and who is signed in.
func (p *Portal) frame(c echo.Context) (views.Frame, db.Customer, error) {
	ws := web.Workspace(c)
	customer, err := p.Customer(c)
	if err != nil {
		return views.Frame{}, customer, err
	}
	return p.Frame(c, ws, customer.Email), customer, nil
}

// Home lists the projects that take tickets.
func (p *Portal) Home(c echo.Context) error {
	frame, _, err := p.frame(c)
	if err != nil {
		return err
	}
	projects, err := p.DB.OpenProjects(c.Request().Context(), web.Workspace(c).ID)
	if err != nil {
		return err
	}
	page := views.Home{Frame: frame}
	for _, project := range projects {
		page.Projects = append(page.Projects, views.ProjectLink{
			Name: project.Name, Intro: project.Intro, URL: intakeURL(project.PublicID),
			Open: project.Intake == model.IntakeOpen,
		})
	}
	return p.Page(c, 200, page)
}

func intakeURL(projectID string) string { return "/ticket/" + projectID }

// How often one client may post forms, whatever comes of it. The limits of H1 are far below: these
// are for what is refused, which counts nothing there.
const (
	postsPerSecond = 2
	postBurst      = 100
)

// spendPost counts a posted form.
func (p *Portal) spendPost(c echo.Context) error {
	return p.posts.Spend(web.Client(c), "You send faster than we can read.", p.Now())
}
