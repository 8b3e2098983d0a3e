package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"deskbell/db/model"
	"deskbell/views"
)

// components shows every component of the stylesheet on one page, in development.
func (s *server) components(c echo.Context) error {
	return s.Page(c, http.StatusOK, views.Components{
		Desk:   views.Desk{Workspace: "Components", Member: "A developer", Portal: "/"},
		Errors: model.FieldErrors{{Field: "broken", Message: "Say what to do next."}},
	})
}
