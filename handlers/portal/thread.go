package portal

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"deskbell/db"
	"deskbell/db/model"
	"deskbell/handlers/web"
	"deskbell/views"
	"deskbell/views/language"
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
	if err == nil && reader.Link != link { // the ticket was merged: this is the link to the other one
		token = p.Keys.Token(model.ThreadLink, reader.Link)
	}
	web.Remembered(c, reader.Language)
	return reader, threadURL(token), err
}

// BySession opens a thread from the signed-in customer's overview (A3).
func (p *Portal) BySession(c echo.Context) (model.Reader, string, error) {
	customer, err := p.requireCustomer(c)
	if err != nil {
		return model.Reader{}, "", err
	}
	ctx, ws, ref := c.Request().Context(), web.Workspace(c).ID, c.Param("ref")
	reader, err := p.DB.ReaderByRef(ctx, ws, customer.ID, ref)
	if model.KindOf(err) == model.NotFound {
		if into, merged := p.DB.MergedRef(ctx, ws, ref); merged == nil {
			ref = into
			reader, err = p.DB.ReaderByRef(ctx, ws, customer.ID, ref)
		}
	}
	web.Remembered(c, reader.Language)
	return reader, "/tickets/" + ref, err
}

// moved says whether a page's thread is at another address now, because its ticket was merged.
func moved(c echo.Context, url string) bool { return !strings.HasPrefix(c.Request().URL.Path, url) }

// Thread shows the public conversation (I1). Opening a mailed link confirms the address (B10).
func (p *Portal) Thread(open door) echo.HandlerFunc {
	return func(c echo.Context) error {
		reader, url, err := open(c)
		if err != nil {
			return err
		}
		if moved(c, url) {
			return web.SeeOther(c, url)
		}
		ctx, ws := c.Request().Context(), web.Workspace(c)
		if !reader.Confirmed && c.Request().Method == http.MethodGet {
			// Why not fail: the thread can be read while nothing can be written, and the next look confirms.
			if err := p.DB.Confirm(ctx, ws.ID, reader); db.Trouble(err) != nil {
				p.Log.Error("an address was not confirmed", "error", err)
			} else if err != nil {
				return err
			}
		}
		c.Response().Header().Set(echo.HeaderCacheControl, "private, no-cache")
		if done, err := p.threadKept(c, reader, url); done || err != nil {
			return err
		}
		page, err := p.threadPage(c, reader, url, 0)
		if err != nil {
			return err
		}
		page.Reopened = c.QueryParam("reopened") != ""
		return p.keepThread(c, reader, page)
	}
}

// threadKept answers with what is kept: by the browser, which hears that nothing has changed, or here. The
// reader has just been read from the database, with the version of their thread.
func (p *Portal) threadKept(c echo.Context, r model.Reader, url string) (bool, error) {
	frame, _, err := p.frame(c)
	if err != nil {
		return false, err
	}
	tag := p.threadTag(c, r, frame, r.Version)
	c.Response().Header().Set("ETag", tag)
	if web.TagMatches(c.Request().Header.Get("If-None-Match"), tag) {
		p.saw(c, r, r.Version)
		return true, c.NoContent(http.StatusNotModified)
	}
	if c.QueryParam("reopened") != "" { // is said once
		return false, nil
	}
	done, err := p.AnswerKept(c, p.threads, keptThread(c, tag, url))
	if done {
		p.saw(c, r, r.Version)
	}
	return done, err
}

// keepThread answers with a thread, and keeps the page for the next look.
func (p *Portal) keepThread(c echo.Context, r model.Reader, page views.Thread) error {
	tag := p.threadTag(c, r, page.Frame, page.Thread.Version)
	c.Response().Header().Set("ETag", tag)
	p.saw(c, r, page.Thread.Version)
	if page.Reopened {
		return p.Page(c, http.StatusOK, page)
	}
	html, err := p.Views.Render(page, p.Language(c))
	if err != nil {
		return err
	}
	return p.AnswerAndKeep(c, p.threads, keptThread(c, tag, page.URL), html)
}

// keptThread names a kept page: the tag says what it shows, host and URL say where.
func keptThread(c echo.Context, tag, url string) string { return tag + " " + web.Host(c) + url }

// threadTag names all that a thread page depends on, but for its address. It is weak, since the same page
// goes out compressed and as it is (RFC 9110, 8.8.1).
func (p *Portal) threadTag(c echo.Context, r model.Reader, f views.Frame, version int64) string {
	ws := web.Workspace(c)
	return fmt.Sprintf(`W/"%s"`, model.Hash(fmt.Sprint(
		p.Views.Build(), p.Language(c).Tag, ws.ID, ws.Version, r.Link, r.Subscribed, r.Label(), r.Email, r.Waiting, f.SignedIn, unseenSince(r, version), version))[:22])
}

// unseenSince is the version from which on a thread is new to its reader, 0 where nothing is: what was
// seen later is the same page.
func unseenSince(r model.Reader, version int64) int64 {
	if r.Seen >= version {
		return 0
	}
	return r.Seen
}

// Messages is the poll: the entries after a version, or 204 with nothing new (I4).
func (p *Portal) Messages(open door) echo.HandlerFunc {
	return func(c echo.Context) error {
		after, afterErr := strconv.ParseInt(c.QueryParam("after"), 10, 64)
		if known, err := p.pollVersion(c); err == nil && afterErr == nil && known == after {
			return web.Nothing(c)
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
		if moved(c, url) {
			return p.Fragment(c, http.StatusOK, views.Thread{URL: url}, "moved")
		}
		page, err := p.threadPage(c, reader, url, after)
		if err != nil {
			return err
		}
		if page.Thread.Version == after {
			return web.Nothing(c)
		}
		page.News = p.Language(c).Say(newsOf(page.Thread.Messages))
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
func newsOf(messages []model.PublicMessage) model.Text {
	switch others := len(messages); {
	case others == 0:
		return model.Text{}
	case others > 1:
		return model.Say("{0} new messages.", others)
	case messages[0].Author == "":
		return model.Say("A new message.")
	}
	return model.Say("A new message from {0}.", messages[0].Author)
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
	sayErased(p.Language(c), &thread)
	frame.NewTicket = intakeURL(thread.ProjectID)
	page := views.Thread{
		Frame: frame.Keeping("form", url+"/language"), Thread: thread, URL: url, Reader: r.Label(), Replaceable: r.MayReplaceLink() == nil, Subscribed: r.Subscribed,
		SubscribeURL: url + "/subscribe", FormKey: p.waitingKey(r, thread.Version), Seen: max(r.Seen, after),
	}
	waiting, err := p.waiting(c, r, page.FormKey)
	if err != nil {
		return page, err
	}
	page.Uploads = p.uploads(c, ws, url, waiting, nil)
	if off, ok := p.Failure(c, model.MayReply(ws)); ok {
		page.RepliesOff = off.Message
		page.Frame = frame.Keeping("", url+"/language") // there is no form
	}
	return page, nil
}

// sayErased puts what stands for something erased into a reader's language.
func sayErased(in *language.Language, t *model.PublicThread) {
	stands := func(stored *string) { *stored = in.Say(model.Standing(*stored)) }
	files := func(list []model.PublicAttachment) {
		for i := range list {
			stands(&list[i].Name)
		}
	}
	html := func(stored *string) {
		if *stored == model.ErasedText().HTML {
			*stored = views.PlainText(in.Say(model.Standing(model.ErasedMessage))).HTML
		}
	}
	stands(&t.Title)
	stands(&t.Opener)
	html(&t.Description)
	files(t.Files)
	for i := range t.Messages {
		stands(&t.Messages[i].Author)
		stands(&t.Messages[i].Merged.Title)
		html(&t.Messages[i].HTML)
		files(t.Messages[i].Files)
	}
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
