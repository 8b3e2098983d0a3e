package browser_test

import (
	"net/http"
	"sync"
	"testing"

	"github.com/labstack/echo/v4"

	"deskbell/handlers/handlerstest"
)

// unseen are the routes that are no pages to look at, with the reason.
var unseen = map[string]string{
	"/up":                                             "an answer for machines",
	"/readyz":                                         "an answer for machines",
	"/static/*":                                       "an asset",
	"/.well-known/deskbell/:token":                    "an answer for machines",
	"/.well-known/security.txt":                       "an answer for machines",
	"/logo/:workspace/:hash":                          "an asset",
	"/theme/:color":                                   "an asset",
	"/ticket/:project/fields":                         "a fragment of the creation form",
	"/ticket/:project/suggestions":                    "a fragment of the creation form",
	"/ticket/thread/:token/messages":                  "a fragment of the thread",
	"/tickets/:ref/messages":                          "a fragment of the thread",
	"/ticket/:project/uploads/:file":                  "a picture in a form",
	"/ticket/thread/:token/uploads/:file":             "a picture in a form",
	"/tickets/:ref/uploads/:file":                     "a picture in a form",
	"/desk/tickets/:number/uploads/:file":             "a picture in a form",
	"/ticket/thread/:token/attachments/:file":         "a file to keep",
	"/ticket/thread/:token/attachments/:file/preview": "a picture in a page",
	"/tickets/:ref/attachments/:file":                 "a file to keep",
	"/tickets/:ref/attachments/:file/preview":         "a picture in a page",
	"/desk/tickets/:number/attachments/:file":         "a file to keep",
	"/desk/tickets/:number/attachments/:file/preview": "a picture in a page",
	"/desk/account/codes/picture":                     "a picture in a form",
	"/ticket/:project/identity/avatar":                "a picture in a form",
	"/auth/:provider/start":                           "leads to a provider",
	"/auth/:provider/callback":                        "leads to the last page of a sign-in",
	"/desk/settings/sign-in/try":                      "leads to a provider",
	"/desk/settings/mail/test":                        "a fragment of the mail settings",
	"/desk/news":                                      "a fragment of the inbox",
	"/desk/export.csv":                                "a file to keep",
	"/desk/export.json":                               "a file to keep",
	"/desk/numbers.csv":                               "a file to keep",
}

// looks remembers which routes' pages have been looked at.
type looks struct {
	mu     sync.Mutex
	walks  int // that are still on their way, or were not asked for
	router *echo.Echo
	seen   map[string]bool // by route
}

// lookOut fails the test at its end for each page of the server that nobody has looked at, so that no
// new page goes without.
func lookOut(t *testing.T, s *handlerstest.Server) *looks {
	l := &looks{router: echo.New(), seen: map[string]bool{}}
	for _, r := range s.Routes {
		if r.Method == http.MethodGet {
			l.router.GET(r.Path, echo.NotFoundHandler)
		}
	}
	t.Cleanup(func() {
		if !t.Failed() && l.walks == 0 { // else somebody has not come by everywhere
			l.check(t)
		}
	})
	return l
}

// walked says that a walk has ended.
func (l *looks) walked() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.walks--
}

func (l *looks) check(t *testing.T) {
	for _, r := range l.router.Routes() {
		switch reason := unseen[r.Path]; {
		case l.seen[r.Path] && reason != "":
			t.Errorf("%s is looked at, and yet stands among the unseen: %s", r.Path, reason)
		case !l.seen[r.Path] && reason == "":
			t.Errorf("no walk looks at %s", r.Path)
		}
	}
}

// at remembers the page that a tab shows, unless it is an error's.
func (l *looks) at(p *tab) {
	p.t.Helper()
	if p.number("performance.getEntriesByType('navigation')[0].responseStatus") != http.StatusOK {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	c := l.router.NewContext(nil, nil)
	l.router.Router().Find(http.MethodGet, p.text("location.pathname"), c)
	l.seen[c.Path()] = true
}
