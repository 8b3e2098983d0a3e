package admin

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"deskbell/db"
	"deskbell/db/model"
	"deskbell/handlers/web"
	"deskbell/views"
)

const intakeLinksURL = "/desk/settings/intake-links"

// IntakeLinks lists the links and takes the wish for a new one (D1).
func (a *Admin) IntakeLinks(c echo.Context) error {
	page, err := a.intakeLinks(c)
	if err != nil {
		return err
	}
	made := model.LinkID(c.QueryParam("made"))
	for _, link := range page.Links {
		if made != "" && link.Revoke == revokeURL(made) {
			page.Made = link.URL
		}
	}
	return a.Page(c, http.StatusOK, page)
}

func (a *Admin) intakeLinks(c echo.Context) (views.IntakeLinks, error) {
	settings, err := a.settings(c, "intake-links")
	if err != nil {
		return views.IntakeLinks{}, err
	}
	ctx, ws := c.Request().Context(), web.Workspace(c)
	days := strconv.Itoa(int(model.IntakeLinkLife / (24 * time.Hour)))
	page := views.IntakeLinks{Settings: settings, Answers: views.IntakeLinkAnswers{Days: days}}
	projects, err := a.DB.Projects(ctx, ws.ID)
	if err != nil {
		return page, err
	}
	for _, p := range projects {
		if p.Intake != model.IntakeHidden {
			page.Projects = append(page.Projects, views.Choice{Value: p.PublicID, Label: p.Name})
		}
	}
	of, err := a.linksOf(c, &page)
	if err != nil {
		return page, err
	}
	links, err := a.DB.IntakeLinks(ctx, ws.ID, of)
	for _, l := range links {
		page.Links = append(page.Links, a.linkLine(ws, l))
	}
	return page, err
}

// linksOf returns the customer whose links are asked for and fills the form in for them; 0 is nobody in
// particular.
func (a *Admin) linksOf(c echo.Context, page *views.IntakeLinks) (model.CustomerID, error) {
	asked := c.QueryParam("customer")
	if asked == "" {
		return 0, nil
	}
	id, err := strconv.ParseInt(asked, 10, 64)
	if err != nil {
		return 0, model.Fail(model.NotFound, "There is no such customer. They may have been erased: look for them among the customers.")
	}
	customer, err := a.DB.Customer(c.Request().Context(), web.Workspace(c).ID, model.CustomerID(id))
	page.Answers.Email, page.Answers.Name = customer.Email, customer.Name
	page.Of = cmp.Or(customer.Name, customer.Email)
	return customer.ID, err
}

func (a *Admin) linkLine(ws model.Workspace, l db.ListedIntakeLink) views.IntakeLinkLine {
	line := views.IntakeLinkLine{
		Email: l.Email, Name: l.Name, Project: l.ProjectName, By: l.CreatedBy, ExpiresAt: l.ExpiresAt, UsedAt: l.UsedAt,
	}
	switch {
	case !l.RevokedAt.IsZero():
		line.Ended = "Withdrawn"
	case l.Opens(model.Project{ID: l.Project}, a.Now()) != nil:
		line.Ended = "Expired"
	default:
		token := a.Keys.Token(model.IntakeLinkToken, l.ID)
		line.URL = a.Base.Origin(ws.PrimaryHost) + "/ticket/" + url.PathEscape(l.ProjectID) + "?customer_token=" + string(token)
		line.Revoke = revokeURL(l.ID)
	}
	return line
}

func revokeURL(id model.LinkID) string { return fmt.Sprintf("%s/%s/revoke", intakeLinksURL, id) }

// CreateIntakeLink makes a link and shows it.
func (a *Admin) CreateIntakeLink(c echo.Context) error {
	posted, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	page, err := a.intakeLinks(c)
	if err != nil {
		return err
	}
	wish := readLink(posted, &page)
	if len(page.Errors) > 0 {
		return a.Page(c, http.StatusUnprocessableEntity, page)
	}
	id, err := a.DB.CreateIntakeLink(c.Request().Context(), web.Member(c), wish)
	if err != nil {
		return err
	}
	return web.SeeOther(c, intakeLinksURL+"?made="+url.QueryEscape(string(id)))
}

// readLink takes what an admin says of a new link, and adds an error for each field that needs another look.
func readLink(posted web.Form, page *views.IntakeLinks) db.NewIntakeLink {
	typed := views.IntakeLinkAnswers{Email: posted.Line("email"), Name: posted.Line("name"), Project: posted.Line("project")}
	email, ok := model.CleanAddress(typed.Email)
	if over := model.Chars(typed.Email) - model.MaxAddress; over > 0 {
		page.Errors.Add("email", fmt.Sprintf("Shorten the email address by %s characters: %d are possible.", model.Thousands(over), model.MaxAddress))
	} else if !ok {
		page.Errors.Add("email", "Enter an email address like name@example.com.")
	}
	if failure, ok := model.AsError(model.CheckName(typed.Name)); ok {
		page.Errors = append(page.Errors, failure.Fields...)
	}
	if !offered(page.Projects, typed.Project) {
		page.Errors.Add("project", "Choose a project from the list.")
	}
	var days int
	typed.Days, days = number{"days", 1, 3650}.read(posted, &page.Errors)
	page.Answers = typed
	return db.NewIntakeLink{ProjectID: typed.Project, Email: email, Name: typed.Name, Life: time.Duration(days) * 24 * time.Hour}
}

func offered(choices []views.Choice, value string) bool {
	for _, c := range choices {
		if c.Value == value {
			return true
		}
	}
	return false
}

// RevokeIntakeLink ends a link.
func (a *Admin) RevokeIntakeLink(c echo.Context) error {
	err := a.DB.RevokeIntakeLink(c.Request().Context(), web.Workspace(c).ID, model.LinkID(c.Param("link")))
	return a.saved(c, err, "The link is withdrawn.", intakeLinksURL)
}
