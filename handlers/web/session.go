package web

import (
	"net/http"
	"strings"
	"time"

	"github.com/gorilla/sessions"
	"github.com/labstack/echo/v4"

	"deskbell/db"
	"deskbell/db/model"
	"deskbell/views"
)

// Side is one of the two places where people sign in, each with a cookie of its own: the base host
// serves both.
type Side string

// The sides.
const (
	DeskSide   Side = "desk"
	PortalSide Side = "portal"
)

// SignIn gives the browser a new session, in place of the one it had on this side (P4).
func (k *Kit) SignIn(c echo.Context, side Side, s model.Session) error {
	session, err := k.session(c, side)
	if err != nil {
		return err
	}
	session.Values[rowKey] = s
	return session.Save(c.Request(), c.Response())
}

// SignOut ends the browser's session on this side.
func (k *Kit) SignOut(c echo.Context, side Side) error {
	session, err := k.session(c, side)
	if err != nil {
		return err
	}
	session.Options.MaxAge = -1
	return session.Save(c.Request(), c.Response())
}

// Session returns the browser's session on this side; false when nobody is signed in.
func (k *Kit) Session(c echo.Context, side Side) (model.Session, bool, error) {
	session, err := k.session(c, side)
	if err != nil {
		return model.Session{}, false, err
	}
	s, ok := session.Values[rowKey].(model.Session)
	return s, ok && s.Hash != "", nil
}

// Customer returns the signed-in customer of a request on a page domain, zero for a visitor.
func (k *Kit) Customer(c echo.Context) (db.Customer, error) {
	ws := Workspace(c)
	s, ok, err := k.Session(c, PortalSide)
	if err != nil || !ok || s.Workspace != ws.ID || s.Customer == 0 || !ws.CustomerLogin {
		return db.Customer{}, err
	}
	return k.DB.Customer(c.Request().Context(), ws.ID, s.Customer)
}

// RequireMember lets members through and sends others to the sign-in page.
func (k *Kit) RequireMember(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		s, ok, err := k.Session(c, DeskSide)
		if err != nil {
			return err
		}
		if !ok || s.Member == 0 {
			return signInFirst(c)
		}
		ctx := c.Request().Context()
		m, err := k.DB.Member(ctx, s.Workspace, s.Member)
		if err != nil {
			return err
		}
		if !m.LeftAt.IsZero() {
			return signInFirst(c)
		}
		ws, err := k.DB.Workspace(ctx, s.Workspace)
		if err != nil {
			return err
		}
		c.Set(workspaceKey, ws)
		c.Set(memberKey, m)
		c.Set(sessionKey, s)
		c.SetRequest(c.Request().WithContext(db.By(ctx, m)))
		if ws.RequireCodes && m.CodesSince.IsZero() && !strings.HasPrefix(c.Path(), CodesURL) {
			return codesFirst(c)
		}
		return next(c)
	}
}

// RequireAdmin lets admins through, of those whom RequireMember did (M1).
func (k *Kit) RequireAdmin(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if Member(c).Role != model.Admin {
			return model.Fail(model.Forbidden, "Settings are for admins. Ask an admin of your team to change this, or to make you one.")
		}
		return next(c)
	}
}

// CodesURL is where members set up their one-time codes.
const CodesURL = "/desk/account/codes"

// codesFirst sends a member whose team asks for codes to where they are set up. What they were sending is
// kept (P5).
func codesFirst(c echo.Context) error {
	if c.Request().Method != http.MethodPost {
		return SeeOther(c, CodesURL)
	}
	posted, err := ReadForm(c)
	if err != nil {
		return err
	}
	return &Problem{
		Err:  model.Fail(model.Forbidden, "Your team signs in with one-time codes. Set yours up first, then send this again."),
		Back: c.Request().URL.RequestURI(), Kept: posted.kept(), Again: true,
		Links: []views.ProblemLink{{Label: "Set up codes", URL: CodesURL}},
	}
}

// signInFirst sends somebody to the sign-in page. What they were sending is kept (P5).
func signInFirst(c echo.Context) error {
	failure := model.Fail(model.Unauthorized, "Sign in to the desk first.")
	if c.Request().Method != http.MethodPost {
		return failure
	}
	posted, err := ReadForm(c)
	if err != nil {
		return err
	}
	return &Problem{Err: failure, Back: c.Request().URL.RequestURI(), Kept: posted.kept(), Again: true}
}

// Member returns the member that RequireMember let through.
func Member(c echo.Context) model.Member {
	m, _ := c.Get(memberKey).(model.Member)
	return m
}

// Flash leaves a notice for the member's next page.
func (k *Kit) Flash(c echo.Context, notice string) error {
	s, _ := c.Get(sessionKey).(model.Session)
	return k.DB.SetFlash(c.Request().Context(), s.Hash, notice)
}

// TakeFlash returns the notice that was left for this page, once.
func (k *Kit) TakeFlash(c echo.Context) (string, error) {
	s, _ := c.Get(sessionKey).(model.Session)
	if s.Flash == "" {
		return "", nil
	}
	return s.Flash, k.DB.SetFlash(c.Request().Context(), s.Hash, "")
}

func (k *Kit) session(c echo.Context, side Side) (*sessions.Session, error) {
	return sessions.GetRegistry(c.Request()).Get(store{k}, k.CookieName(string(side)))
}

// CookieName returns a cookie's name: under TLS with the prefix that binds it to this host and path.
func (k *Kit) CookieName(name string) string {
	if k.Base.Secure() {
		return "__Host-deskbell-" + name
	}
	return "deskbell-" + name
}

// Cookie makes a cookie that scripts cannot read and other sites' posts do not carry.
func (k *Kit) Cookie(name, value string, life time.Duration) *http.Cookie {
	age := int(life / time.Second)
	if life < 0 {
		age = -1
	}
	return &http.Cookie{
		Name: k.CookieName(name), Value: value, Path: "/", MaxAge: age,
		Secure: k.Base.Secure(), HttpOnly: true, SameSite: http.SameSiteLaxMode,
	}
}

const rowKey = "row"

// touchAfter is how old a session's last use may grow before it is written again.
const touchAfter = time.Hour

// store keeps sessions in the database: the cookie carries a random id, the row its hash.
type store struct{ kit *Kit }

// Get returns the request's session, read once a request.
func (s store) Get(r *http.Request, name string) (*sessions.Session, error) {
	return sessions.GetRegistry(r).Get(s, name)
}

// New reads the session of the request's cookie; a missing or ended one gives a new session.
func (s store) New(r *http.Request, name string) (*sessions.Session, error) {
	session := sessions.NewSession(s, name)
	session.IsNew = true
	session.Options = &sessions.Options{
		Path: "/", MaxAge: int(db.SessionLife / time.Second),
		Secure: s.kit.Base.Secure(), HttpOnly: true, SameSite: http.SameSiteLaxMode,
	}
	cookie, err := r.Cookie(name)
	if err != nil || cookie.Value == "" {
		return session, nil // no cookie is no failure
	}
	row, err := s.kit.DB.Session(r.Context(), model.Hash(cookie.Value))
	if model.KindOf(err) == model.NotFound {
		return session, nil
	}
	if err != nil {
		return session, err
	}
	if s.kit.Now().Sub(row.LastSeenAt) > touchAfter {
		// Why not fail: whoever is signed in reads on while nothing can be written.
		if err := s.kit.DB.TouchSession(r.Context(), row.Hash); db.Trouble(err) != nil {
			s.kit.Log.Error("a session was not prolonged", "error", err)
		} else if err != nil {
			return session, err
		}
	}
	session.IsNew = false
	session.ID = row.Hash
	session.Values[rowKey] = row
	return session, nil
}

// Save signs in by the row in the session's values, or ends the session for a negative MaxAge.
func (s store) Save(r *http.Request, w http.ResponseWriter, session *sessions.Session) error {
	if session.Options.MaxAge < 0 {
		http.SetCookie(w, sessions.NewCookie(session.Name(), "", session.Options))
		return s.kit.DB.EndSession(r.Context(), session.ID)
	}
	row, _ := session.Values[rowKey].(model.Session)
	id := model.RandomID() + model.RandomID()
	row.Hash, row.Browser = model.Hash(id), browserName(r.UserAgent())
	if err := s.kit.DB.CreateSession(r.Context(), row, session.ID); err != nil {
		return err
	}
	session.ID = row.Hash
	session.Values[rowKey] = row
	http.SetCookie(w, sessions.NewCookie(session.Name(), id, session.Options))
	return nil
}
