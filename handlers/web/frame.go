package web

import (
	"github.com/labstack/echo/v4"

	"deskbell/db/model"
	"deskbell/views"
)

// Frame returns what every public page of a workspace carries. SignedIn is the customer's address.
func (k *Kit) Frame(c echo.Context, ws model.Workspace, signedIn string) views.Frame {
	f := views.Frame{
		Workspace: ws.Name, Logo: Logo(ws), ThemeURL: ThemeURL(ws), SignedIn: signedIn, NewTicket: "/",
		Languages: k.languages(c),
	}
	switch {
	case ws.CustomerLogin && signedIn != "":
		f.MyTickets = "/tickets"
	case ws.CustomerLogin:
		f.MyTickets = "/tickets/login"
	}
	return f
}

// DeskFrame returns what every page of the desk carries; section is the current entry of its navigation.
func (k *Kit) DeskFrame(c echo.Context, section string) (views.Desk, error) {
	saved, err := k.TakeFlash(c)
	ws := Workspace(c)
	return views.Desk{
		Workspace: ws.Name, Member: Member(c).Name,
		Admin: Member(c).Role == model.Admin, Section: section, Saved: saved, Portal: k.Base.Origin(ws.PrimaryHost) + "/",
	}, err
}
