package desk

import (
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"deskbell/db/model"
	"deskbell/handlers/web"
	"deskbell/views"
)

// Codes shows members whether they sign in with one-time codes, and sets them up.
func (d *Desk) Codes(c echo.Context) error {
	page, err := d.codes(c)
	if err != nil {
		return err
	}
	return d.Page(c, http.StatusOK, page)
}

func (d *Desk) codes(c echo.Context) (page views.Codes, err error) {
	ctx, m := c.Request().Context(), web.Member(c)
	page = views.Codes{Email: m.Email, Since: m.CodesSince, Required: web.Workspace(c).RequireCodes}
	if page.Desk, err = d.DeskFrame(c, "account"); err != nil {
		return page, err
	}
	if !m.CodesSince.IsZero() {
		left, err := d.DB.RecoveryCodes(ctx, m)
		page.Left = len(left)
		return page, err
	}
	page.Secret, _, err = d.pendingSecret(c)
	return page, err
}

// pendingSecret returns the secret that no code has confirmed yet, plain and sealed; "" without one. One
// that was sealed under another key counts as none.
func (d *Desk) pendingSecret(c echo.Context) (secret, sealed string, err error) {
	m := web.Member(c)
	if !m.CodesSince.IsZero() {
		return "", "", nil
	}
	if sealed, err = d.DB.CodeSecret(c.Request().Context(), m); err != nil {
		return "", "", err
	}
	secret, _ = web.OpenCodeSecret(d.Keys, m, sealed)
	return secret, sealed, nil
}

// BeginCodes makes a secret for a device to take over.
func (d *Desk) BeginCodes(c echo.Context) error {
	m := web.Member(c)
	if err := d.DB.BeginCodes(c.Request().Context(), m, web.SealCodeSecret(d.Keys, m, web.NewCodeSecret())); err != nil {
		return err
	}
	return web.SeeOther(c, web.CodesURL)
}

// CodePicture is the QR code of the secret, while it is set up.
func (d *Desk) CodePicture(c echo.Context) error {
	secret, _, err := d.pendingSecret(c)
	if err != nil {
		return err
	}
	if secret == "" {
		return model.Fail(model.NotFound, "There is nothing to set up any more. Begin again from your account.")
	}
	picture, err := web.CodePicture(web.Workspace(c).Name, web.Member(c).Email, secret)
	if err != nil {
		return err
	}
	return c.Blob(http.StatusOK, "image/png", picture)
}

// ConfirmCodes takes a code that proves that the device has the secret, turns codes on, and shows the
// recovery codes, once.
func (d *Desk) ConfirmCodes(c echo.Context) error {
	posted, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	page, err := d.codes(c)
	if err != nil {
		return err
	}
	secret, sealed, err := d.pendingSecret(c)
	if err != nil {
		return err
	}
	step, right := web.CodeStep(secret, posted.Line("code"), d.Now())
	if !right || secret == "" {
		page.Errors.Add("code", "This code is not right. Type the one that your device shows now, and check its clock.")
		return d.Page(c, http.StatusUnprocessableEntity, page)
	}
	m, list := web.Member(c), web.NewRecoveryCodes()
	if err := d.DB.ConfirmCodes(c.Request().Context(), m, sealed, step, web.RecoveryHashes(d.Keys, m, list)); err != nil {
		return err
	}
	return d.Page(c, http.StatusOK, views.RecoveryCodes{Desk: page.Desk, New: true, Codes: list})
}

// NewRecoveryCodes replaces the recovery codes and shows the new ones, once.
func (d *Desk) NewRecoveryCodes(c echo.Context) error {
	page, ok, err := d.codesWithPassword(c, "recovery_password")
	if !ok {
		return err
	}
	m, list := web.Member(c), web.NewRecoveryCodes()
	if err := d.DB.SetRecoveryCodes(c.Request().Context(), m, web.RecoveryHashes(d.Keys, m, list)); err != nil {
		return err
	}
	return d.Page(c, http.StatusOK, views.RecoveryCodes{Desk: page.Desk, Codes: list})
}

// DownloadRecoveryCodes sends back, as a file, the codes that a page has just shown. Anything else that is
// posted is left out.
func (d *Desk) DownloadRecoveryCodes(c echo.Context) error {
	posted, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	m := web.Member(c)
	valid, err := d.DB.RecoveryCodes(c.Request().Context(), m)
	if err != nil {
		return err
	}
	file := "Recovery codes of " + m.Email + " for " + web.Workspace(c).Name + ". Each works once.\n\n"
	for _, code := range posted.All("codes") {
		if slices.Contains(valid, web.RecoveryHash(d.Keys, m, code)) {
			file += strings.TrimSpace(code) + "\n"
		}
	}
	c.Response().Header().Set("Content-Disposition", `attachment; filename="recovery-codes.txt"`)
	return c.Blob(http.StatusOK, "text/plain; charset=utf-8", []byte(file))
}

// EndCodes turns codes off.
func (d *Desk) EndCodes(c echo.Context) error {
	_, ok, err := d.codesWithPassword(c, "off_password")
	if !ok {
		return err
	}
	m := web.Member(c)
	err = d.DB.EndCodes(c.Request().Context(), m.WorkspaceID, m.ID)
	if err == nil {
		err = d.Flash(c, "Sign-in codes are off.")
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, web.CodesURL)
}

// codesWithPassword goes on only with codes that are on and the member's password at a field; else it has
// answered, or fails.
func (d *Desk) codesWithPassword(c echo.Context, field string) (page views.Codes, ok bool, err error) {
	posted, err := web.ReadForm(c)
	if err != nil {
		return page, false, err
	}
	if page, err = d.codes(c); err != nil {
		return page, false, err
	}
	if page.Since.IsZero() {
		return page, false, web.SeeOther(c, web.CodesURL)
	}
	status, err := d.ownPassword(c, posted.Raw(field), field, &page.Errors)
	if err != nil {
		return page, false, err
	}
	if status != http.StatusOK {
		return page, false, d.Page(c, status, page)
	}
	return page, true, nil
}
