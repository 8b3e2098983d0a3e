package web

import (
	"errors"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"deskbell/db/model"
	"deskbell/views"
)

// Form is what a browser posted: of a field that came more than once, the first counts.
type Form struct{ values url.Values }

// QueryForm reads a form from the address of a request.
func QueryForm(c echo.Context) Form { return Form{c.QueryParams()} }

// ReadForm reads a posted form, urlencoded or multipart.
func ReadForm(c echo.Context) (Form, error) {
	r := c.Request()
	mediaType, _, err := mime.ParseMediaType(r.Header.Get(echo.HeaderContentType))
	switch {
	case r.ContentLength == 0:
		err = r.ParseForm()
	case err != nil || mediaType != echo.MIMEApplicationForm && mediaType != echo.MIMEMultipartForm:
		return Form{}, model.Fail(model.BadRequest, "This was not sent as a form. Go back and use the page's own button.")
	case mediaType == echo.MIMEMultipartForm:
		err = r.ParseMultipartForm(MaxForm)
	default:
		err = r.ParseForm()
	}
	if large, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return Form{}, tooLarge(large.Limit)
	}
	if err != nil {
		return Form{}, damaged(err)
	}
	if tooManyFields(r.PostForm) {
		return Form{}, tooManyParts()
	}
	return Form{r.PostForm}, nil
}

func tooManyFields(form url.Values) bool {
	n := 0
	for _, values := range form {
		n += len(values)
	}
	return n > maxParts
}

// Raw returns a field as it was posted, "" when it is missing.
func (f Form) Raw(name string) string { return f.values.Get(name) }

// All returns every value of a field that came more than once, as it was posted.
func (f Form) All(name string) []string { return f.values[name] }

// Line returns a field on one line.
func (f Form) Line(name string) string { return model.CleanLine(f.Raw(name)) }

// Text returns a field with its lines.
func (f Form) Text(name string) string { return model.CleanText(f.Raw(name)) }

// Fields returns what was posted for custom fields (B2): of each as many values as a field can have
// choices, so that a million of them cost nothing.
func (f Form) Fields() model.Typed {
	typed := model.Typed{}
	for name, values := range f.values {
		if key, ok := strings.CutPrefix(name, model.FieldName("")); ok {
			typed[key] = values[:min(len(values), model.MaxChoices)]
		}
	}
	return typed
}

// Back says whether the form came from an error page's "Go back".
func (f Form) Back() bool { return f.Raw(BackField) != "" }

// kept returns every field as it was typed, by name.
func (f Form) kept() []views.KeptField {
	var list []views.KeptField
	for _, name := range slices.Sorted(maps.Keys(f.values)) {
		if name == BackField {
			continue
		}
		for _, value := range f.values[name] {
			list = append(list, views.KeptField{Name: model.CleanLine(name), Value: model.CleanText(value)})
		}
	}
	return list
}

// On says whether a box is checked: whatever a client sends for it counts, but a plain no.
func (f Form) On(name string) bool {
	switch f.Line(name) {
	case "", "0", "off", "false", "no":
		return false
	}
	return true
}
