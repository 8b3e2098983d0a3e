package portal

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"deskbell/db/model"
	"deskbell/handlers/web"
	"deskbell/views"
)

// UnsubscribePage posts as it loads, so that no mail scanner's GET unsubscribes anybody (L1).
func (p *Portal) UnsubscribePage(c echo.Context) error {
	return p.unsubscribePage(c, func(model.Reader) error { return nil }, c.QueryParam("undone") != "")
}

// Unsubscribe stops a ticket's mail to a recipient: from the page, or by a mail program's
// List-Unsubscribe-Post, which has no cookies and follows no redirect (RFC 8058).
func (p *Portal) Unsubscribe(c echo.Context) error {
	return p.unsubscribePage(c, func(r model.Reader) error {
		return p.DB.Unsubscribe(c.Request().Context(), web.Workspace(c).ID, r)
	}, false)
}

// UndoUnsubscribe subscribes again.
func (p *Portal) UndoUnsubscribe(c echo.Context) error {
	reader, err := p.unsubscriber(c)
	if err != nil {
		return err
	}
	if err := p.DB.Subscribe(c.Request().Context(), web.Workspace(c).ID, reader); err != nil {
		return err
	}
	return web.SeeOther(c, "/ticket/unsubscribe/"+c.Param("token")+"?undone=1")
}

func (p *Portal) unsubscribePage(c echo.Context, do func(model.Reader) error, undone bool) error {
	reader, err := p.unsubscriber(c)
	if err != nil {
		return err
	}
	if err := do(reader); err != nil {
		return err
	}
	if reader, err = p.unsubscriber(c); err != nil { // as it is now
		return err
	}
	thread, err := p.DB.PublicThread(c.Request().Context(), web.Workspace(c).ID, reader, 0)
	if err != nil {
		return err
	}
	frame, _, err := p.frame(c)
	if err != nil {
		return err
	}
	action := "/ticket/unsubscribe/" + c.Param("token")
	page := views.Unsubscribe{
		Frame: frame, Title: thread.Title, Email: reader.Email, Action: action, UndoAction: action + "/undo",
		Done: !reader.Subscribed, Undone: undone && reader.Subscribed,
	}
	if web.WantsFragment(c) {
		return p.Fragment(c, http.StatusOK, page, "card")
	}
	return p.Page(c, http.StatusOK, page)
}

// unsubscriber returns the recipient of an unsubscribe link.
func (p *Portal) unsubscriber(c echo.Context) (model.Reader, error) {
	in := p.Language(c)
	lost := &web.Problem{
		Title: in.Text("This unsubscribe link does not work"),
		Err:   model.Fail(model.NotFound, "It may be cut off. Try the whole link from the newest mail about your ticket."),
		Links: []views.ProblemLink{{Label: in.Text("Try again"), URL: c.Request().URL.Path}},
	}
	link, ok := p.Keys.Link(model.UnsubscribeLink, model.Token(c.Param("token")))
	if !ok {
		return model.Reader{}, lost
	}
	reader, err := p.DB.ReaderByUnsubscribe(c.Request().Context(), web.Workspace(c).ID, link)
	if model.KindOf(err) == model.NotFound {
		err = lost
	}
	web.Remembered(c, reader.Language)
	return reader, err
}
