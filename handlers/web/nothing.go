package web

import (
	"net/http"

	"github.com/labstack/echo/v4"
)

// pageOnly are headers that say what a page may do, and how its content is read.
var pageOnly = []string{
	"Content-Security-Policy", "Permissions-Policy", "Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy",
	"X-Frame-Options", "X-Content-Type-Options", "Referrer-Policy", "Vary",
}

// Nothing answers a poll for which there is nothing new (I4). What a head says of pages stays out: such an answer
// has no content, is kept by nobody, and is by far the most frequent one.
func Nothing(c echo.Context) error {
	header := c.Response().Header()
	for _, name := range pageOnly {
		header.Del(name)
	}
	return c.NoContent(http.StatusNoContent)
}
