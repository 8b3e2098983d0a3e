package portal

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"deskbell/db/model"
	"deskbell/handlers/web"
)

// SwitchLanguage shows the page from which another language was chosen. The choice itself is kept for
// every request that is a switch.
func (p *Portal) SwitchLanguage(c echo.Context) error {
	posted, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	back := posted.Raw("back")
	if back == "" {
		return web.SeeOther(c, web.Referer(c))
	}
	return web.SeeOther(c, web.LocalPath(back))
}

// SwitchThread shows a thread in another language, with the reply that was being written, and sends
// its reader's mail in that language from now on.
func (p *Portal) SwitchThread(open door) echo.HandlerFunc {
	return func(c echo.Context) error {
		reader, url, posted, files, err := p.readReply(c, open)
		defer files.Close()
		if err != nil {
			return err
		}
		if err := p.rememberLanguage(c, reader); err != nil {
			return web.KeepTyped(err, c.Request().URL.Path, posted)
		}
		return p.showReply(c, reader, url, posted, files)
	}
}

// rememberLanguage sends a reader's mail in the language that this request switches to.
func (p *Portal) rememberLanguage(c echo.Context, r model.Reader) error {
	tag := web.Switched(c)
	if tag == "" {
		return nil
	}
	return p.DB.SetLanguage(c.Request().Context(), web.Workspace(c).ID, r, tag)
}

// showReply shows a reply that is being written, with the files that came with it.
func (p *Portal) showReply(c echo.Context, r model.Reader, url string, posted web.Form, files web.Incomings) error {
	text := posted.Text("message")
	if text == "" && len(files) == 0 {
		return web.SeeOther(c, url)
	}
	err := p.stageReply(c, r, posted, files)
	failure, known := p.Failure(c, err)
	switch {
	case err == nil:
		return p.replyAgain(c, r, url, text, http.StatusOK, &model.Error{})
	case known && failure.Kind == model.Invalid:
		return p.replyAgain(c, r, url, text, http.StatusUnprocessableEntity, failure)
	}
	return web.KeepTyped(err, url+"/reply", posted)
}
