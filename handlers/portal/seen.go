package portal

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"deskbell/db/model"
	"deskbell/handlers/web"
)

// saw records which version of a thread its reader has been sent, for the unread mark of the overview
// (J3). A browser that fetches ahead, or asks for the headers alone, shows nobody anything.
func (p *Portal) saw(c echo.Context, r model.Reader, version int64) {
	if c.Request().Method == http.MethodHead || fetchedAhead(c.Request().Header) {
		return
	}
	// Why not fail: the mark matters less than the thread, which can be read while nothing can be written.
	if err := p.DB.Seen(c.Request().Context(), web.Workspace(c).ID, r, version); err != nil {
		p.Log.Error("a thread was not marked as seen", "error", err)
	}
}

// fetchedAhead says whether a browser only prepares for a page that somebody may open.
func fetchedAhead(h http.Header) bool {
	for _, name := range []string{"Sec-Purpose", "Purpose", "X-Moz"} {
		if strings.HasPrefix(h.Get(name), "prefetch") {
			return true
		}
	}
	return false
}
