package web

import (
	"fmt"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"deskbell/db/model"
	"deskbell/static"
	"deskbell/views"
)

// publicAge is how long a cache may answer with a public page without asking.
const publicAge = time.Minute

// PublicPage answers with a page that anybody may keep for a minute, and 304 to who has it. A page
// that shows who is signed in may be kept by that browser alone, which asks each time.
//
// Why the tag is that of the page's bytes: whatever a page depends on, it cannot be forgotten. It is weak, since
// the same page goes out compressed and as it is (RFC 9110, 8.8.1).
func (k *Kit) PublicPage(c echo.Context, p views.Page, personal bool) error {
	html, err := k.Views.Render(p, k.Language(c))
	if err != nil {
		return err
	}
	header := c.Response().Header()
	header.Set("ETag", fmt.Sprintf(`W/"%s"`, model.Hash(string(html))[:22]))
	header.Set(echo.HeaderCacheControl, fmt.Sprintf("public, max-age=%d", int(publicAge.Seconds())))
	if personal {
		header.Set(echo.HeaderCacheControl, "private, no-cache")
	}
	if TagMatches(c.Request().Header.Get("If-None-Match"), header.Get("ETag")) {
		header.Add(echo.HeaderVary, echo.HeaderAcceptEncoding)
		return c.NoContent(http.StatusNotModified)
	}
	return k.answer(c, http.StatusOK, html)
}

// TagMatches compares what a client has with a tag, weakly.
func TagMatches(wanted, tag string) bool { return static.TagMatches(wanted, tag) }
