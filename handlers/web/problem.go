package web

import "deskbell/views"

// Problem adds ways on to an error, for the page that shows it.
type Problem struct {
	Err   error
	Title string // empty: the title of the error's kind
	Links []views.ProblemLink
}

func (p *Problem) Error() string { return p.Err.Error() }
func (p *Problem) Unwrap() error { return p.Err }
