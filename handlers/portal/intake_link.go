package portal

import (
	"github.com/labstack/echo/v4"

	"deskbell/db/model"
)

// takeLink gives the form to the customer of an intake link. A link that does not count here leaves
// the form as it is and returns the notice that says why (D2).
func (p *Portal) takeLink(c echo.Context, form *intake, token string) (notice model.Text, err error) {
	if token == "" {
		return notice, nil
	}
	ctx, ws := c.Request().Context(), form.workspace.ID
	id, ok := p.Keys.Link(model.IntakeLinkToken, model.Token(token))
	if !ok {
		return model.Say(lostIntakeLink), nil
	}
	link, err := p.DB.IntakeLink(ctx, ws, id)
	if model.KindOf(err) == model.NotFound {
		return model.Say(lostIntakeLink), nil
	}
	if err != nil {
		return notice, err
	}
	if failure, ok := model.AsError(link.Opens(form.project, p.Now())); ok {
		return failure.Text(), nil
	}
	form.link = id
	form.customer, err = p.DB.Customer(ctx, ws, link.Customer)
	return notice, err
}

// explainLink puts what is wrong with a link before why the form is not for everybody. Where the form is for
// nobody at all, a better link would be of no use.
func explainLink(err error, project model.Project, notice model.Text) error {
	if failure, ok := model.AsError(err); ok && !notice.Empty() && project.Intake == model.IntakeOpen {
		return model.FailWith(failure.Kind, model.Both(notice, failure.Text()))
	}
	return err
}

const lostIntakeLink = "Your link could not be read. It may be cut off: try the whole link again."
