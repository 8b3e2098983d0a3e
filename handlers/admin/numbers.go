package admin

import (
	"fmt"
	"strconv"

	"deskbell/db/model"
	"deskbell/handlers/web"
)

// number is a field of whole numbers: what was typed, and what it means when it is right.
type number struct {
	field    string
	min, max int
}

// read returns the typed text and its value, and adds an error for what is no number within bounds.
func (n number) read(posted web.Form, errs *model.FieldErrors) (typed string, value int) {
	typed = posted.Line(n.field)
	value, err := strconv.Atoi(typed)
	if err != nil || value < n.min || value > n.max {
		errs.Add(n.field, fmt.Sprintf("Enter a whole number from %s to %s.", model.Thousands(n.min), model.Thousands(n.max)))
	}
	return typed, value
}
