package handlers

import (
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	"deskbell/db/model"
)

// middleware runs on every route, in this order.
func (s *server) middleware(e *echo.Echo) {
	e.Use(s.securityHeaders)
	e.Use(middleware.RequestIDWithConfig(middleware.RequestIDConfig{
		Generator: func() string { return model.RandomID()[:12] },
		// A client's own id is not taken over: it would stand in the log as it likes.
		RequestIDHandler: func(echo.Context, string) {},
	}))
	e.Use(s.log)
	e.Use(recoverPanics)
	e.Use(s.KeepPace)
	e.Use(boundHead)
	e.Use(crossOrigin())
}

// contentPolicy allows what pages need and nothing else: our own files, no eval, no framing (P1).
const contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; " +
	"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

func (s *server) securityHeaders(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		c.Request().Header.Del(echo.HeaderXRequestID)
		h := c.Response().Header()
		h.Set(echo.HeaderCacheControl, "no-store") // until a handler knows that its answer may be kept
		h.Set("Content-Security-Policy", contentPolicy)
		h.Set("X-Frame-Options", "DENY")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		if s.Kit.Base.Secure() {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		return next(c)
	}
}

// crossOrigin refuses state changes that another site's page sends (P2).
func crossOrigin() echo.MiddlewareFunc {
	protection := http.NewCrossOriginProtection()
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if err := protection.Check(c.Request()); err != nil {
				return model.Fail(model.Forbidden, "This was sent from another site. Open the page itself and send it from there.")
			}
			return next(c)
		}
	}
}

// log writes a line a request: the route and never the path, because paths carry tokens (O5).
func (s *server) log(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		start := time.Now()
		err := next(c)
		if err != nil {
			c.Error(err)
		}
		r, took := c.Response(), time.Since(start)
		s.Kit.Log.Info("request", "id", r.Header().Get(echo.HeaderXRequestID), "method", c.Request().Method,
			"route", c.Path(), "status", r.Status, "bytes", r.Size, "ms", took.Milliseconds())
		s.observe(c, r.Status, took)
		return nil
	}
}

// recoverPanics turns a panic into an error page. The one that breaks an answer off goes on to the server.
func recoverPanics(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		defer func() {
			p := recover()
			if broken, ok := p.(error); ok && errors.Is(broken, http.ErrAbortHandler) {
				panic(p)
			} else if p != nil {
				err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
			}
		}()
		return next(c)
	}
}

// boundHead refuses what no browser of a visitor sends: addresses and headers without end (P5).
func boundHead(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		if len(r.RequestURI) > maxURL {
			return model.Fail(model.TooLongURL, "Check the address, or start from the first page.")
		}
		if headBytes(r.Header) > maxHead {
			return model.Fail(model.HeadTooLarge, "Delete the cookies of this site in your browser, and open the page again.")
		}
		return next(c)
	}
}

// headBytes is about what headers take on the wire.
func headBytes(h http.Header) int {
	n := 0
	for name, values := range h {
		for _, value := range values {
			n += len(name) + len(value) + len(": \r\n")
		}
	}
	return n
}
