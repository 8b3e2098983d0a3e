package web

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"deskbell/db/model"
	"deskbell/views"
)

// publicAge is how long a cache may answer with a public page without asking.
const publicAge = time.Minute

// PublicPage answers with a page that anybody may keep for a minute, and 304 to who has it. A page
// that shows who is signed in may be kept by that browser alone, which asks each time.
//
// Why the tag is that of the page's bytes: whatever a page depends on, it cannot be forgotten.
func (k *Kit) PublicPage(c echo.Context, p views.Page, personal bool) error {
	html, err := k.Views.Render(p, k.Language(c))
	if err != nil {
		return err
	}
	header := c.Response().Header()
	header.Set("ETag", fmt.Sprintf(`"%s"`, model.Hash(string(html))[:22]))
	header.Set("Content-Language", k.Language(c).Tag)
	header.Set(echo.HeaderCacheControl, fmt.Sprintf("public, max-age=%d", int(publicAge.Seconds())))
	if personal {
		header.Set(echo.HeaderCacheControl, "private, no-cache")
	}
	if TagMatches(c.Request().Header.Get("If-None-Match"), header.Get("ETag")) {
		return c.NoContent(http.StatusNotModified)
	}
	return c.HTMLBlob(http.StatusOK, html)
}

// TagMatches compares tags weakly (RFC 9110, 13.1.2): caches between may have made them weak.
func TagMatches(wanted, tag string) bool {
	for candidate := range strings.SplitSeq(wanted, ",") {
		candidate = strings.TrimPrefix(strings.TrimSpace(candidate), "W/")
		if candidate == strings.TrimPrefix(tag, "W/") || candidate == "*" {
			return true
		}
	}
	return false
}
