package desk

import (
	"fmt"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"deskbell/db"
	"deskbell/db/model"
	"deskbell/handlers/web"
	"deskbell/views"
)

// stepCookie names the cookie of a browser in which the password was typed and the code was not yet.
const stepCookie = "second-step"

// letIn signs a member in who has proved the first step, or asks for the code first.
func (d *Desk) letIn(c echo.Context, m model.Member, next, flash string) error {
	if m.CodesSince.IsZero() {
		if err := d.SignIn(c, web.DeskSide, model.Session{Workspace: m.WorkspaceID, Member: m.ID, Flash: flash}); err != nil {
			return err
		}
		return web.SeeOther(c, next)
	}
	id := model.RandomID()
	if err := d.DB.BeginSecondStep(c.Request().Context(), model.Hash(id), m, next); err != nil {
		return err
	}
	c.SetCookie(d.Cookie(stepCookie, id, db.SecondStepLife))
	return web.SeeOther(c, "/desk/login/code")
}

// stepHash is what the database keeps of the browser's second step; that of nothing without one.
func (d *Desk) stepHash(c echo.Context) string {
	cookie, err := c.Cookie(d.CookieName(stepCookie))
	if err != nil {
		return ""
	}
	return model.Hash(cookie.Value)
}

// CodePage asks for the one-time code of who has typed their password.
func (d *Desk) CodePage(c echo.Context) error {
	if _, err := d.DB.SecondStep(c.Request().Context(), d.stepHash(c)); err != nil {
		return stepEnded(err)
	}
	return d.Page(c, http.StatusOK, views.SecondStep{})
}

// LoginByCode takes the code, or a recovery code, and signs in. Wrong ones are limited per sign-in and per
// member, so that who knows a password cannot try codes for long.
func (d *Desk) LoginByCode(c echo.Context) error {
	posted, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	ctx, hash, typed := c.Request().Context(), d.stepHash(c), posted.Line("code")
	step, err := d.DB.SecondStep(ctx, hash)
	if err != nil {
		return stepEnded(err)
	}
	var page views.SecondStep
	limit := db.Count{Scope: "sign-in code", Key: fmt.Sprint(step.Member.ID), Limit: 15, Per: 15 * time.Minute}
	err = d.DB.Spend(ctx, "Too many wrong codes.", limit)
	if failure, ok := model.AsError(err); ok {
		page.Errors.Add("code", failure.Advice())
		web.SetRetryAfter(c, failure)
		return d.Page(c, http.StatusTooManyRequests, page)
	}
	if err != nil {
		return err
	}
	step, err = d.DB.UseSecondStep(ctx, hash, d.codeCheck(typed))
	if failure, ok := model.AsError(err); ok && failure.Kind == model.Invalid {
		page.Errors = failure.Fields
		return d.Page(c, http.StatusUnprocessableEntity, page)
	}
	if err != nil {
		return stepEnded(err)
	}
	if err := d.DB.Refund(ctx, limit); err != nil {
		return err
	}
	c.SetCookie(d.Cookie(stepCookie, "", -1))
	if err := d.SignIn(c, web.DeskSide, model.Session{Workspace: step.Member.WorkspaceID, Member: step.Member.ID}); err != nil {
		return err
	}
	return web.SeeOther(c, step.Next)
}

// codeCheck says what a typed code is, for the member of a sign-in.
func (d *Desk) codeCheck(typed string) db.CodeCheck {
	return func(s db.SecondStep) (int64, bool, string) {
		secret, ok := web.OpenCodeSecret(d.Keys, s.Member, s.Secret)
		step, right := web.CodeStep(secret, typed, d.Now())
		return step, ok && right, web.RecoveryHash(d.Keys, s.Member, typed)
	}
}

// stepEnded leads back to the password.
func stepEnded(err error) error {
	if model.KindOf(err) != model.Gone {
		return err
	}
	return &web.Problem{Title: "Sign in again", Err: err, Links: []views.ProblemLink{{Label: "Sign in to the desk", URL: "/desk/login"}}}
}
