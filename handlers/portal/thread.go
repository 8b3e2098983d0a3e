package portal

import (
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
