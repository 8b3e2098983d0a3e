package portal

import (
	"context"
	"fmt"
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
func heldLines(held model.Footprint) []string {
	return []string{
		fmt.Sprintf("%s that you opened, and %s whose recipient you are", some(held.Tickets, "ticket", "tickets"), some(held.Recipient, "ticket", "tickets")),
		fmt.Sprintf("%s that you wrote, and %s to questions of our forms", some(held.Messages, "message", "messages"), some(held.Answers, "answer", "answers")),
		fmt.Sprintf("%s that you sent, %s in all", some(held.Files, "file", "files"), model.HumanSize(held.FileBytes)),
		fmt.Sprintf("%s on which you are logged in, with when you logged in and when you were last here", some(held.Sessions, "device", "devices")),
		fmt.Sprintf("A list of the mails that we sent you: %s. Each stays on it for 30 days", some(held.Mails, "mail", "mails")),
	}
}

func some(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return model.Thousands(n) + " " + many
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
