package web

import (
	"errors"
	"fmt"
	"math"

	"github.com/labstack/echo/v4"

	"deskbell/db/model"
	"deskbell/views"
)

// Problem adds ways on to an error, for the page that shows it.
type Problem struct {
	Err   error
	Title string // empty: the title of the error's kind
	Links []views.ProblemLink
	Ask   *views.AskMail    // nil: the page asks for no address
	Back  string            // where "Go back" posts what was kept; empty without any
	Kept  []views.KeptField // what was typed
	Again bool              // what was kept is sent once more, instead of shown in its form
	Typed string            // a text with nowhere to go, to be copied
}

func (p *Problem) Error() string { return p.Err.Error() }
func (p *Problem) Unwrap() error { return p.Err }

// BackField is the name of the button that brings a person back to a form with what they typed.
const BackField = "back"

// KeepTyped adds to a failure that no field can mend a way back to the form, with everything that
// was typed (B3). The page carries it: the server keeps nothing for somebody over a limit.
func KeepTyped(err error, action string, posted Form) error {
	kept := Problem{Err: err}
	if known, ok := errors.AsType[*Problem](err); ok {
		kept = *known
	}
	kept.Back, kept.Kept = action, posted.kept()
	return &kept
}

// SetRetryAfter says in the header when to try again.
func SetRetryAfter(c echo.Context, failure *model.Error) {
	if failure.RetryAfter > 0 {
		c.Response().Header().Set("Retry-After", fmt.Sprint(int(math.Ceil(failure.RetryAfter.Seconds()))))
	}
}
