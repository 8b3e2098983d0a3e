package portal

import (
	"context"
	"net/http"

	"github.com/labstack/echo/v4"

	"deskbell/db/model"
	"deskbell/handlers/web"
	"deskbell/views"
)

const privacyURL = "/tickets/privacy"

// YourData shows the signed-in customer what is held about them.
func (p *Portal) YourData(c echo.Context) error {
	customer, err := p.requireCustomer(c)
	if err != nil {
		return err
	}
	frame, _, err := p.frame(c)
	if err != nil {
		return err
	}
	ctx, ws := c.Request().Context(), web.Workspace(c).ID
	held, err := p.DB.Footprint(ctx, ws, customer.ID)
	if err != nil {
		return err
	}
	asked, err := p.DB.Erasure(ctx, ws, customer.ID)
	if err != nil {
		return err
	}
	return p.Page(c, http.StatusOK, views.YourData{
		Frame: frame, Name: customer.Name, Email: customer.Email, Held: heldLines(held), AskedAt: asked.AskedAt,
		Download: privacyURL + "/download", Erasure: privacyURL + "/erasure", Withdraw: privacyURL + "/erasure/withdraw",
	})
}

// heldLines says in plain words what is held.
func heldLines(held model.Footprint) []model.Text {
	return []model.Text{
		model.Say("Tickets that you opened: {0}", held.Tickets),
		model.Say("Tickets whose recipient you are: {0}", held.Recipient),
		model.Say("Messages that you wrote: {0}", held.Messages),
		model.Say("Answers to questions of our forms: {0}", held.Answers),
		model.Say("Files that you sent: {0}, {1} in all", held.Files, model.Size(held.FileBytes)),
		model.Say("Devices on which you are logged in, with when you logged in and when you were last here: {0}", held.Sessions),
		model.Say("Accounts at Discord or Slack with which you signed in: {0}", held.Identities),
		model.Say("Mails that we sent you, each listed for 30 days: {0}", held.Mails),
	}
}

// ConfirmErasure says what erasure does, and asks whether it is meant.
func (p *Portal) ConfirmErasure(c echo.Context) error {
	customer, err := p.requireCustomer(c)
	if err != nil {
		return err
	}
	frame, _, err := p.frame(c)
	if err != nil {
		return err
	}
	return p.Page(c, http.StatusOK, views.AskErasure{Frame: frame, Email: customer.Email, Action: privacyURL + "/erasure", Back: privacyURL})
}

// AskErasure takes the wish to be erased; an admin of the workspace decides.
func (p *Portal) AskErasure(c echo.Context) error {
	return p.changeErasure(c, p.DB.AskErasure)
}

// WithdrawErasure takes the wish back.
func (p *Portal) WithdrawErasure(c echo.Context) error {
	return p.changeErasure(c, p.DB.WithdrawErasure)
}

func (p *Portal) changeErasure(c echo.Context, change func(context.Context, model.WorkspaceID, model.CustomerID) error) error {
	customer, err := p.requireCustomer(c)
	if err == nil {
		err = p.spendPost(c)
	}
	if err == nil {
		err = change(c.Request().Context(), web.Workspace(c).ID, customer.ID)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, privacyURL)
}
