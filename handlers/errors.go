package handlers

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"deskbell/db"
	"deskbell/db/model"
	"deskbell/handlers/web"
	"deskbell/views"
)

// outcomes is the one table from the kind of an error to its status and the title of its page.
var outcomes = map[model.Kind]struct {
	status int
	title  string
}{
	model.NotFound:     {http.StatusNotFound, "There is nothing here"},
	model.Invalid:      {http.StatusUnprocessableEntity, "Something needs another look"},
	model.BadRequest:   {http.StatusBadRequest, "This did not arrive as it should"},
	model.Unauthorized: {http.StatusUnauthorized, "Please sign in"},
	model.Forbidden:    {http.StatusForbidden, "This is not allowed"},
	model.Conflict:     {http.StatusConflict, "This has happened already"},
	model.Gone:         {http.StatusGone, "This has ended"},
	model.TooLarge:     {http.StatusRequestEntityTooLarge, "This is too large"},
	model.TooSlow:      {http.StatusRequestTimeout, "This took too long"},
	model.TooLongURL:   {http.StatusRequestURITooLong, "This address is too long"},
	model.HeadTooLarge: {http.StatusRequestHeaderFieldsTooLarge, "Your browser sends too much along"},
	model.Limited:      {http.StatusTooManyRequests, "Please wait a little"},
	model.Off:          {http.StatusForbidden, "This is switched off"},
	model.Full:         {http.StatusRequestEntityTooLarge, "There is no room for this file"},
	model.Unavailable:  {http.StatusServiceUnavailable, "This does not work at the moment"},
}

// handleError answers a failed request with a page, or with a notice where htmx asked, and logs
// what nobody expected.
func (s *server) handleError(err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	err = web.KeepUnsaved(c, err)
	failure, ok := model.AsError(err)
	if !ok {
		failure = s.unexpected(c, err)
	} else if cause := db.Trouble(err); cause != nil {
		s.Kit.Log.Error("the database is in trouble", "id", c.Response().Header().Get(echo.HeaderXRequestID), "route", c.Path(), "error", cause)
	}
	outcome, known := outcomes[failure.Kind]
	if !known {
		outcome.status, outcome.title = http.StatusInternalServerError, "Something went wrong on our side"
	}
	header := c.Response().Header()
	header.Set(echo.HeaderCacheControl, "no-store")
	header.Del("ETag")
	web.SetRetryAfter(c, failure)
	if err := s.answer(c, err, failure, outcome.status, outcome.title); err != nil {
		s.Kit.Log.Error("answer with an error page", "id", header.Get(echo.HeaderXRequestID), "error", err)
		_ = c.NoContent(http.StatusInternalServerError) // nothing else is left to be said
	}
}

// unexpected turns Echo's own errors into ours, and logs what nobody expected. Its kind is in no
// table: that is a 500.
func (s *server) unexpected(c echo.Context, err error) *model.Error {
	if own, ok := errors.AsType[*echo.HTTPError](err); ok {
		switch own.Code {
		case http.StatusNotFound:
			return model.Fail(model.NotFound, "Check the address, or start from the first page.")
		case http.StatusMethodNotAllowed:
			return model.Fail("method", "This address does not take such a request. Open it in the browser instead.")
		}
		if own.Code < 500 {
			return model.Fail(model.BadRequest, "This address could not be read. Check it, or start from the first page.")
		}
	}
	if errors.Is(err, context.Canceled) {
		return model.Fail(model.BadRequest, "The request was given up. Open the page again.")
	}
	s.Kit.Log.Error("request failed", "id", c.Response().Header().Get(echo.HeaderXRequestID), "route", c.Path(), "error", err)
	return model.Fail("unexpected", "We have noted what happened. What you typed may still be in your browser: go back and try again in a moment.")
}

func (s *server) answer(c echo.Context, err error, failure *model.Error, status int, title string) error {
	if failure.Kind == "method" {
		status, title = http.StatusMethodNotAllowed, "This does not work here"
	}
	onDesk := s.OnDesk(c)
	fragment := web.WantsFragment(c)
	if failure.Kind == model.Unauthorized && c.Request().Method != http.MethodPost && !fragment {
		switch {
		case onDesk:
			return web.SeeOther(c, "/desk/login?next="+url.QueryEscape(c.Request().URL.RequestURI()))
		case strings.HasPrefix(c.Path(), "/tickets"):
			return web.SeeOther(c, "/tickets/login")
		}
	}
	ws, wsErr := s.FindWorkspace(c)
	onAuth := strings.HasPrefix(c.Request().URL.Path, "/auth/") && web.Host(c) == s.Kit.Base.Host // nobody's page
	if wsErr != nil && !onDesk && !onAuth {
		if model.KindOf(wsErr) == model.NotFound {
			status = http.StatusNotFound // an unknown host has no other answers (A10)
		}
		return c.String(status, fmt.Sprintf("%d %s\n", status, http.StatusText(status)))
	}
	if wsErr == nil {
		s.Enter(c, ws)
	}
	in := s.Language(c)
	failure = in.Failure(failure)
	page := views.Problem{Title: in.Text(title), Message: failure.Advice()}
	if !onDesk && !onAuth {
		page.Frame = s.Frame(c, ws, "")
		if c.Request().Method != http.MethodPost {
			page.Frame = page.Frame.BackTo("") // the answer is the same for every address: it names none
		}
	}
	if status >= http.StatusInternalServerError {
		page.Request = c.Response().Header().Get(echo.HeaderXRequestID)
	}
	switch {
	case onDesk:
		page.Links = deskWays(failure)
	case !onAuth:
		page.SignIn = failure.Kind == model.Unauthorized
		page.Links = s.waysOn(c, failure)
	}
	if problem, ok := errors.AsType[*web.Problem](err); ok {
		page.Back, page.Kept, page.Again = problem.Back, problem.Kept, problem.Again
		page.Ask, page.Typed = problem.Ask, problem.Typed
		if len(problem.Links) > 0 || problem.Back != "" && failure.Kind != model.Unauthorized {
			page.Links = problem.Links
		}
		if problem.Title != "" {
			page.Title = problem.Title
		}
	}
	if page.Back != "" {
		page.Frame = page.Frame.Keeping("kept", page.Back)
	}
	if page.Typed != "" {
		page.Languages = nil // the page that would come has no place for the text
	}
	if failure.Kind == model.Unauthorized && !onDesk && !fragment {
		return s.Page(c, status, views.Login{Frame: page.Frame, Reason: failure.Message, Back: page.Back, Kept: page.Kept})
	}
	if fragment {
		c.Response().Header().Set("HX-Retarget", "#problem")
		c.Response().Header().Set("HX-Reswap", "innerHTML")
		return s.Fragment(c, status, page, "problem")
	}
	return s.Page(c, status, page)
}

// waysOn offers where to go from an error page.
func (s *server) waysOn(c echo.Context, failure *model.Error) []views.ProblemLink {
	in := s.Language(c)
	switch {
	case failure.Kind == model.Unauthorized:
		return []views.ProblemLink{{Label: in.Text("Log in"), URL: "/tickets/login"}}
	case c.Request().Method == http.MethodPost:
		if back := web.Referer(c); back != "/" {
			return []views.ProblemLink{{Label: in.Text("Go back"), URL: back}}
		}
	}
	return []views.ProblemLink{{Label: in.Text("Go to the first page"), URL: "/"}}
}

// deskWays offers a member where to go.
func deskWays(failure *model.Error) []views.ProblemLink {
	if failure.Kind == model.Gone || failure.Kind == model.Unauthorized {
		return []views.ProblemLink{{Label: "Sign in", URL: "/desk/login"}}
	}
	return []views.ProblemLink{{Label: "Go to the inbox", URL: "/desk"}}
}
