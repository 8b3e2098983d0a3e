package handlers

import (
	"time"

	"github.com/labstack/echo/v4"
)

// routeKey names one of the routes: what clients send is endless, and routes are not.
type routeKey struct{ method, path string }

// observe tells whoever counts of an answer: by its route and never by its path, which may be a secret (O5).
func (s *server) observe(c echo.Context, status int, took time.Duration) {
	if s.Observe == nil {
		return
	}
	key := routeKey{c.Request().Method, c.Path()}
	if !s.known[key] {
		key = routeKey{"any", "none"}
	}
	s.Observe(Answered{Method: key.method, Route: key.path, Status: status, Took: took})
}
