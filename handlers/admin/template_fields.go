package admin

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"deskbell/db"
	"deskbell/db/model"
	"deskbell/handlers/web"
	"deskbell/views"
	"deskbell/views/language"
)

func fieldURL(id model.TemplateID, key string) string {
	return templateURL(id) + "/fields/" + url.PathEscape(key)
}

// Field shows the form of a field, or of a new one.
func (a *Admin) Field(c echo.Context) error {
	page, _, err := a.fieldForm(c)
	if err != nil {
		return err
	}
	return a.Page(c, http.StatusOK, page)
}

// fieldForm is the form of the field in the path, or of a new one, as it stands.
func (a *Admin) fieldForm(c echo.Context) (views.FieldForm, model.Template, error) {
	t, err := a.storedTemplate(c)
	if err != nil {
		return views.FieldForm{}, t, err
	}
	page := views.FieldForm{Template: t.Name, Back: templateURL(t.ID), Action: templateURL(t.ID) + "/new"}
	f := model.Field{PublicField: model.PublicField{Kind: model.FieldText}, Visibility: model.Shown}
	if key := c.Param("key"); key != "" {
		if f, err = t.Field(key); err != nil {
			return page, t, err
		}
		page.Action = fieldURL(t.ID, key)
		page.Remove = page.Action + "/delete"
		if page.Held, err = a.held(c, t, key, "They keep the label and the answer that they have; what you change here counts for new tickets."); err != nil {
			return page, t, err
		}
	}
	fillIn(&page, f)
	for _, kind := range model.AskedKinds {
		page.Kinds = append(page.Kinds, views.Choice{Value: string(kind), Label: string(kind)})
	}
	page.Visibilities = []views.Choice{
		{Value: string(model.Shown), Label: "Shown: customers answer it"},
		{Value: string(model.Hidden), Label: "Hidden: filled in by the default, seen by your team alone"},
		{Value: string(model.ReadOnly), Label: "Read-only: fixed by the default, seen by your team alone"},
	}
	page.Settings, err = a.settings(c, "templates")
	return page, t, err
}

// fillIn puts a field into its form, with the preview that the public form's own block makes.
func fillIn(page *views.FieldForm, f model.Field) {
	page.Field = f
	page.Typed = views.FieldTyped{MinLength: bound(f.MinLength), MaxLength: bound(f.MaxLength), Choices: strings.Join(f.Choices, "\n")}
	form := model.Template{Fields: []model.Field{f}}.Form()
	page.Fields = views.Fields{List: views.NewFields(language.English(), form, nil, nil)}
}

func bound(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}

// held says how many tickets hold answers to a field, "" for none.
func (a *Admin) held(c echo.Context, t model.Template, key, then string) (string, error) {
	n, err := a.DB.HeldAnswers(c.Request().Context(), web.Workspace(c).ID, t.ID, key)
	switch {
	case err != nil || n == 0:
		return "", err
	case n == 1:
		return "One ticket holds an answer to this field. " + then, nil
	case n >= db.MaxHeld:
		return fmt.Sprintf("%s or more tickets hold answers to this field. %s", model.Thousands(n), then), nil
	}
	return fmt.Sprintf("%d tickets hold answers to this field. %s", n, then), nil
}

// SaveField takes the form of a field: a preview, or a change.
func (a *Admin) SaveField(c echo.Context) error {
	page, t, err := a.fieldForm(c)
	if err != nil {
		return err
	}
	posted, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	f, typed, errs := readField(posted)
	fillIn(&page, f)
	page.Typed = typed
	if posted.Raw("action") == "preview" {
		if web.WantsFragment(c) {
			return a.Fragment(c, http.StatusOK, page, "preview")
		}
		return a.Page(c, http.StatusOK, page)
	}
	if len(errs) == 0 {
		err = a.DB.SaveField(c.Request().Context(), web.Workspace(c).ID, t.ID, c.Param("key"), f)
	}
	if failure, ok := model.AsError(err); ok && failure.Kind == model.Invalid {
		errs, page.Problem = failure.Fields, failure.Message
	}
	if len(errs) > 0 || page.Problem != "" {
		page.Errors = errs
		return a.Page(c, http.StatusUnprocessableEntity, page)
	}
	return a.saved(c, err, "Saved.", templateURL(t.ID))
}

// readField takes the posted parts of a field. Lengths that are no numbers are errors of their own.
func readField(posted web.Form) (model.Field, views.FieldTyped, model.FieldErrors) {
	typed := views.FieldTyped{MinLength: posted.Line("min_length"), MaxLength: posted.Line("max_length"), Choices: posted.Text("choices")}
	f := model.Field{Visibility: model.Visibility(posted.Line("visibility")), Default: posted.Text("default"), Description: posted.Text("description")}
	f.Key, f.Kind, f.Label = posted.Line("key"), model.FieldKind(posted.Line("kind")), posted.Line("label")
	f.Help, f.Placeholder, f.Required = posted.Line("help"), posted.Line("placeholder"), posted.Raw("required") != ""
	f.Min, f.Max, f.Pattern = posted.Line("min"), posted.Line("max"), posted.Line("pattern")
	f.Choices = model.ParseChoices(typed.Choices)
	var errs model.FieldErrors
	for _, length := range []struct {
		name, typed string
		into        *int
	}{{"min_length", typed.MinLength, &f.MinLength}, {"max_length", typed.MaxLength, &f.MaxLength}} {
		n, err := strconv.Atoi(length.typed)
		if length.typed != "" && err != nil {
			errs.Add(length.name, "Enter a whole number, or leave it empty.")
		}
		*length.into = n
	}
	return f, typed, errs
}

// MoveField moves a field up or down.
func (a *Admin) MoveField(c echo.Context) error {
	t, err := a.storedTemplate(c)
	if err != nil {
		return err
	}
	posted, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	direction := posted.Raw("direction")
	if direction != "up" && direction != "down" {
		return model.Fail(model.Invalid, "Go back and move the field by its buttons, up or down.")
	}
	err = a.DB.MoveField(c.Request().Context(), web.Workspace(c).ID, t.ID, c.Param("key"), direction == "up")
	return a.saved(c, err, "Saved.", templateURL(t.ID)+"#row-"+c.Param("key"))
}

// ConfirmRemoveField asks before a field is removed, and says whether tickets hold answers.
func (a *Admin) ConfirmRemoveField(c echo.Context) error {
	t, err := a.storedTemplate(c)
	if err != nil {
		return err
	}
	f, err := t.Field(c.Param("key"))
	if err != nil {
		return err
	}
	warning, err := a.held(c, t, f.Key, "They keep them; new tickets are not asked any more.")
	if err != nil {
		return err
	}
	if warning == "" {
		warning = "No ticket holds an answer to it. New tickets are not asked any more."
	}
	settings, err := a.settings(c, "templates")
	if err != nil {
		return err
	}
	return a.Page(c, http.StatusOK, views.TemplateDelete{
		Settings: settings, Title: "Remove the field “" + f.Label + "”?", Button: "Remove field", Warning: warning,
		Action: fieldURL(t.ID, f.Key) + "/delete", Back: templateURL(t.ID),
	})
}

// RemoveField takes a field out of its template.
func (a *Admin) RemoveField(c echo.Context) error {
	t, err := a.storedTemplate(c)
	if err != nil {
		return err
	}
	err = a.DB.RemoveField(c.Request().Context(), web.Workspace(c).ID, t.ID, c.Param("key"))
	return a.saved(c, err, "The field is removed.", templateURL(t.ID))
}
