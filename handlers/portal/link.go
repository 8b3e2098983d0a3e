package portal

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"deskbell/db"
	"deskbell/db/model"
	"deskbell/handlers/web"
	"deskbell/views"
)

const lostLinkURL = "/ticket/thread/lost"

// replaceKey seals which link a form replaces and where the new one goes. Whoever sends the form
// again, when that link opens nothing any more, is told so by it.
func (p *Portal) replaceKey(c echo.Context, r model.Reader) string {
	return p.Keys.Seal(replaceScope(c), string(r.Link)+" "+r.Email)
}

func replaceScope(c echo.Context) string { return fmt.Sprint("replace link/", web.Workspace(c).ID) }

// replaced returns the link and the address in a form's key; false for a key that no page of this
// workspace had.
func (p *Portal) replaced(c echo.Context, posted web.Form) (model.LinkID, string, bool) {
	text, ok := p.Keys.Unseal(replaceScope(c), posted.Raw("form_key"))
	link, email, _ := strings.Cut(text, " ")
	return model.LinkID(link), email, ok
}

// ConfirmReplace says what becomes of the link and where the new one goes (I8).
func (p *Portal) ConfirmReplace(open door) echo.HandlerFunc {
	return func(c echo.Context) error {
		reader, url, err := open(c)
		if err == nil {
			err = reader.MayReplaceLink()
		}
		if err != nil {
			return err
		}
		frame, _, err := p.frame(c)
		if err != nil {
			return err
		}
		return p.Page(c, http.StatusOK, views.ReplaceLink{
			Frame: frame, Email: reader.Email, Action: url + "/replace", FormKey: p.replaceKey(c, reader), Back: url,
		})
	}
}

// Replace ends the recipient's link and mails a new one (I8). The form sent twice does it once, and
// shows the same page again.
func (p *Portal) Replace(open door) echo.HandlerFunc {
	return func(c echo.Context) error {
		posted, err := web.ReadForm(c)
		if err == nil {
			err = p.spendPost(c)
		}
		if err != nil {
			return err
		}
		link, email, valid := p.replaced(c, posted)
		reader, url, err := open(c)
		if model.KindOf(err) == model.NotFound && valid && p.linkOf(c) == link {
			return p.linkReplaced(c, posted.Raw("form_key"), email, "")
		}
		if err != nil {
			return err
		}
		if !valid {
			return web.SeeOther(c, url+"/replace")
		}
		if reader.Link == link {
			if err := p.DB.ReplaceLink(c.Request().Context(), web.Workspace(c).ID, reader); err != nil {
				return err
			}
		}
		back := url
		if c.Param("token") != "" {
			back = "" // it was the link that has just ended
		}
		return p.linkReplaced(c, posted.Raw("form_key"), reader.Email, back)
	}
}

// linkOf returns the link in the address of a request, "" where there is none.
func (p *Portal) linkOf(c echo.Context) model.LinkID {
	link, _ := p.Keys.Link(model.ThreadLink, model.Token(c.Param("token")))
	return link
}

func (p *Portal) linkReplaced(c echo.Context, key, email, back string) error {
	frame, _, err := p.frame(c)
	if err != nil {
		return err
	}
	again := c.Request().URL.Path // the form, sent once more, shows this page again
	return p.Page(c, http.StatusOK, views.ReplaceLink{
		Frame: frame.Keeping("again", again), Email: email, Action: again, FormKey: key, Back: back, Done: true})
}

// lostLink is the answer to a link that opens nothing, whether or not it ever did (I8). Where customers
// log in, a login leads to all of their tickets; elsewhere the links are mailed again.
func (p *Portal) lostLink(c echo.Context) error {
	in := p.Language(c)
	ask := p.askLinks(c)
	way := views.ProblemLink{Label: ask.Label, URL: lostLinkURL}
	if web.Workspace(c).CustomerLogin {
		ask = views.AskMail{Action: "/tickets/login", Label: in.Text("Get a login link by mail"),
			Hint: in.Text("Enter the address you wrote to us with. We send you a login link that leads to all of your tickets.")}
		way = views.ProblemLink{Label: ask.Label, URL: ask.Action}
	}
	return &web.Problem{
		Title: in.Text("This link does not open a ticket"),
		Err:   model.Fail(model.NotFound, "It may be mistyped, or it has been replaced by a newer one."),
		Links: []views.ProblemLink{way},
		Ask:   &ask,
	}
}

func (p *Portal) askLinks(c echo.Context) views.AskMail {
	in := p.Language(c)
	return views.AskMail{Action: lostLinkURL, Label: in.Text("Get my links by mail"),
		Hint: in.Text("Enter the address you wrote to us with. We send you a link to each of your newest tickets.")}
}

// LostLinkPage asks for the address to which somebody's links are mailed.
func (p *Portal) LostLinkPage(c echo.Context) error {
	if web.Workspace(c).CustomerLogin {
		return web.SeeOther(c, "/tickets/login")
	}
	return p.lostLinkPage(c, http.StatusOK, views.LostLink{Ask: p.askLinks(c)})
}

func (p *Portal) lostLinkPage(c echo.Context, status int, page views.LostLink) (err error) {
	if page.Frame, _, err = p.frame(c); err != nil {
		return err
	}
	if page.Ask.Action != "" {
		page.Frame = page.Frame.Keeping("form", page.Ask.Action)
	}
	return p.Page(c, status, page)
}

// AskLinks takes the address. The answer and its cost are the same for every address: a job looks it
// up (I8).
func (p *Portal) AskLinks(c echo.Context) error {
	posted, err := web.ReadForm(c)
	if err == nil {
		err = p.spendPost(c)
	}
	if err != nil {
		return err
	}
	page := views.LostLink{Ask: p.askLinks(c)}
	page.Ask.Email = posted.Line("email")
	if web.Switched(c) != "" {
		return p.lostLinkPage(c, http.StatusOK, page)
	}
	email, ok := model.CleanAddress(page.Ask.Email)
	if !ok {
		page.Ask.Errors = model.FieldErrors{{Field: "email", Message: p.Language(c).Text("Enter an email address like name@example.com.")}}
		return p.lostLinkPage(c, http.StatusUnprocessableEntity, page)
	}
	err = p.spendLinks(c, email)
	if failure, limited := p.Failure(c, err); limited {
		web.SetRetryAfter(c, failure)
		page.Reason = failure.Advice()
		return p.lostLinkPage(c, http.StatusTooManyRequests, page)
	}
	if err != nil {
		return err
	}
	if err := p.DB.AskLinks(c.Request().Context(), web.Workspace(c).ID, email, p.Language(c).Tag); err != nil {
		return err
	}
	return web.SeeOther(c, lostLinkURL+"/sent")
}

// spendLinks counts a mail of links against what an address and a client get.
func (p *Portal) spendLinks(c echo.Context, email string) error {
	ws := web.Workspace(c).ID
	address, client := fmt.Sprintf("%d %s", ws, email), fmt.Sprintf("%d %s", ws, web.Client(c))
	return p.DB.Spend(c.Request().Context(), "These links were asked for several times. Look into your mail first.",
		db.Count{Scope: "links address", Key: address, Limit: 3, Per: time.Hour},
		db.Count{Scope: "links address, a day", Key: address, Limit: 10, Per: 24 * time.Hour},
		db.Count{Scope: "links client", Key: client, Limit: 20, Per: time.Hour})
}

// LinksSent says that mail is on its way, known or not.
func (p *Portal) LinksSent(c echo.Context) error {
	return p.lostLinkPage(c, http.StatusOK, views.LostLink{Sent: true})
}
