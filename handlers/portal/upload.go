package portal

import (
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"deskbell/db"
	"deskbell/db/model"
	"deskbell/handlers/web"
	"deskbell/views"
)

// intakeUploads is the form in which a creation form's files wait.
func (p *Portal) intakeUploads(c echo.Context, form *intake) db.UploadForm {
	return db.UploadForm{Key: form.page.FormKey, Project: form.project.ID, Client: web.Client(c), Customer: form.customer.ID}
}

// UploadToIntake receives a file that was chosen in the creation form (G1) and answers with its line
// for the form.
func (p *Portal) UploadToIntake(c echo.Context) error {
	if err := p.spendPost(c); err != nil {
		return err
	}
	ws := web.Workspace(c)
	if err := model.MayUpload(ws); err != nil {
		return err
	}
	posted, files, err := p.ReadFiles(c, ws.Uploads, false)
	defer files.Close()
	if err != nil {
		return err
	}
	form, err := p.newIntake(c, posted.Raw("customer_token"))
	if err != nil {
		return err
	}
	if !form.useKey(p, posted.Raw("form_key")) {
		return model.Fail(model.BadRequest, "This page was open for too long. Reload it, and choose the file again.")
	}
	return p.upload(c, p.intakeUploads(c, form), files, form.page.Action)
}

// upload takes over what was chosen and answers with a line for each file, or with why it was refused.
func (p *Portal) upload(c echo.Context, form db.UploadForm, files web.Incomings, url string) error {
	kept, refused, err := p.Stage(c, web.Workspace(c), form, files)
	if err != nil {
		return err
	}
	return p.UploadLines(c, url, form.Key, kept, refused)
}

// RemoveFromIntake takes a file out of a creation form.
func (p *Portal) RemoveFromIntake(c echo.Context) error {
	posted, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	form, err := p.newIntake(c, posted.Raw("customer_token"))
	if err != nil {
		return err
	}
	key := posted.Raw("form_key")
	if form.useKey(p, key) {
		if err := p.DB.RemoveUpload(c.Request().Context(), form.workspace.ID, key, posted.RemoveUpload()); err != nil {
			return err
		}
	}
	return web.Removed(c, form.page.Action+"?form="+key)
}

// UploadPreview shows a picture that waits in a creation form, to whoever knows its random name: the
// form it is in.
func (p *Portal) UploadPreview(c echo.Context) error {
	file, err := p.DB.UploadPreview(c.Request().Context(), web.Workspace(c).ID, c.Param("file"))
	if err != nil {
		return err
	}
	return p.SendPreview(c, file)
}

// replyUploads is the form in which a recipient's files wait.
func (p *Portal) replyUploads(r model.Reader, key string) (db.UploadForm, error) {
	if !p.Keys.StableFormKeyValid(replyScope(r), key) {
		return db.UploadForm{}, model.Fail(model.BadRequest, "This page was out of date. Reload it, and choose the file again.")
	}
	return db.UploadForm{Key: key, Ticket: r.Ticket, Recipient: r.Recipient, Customer: r.Customer}, nil
}

// waitingKey is the key of a reply form: that of the recipient's waiting files, so that who opens the
// thread again finds them there, else that of the thread's version.
func (p *Portal) waitingKey(r model.Reader, version int64) string {
	waiting := strings.Fields(r.Waiting) // ref and key in turn
	for i := len(waiting) - 1; i > 0; i -= 2 {
		if p.Keys.StableFormKeyValid(replyScope(r), waiting[i]) {
			return waiting[i]
		}
	}
	return p.Keys.StableFormKey(replyScope(r), version)
}

// UploadToThread receives a file that was chosen in the reply form.
func (p *Portal) UploadToThread(open door) echo.HandlerFunc {
	return func(c echo.Context) error {
		reader, url, err := open(c)
		if err == nil {
			err = p.spendPost(c)
		}
		if err == nil {
			err = mayAttach(web.Workspace(c))
		}
		if err != nil {
			return err
		}
		posted, files, err := p.ReadFiles(c, web.Workspace(c).Uploads, false)
		defer files.Close()
		if err != nil {
			return err
		}
		form, err := p.replyUploads(reader, posted.Raw("form_key"))
		if err != nil {
			return err
		}
		return p.upload(c, form, files, url)
	}
}

// mayAttach says whether recipients may send files with their answers.
func mayAttach(ws model.Workspace) error {
	if err := model.MayReply(ws); err != nil {
		return err
	}
	return model.MayUpload(ws)
}

// RemoveFromThread takes a file out of the reply form.
func (p *Portal) RemoveFromThread(open door) echo.HandlerFunc {
	return func(c echo.Context) error {
		posted, err := web.ReadForm(c)
		if err != nil {
			return err
		}
		reader, url, err := open(c)
		if err != nil {
			return err
		}
		if key := posted.Raw("form_key"); p.Keys.StableFormKeyValid(replyScope(reader), key) {
			if err := p.DB.RemoveUpload(c.Request().Context(), web.Workspace(c).ID, key, posted.RemoveUpload()); err != nil {
				return err
			}
		}
		return web.Removed(c, url+"#reply")
	}
}

// ThreadUploadPreview shows a picture that waits in a reply form.
func (p *Portal) ThreadUploadPreview(open door) echo.HandlerFunc {
	return func(c echo.Context) error {
		reader, _, err := open(c)
		if err != nil {
			return err
		}
		if !slices.Contains(strings.Fields(reader.Waiting), c.Param("file")) {
			return model.Fail(model.NotFound, "There is nothing at this address.")
		}
		return p.UploadPreview(c)
	}
}

// Attachment sends a file of a public message to somebody who may read it (G8).
func (p *Portal) Attachment(open door) echo.HandlerFunc { return p.attachment(open, p.SendFile) }

// AttachmentPreview shows a picture of a public message.
func (p *Portal) AttachmentPreview(open door) echo.HandlerFunc {
	return p.attachment(open, p.SendPreview)
}

func (p *Portal) attachment(open door, send func(echo.Context, model.StoredFile) error) echo.HandlerFunc {
	return func(c echo.Context) error {
		reader, _, err := open(c)
		if err != nil {
			return err
		}
		file, err := p.DB.PublicAttachment(c.Request().Context(), web.Workspace(c).ID, reader, c.Param("file"))
		if err != nil {
			return err
		}
		return send(c, file)
	}
}

// uploads is the part of a form for files as people outside see it.
func (p *Portal) uploads(c echo.Context, ws model.Workspace, url string, waiting []model.Upload, errs model.FieldErrors) views.Uploads {
	part := views.NewUploads(p.Language(c), ws.Uploads, false, url, "", waiting, errs)
	if off, ok := p.Failure(c, model.MayUpload(ws)); ok {
		part.Off, part.Hint = off.Message, off.Message
	}
	return part
}

// stage takes the files that came with a whole form, without JavaScript. What is refused for what it
// is comes back as an Invalid error beside its field.
func (p *Portal) stage(c echo.Context, form db.UploadForm, files web.Incomings) error {
	if len(files) == 0 {
		return nil
	}
	if err := model.MayUpload(web.Workspace(c)); err != nil {
		return err
	}
	_, refused, err := p.Stage(c, web.Workspace(c), form, files)
	if err != nil {
		return err
	}
	return refused.Err()
}

// useKey takes the key that a form was posted with, where it is one of this form's.
func (f *intake) useKey(p *Portal, key string) bool {
	if !p.Keys.FormKeyValid(f.scope(), key, p.Now()) {
		return false
	}
	f.page.FormKey = key
	return true
}
