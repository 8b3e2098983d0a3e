package portal

import (
	"math"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"deskbell/db/model"
	"deskbell/handlers/web"
	"deskbell/views"
)

// identityCookie names the cookie by which somebody is signed in to a page host for a while (E4).
const identityCookie = "identity"

func identityURL(project string) string { return intakeURL(project) + "/identity" }

// identity returns who is signed in on this host, and the hash of the cookie; zero for nobody.
func (p *Portal) identity(c echo.Context) (model.Identity, string, error) {
	cookie, err := c.Cookie(p.CookieName(identityCookie))
	if err != nil || cookie.Value == "" {
		return model.Identity{}, "", nil // no cookie is no failure
	}
	ws, hash := web.Workspace(c), model.Hash(cookie.Value)
	id, err := p.DB.Identity(c.Request().Context(), ws.ID, web.Host(c), hash)
	if model.KindOf(err) == model.Gone || err == nil && id.Provider != ws.Kind.Provider() {
		return model.Identity{}, "", nil
	}
	return id, hash, err
}

// identityMark names an identity in a form, so that the form knows when it was shown for another one. It
// opens nothing.
func identityMark(hash string) string {
	if hash == "" {
		return ""
	}
	return model.Hash("shown " + hash)[:22]
}

// addSignIn puts on a form how a visitor says who they are (E1). Ended says that they were signed in when
// they got the form.
func (p *Portal) addSignIn(c echo.Context, form *intake, ended bool) {
	provider := form.workspace.Kind.Provider()
	_, offered := p.App(form.workspace)
	if form.customer.ID != 0 || !offered && form.identity.Provider == "" {
		return
	}
	signIn := views.SignIn{URL: identityURL(form.project.PublicID), Provider: provider.Label()}
	if form.identity.Provider != "" {
		signIn.Person = p.person(form)
	} else {
		signIn.Ended = ended
		signIn.Start = p.StartURL(c, provider, form.project.PublicID, p.Browser(c))
	}
	form.page.SignIn = signIn
}

// person is the chip of who is signed in.
func (p *Portal) person(form *intake) *views.Person {
	id := form.identity
	left := id.ExpiresAt.Sub(p.Now())
	person := &views.Person{
		Name: id.Name, Provider: id.Provider.Label(), Email: id.Email, Mark: identityMark(form.identityHash),
		Seconds: int(math.Ceil(left.Seconds())), Minutes: minutes(left),
	}
	if id.HasAvatar {
		person.Avatar = identityURL(form.project.PublicID) + "/avatar?of=" + person.Mark // another person's is another picture
	}
	return person
}

func minutes(left time.Duration) model.Text {
	n := int(math.Ceil(left.Minutes()))
	if n == 1 {
		return model.Say("1 minute")
	}
	return model.Say("{0} minutes", n)
}

// IdentityPart answers with the part of the form that says who asks, with what was typed there: after a
// sign-in, when one has ended, and when somebody uses their email address instead.
func (p *Portal) IdentityPart(c echo.Context) error {
	posted, err := web.ReadForm(c)
	if err == nil {
		err = p.spendPost(c)
	}
	if err != nil {
		return err
	}
	form, err := p.newIntake(c, posted.Raw("customer_token"))
	if err != nil {
		return err
	}
	form.read(posted)
	if err := p.leaveIdentity(c, form, posted); err != nil {
		return err
	}
	p.addSignIn(c, form, hadIdentity(posted))
	if !web.WantsFragment(c) {
		return web.SeeOther(c, form.page.Action)
	}
	return p.Fragment(c, http.StatusOK, form.page, "identity-update")
}

// hadIdentity says whether a form was shown to somebody who was signed in, and wants to be.
func hadIdentity(posted web.Form) bool {
	return posted.Raw("identity") != "" && posted.Raw("use_email") == ""
}

// leaveIdentity signs somebody out who wants to use their email address instead.
func (p *Portal) leaveIdentity(c echo.Context, form *intake, posted web.Form) error {
	if posted.Raw("use_email") == "" || form.identityHash == "" {
		return nil
	}
	c.SetCookie(p.Cookie(identityCookie, "", -1))
	err := p.DB.EndIdentity(c.Request().Context(), form.workspace.ID, web.Host(c), form.identityHash)
	form.identity, form.identityHash = model.Identity{}, ""
	return err
}

// checkIdentity looks at who sends a form. One that was shown for somebody whose sign-in has ended fails
// with Gone (E4). It says whether the form has to be shown once more: somebody has signed in meanwhile
// and typed an address before.
func (p *Portal) checkIdentity(c echo.Context, form *intake, shown string) (again bool, err error) {
	switch mark := identityMark(form.identityHash); {
	case shown != "" && mark == "":
		return false, &web.Problem{Title: p.Language(c).Text("Your sign-in has ended"), Err: model.Fail(model.Gone,
			"A sign-in lasts 15 minutes, so nothing was sent. Go back and sign in again, or use your email address.")}
	case mark == "" || shown == mark:
		return false, nil
	}
	typed := form.page.TypedEmail
	return shown != "" || typed != "" && typed != form.identity.Email, nil
}

// HandOver ends a sign-in on the page's own host: it trades the code that came with the browser for an
// identity that belongs to a cookie (E3). Reloading what comes after does no harm: the code is gone from
// the address.
func (p *Portal) HandOver(c echo.Context) error {
	ctx, ws := c.Request().Context(), web.Workspace(c)
	project, err := p.DB.Project(ctx, ws.ID, c.Param("project"))
	if err != nil {
		return err
	}
	if why := c.QueryParam("failed"); why != "" {
		explained := p.Language(c).Say(model.SignInOutcome(why).Explain(ws.Kind.Provider(), ws.Name))
		return p.notSignedIn(c, http.StatusOK, project, explained)
	}
	browser := p.KnownBrowser(c)
	if browser == "" {
		return p.notSignedIn(c, http.StatusGone, project,
			p.Language(c).Text("This sign-in was not begun in this browser, or the browser keeps no cookies for this site. Allow them, or use your email address."))
	}
	if c.Request().Method == http.MethodHead {
		return c.NoContent(http.StatusSeeOther) // uses nothing up
	}
	cookie := model.RandomID() + model.RandomID()
	err = p.DB.TakeIdentity(ctx, ws.ID, web.Host(c), model.Hash(c.QueryParam("code")), model.Hash(browser), model.Hash(cookie))
	if failure, ok := p.Failure(c, err); ok && failure.Kind == model.Gone {
		return p.notSignedIn(c, http.StatusGone, project, failure.Message)
	}
	if err != nil {
		return err
	}
	c.SetCookie(p.Cookie(identityCookie, cookie, model.IdentityLife))
	return web.SeeOther(c, identityURL(project.PublicID)+"/done")
}

// notSignedIn says why nobody is signed in, and offers to try again.
func (p *Portal) notSignedIn(c echo.Context, status int, project model.Project, why string) error {
	frame, _, err := p.frame(c)
	if err != nil {
		return err
	}
	page := views.SignInDone{Frame: frame.BackTo(intakeURL(project.PublicID)), Problem: why, Form: intakeURL(project.PublicID)}
	ws := web.Workspace(c)
	if _, ok := p.App(ws); ok && project.Intake == model.IntakeOpen {
		page.Again = p.StartURL(c, ws.Kind.Provider(), project.PublicID, p.Browser(c))
	}
	return p.Page(c, status, page)
}

// SignedIn is the last page of a sign-in's window. With scripts it tells the form and closes itself.
func (p *Portal) SignedIn(c echo.Context) error {
	project, err := p.DB.Project(c.Request().Context(), web.Workspace(c).ID, c.Param("project"))
	if err != nil {
		return err
	}
	id, _, err := p.identity(c)
	if err != nil {
		return err
	}
	if id.Provider == "" {
		return web.SeeOther(c, intakeURL(project.PublicID))
	}
	frame, _, err := p.frame(c)
	if err != nil {
		return err
	}
	return p.Page(c, http.StatusOK, views.SignInDone{
		Frame: frame, Name: id.Name, Provider: id.Provider.Label(), Form: intakeURL(project.PublicID),
	})
}

// Avatar answers with the picture of who is signed in: one that the server made.
func (p *Portal) Avatar(c echo.Context) error {
	_, hash, err := p.identity(c)
	if err != nil {
		return err
	}
	picture, err := p.DB.Avatar(c.Request().Context(), web.Workspace(c).ID, web.Host(c), hash)
	if err != nil {
		return err
	}
	return c.Blob(http.StatusOK, http.DetectContentType(picture), picture)
}
