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

// readReply reads the reply form of a thread, which the caller closes the files of. It counts against the
// reader's limit. A failure carries what was typed.
func (p *Portal) readReply(c echo.Context, open door) (r model.Reader, url string, posted web.Form, files web.Incomings, err error) {
	if posted, files, err = p.ReadFiles(c, web.Workspace(c).Uploads, false); err == nil {
		r, url, err = open(c)
	}
	if lost, ok := errors.AsType[*web.Problem](err); ok {
		lost.Typed = posted.Text("message") // there is no form any more to go back to
		return r, url, posted, files, lost
	}
	if err == nil {
		err = p.spendPost(c)
	}
	if err != nil {
		err = web.KeepTyped(err, c.Request().URL.Path, posted)
	}
	return r, url, posted, files, err
}

// Reply adds a recipient's message (I2). By htmx it answers with the emptied form and all that is
// new; without script it leads back to the thread.
func (p *Portal) Reply(open door) echo.HandlerFunc {
	return func(c echo.Context) error {
		reader, url, posted, files, err := p.readReply(c, open)
		defer files.Close()
		if err != nil {
			return err
		}
		text := posted.Text("message")
		err = p.stageReply(c, reader, posted, files)
		if err == nil && (posted.Back() || posted.RemoveUpload() != "") {
			return p.replyAgain(c, reader, url, text, http.StatusOK, &model.Error{})
		}
		if err == nil {
			err = p.addReply(c, reader, posted)
		}
		if failure, ok := p.Failure(c, err); ok && failure.Kind == model.Invalid {
			return p.replyAgain(c, reader, url, text, http.StatusUnprocessableEntity, failure)
		}
		if err != nil {
			return web.KeepTyped(err, url+"/reply", posted)
		}
		reopens := posted.Raw("reopens") != "" // as the page said that it would
		if moved(c, url) {
			return web.SeeOther(c, url+"#reply")
		}
		if !web.WantsFragment(c) {
			return c.Redirect(http.StatusSeeOther, afterReply(url, reopens))
		}
		after, _ := strconv.ParseInt(posted.Raw("after"), 10, 64) // anything else: all messages
		page, err := p.threadPage(c, reader, url, max(after, 0))
		if err != nil {
			return err
		}
		page.News = p.Language(c).Text("Your reply was sent.")
		if page.Reopened = reopens && page.Thread.State != model.Done; page.Reopened {
			page.News += " " + p.Language(c).Text("The ticket is open again.")
		}
		p.saw(c, reader, page.Thread.Version)
		return p.Fragment(c, http.StatusOK, page, "reply", "update")
	}
}

// afterReply is where somebody without JavaScript sees that their reply has arrived, and what it did (I7).
func afterReply(url string, reopened bool) string {
	if reopened {
		url += "?reopened=1"
	}
	return url + "#reply"
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
		return model.Fail(model.Invalid, "This page was out of date. Your message is still here: send it once more.")
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
