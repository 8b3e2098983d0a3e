package desk

import (
	"cmp"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"deskbell/db/model"
	"deskbell/handlers/web"
	"deskbell/views"
	"deskbell/views/language"
)

func previewURL(number int64, formKey string) string {
	return ticketURL(number) + "/preview?" + url.Values{"form": {formKey}}.Encode()
}

// Preview shows a ticket as its reporter sees it, with the member's draft of a reply as it would look (M3). It is
// the public page itself, made of what that may know, without its forms; nothing of it counts as seen.
func (d *Desk) Preview(c echo.Context) error {
	n, err := number(c)
	if err != nil {
		return err
	}
	ctx, ws := c.Request().Context(), web.Workspace(c)
	id, err := d.DB.TicketID(ctx, ws.ID, n)
	if err != nil {
		return err
	}
	reader, err := d.DB.ReaderOf(ctx, ws.ID, n)
	if model.KindOf(err) == model.NotFound {
		return model.Fail(model.NotFound, "The reporter of this ticket has no link to it any more: nobody sees its page.")
	}
	if err != nil {
		return err
	}
	thread, err := d.DB.PublicThread(ctx, ws.ID, reader, 0)
	if err != nil {
		return err
	}
	key := c.QueryParam("form")
	page := views.Thread{
		Frame: d.Frame(c, ws, ""), Thread: thread, URL: ticketURL(n), Reader: reader.Label(), Subscribed: true, Seen: thread.Version,
		Preview: &views.ThreadPreview{Back: ticketURL(n) + "?" + url.Values{"form": {d.formKey(c, n, key)}}.Encode() + "#composer", Author: web.Member(c).Name, At: d.Now()},
	}
	page.Languages = nil
	if err := d.putDraft(c, id, key, page.Preview); err != nil {
		return err
	}
	web.Speak(c, language.Of(cmp.Or(reader.Language, ws.Language)))
	return d.Page(c, http.StatusOK, page)
}

// putDraft adds the member's draft, unless it is a note, and the names of the files that wait with it.
func (d *Desk) putDraft(c echo.Context, ticket model.TicketID, formKey string, p *views.ThreadPreview) error {
	ctx := c.Request().Context()
	composer, err := d.DB.Composer(ctx, web.Member(c), ticket)
	if err != nil || composer.Draft.Note || composer.Draft.Text == "" {
		return err
	}
	p.HTML = views.Markdown(composer.Draft.Text).HTML
	if formKey == "" {
		return nil
	}
	waiting, err := d.DB.Waiting(ctx, web.Workspace(c).ID, formKey)
	for _, u := range waiting {
		p.Files = append(p.Files, u.Name)
	}
	return err
}
