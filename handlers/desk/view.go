package desk

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"deskbell/db/model"
	"deskbell/handlers/web"
	"deskbell/views"
)

func viewURL(id model.SavedViewID) string { return fmt.Sprintf("/desk/views/%d", id) }

// addViews lists the saved views beside the inbox, and offers to save what is picked where no view has it.
func (d *Desk) addViews(c echo.Context, state *inboxState, page *views.Inbox) error {
	me, query := web.Member(c), state.values().Encode()
	list, err := d.DB.SavedViews(c.Request().Context(), me)
	known := slices.ContainsFunc(page.Filters, func(f views.Filter) bool { return f.Current })
	for _, v := range list {
		line := views.ViewLine{Name: v.Name, URL: inboxURL + "?" + v.Query, Current: v.Query == query}
		if v.Owner != me.ID {
			line.By = v.By
		}
		if v.ChangedBy(me) {
			line.Change = viewURL(v.ID)
		}
		known = known || line.Current
		page.Views = append(page.Views, line)
	}
	if !known {
		page.Save.Action = "/desk/views?" + query
	}
	return err
}

// SaveView keeps what its URL picks under a name (M2).
func (d *Desk) SaveView(c echo.Context) error {
	state, err := d.readInbox(c)
	if err != nil {
		return err
	}
	posted, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	query := state.values().Encode()
	v := model.SavedView{Name: posted.Line("view_name"), Query: query, Shared: posted.On("shared")}
	err = d.DB.SaveView(c.Request().Context(), web.Member(c), v)
	if failure, ok := model.AsError(err); ok && failure.Kind == model.Invalid {
		page, err := d.inboxList(c, state)
		if err != nil {
			return err
		}
		page.Save = views.SaveView{Action: "/desk/views?" + query, Name: v.Name, Shared: v.Shared, Errors: failure.Fields}
		return d.Page(c, http.StatusUnprocessableEntity, page)
	}
	return d.viewChanged(c, err, "The view is saved.", inboxURL+"?"+query)
}

// SavedView is the form of one saved view.
func (d *Desk) SavedView(c echo.Context) error {
	_, page, err := d.savedView(c)
	if err != nil {
		return err
	}
	return d.Page(c, http.StatusOK, page)
}

// savedView reads the view that the path names, for somebody who may change it.
func (d *Desk) savedView(c echo.Context) (model.SavedView, views.SavedView, error) {
	id, err := strconv.ParseInt(c.Param("id"), 10, 64)
	if err != nil {
		return model.SavedView{}, views.SavedView{}, model.Fail(model.NotFound, "There is no view here that you can change.")
	}
	v, err := d.DB.SavedView(c.Request().Context(), web.Member(c), model.SavedViewID(id))
	if err != nil {
		return v, views.SavedView{}, err
	}
	frame, err := d.DeskFrame(c, "inbox")
	page := views.SavedView{
		Desk: frame, Was: v.Name, Name: v.Name, Shared: v.Shared, Open: inboxURL + "?" + v.Query,
		Action: viewURL(v.ID), Delete: viewURL(v.ID) + "/delete",
	}
	if v.Owner != web.Member(c).ID {
		page.By = v.By
	}
	return v, page, err
}

// ChangeView takes a view's new name, and who sees it.
func (d *Desk) ChangeView(c echo.Context) error {
	v, page, err := d.savedView(c)
	if err != nil {
		return err
	}
	posted, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	v.Name, v.Shared = posted.Line("view_name"), posted.On("shared")
	err = d.DB.SaveView(c.Request().Context(), web.Member(c), v)
	if failure, ok := model.AsError(err); ok && failure.Kind == model.Invalid {
		page.Name, page.Shared, page.Errors = v.Name, v.Shared, failure.Fields
		return d.Page(c, http.StatusUnprocessableEntity, page)
	}
	return d.viewChanged(c, err, "The view is saved.", page.Open)
}

// DeleteView removes a view. The tickets stay as they are.
func (d *Desk) DeleteView(c echo.Context) error {
	v, _, err := d.savedView(c)
	if err == nil {
		err = d.DB.DeleteView(c.Request().Context(), web.Member(c), v.ID)
	}
	return d.viewChanged(c, err, "The view is deleted.", inboxURL)
}

// viewChanged leads to a list with a notice.
func (d *Desk) viewChanged(c echo.Context, err error, notice, to string) error {
	if err == nil {
		err = d.Flash(c, notice)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, to)
}
