package desk

import (
	"fmt"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"deskbell/db"
	"deskbell/db/model"
	"deskbell/handlers/web"
	"deskbell/views"
)

// putComposer adds what belongs to the answer form: the member's draft, the saved replies, who else is here,
// and how far the page has come.
func (d *Desk) putComposer(c echo.Context, page *views.Ticket, mark db.TicketMark) error {
	form, err := d.DB.Composer(c.Request().Context(), web.Member(c), page.Ticket.ID)
	if err != nil {
		return err
	}
	page.Mark = markOf(mark)
	page.Draft, page.DraftNote, page.DraftAt = form.Draft.Text, form.Draft.Note, form.Draft.SavedAt
	for _, r := range form.Replies {
		page.SavedReplies = append(page.SavedReplies, views.Choice{Value: fmt.Sprint(r.ID), Label: r.Name})
	}
	return nil
}

// formScope binds the key of a ticket's answer form.
func (d *Desk) formScope(c echo.Context, number int64) string {
	return fmt.Sprintf("desk/%d/%d", web.Workspace(c).ID, number)
}

// formKey returns the key where it is one of this ticket's form, else a new one.
func (d *Desk) formKey(c echo.Context, number int64, key string) string {
	if d.Keys.FormKeyValid(d.formScope(c, number), key, d.Now()) {
		return key
	}
	return d.Keys.FormKey(d.formScope(c, number), d.Now())
}

// AddMessage takes the answer form: a public reply, or an internal note.
func (d *Desk) AddMessage(c echo.Context) error {
	n, err := number(c)
	if err != nil {
		return err
	}
	posted, files, err := d.ReadFiles(c, web.Workspace(c).Uploads, true)
	defer files.Close()
	if err != nil {
		return web.KeepTyped(err, ticketURL(n)+"/messages", posted)
	}
	err = d.stage(c, n, posted, files)
	if err == nil && (posted.Back() || posted.RemoveUpload() != "") {
		return d.answerAgain(c, posted, http.StatusOK, nil)
	}
	switch {
	case err == nil && posted.On("use"):
		return d.useSavedReply(c, n, posted)
	case err == nil && posted.On("keep"):
		err = d.keepDraft(c, n, posted)
	case err == nil && posted.On("preview"):
		err = d.previewDraft(c, n, posted)
	case err == nil:
		err = d.addMessage(c, n, posted)
	}
	failure, _ := model.AsError(err)
	switch model.KindOf(err) {
	case model.Invalid:
		return d.answerAgain(c, posted, http.StatusUnprocessableEntity, failure.Fields)
	case model.Conflict:
		return d.answerCrossed(c, posted, failure)
	}
	if err != nil {
		return web.KeepTyped(err, ticketURL(n)+"/messages", posted)
	}
	return web.SeeOther(c, ticketURL(n)+"#composer")
}

// answerAgain shows the answer form with what was typed and what is wrong with it.
func (d *Desk) answerAgain(c echo.Context, posted web.Form, status int, errs model.FieldErrors) error {
	page, err := d.typedPage(c, posted)
	if err != nil {
		return err
	}
	page.Errors, page.Uploads.Error = errs, errs.Of(model.AttachmentsField)
	return d.Page(c, status, page)
}

// answerCrossed shows what somebody else wrote while a reply was being typed. The page has shown it then:
// sending once more confirms.
func (d *Desk) answerCrossed(c echo.Context, posted web.Form, failure *model.Error) error {
	page, err := d.typedPage(c, posted)
	if err != nil {
		return err
	}
	page.Crossed = failure.Message
	return d.Page(c, http.StatusConflict, page)
}

// typedPage is the ticket's page with what was typed in the answer form.
func (d *Desk) typedPage(c echo.Context, posted web.Form) (views.Ticket, error) {
	page, err := d.ticketPage(c, posted.Raw("form_key"))
	page.Draft, page.DraftNote, page.ReplyStatus = posted.Text("message"), posted.Raw("kind") == "note", posted.Raw("status")
	return page, err
}

func (d *Desk) addMessage(c echo.Context, n int64, posted web.Form) error {
	key := posted.Raw("form_key")
	if !d.Keys.FormKeyValid(d.formScope(c, n), key, d.Now()) {
		return model.FieldErrors{{Field: "message", Message: "This page was open for too long. Send it once more."}}.Err()
	}
	ctx, reply := c.Request().Context(), db.NewReply{FormKey: key, Text: views.Markdown(posted.Text("message")), Files: posted.UploadRefs()}
	reply.Seen, _ = strconv.ParseInt(posted.Raw("seen"), 10, 64) // anything else: nobody says
	if posted.Raw("kind") == "note" {
		return d.DB.AddNote(ctx, web.Member(c), n, reply)
	}
	if status := posted.Raw("status"); status != "" {
		id, err := strconv.ParseInt(status, 10, 64)
		if err != nil || id < 1 {
			return model.FieldErrors{{Field: "status", Message: "Choose a status from the list."}}.Err()
		}
		reply.Status = model.StatusID(id)
	}
	return d.DB.AddReply(ctx, web.Member(c), n, reply)
}
