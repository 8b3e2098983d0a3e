package admin

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"deskbell/db/model"
	"deskbell/handlers/web"
	"deskbell/views"
)

const documentsURL = "/desk/settings/documents"

func documentURL(id model.DocumentID) string { return fmt.Sprintf("%s/%d", documentsURL, id) }

// Documents lists the documents of one project, the first one's unless another is asked for.
func (a *Admin) Documents(c echo.Context) error {
	settings, err := a.settings(c, "documents")
	if err != nil {
		return err
	}
	ctx, ws := c.Request().Context(), web.Workspace(c)
	projects, err := a.DB.Projects(ctx, ws.ID)
	if err != nil {
		return err
	}
	page, asked := views.DocumentList{Settings: settings}, chosenProject(projects, c.QueryParam("project"))
	for _, p := range projects {
		chosen := p.PublicID == asked
		link := documentsURL + "?project=" + url.QueryEscape(p.PublicID)
		page.Projects = append(page.Projects, views.Filter{Label: p.Name, URL: link, Current: chosen})
		if !chosen {
			continue
		}
		list, more, err := a.DB.Documents(ctx, ws.ID, p.ID, c.QueryParam("after"))
		if err != nil {
			return err
		}
		for _, d := range list {
			page.Documents = append(page.Documents, views.DocumentLine{Document: d, URL: documentURL(d.ID)})
		}
		if more {
			page.More = link + "&after=" + url.QueryEscape(list[len(list)-1].Slug)
		}
		page.New = documentsURL + "/new?project=" + url.QueryEscape(p.PublicID)
	}
	return a.Page(c, http.StatusOK, page)
}

// chosenProject returns the project that was asked for, else the first one that has public pages,
// else the first one.
func chosenProject(projects []model.Project, asked string) string {
	if asked != "" || len(projects) == 0 {
		return asked
	}
	for _, p := range projects {
		if model.MayRead(p) == nil {
			return p.PublicID
		}
	}
	return projects[0].PublicID
}

// Document shows the form of a document, or of a new one.
func (a *Admin) Document(c echo.Context) error {
	page, err := a.documentForm(c)
	if err != nil {
		return err
	}
	return a.Page(c, http.StatusOK, page)
}

// SaveDocument takes the form: a preview, or a change that is saved as a draft or published.
func (a *Admin) SaveDocument(c echo.Context) error {
	page, err := a.documentForm(c)
	if err != nil {
		return err
	}
	posted, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	stored := page.Document
	page.Document = readDocument(posted, stored)
	if posted.Raw("action") == "preview" {
		return a.preview(c, page)
	}
	text := views.Document(page.Document.Body)
	id, err := a.DB.SaveDocument(c.Request().Context(), web.Workspace(c).ID, page.Document, text)
	switch failure, _ := model.AsError(err); model.KindOf(err) {
	case model.Invalid:
		page.Errors = failure.Fields
		return a.Page(c, http.StatusUnprocessableEntity, page)
	case model.Conflict:
		return a.showConflict(c, page, failure)
	}
	if err != nil {
		return err
	}
	if err := a.Flash(c, savedNotice(stored.State, page.Document.State)); err != nil {
		return err
	}
	return web.SeeOther(c, documentURL(id))
}

func savedNotice(before, after model.DocumentState) string {
	switch {
	case after == model.Draft && before == model.Published:
		return "Saved. The document is a draft again: nobody outside sees it."
	case after == model.Published && before != model.Published:
		return "Saved. The document is published."
	}
	return "Saved."
}

// preview shows what the typed text looks like, above the form with all that was typed.
func (a *Admin) preview(c echo.Context, page views.DocumentForm) error {
	if page.PreviewHTML = views.Document(page.Document.Body).HTML; page.PreviewHTML == "" {
		page.PreviewHTML = "<p>There is no text yet.</p>"
	}
	if web.WantsFragment(c) {
		return a.Fragment(c, http.StatusOK, page, "preview")
	}
	return a.Page(c, http.StatusOK, page)
}

// showConflict shows what somebody else has saved meanwhile, and keeps what was typed. Saving
// once more goes on from their version.
func (a *Admin) showConflict(c echo.Context, page views.DocumentForm, failure *model.Error) error {
	other, err := a.DB.Document(c.Request().Context(), web.Workspace(c).ID, page.Document.ID)
	if err != nil {
		return err
	}
	page.Other, page.Document.Version = &other, other.Version
	page.Problem = failure.Message + " Nothing is lost: theirs stands below, yours is still in the form. Take over what you need and save again."
	return a.Page(c, http.StatusConflict, page)
}

// readDocument takes the posted fields of a document.
func readDocument(posted web.Form, stored model.Document) model.Document {
	version, _ := strconv.ParseInt(posted.Raw("version"), 10, 64) // anything else is a version that never was
	d := model.Document{
		ID: stored.ID, Project: posted.Raw("project"), Title: posted.Raw("title"), Slug: posted.Raw("slug"),
		Body: posted.Raw("body"), State: model.Draft, Version: version,
	}
	if posted.Raw("action") == "publish" {
		d.State = model.Published
	}
	return d.Clean()
}

// ConfirmDelete asks before a document is deleted.
func (a *Admin) ConfirmDelete(c echo.Context) error {
	form, err := a.documentForm(c)
	if err != nil {
		return err
	}
	return a.Page(c, http.StatusOK, views.DocumentDelete{
		Settings: form.Settings, Document: form.Document, Action: form.Delete, Back: form.Action,
	})
}

// DeleteDocument removes a document.
func (a *Admin) DeleteDocument(c echo.Context) error {
	d, err := a.storedDocument(c)
	if err != nil {
		return err
	}
	if err := a.DB.DeleteDocument(c.Request().Context(), web.Workspace(c).ID, d.ID); err != nil {
		return err
	}
	if err := a.Flash(c, "The document is deleted."); err != nil {
		return err
	}
	return web.SeeOther(c, documentsURL+"?project="+url.QueryEscape(d.Project))
}

// documentForm is the form of the document in the path, or of a new one, as it stands.
func (a *Admin) documentForm(c echo.Context) (views.DocumentForm, error) {
	page := views.DocumentForm{Action: documentsURL + "/new"}
	ctx, ws := c.Request().Context(), web.Workspace(c)
	page.Document.Project = c.QueryParam("project")
	var err error
	if c.Param("id") != "" {
		if page.Document, err = a.storedDocument(c); err != nil {
			return page, err
		}
		page.Action = documentURL(page.Document.ID)
		page.Delete = page.Action + "/delete"
		page.Published = page.Document.State == model.Published
	}
	projects, err := a.DB.Projects(ctx, ws.ID)
	if err != nil {
		return page, err
	}
	for _, p := range projects {
		page.Projects = append(page.Projects, views.Choice{Value: p.PublicID, Label: p.Name})
		if page.Published && p.PublicID == page.Document.Project && model.MayRead(p) == nil {
			page.Public = a.Base.Origin(ws.PrimaryHost) + "/doc/" + url.PathEscape(p.PublicID) + "/" + url.PathEscape(page.Document.Slug)
		}
	}
	page.Settings, err = a.settings(c, "documents")
	return page, err
}

func (a *Admin) storedDocument(c echo.Context) (model.Document, error) {
	id, err := strconv.ParseInt(c.Param("id"), 10, 64)
	if err != nil {
		return model.Document{}, model.Fail(model.NotFound, "There is no such document. It may have been deleted.")
	}
	return a.DB.Document(c.Request().Context(), web.Workspace(c).ID, model.DocumentID(id))
}
