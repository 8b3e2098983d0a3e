package desk

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"deskbell/db"
	"deskbell/db/model"
	"deskbell/handlers/web"
	"deskbell/views"
)

// uploads is the form in which files wait for a member's answer.
func (d *Desk) uploads(c echo.Context, number int64, key string) (db.UploadForm, error) {
	if !d.Keys.FormKeyValid(d.formScope(c, number), key, d.Now()) {
		return db.UploadForm{}, model.Fail(model.BadRequest, "This page was open for too long. Reload it, and choose the file again.")
	}
	ticket, err := d.DB.TicketID(c.Request().Context(), web.Workspace(c).ID, number)
	return db.UploadForm{Key: key, Ticket: ticket, Team: true}, err
}

// stage takes the files that came with an answer, and removes the one whose button was pressed.
func (d *Desk) stage(c echo.Context, number int64, posted web.Form, files web.Incomings) error {
	if len(files) == 0 && posted.RemoveUpload() == "" {
		return nil
	}
	form, err := d.uploads(c, number, posted.Raw("form_key"))
	if err != nil {
		return err
	}
	_, refused, err := d.Stage(c, web.Workspace(c), form, files)
	if err == nil {
		err = refused.Err()
	}
	if err != nil || posted.RemoveUpload() == "" {
		return err
	}
	return d.DB.RemoveUpload(c.Request().Context(), web.Workspace(c).ID, form.Key, posted.RemoveUpload())
}

// Upload receives a file that was chosen in the answer form, and answers with its line.
func (d *Desk) Upload(c echo.Context) error {
	n, err := number(c)
	if err != nil {
		return err
	}
	posted, files, err := d.ReadFiles(c, web.Workspace(c).Uploads, true)
	defer files.Close()
	if err != nil {
		return err
	}
	form, err := d.uploads(c, n, posted.Raw("form_key"))
	if err != nil {
		return err
	}
	kept, refused, err := d.Stage(c, web.Workspace(c), form, files)
	if err != nil {
		return err
	}
	return d.UploadLines(c, ticketURL(n), form.Key, kept, refused)
}

// RemoveUpload takes a file out of the answer form.
func (d *Desk) RemoveUpload(c echo.Context) error {
	n, err := number(c)
	if err != nil {
		return err
	}
	posted, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	form, err := d.uploads(c, n, posted.Raw("form_key"))
	if err != nil {
		return err
	}
	if err := d.DB.RemoveUpload(c.Request().Context(), web.Workspace(c).ID, form.Key, posted.RemoveUpload()); err != nil {
		return err
	}
	return web.Removed(c, ticketURL(n)+"?form="+form.Key+"#composer")
}

// UploadPreview shows a picture that waits in the answer form.
func (d *Desk) UploadPreview(c echo.Context) error {
	file, err := d.DB.UploadPreview(c.Request().Context(), web.Workspace(c).ID, c.Param("file"))
	if err != nil {
		return err
	}
	return d.SendPreview(c, file)
}

// Attachment sends a file of a ticket, a note's too.
func (d *Desk) Attachment(c echo.Context) error {
	file, err := d.file(c)
	if err != nil {
		return err
	}
	return d.SendFile(c, file)
}

// AttachmentPreview shows a picture of a ticket.
func (d *Desk) AttachmentPreview(c echo.Context) error {
	file, err := d.file(c)
	if err != nil {
		return err
	}
	return d.SendPreview(c, file)
}

func (d *Desk) file(c echo.Context) (model.StoredFile, error) {
	n, err := number(c)
	if err != nil {
		return model.StoredFile{}, err
	}
	return d.DB.Attachment(c.Request().Context(), web.Workspace(c).ID, n, c.Param("file"))
}

// ConfirmRemove asks before a file is removed.
func (d *Desk) ConfirmRemove(c echo.Context) error {
	file, err := d.file(c)
	if err != nil {
		return err
	}
	frame, err := d.DeskFrame(c, "inbox")
	if err != nil {
		return err
	}
	n, _ := number(c) // file has read it
	return d.Page(c, http.StatusOK, views.RemoveFile{
		Desk: frame, Name: file.Name, Size: model.HumanSize(file.Bytes), Back: ticketURL(n),
		Action: ticketURL(n) + "/attachments/" + c.Param("file") + "/remove",
	})
}

// RemoveAttachment removes a file of a ticket.
func (d *Desk) RemoveAttachment(c echo.Context) error {
	n, err := number(c)
	if err != nil {
		return err
	}
	if err := d.DB.RemoveAttachment(c.Request().Context(), web.Member(c), n, c.Param("file")); err != nil {
		return err
	}
	if err := d.Flash(c, "The file is removed."); err != nil {
		return err
	}
	return web.SeeOther(c, ticketURL(n))
}
