package portal

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"deskbell/db"
	"deskbell/db/model"
	"deskbell/handlers/web"
	"deskbell/views"
)

// door is a way to a thread: a recipient's link, or a customer's session. The page behind both is
// the same.
type door func(c echo.Context) (reader model.Reader, url string, err error)

func threadURL(t model.Token) string { return "/ticket/thread/" + string(t) }

// ByLink opens the thread of a mailed link (A2). A link that was never valid, is no longer, or
// belongs to another workspace fails in the same words (I8).
func (p *Portal) ByLink(c echo.Context) (model.Reader, string, error) {
	token := model.Token(c.Param("token"))
	link, ok := p.Keys.Link(model.ThreadLink, token)
	if !ok {
		return model.Reader{}, "", p.lostLink(c)
	}
	reader, err := p.DB.ReaderByLink(c.Request().Context(), web.Workspace(c).ID, link)
	if model.KindOf(err) == model.NotFound {
		err = p.lostLink(c)
	}
	return reader, threadURL(token), err
}

// BySession opens a thread from the signed-in customer's overview (A3).
func (p *Portal) BySession(c echo.Context) (model.Reader, string, error) {
	customer, err := p.requireCustomer(c)
	if err != nil {
		return model.Reader{}, "", err
	}
	ref := c.Param("ref")
	reader, err := p.DB.ReaderByRef(c.Request().Context(), web.Workspace(c).ID, customer.ID, ref)
	return reader, "/tickets/" + ref, err
}

// Thread shows the public conversation (I1). Opening a mailed link confirms the address (B10).
func (p *Portal) Thread(open door) echo.HandlerFunc {
	return func(c echo.Context) error {
		reader, url, err := open(c)
		if err != nil {
			return err
		}
		ctx, ws := c.Request().Context(), web.Workspace(c)
		if !reader.Confirmed && c.Request().Method == http.MethodGet {
			if err := p.DB.Confirm(ctx, ws.ID, reader); err != nil {
				return err
			}
		}
		header := c.Response().Header()
		header.Set(echo.HeaderCacheControl, "private, no-cache")
		kept, err := p.threadKept(c, reader)
		if err != nil {
			return err
		}
		if kept {
			return c.NoContent(http.StatusNotModified)
		}
		page, err := p.threadPage(c, reader, url, 0)
		if err != nil {
			return err
		}
		header.Set("ETag", p.threadTag(ws, reader, page.Frame, page.Thread.Version))
		p.saw(c, reader, page.Thread.Version)
		return p.Page(c, http.StatusOK, page)
	}
}

// threadKept says whether the browser has the thread as it is now, and sets the ETag that says so. A
// browser that has none costs no statement.
func (p *Portal) threadKept(c echo.Context, r model.Reader) (bool, error) {
	has := c.Request().Header.Get("If-None-Match")
	if has == "" {
		return false, nil
	}
	frame, _, err := p.frame(c)
	if err != nil {
		return false, err
	}
	ws := web.Workspace(c)
	version, err := p.DB.ThreadVersion(c.Request().Context(), ws.ID, r)
	if err != nil {
		return false, err
	}
	tag := p.threadTag(ws, r, frame, version)
	c.Response().Header().Set("ETag", tag)
	kept := web.TagMatches(has, tag)
	if kept {
		p.saw(c, r, version)
	}
	return kept, nil
}

// threadTag names all that a thread page depends on.
func (p *Portal) threadTag(ws model.Workspace, r model.Reader, f views.Frame, version int64) string {
	return fmt.Sprintf(`"%s"`, model.Hash(fmt.Sprint(
		p.Views.Build(), ws.ID, ws.Version, r.Link, r.Subscribed, r.Label(), r.Waiting, f.SignedIn, version))[:22])
}

// Messages is the poll: the entries after a version, or 204 with nothing new (I4).
func (p *Portal) Messages(open door) echo.HandlerFunc {
	return func(c echo.Context) error {
		after, afterErr := strconv.ParseInt(c.QueryParam("after"), 10, 64)
		if known, err := p.pollVersion(c); err == nil && afterErr == nil && known == after {
			return c.NoContent(http.StatusNoContent)
		}
		reader, url, err := open(c)
		if err != nil {
			return err
		}
		if !web.WantsFragment(c) {
			return web.SeeOther(c, url)
		}
		if afterErr != nil || after < 0 {
			return model.Fail(model.BadRequest, "This address is not complete. Open the ticket by its link.")
		}
		page, err := p.threadPage(c, reader, url, after)
		if err != nil {
			return err
		}
		if page.Thread.Version == after {
			return c.NoContent(http.StatusNoContent)
		}
		page.News = newsOf(page.Thread.Messages)
		p.saw(c, reader, page.Thread.Version)
		return p.Fragment(c, http.StatusOK, page, "update")
	}
}

// pollVersion answers a poll by link from memory.
func (p *Portal) pollVersion(c echo.Context) (int64, error) {
	link, ok := p.Keys.Link(model.ThreadLink, model.Token(c.Param("token")))
	if !ok {
		return 0, model.Fail(model.NotFound, "There is nothing at this address.")
	}
	return p.DB.PollVersion(c.Request().Context(), web.Workspace(c).ID, link)
}

// newsOf says for the live region what arrived.
func newsOf(messages []model.PublicMessage) string {
	switch others := len(messages); {
	case others == 0:
		return ""
	case others > 1:
		return fmt.Sprintf("%d new messages.", others)
	case messages[0].Author == "":
		return "A new message."
	}
	return "A new message from " + messages[0].Author + "."
}

// threadPage is the thread as one reader sees it, with the messages after a version; 0: all.
func (p *Portal) threadPage(c echo.Context, r model.Reader, url string, after int64) (views.Thread, error) {
	ws := web.Workspace(c)
	frame, _, err := p.frame(c)
	if err != nil {
		return views.Thread{}, err
	}
	thread, err := p.DB.PublicThread(c.Request().Context(), ws.ID, r, after)
	if err != nil {
		return views.Thread{}, err
	}
	frame.NewTicket = intakeURL(thread.ProjectID)
	page := views.Thread{
		Frame: frame, Thread: thread, URL: url, Reader: r.Label(), Replaceable: r.MayReplaceLink() == nil, Subscribed: r.Subscribed,
		SubscribeURL: url + "/subscribe", FormKey: p.waitingKey(r, thread.Version),
	}
	waiting, err := p.waiting(c, r, page.FormKey)
	if err != nil {
		return page, err
	}
	page.Uploads = p.uploads(ws, url, waiting, nil)
	if off, ok := model.AsError(model.MayReply(ws)); ok {
		page.RepliesOff = off.Message
	}
	return page, nil
}

// waiting returns the files that wait for a reader's reply. Who has none costs no statement.
func (p *Portal) waiting(c echo.Context, r model.Reader, key string) ([]model.Upload, error) {
	if r.Waiting == "" {
		return nil, nil
	}
	return p.DB.Waiting(c.Request().Context(), web.Workspace(c).ID, key)
}

// readerNow reads a reader again, with the files that have come or gone in this request.
func (p *Portal) readerNow(c echo.Context, r model.Reader) (model.Reader, error) {
	return p.DB.ReaderByLink(c.Request().Context(), web.Workspace(c).ID, r.Link)
}

// replyScope binds the key of a reply form to one recipient of one ticket.
func replyScope(r model.Reader) string { return fmt.Sprint("reply/", r.Recipient) }

// Reply adds a recipient's message (I2). By htmx it answers with the emptied form and all that is
// new; without script it leads back to the thread.
func (p *Portal) Reply(open door) echo.HandlerFunc {
	return func(c echo.Context) error {
		posted, files, err := p.ReadFiles(c, web.Workspace(c).Uploads, false)
		defer files.Close()
		if err != nil {
			return web.KeepTyped(err, c.Request().URL.Path, posted)
		}
		reader, url, err := open(c)
		if lost, ok := errors.AsType[*web.Problem](err); ok {
			lost.Typed = posted.Text("message") // there is no form any more to go back to
			return lost
		}
		if err == nil {
			err = p.spendPost(c)
		}
		if err != nil {
			return web.KeepTyped(err, c.Request().URL.Path, posted)
		}
		text := posted.Text("message")
		err = p.stageReply(c, reader, posted, files)
		if err == nil && (posted.Back() || posted.RemoveUpload() != "") {
			return p.replyAgain(c, reader, url, text, http.StatusOK, &model.Error{})
		}
		if err == nil {
			err = p.addReply(c, reader, posted)
		}
		if failure, ok := model.AsError(err); ok && failure.Kind == model.Invalid {
			return p.replyAgain(c, reader, url, text, http.StatusUnprocessableEntity, failure)
		}
		if err != nil {
			return web.KeepTyped(err, url+"/reply", posted)
		}
		if !web.WantsFragment(c) {
			return c.Redirect(http.StatusSeeOther, url+"#reply")
		}
		after, _ := strconv.ParseInt(posted.Raw("after"), 10, 64) // anything else: all messages
		page, err := p.threadPage(c, reader, url, max(after, 0))
		if err != nil {
			return err
		}
		page.News = "Your reply was sent."
		p.saw(c, reader, page.Thread.Version)
		return p.Fragment(c, http.StatusOK, page, "reply", "update")
	}
}

// stageReply takes the files that came with a reply, and removes the one whose button was pressed.
func (p *Portal) stageReply(c echo.Context, r model.Reader, posted web.Form, files web.Incomings) error {
	if len(files) == 0 && posted.RemoveUpload() == "" {
		return nil
	}
	form, err := p.replyUploads(r, posted.Raw("form_key"))
	if err == nil && len(files) > 0 {
		err = mayAttach(web.Workspace(c))
	}
	if err != nil {
		return err
	}
	if err := p.stage(c, form, files); err != nil || posted.RemoveUpload() == "" {
		return err
	}
	return p.DB.RemoveUpload(c.Request().Context(), web.Workspace(c).ID, form.Key, posted.RemoveUpload())
}

func (p *Portal) addReply(c echo.Context, r model.Reader, posted web.Form) error {
	key := posted.Raw("form_key")
	if !p.Keys.StableFormKeyValid(replyScope(r), key) {
		return &model.Error{Kind: model.Invalid, Message: "This page was out of date. Your message is still here: send it once more."}
	}
	return p.DB.AddCustomerReply(c.Request().Context(), web.Workspace(c), r,
		db.NewReply{FormKey: key, Text: views.Markdown(posted.Text("message")), Files: posted.UploadRefs()})
}

// replyAgain shows the reply form with what was typed and what is wrong with it.
func (p *Portal) replyAgain(c echo.Context, r model.Reader, url, text string, status int, failure *model.Error) error {
	r, err := p.readerNow(c, r)
	if err != nil {
		return err
	}
	page, err := p.threadPage(c, r, url, 0)
	if err != nil {
		return err
	}
	page.Uploads.Error = failure.Fields.Of(model.AttachmentsField)
	page.Reply, page.Errors, page.Problem = text, failure.Fields, failure.Message
	if web.WantsFragment(c) {
		return p.Fragment(c, status, page, "reply")
	}
	return p.Page(c, status, page)
}

// Subscribe starts a ticket's mail again (L3).
func (p *Portal) Subscribe(open door) echo.HandlerFunc {
	return func(c echo.Context) error {
		reader, url, err := open(c)
		if err != nil {
			return err
		}
		if err := p.DB.Subscribe(c.Request().Context(), web.Workspace(c).ID, reader); err != nil {
			return err
		}
		return web.SeeOther(c, url)
	}
}
