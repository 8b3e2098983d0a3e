package handlers

import (
	"fmt"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"deskbell/handlers/web"
)

const (
	securityTxt = "/.well-known/security.txt"
	// contactLife is how long after an answer its contact counts: RFC 9116 advises less than a year. Each
	// answer has its own end, so that nobody has to keep a file from expiring.
	contactLife = 90 * 24 * time.Hour
)

// securityText says where a security problem is reported (RFC 9116): to the installation's contact, else by
// the page of this host, where anybody can open a ticket.
func (s *server) securityText(c echo.Context) error {
	here := s.Kit.Base.Origin(web.Host(c))
	contact := s.SecurityContact
	if contact == "" {
		contact = here + "/"
	}
	expires := s.Now().Add(contactLife).Truncate(24 * time.Hour)
	c.Response().Header().Set(echo.HeaderCacheControl, "public, max-age=86400")
	return c.String(http.StatusOK, fmt.Sprintf("Contact: %s\nExpires: %s\nPreferred-Languages: en\nCanonical: %s\n",
		contact, expires.Format(time.RFC3339), here+securityTxt))
}
