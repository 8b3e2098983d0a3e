package admin

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"deskbell/db/model"
	"deskbell/handlers/web"
	"deskbell/views"
)

// portalSwitches are the form's fields, with the setting that each one switches.
var portalSwitches = []struct {
	name, label, hint string
	setting           func(*model.Workspace) *bool
}{
	{"anonymous_creation", "Anyone opens tickets", "Off: visitors log in by mail first. Intake links always work.",
		func(w *model.Workspace) *bool { return &w.AnonymousCreation }},
	{"customer_login", "Customers log in", "By a mailed link or code, to see all their tickets. Off: “My Tickets” goes, and private links stay.",
		func(w *model.Workspace) *bool { return &w.CustomerLogin }},
	{"public_replies", "Replies", "Off: private links still show the conversation, and say why nobody can reply.",
		func(w *model.Workspace) *bool { return &w.PublicReplies }},
	{"public_uploads", "Attachments", "Off: customers add no files to tickets and replies.",
		func(w *model.Workspace) *bool { return &w.PublicUploads }},
	{"suggestions", "Suggestions", "While somebody types a ticket, help documents that fit appear beside the form.",
		func(w *model.Workspace) *bool { return &w.Suggestions }},
}

// Portal shows the portal's switches (B5, B6, F3, I6).
func (a *Admin) Portal(c echo.Context) error {
	settings, err := a.settings(c, "portal")
	if err != nil {
		return err
	}
	page, ws := views.PortalForm{Settings: settings}, web.Workspace(c)
	for _, s := range portalSwitches {
		page.Switches = append(page.Switches, views.Switch{Name: s.name, Label: s.label, Hint: s.hint, On: *s.setting(&ws)})
	}
	return a.Page(c, http.StatusOK, page)
}

// SavePortal takes the form. Like any box of a form, a switch that is off is not posted.
func (a *Admin) SavePortal(c echo.Context) error {
	posted, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	ws := web.Workspace(c)
	for _, s := range portalSwitches {
		*s.setting(&ws) = posted.On(s.name)
	}
	return a.saved(c, a.DB.SetPortal(c.Request().Context(), ws), "Saved.", "/desk/settings/portal")
}
