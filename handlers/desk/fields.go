package desk

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"deskbell/db"
	"deskbell/db/model"
	"deskbell/handlers/web"
	"deskbell/views"
	"deskbell/views/language"
)

// FieldsPage shows a ticket's type and fields in a form (M3).
func (d *Desk) FieldsPage(c echo.Context) error {
	return d.fieldsPage(c, http.StatusOK, web.Form{}, views.TicketFields{})
}

// SaveFields takes that form. Where the chosen type asks what the form did not, it comes up again first.
func (d *Desk) SaveFields(c echo.Context) error {
	n, err := number(c)
	if err != nil {
		return err
	}
	posted, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	ctx, ws, page := c.Request().Context(), web.Workspace(c).ID, views.TicketFields{}
	fields, err := d.DB.TicketFields(ctx, ws, n, posted.Raw("type"))
	if err == nil && posted.Raw("asked") != askedMark(fields.Template) {
		page.Asked = "This type has these fields. Fill in what you know, and save."
		return d.fieldsPage(c, http.StatusOK, posted, page)
	}
	if err == nil {
		err = d.DB.SetTicketFields(ctx, web.Member(c), n, db.FieldsChange{Type: posted.Raw("type"), Typed: posted.Fields(), State: posted.Raw("state")})
	}
	failure, _ := model.AsError(err)
	switch {
	case model.KindOf(err) == model.Invalid:
		page.Errors = failure.Fields
		return d.fieldsPage(c, http.StatusUnprocessableEntity, posted, page)
	case model.KindOf(err) == model.Conflict && fields.Ticket.ID != 0 && fields.Ticket.MergedInto == 0:
		page.Problem = failure.Message + " What you typed is still here: compare it with the ticket, and save once more."
		return d.fieldsPage(c, http.StatusConflict, posted, page)
	case err != nil:
		return web.KeepTyped(err, ticketURL(n)+"/fields", posted)
	}
	if err := d.Flash(c, "Type and fields are saved."); err != nil {
		return err
	}
	return web.SeeOther(c, ticketURL(n))
}

// fieldsPage completes the page with the ticket's fields, or with what was typed into them.
func (d *Desk) fieldsPage(c echo.Context, status int, posted web.Form, page views.TicketFields) error {
	n, err := number(c)
	if err != nil {
		return err
	}
	key := posted.Raw("type")
	if page.Errors.Of("type") != "" {
		key = "" // it is none: the form comes with the ticket's own
	}
	fields, err := d.DB.TicketFields(c.Request().Context(), web.Workspace(c).ID, n, key)
	if err != nil {
		return err
	}
	if page.Desk, err = d.DeskFrame(c, "inbox"); err != nil {
		return err
	}
	if key == "" {
		key = fields.Ticket.TypeKey
	}
	page.Number, page.Title, page.Type = n, fields.Ticket.Title, key
	page.Action, page.Back = ticketURL(n)+"/fields", ticketURL(n)
	page.State, page.Mark = fields.State(), askedMark(fields.Template)
	for _, t := range fields.Types {
		page.Types = append(page.Types, views.Choice{Value: t.Key, Label: t.Name})
	}
	page.Fields = ticketFields(fields, posted.Fields(), len(page.Errors) > 0 || page.Problem != "", page.Errors)
	return d.Page(c, status, page)
}

// askedMark names the questions that a page asks, whatever type asks them.
func askedMark(t model.Template) string {
	var all []model.PublicField
	for _, f := range t.Fields {
		all = append(all, f.PublicField)
	}
	return model.Mark("", all)
}

// ticketFields are the questions of a template, with what was typed or else with the answers. None has to be
// answered: the team may not know. Whole says that all of them were asked: of choices without a tick, a form
// posts nothing.
func ticketFields(f db.TicketFields, typed model.Typed, whole bool, errs model.FieldErrors) []views.CustomField {
	values := model.Typed{}
	for _, a := range f.Answers {
		values[a.Key] = strings.Split(a.Value, "\n")
		if a.Kind != model.FieldChoices {
			values[a.Key] = []string{a.Value}
		}
	}
	var asked []model.PublicField
	for _, field := range f.Template.Fields {
		if field.Kind == model.FieldFile {
			continue
		}
		if _, posted := typed[field.Key]; posted || whole && field.Kind == model.FieldChoices {
			values[field.Key] = typed[field.Key]
		}
		question := field.PublicField
		question.Required = false
		if field.Visibility != model.Shown {
			question.Help = strings.TrimSpace("Internal: customers never see it. " + field.Description)
		}
		asked = append(asked, question)
	}
	return views.NewFields(language.English(), asked, values, errs)
}
