package desk

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"deskbell/db/model"
	"deskbell/handlers/web"
	"deskbell/views"
)

// KeepDraft keeps what is being typed, and answers with when.
func (d *Desk) KeepDraft(c echo.Context) error {
	n, err := number(c)
	if err != nil {
		return err
	}
	posted, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	key := posted.Raw("form_key")
	if !d.Keys.FormKeyValid(d.formScope(c, n), key, d.Now()) {
		return model.Fail(model.BadRequest, "This page was open for too long. Copy what you typed, and reload it.")
	}
	saved, err := d.DB.SaveDraft(c.Request().Context(), web.Member(c), n, key, readDraft(posted))
	if failure, ok := model.AsError(err); ok && failure.Kind == model.Invalid {
		return d.Fragment(c, http.StatusUnprocessableEntity, views.Ticket{DraftProblem: failure.Fields[0].Message}, "draft")
	}
	if err != nil {
		return err
	}
	return d.Fragment(c, http.StatusOK, views.Ticket{DraftAt: saved}, "draft")
}

// keepDraft is the button for browsers without JavaScript.
func (d *Desk) keepDraft(c echo.Context, n int64, posted web.Form) error {
	key := posted.Raw("form_key")
	if _, err := d.DB.SaveDraft(c.Request().Context(), web.Member(c), n, key, readDraft(posted)); err != nil {
		return err
	}
	if err := d.Flash(c, "Your draft is kept. Only you see it."); err != nil {
		return err
	}
	return web.SeeOther(c, ticketURL(n)+"?form="+url.QueryEscape(key)+"#composer")
}

// previewDraft keeps the draft and shows how it would look to the reporter.
func (d *Desk) previewDraft(c echo.Context, n int64, posted web.Form) error {
	key := posted.Raw("form_key")
	if _, err := d.DB.SaveDraft(c.Request().Context(), web.Member(c), n, key, readDraft(posted)); err != nil {
		return err
	}
	return web.SeeOther(c, previewURL(n, key))
}

func readDraft(posted web.Form) model.AnswerDraft {
	return model.AnswerDraft{Note: posted.Raw("kind") == "note", Text: posted.Text("message")}
}

// useSavedReply puts a saved reply below what was typed, with its placeholders filled (M5).
func (d *Desk) useSavedReply(c echo.Context, n int64, posted web.Form) error {
	id, err := strconv.ParseInt(posted.Raw("saved_reply"), 10, 64)
	if err != nil {
		return d.answerAgain(c, posted, http.StatusUnprocessableEntity,
			model.FieldErrors{{Field: "saved_reply", Message: "Choose a saved reply from the list."}})
	}
	ctx, ws := c.Request().Context(), web.Workspace(c)
	reply, err := d.DB.SavedReply(ctx, ws.ID, model.SavedReplyID(id))
	if model.KindOf(err) == model.NotFound {
		return d.answerAgain(c, posted, http.StatusUnprocessableEntity,
			model.FieldErrors{{Field: "saved_reply", Message: "This saved reply has been deleted. Choose another one."}})
	}
	if err != nil {
		return err
	}
	page, err := d.typedPage(c, posted)
	if err != nil {
		return err
	}
	filling, err := d.filling(c, page.Ticket)
	if err != nil {
		return err
	}
	page.Draft = strings.TrimSpace(page.Draft + "\n\n" + reply.Fill(filling))
	page.Inserted, page.SavedReply = true, posted.Raw("saved_reply")
	if web.WantsFragment(c) {
		return d.Fragment(c, http.StatusOK, page, "text")
	}
	return d.Page(c, http.StatusOK, page)
}

// filling is what a saved reply says of a ticket. Its link holds no token: every recipient may see it.
func (d *Desk) filling(c echo.Context, t model.Ticket) (model.Filling, error) {
	ws := web.Workspace(c)
	link := d.Base.Origin(ws.PrimaryHost) + "/ticket/thread/lost"
	if ws.CustomerLogin {
		ref, err := d.DB.TicketRef(c.Request().Context(), ws.ID, t.Number)
		if err != nil {
			return model.Filling{}, err
		}
		link = d.Base.Origin(ws.PrimaryHost) + "/tickets/" + ref
	}
	return model.Filling{
		Customer: t.ReporterName, Agent: web.Member(c).Name, Title: t.Title,
		Number: strconv.FormatInt(t.Number, 10), Project: t.Project.Name, Link: link,
	}, nil
}
