package portal

import (
	"github.com/labstack/echo/v4"

	"deskbell/db/model"
)

// takeLink gives the form to the customer of an intake link. A link that does not count here leaves
// the form as it is and returns the notice that says why (D2).
func (p *Portal) takeLink(c echo.Context, form *intake, token string) (notice string, err error) {
	if token == "" {
		return "", nil
	}
	ctx, ws := c.Request().Context(), form.workspace.ID
	id, ok := p.Keys.Link(model.IntakeLinkToken, model.Token(token))
	if !ok {
		return lostIntakeLink, nil
	}
	link, err := p.DB.IntakeLink(ctx, ws, id)
	if model.KindOf(err) == model.NotFound {
		return lostIntakeLink, nil
	}
	if err != nil {
		return "", err
	}
	if failure, ok := model.AsError(link.Opens(form.project, p.Now())); ok {
		return failure.Message, nil
	}
	form.link = id
	form.customer, err = p.DB.Customer(ctx, ws, link.Customer)
	return "", err
}

// explainLink puts what is wrong with a link before why the form is not for everybody. Where the form is for
// nobody at all, a better link would be of no use.
func explainLink(err error, project model.Project, notice string) error {
	if failure, ok := model.AsError(err); ok && notice != "" && project.Intake == model.IntakeOpen {
		failure.Message = notice + " " + failure.Message
	}
	return err
}

const lostIntakeLink = "Your link could not be read. It may be cut off: try the whole link again."
