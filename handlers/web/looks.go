package web

import (
	"fmt"
	"net/http"
	"strconv"
	"sync"

	"github.com/labstack/echo/v4"

	"deskbell/db/model"
	"deskbell/views"
)

// forever is for what has a URL of its own for each content.
const forever = "public, max-age=31536000, immutable"

// Logo returns how pages show a workspace's logo, nothing when it has none.
func Logo(ws model.Workspace) views.Logo {
	if ws.Logo.Hash == "" {
		return views.Logo{}
	}
	width, height := ws.Logo.Shown()
	return views.Logo{URL: fmt.Sprintf("/logo/%d/%s", ws.ID, ws.Logo.Hash), Width: width, Height: height}
}

// Logo answers with a workspace's logo: on its own page domains, and on the base host for the settings.
// The hash in its URL changes with the picture.
func (k *Kit) Logo(c echo.Context) error {
	id, err := strconv.ParseInt(c.Param("workspace"), 10, 64)
	if err != nil || Host(c) != k.Base.Host && int64(Workspace(c).ID) != id {
		return model.Fail(model.NotFound, "There is nothing at this address.")
	}
	logo, err := k.DB.Logo(c.Request().Context(), model.WorkspaceID(id))
	if err != nil {
		return err
	}
	if logo.Hash != c.Param("hash") {
		return model.Fail(model.NotFound, "There is nothing at this address.")
	}
	c.Response().Header().Set(echo.HeaderCacheControl, forever)
	return c.Blob(http.StatusOK, "image/png", logo.PNG)
}

// ThemeURL returns where the stylesheet with a workspace's colour is served, "" where it has the
// product's.
func ThemeURL(ws model.Workspace) string {
	c, ok := model.ParseColor(ws.Color)
	if !ok {
		return ""
	}
	if kept, ok := themeURLs.Load(c); ok {
		return kept.(string)
	}
	url := "/theme/" + themeName(c)
	themeURLs.Store(c, url)
	return url
}

// themeURLs knows the URLs of the workspaces' colours: finding one makes the sheet, which each page would
// pay for.
var themeURLs sync.Map // model.Color → string

// themeName is the colour's digits and a hash of what is made of it, which may change with the program.
func themeName(c model.Color) string {
	return c.String()[1:] + "-" + model.Hash(themeSheet(c))[:8] + ".css"
}

// themeSheet sets the colours of public pages, and of the preview in the settings.
func themeSheet(c model.Color) string {
	p := c.Palette()
	return fmt.Sprintf(".themed,.look{--brand:%s;--brand-text:%s;--brand-ink-light:%s;--brand-ink-dark:%s;--brand-edge-light:%s;--brand-edge-dark:%s}\n",
		p.Brand, p.Text, p.InkLight, p.InkDark, p.EdgeLight, p.EdgeDark)
}

// Theme answers with the stylesheet of one colour. It is made from its URL alone, and so it is the same
// on each host: only pages tell whose colour it is.
func (k *Kit) Theme(c echo.Context) error {
	name := c.Param("color")
	color, ok := model.ParseColor(name[:min(6, len(name))])
	if !ok || name != themeName(color) {
		return model.Fail(model.NotFound, "There is nothing at this address.")
	}
	c.Response().Header().Set(echo.HeaderCacheControl, forever)
	return c.Blob(http.StatusOK, "text/css; charset=utf-8", []byte(themeSheet(color)))
}
