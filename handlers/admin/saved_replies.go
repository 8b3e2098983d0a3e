package admin

import (
	"fmt"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"deskbell/db/model"
	"deskbell/handlers/web"
	"deskbell/views"
)

const savedRepliesURL = "/desk/settings/saved-replies"

func savedReplyURL(id model.SavedReplyID) string { return fmt.Sprintf("%s/%d", savedRepliesURL, id) }

// SavedReplies lists the workspace's saved replies (M5).
func (a *Admin) SavedReplies(c echo.Context) error {
	settings, err := a.settings(c, "saved-replies")
	if err != nil {
		return err
	}
	list, err := a.DB.SavedReplies(c.Request().Context(), web.Workspace(c).ID)
	if err != nil {
		return err
	}
	page := views.SavedReplyList{Settings: settings, New: savedRepliesURL + "/new"}
	for _, r := range list {
		page.Replies = append(page.Replies, views.SavedReplyLine{SavedReply: r, URL: savedReplyURL(r.ID)})
	}
	return a.Page(c, http.StatusOK, page)
}

// SavedReply shows the form of a saved reply, or of a new one.
func (a *Admin) SavedReply(c echo.Context) error {
	page, err := a.savedReplyForm(c)
	if err != nil {
		return err
	}
	return a.Page(c, http.StatusOK, page)
}

// SaveSavedReply takes the form.
func (a *Admin) SaveSavedReply(c echo.Context) error {
	page, err := a.savedReplyForm(c)
	if err != nil {
		return err
	}
	posted, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	page.Reply = model.SavedReply{ID: page.Reply.ID, Name: posted.Raw("name"), Body: posted.Raw("body")}.Clean()
	_, err = a.DB.SaveReply(c.Request().Context(), web.Workspace(c).ID, page.Reply)
	if failure, ok := model.AsError(err); ok && failure.Kind == model.Invalid {
		page.Errors = failure.Fields
		return a.Page(c, http.StatusUnprocessableEntity, page)
	}
	return a.saved(c, err, "Saved.", savedRepliesURL)
}

// ConfirmDeleteSavedReply asks before a saved reply is deleted.
func (a *Admin) ConfirmDeleteSavedReply(c echo.Context) error {
	page, err := a.savedReplyForm(c)
	if err != nil {
		return err
	}
	return a.Page(c, http.StatusOK, views.SavedReplyDelete{
		Settings: page.Settings, Name: page.Reply.Name, Action: page.Delete, Back: page.Action,
	})
}

// DeleteSavedReply removes a saved reply.
func (a *Admin) DeleteSavedReply(c echo.Context) error {
	id, err := savedReplyID(c)
	if err == nil {
		err = a.DB.DeleteSavedReply(c.Request().Context(), web.Workspace(c).ID, id)
	}
	return a.saved(c, err, "The saved reply is deleted.", savedRepliesURL)
}

// savedReplyForm is the form of the saved reply in the path, or of a new one, as it stands.
func (a *Admin) savedReplyForm(c echo.Context) (views.SavedReplyForm, error) {
	page := views.SavedReplyForm{Action: savedRepliesURL + "/new", Back: savedRepliesURL}
	if c.Param("id") != "" {
		id, err := savedReplyID(c)
		if err == nil {
			page.Reply, err = a.DB.SavedReply(c.Request().Context(), web.Workspace(c).ID, id)
		}
		if err != nil {
			return page, err
		}
		page.Action, page.Delete = savedReplyURL(id), savedReplyURL(id)+"/delete"
	}
	var err error
	page.Settings, err = a.settings(c, "saved-replies")
	return page, err
}

func savedReplyID(c echo.Context) (model.SavedReplyID, error) {
	id, err := strconv.ParseInt(c.Param("id"), 10, 64)
	if err != nil {
		return 0, model.Fail(model.NotFound, "There is no such saved reply. It may have been deleted.")
	}
	return model.SavedReplyID(id), nil
}
