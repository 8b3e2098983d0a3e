package portal

import (
	"fmt"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"deskbell/db"
	"deskbell/db/model"
	"deskbell/handlers/web"
	"deskbell/views"
)

// requireCustomer returns the signed-in customer; NotFound where customer login is off, Unauthorized
// for a visitor.
func (p *Portal) requireCustomer(c echo.Context) (db.Customer, error) {
	if err := p.loginOn(c); err != nil {
		return db.Customer{}, err
	}
	customer, err := p.Customer(c)
	if err == nil && customer.ID == 0 {
		err = model.Fail(model.Unauthorized, "Log in to see your tickets.")
	}
	return customer, err
}

func (p *Portal) loginOn(c echo.Context) error {
	if !web.Workspace(c).CustomerLogin {
		return model.Fail(model.NotFound, "There is nothing at this address.")
	}
	return nil
}

// LoginPage asks for an address (A4).
func (p *Portal) LoginPage(c echo.Context) error {
	if err := p.loginOn(c); err != nil {
		return err
	}
	frame, customer, err := p.frame(c)
	if err != nil {
		return err
	}
	if customer.ID != 0 {
		return web.SeeOther(c, "/tickets")
	}
	return p.Page(c, http.StatusOK, views.Login{Frame: frame.Keeping("form", "/tickets/login"), Ended: c.QueryParam("ended") == "all"})
}

// askerCookie names the cookie of the browser that asked for a login.
const askerCookie = "login"

// AskLogin takes the address. The answer and its cost are the same for known and unknown (J1): a
// job looks the address up.
func (p *Portal) AskLogin(c echo.Context) error {
	if err := p.loginOn(c); err != nil {
		return err
	}
	posted, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	if web.Switched(c) != "" {
		return p.loginPage(c, http.StatusOK, views.Login{Email: posted.Line("email")})
	}
	email, ok := model.CleanAddress(posted.Line("email"))
	if !ok {
		errs := model.FieldErrors{{Field: "email", Message: p.Language(c).Text("Enter an email address like name@example.com.")}}
		return p.loginPage(c, http.StatusUnprocessableEntity, views.Login{Email: posted.Line("email"), Errors: errs})
	}
	ctx, ws := c.Request().Context(), web.Workspace(c)
	if err := p.DB.Spend(ctx, "Many login links were asked for. Look into your mail first.",
		db.Count{Scope: "login address", Key: fmt.Sprintf("%d %s", ws.ID, email), Limit: 5, Per: time.Hour},
		db.Count{Scope: "login client", Key: fmt.Sprintf("%d %s", ws.ID, web.Client(c)), Limit: 20, Per: time.Hour}); err != nil {
		return p.loginLimited(c, email, err)
	}
	browser := model.RandomID()
	if err := p.DB.AskLogin(ctx, ws.ID, web.Host(c), email, model.Hash(browser), p.Language(c).Tag); err != nil {
		return err
	}
	c.SetCookie(p.Cookie(askerCookie, browser, db.LoginLife))
	return web.SeeOther(c, "/tickets/login/sent")
}

// loginLimited says when to ask again, with the address kept.
func (p *Portal) loginLimited(c echo.Context, email string, err error) error {
	failure, ok := p.Failure(c, err)
	if !ok || failure.Kind != model.Limited {
		return err
	}
	web.SetRetryAfter(c, failure)
	return p.loginPage(c, http.StatusTooManyRequests, views.Login{Email: email, Reason: failure.Advice()})
}

// loginPage answers a request for a login with its form.
func (p *Portal) loginPage(c echo.Context, status int, page views.Login) error {
	frame, _, err := p.frame(c)
	if err != nil {
		return err
	}
	page.Frame = frame.Keeping("form", "/tickets/login")
	return p.Page(c, status, page)
}

// LoginSent says that mail is on its way, and takes the code.
func (p *Portal) LoginSent(c echo.Context) error { return p.loginSent(c, http.StatusOK, nil) }

func (p *Portal) loginSent(c echo.Context, status int, errs model.FieldErrors) error {
	if err := p.loginOn(c); err != nil {
		return err
	}
	frame, _, err := p.frame(c)
	if err != nil {
		return err
	}
	return p.Page(c, status, views.LoginSent{Frame: frame.BackTo("/tickets/login/sent"), Errors: errs})
}

// LoginByCode signs in with the six digits, in the browser that asked (J2).
func (p *Portal) LoginByCode(c echo.Context) error {
	if err := p.loginOn(c); err != nil {
		return err
	}
	posted, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	code := onlyDigits(posted.Line("code"))
	who, err := p.DB.UseCode(c.Request().Context(), web.Workspace(c).ID, p.asker(c),
		func(id model.LinkID) bool { return p.Keys.CodeMatches(id, code) })
	if failure, ok := p.Failure(c, err); ok && failure.Kind == model.Invalid {
		return p.loginSent(c, http.StatusUnprocessableEntity, failure.Fields)
	}
	if err != nil {
		return p.loginAgain(c, err)
	}
	return p.signIn(c, who)
}

// LoginLink is the page behind a mailed link. It uses nothing up: its form does (J2).
func (p *Portal) LoginLink(c echo.Context) error {
	login, err := p.login(c)
	if err != nil {
		return err
	}
	frame, _, err := p.frame(c)
	if err != nil {
		return err
	}
	return p.Page(c, http.StatusOK, views.LoginLink{
		Frame: frame, Email: login.Email, Action: c.Request().URL.Path, Same: login.Browser == p.asker(c),
	})
}

// LoginByLink signs in, once.
func (p *Portal) LoginByLink(c echo.Context) error {
	login, err := p.login(c)
	if err != nil {
		return err
	}
	who, err := p.DB.UseLogin(c.Request().Context(), web.Workspace(c).ID, login.ID)
	if err != nil {
		return p.loginAgain(c, err)
	}
	return p.signIn(c, who)
}

func (p *Portal) login(c echo.Context) (db.Login, error) {
	if err := p.loginOn(c); err != nil {
		return db.Login{}, err
	}
	id, ok := p.Keys.Link(model.LoginLink, model.Token(c.Param("token")))
	if !ok {
		id = "" // nobody's: the answer is that of a used one
	}
	login, err := p.DB.Login(c.Request().Context(), web.Workspace(c).ID, id)
	return login, p.loginAgain(c, err)
}

func (p *Portal) loginAgain(c echo.Context, err error) error {
	if model.KindOf(err) != model.Gone {
		return err
	}
	in := p.Language(c)
	return &web.Problem{Err: err, Title: in.Text("This login has ended"),
		Links: []views.ProblemLink{{Label: in.Text("Ask for a new login link"), URL: "/tickets/login"}}}
}

// asker returns the hash by which the browser that asked for a login is known.
func (p *Portal) asker(c echo.Context) string {
	cookie, err := c.Cookie(p.CookieName(askerCookie))
	if err != nil {
		return ""
	}
	return model.Hash(cookie.Value)
}

func (p *Portal) signIn(c echo.Context, who model.CustomerID) error {
	if err := p.SignIn(c, web.PortalSide, model.Session{Workspace: web.Workspace(c).ID, Customer: who}); err != nil {
		return err
	}
	c.SetCookie(p.Cookie(askerCookie, "", -1))
	return web.SeeOther(c, "/tickets")
}

// Logout signs out from this device, or from all (J3). The login page says that all sessions ended: no
// session is left that could carry a notice.
func (p *Portal) Logout(c echo.Context) error {
	customer, err := p.Customer(c)
	if err != nil {
		return err
	}
	posted, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	everywhere := posted.Raw("everywhere") != ""
	if everywhere && customer.ID != 0 {
		if err := p.DB.EndCustomerSessions(c.Request().Context(), web.Workspace(c).ID, customer.ID); err != nil {
			return err
		}
	}
	if err := p.SignOut(c, web.PortalSide); err != nil {
		return err
	}
	if everywhere && web.Workspace(c).CustomerLogin {
		return web.SeeOther(c, "/tickets/login?ended=all")
	}
	return web.SeeOther(c, "/")
}

func onlyDigits(s string) string {
	var digits []byte
	for i := range len(s) {
		if s[i] >= '0' && s[i] <= '9' {
			digits = append(digits, s[i])
		}
	}
	return string(digits)
}
