package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"deskbell/db/model"
	"deskbell/views"
	"deskbell/views/language"
)

const (
	languageKey   = "language"
	rememberedKey = "remembered language"
)

// languageParam is the part of an address that a switch of languages posts to: what was chosen.
const languageParam = "language"

// languageCookie names the cookie with the language that somebody chose.
const languageCookie = "language"

// languageLife is how long a choice lasts.
const languageLife = 365 * 24 * time.Hour

// Language is the language of a request's page: the one that was chosen in this browser, else that
// which a ticket remembers, the first that the browser wishes for and there is, that of the workspace.
// The desk is English.
func (k *Kit) Language(c echo.Context) *language.Language {
	if l, ok := c.Get(languageKey).(*language.Language); ok {
		return l
	}
	l := k.findLanguage(c)
	c.Set(languageKey, l)
	return l
}

func (k *Kit) findLanguage(c echo.Context) *language.Language {
	if k.OnDesk(c) {
		return language.English()
	}
	header := c.Response().Header()
	for _, name := range []string{"Cookie", "Accept-Language"} {
		if !slices.Contains(header.Values(echo.HeaderVary), name) {
			header.Add(echo.HeaderVary, name)
		}
	}
	remembered, _ := c.Get(rememberedKey).(string)
	for _, tag := range []string{k.chosenLanguage(c), remembered} {
		if language.Known(tag) {
			return language.Of(tag)
		}
	}
	if l := language.Match(c.Request().Header.Get("Accept-Language")); l != nil {
		return l
	}
	return language.Of(Workspace(c).Language)
}

// OnDesk says whether a request is for the team's side.
func (k *Kit) OnDesk(c echo.Context) bool {
	path := c.Request().URL.Path
	return (path == "/desk" || strings.HasPrefix(path, "/desk/")) && Host(c) == k.Base.Host
}

func (k *Kit) chosenLanguage(c echo.Context) string {
	if tag := Switched(c); tag != "" {
		return tag
	}
	cookie, err := c.Cookie(k.CookieName(languageCookie))
	if err != nil {
		return ""
	}
	return cookie.Value
}

// Remembered says in which language the reader of this request's ticket reads, for a browser in which
// none was chosen.
func Remembered(c echo.Context, tag string) {
	c.Set(rememberedKey, tag)
	c.Set(languageKey, nil)
}

// Speak fixes the language of a request's page, whoever asks for it.
func Speak(c echo.Context, l *language.Language) { c.Set(languageKey, l) }

// Switched returns the language that this request switches to, "" when it is no switch. Whatever else
// it carries is a form on its way: it is shown again, and neither checked nor sent.
func Switched(c echo.Context) string {
	if c.Request().Method != http.MethodPost {
		return ""
	}
	if tag := c.QueryParam(languageParam); language.Known(tag) {
		return tag
	}
	return ""
}

// keepLanguage has the browser keep the language that a request switches to.
func (k *Kit) keepLanguage(c echo.Context) {
	if tag := Switched(c); tag != "" {
		c.SetCookie(k.Cookie(languageCookie, tag, languageLife))
	}
}

// languages is the switch of a page: it leads back to the page, or to where a posted form came from.
func (k *Kit) languages(c echo.Context) *views.Languages {
	back := c.Request().URL.RequestURI()
	if m := c.Request().Method; m != http.MethodGet && m != http.MethodHead {
		back = Referer(c)
	}
	return views.NewLanguages(k.Language(c), "/language", back)
}

// Referer returns the page of this site from which a request came, "/" when it came from none.
func Referer(c echo.Context) string {
	from, err := url.Parse(c.Request().Header.Get("Referer"))
	if err != nil || from.Host == "" || model.HostOf(from.Host) != Host(c) {
		return "/"
	}
	return LocalPath(from.RequestURI())
}

// LocalPath returns a path of this site as it is, and "/" for anything that could lead elsewhere.
func LocalPath(s string) string {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || !strings.HasPrefix(s, "/") ||
		strings.HasPrefix(s, "//") || strings.ContainsAny(s, "\\\r\n\t") {
		return "/"
	}
	return u.RequestURI()
}

// Failure returns the expected failure in an error, in the language of the page that shows it; false
// where there is none.
func (k *Kit) Failure(c echo.Context, err error) (*model.Error, bool) {
	failure, ok := model.AsError(err)
	if !ok {
		return nil, false
	}
	return k.Language(c).Failure(failure), true
}
