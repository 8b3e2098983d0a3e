package web

import (
	"fmt"
	"image/color"
	"math"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"deskbell/db/model"
	"deskbell/views"
)

// Frame returns what every public page of a workspace carries. SignedIn is the customer's address.
func (k *Kit) Frame(c echo.Context, ws model.Workspace, signedIn string) views.Frame {
	f := views.Frame{
		Workspace: ws.Name, LogoURL: LogoURL(ws), ThemeURL: ThemeURL(ws), SignedIn: signedIn, NewTicket: "/",
		Languages: k.languages(c),
	}
	switch {
	case ws.CustomerLogin && signedIn != "":
		f.MyTickets = "/tickets"
	case ws.CustomerLogin:
		f.MyTickets = "/tickets/login"
	}
	return f
}

// DeskFrame returns what every page of the desk carries; section is the current entry of its navigation.
func (k *Kit) DeskFrame(c echo.Context, section string) (views.Desk, error) {
	saved, err := k.TakeFlash(c)
	ws := Workspace(c)
	return views.Desk{
		Workspace: ws.Name, LogoURL: LogoURL(ws), ThemeURL: ThemeURL(ws), Member: Member(c).Name,
		Admin: Member(c).Role == model.Admin, Section: section, Saved: saved, Portal: k.Base.Origin(ws.PrimaryHost) + "/",
	}, err
}

// LogoURL returns where a workspace's logo is served, "" when it has none.
func LogoURL(ws model.Workspace) string {
	if ws.LogoHash == "" {
		return ""
	}
	return fmt.Sprintf("/logo/%d/%s", ws.ID, ws.LogoHash)
}

// Logo answers with a workspace's logo: on its own page domains, and on the base host for the desk.
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
	c.Response().Header().Set(echo.HeaderCacheControl, "public, max-age=31536000, immutable")
	return c.Blob(http.StatusOK, logo.MediaType, logo.Bytes)
}

// ThemeURL returns where the stylesheet with a workspace's colour is served.
func ThemeURL(ws model.Workspace) string { return "/theme/" + ws.Color[1:] + ".css" }

// Theme answers with the stylesheet of one colour, made from its URL alone: readable text on the
// colour, and the colour as ink on light and on dark pages, moved until it is readable.
func (k *Kit) Theme(c echo.Context) error {
	name := c.Param("color")
	value, err := strconv.ParseUint(name[:min(6, len(name))], 16, 32)
	if err != nil || len(name) != 10 || name[6:] != ".css" {
		return model.Fail(model.NotFound, "There is nothing at this address.")
	}
	brand := color.RGBA{R: uint8(value >> 16), G: uint8(value >> 8), B: uint8(value), A: 255}
	text := white
	if contrast(brand, black) > contrast(brand, white) {
		text = black
	}
	css := fmt.Sprintf(":root{--brand:%s;--brand-text:%s;--brand-ink-light:%s;--brand-ink-dark:%s}\n",
		hex(brand), hex(text), hex(readable(brand, lightPage, black)), hex(readable(brand, darkPage, white)))
	c.Response().Header().Set(echo.HeaderCacheControl, "public, max-age=31536000, immutable")
	return c.Blob(http.StatusOK, "text/css; charset=utf-8", []byte(css))
}

// The backgrounds on which ink must be readable, as the stylesheet has them.
var (
	black     = color.RGBA{A: 255}
	white     = color.RGBA{R: 255, G: 255, B: 255, A: 255}
	lightPage = color.RGBA{R: 0xf5, G: 0xf6, B: 0xf8, A: 255}
	darkPage  = color.RGBA{R: 0x1b, G: 0x21, B: 0x25, A: 255}
)

// inkContrast leaves room above the 4.5 of WCAG 2.2 (1.4.3): ink also stands on a tint of itself.
const inkContrast = 5.5

// readable moves a colour towards another until it stands out from the page.
func readable(ink, page, towards color.RGBA) color.RGBA {
	start := ink
	for step := range 101 {
		mix := func(a, b uint8) uint8 { return uint8((int(a)*(100-step) + int(b)*step) / 100) }
		ink = color.RGBA{R: mix(start.R, towards.R), G: mix(start.G, towards.G), B: mix(start.B, towards.B), A: 255}
		if contrast(ink, page) >= inkContrast {
			break
		}
	}
	return ink
}

// contrast is the contrast ratio of WCAG 2.2, from 1 to 21.
func contrast(a, b color.RGBA) float64 {
	la, lb := luminance(a), luminance(b)
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

func luminance(c color.RGBA) float64 {
	linear := func(v uint8) float64 {
		s := float64(v) / 255
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
}

func hex(c color.RGBA) string { return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B) }
