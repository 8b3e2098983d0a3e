package web

import (
	"context"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"deskbell/db"
	"deskbell/db/files"
	"deskbell/db/files/preview"
	"deskbell/db/model"
	"deskbell/views"
)

// maxParts bounds the fields of a form, with files or without.
const maxParts = 1000

// Incoming is a file that came with a form: received, or refused for a reason of its own.
type Incoming struct {
	field string // key of the custom field that asked for it; empty: none
	name  string
	file  *files.Received
	err   error // an Invalid error about this file alone; nil for one that was received
}

// Incomings are the files of one request. Close removes what nobody took.
type Incomings []Incoming

// Close removes the files that were not taken over.
func (in Incomings) Close() {
	for _, one := range in {
		if one.file != nil {
			one.file.Close()
		}
	}
}

// ReadFiles reads a form that may carry files, by the rules of a workspace for the team or for people
// outside. Files stream to the disk: memory holds a buffer of each. What breaks a bound of the whole
// request fails; the form as far as it came is returned as well, so that nothing typed is lost. The
// caller closes the files in any case.
func (k *Kit) ReadFiles(c echo.Context, rules model.UploadRules, team bool) (Form, Incomings, error) {
	mediaType, params, err := mime.ParseMediaType(c.Request().Header.Get(echo.HeaderContentType))
	if err != nil || mediaType != echo.MIMEMultipartForm {
		_ = limitBody(c, MaxForm) // reading says it as well
		form, err := ReadForm(c)
		return form, nil, err
	}
	r := &filesReader{kit: k, ctx: c.Request().Context(), rules: rules, team: team, form: Form{url.Values{}}, text: MaxForm}
	err = limitBody(c, rules.MaxRequest(team))
	if err == nil && !team {
		var done func()
		if done, err = k.receiving.begin(Client(c)); err == nil {
			defer done()
		}
	}
	if err == nil {
		k.patient(c)
		err = r.read(multipart.NewReader(c.Request().Body, params["boundary"]))
	}
	if large, ok := errors.AsType[*http.MaxBytesError](err); ok {
		linger(c)
		err = tooLargeRequest(large.Limit)
	}
	return r.form, r.files, err
}

func tooLargeRequest(limit int64) error {
	return model.Fail(model.TooLarge, "This is larger than the {0} that can be sent at once. Go back, and send fewer or smaller files.",
		model.Size(limit))
}

// filesReader reads one multipart form.
type filesReader struct {
	kit   *Kit
	ctx   context.Context
	rules model.UploadRules
	team  bool
	form  Form
	files Incomings
	text  int64 // bytes of text that may still come
}

func (r *filesReader) read(parts *multipart.Reader) error {
	for range maxParts {
		part, err := parts.NextPart()
		if err == io.EOF { // and no error around it: that is a form that was cut off
			return nil
		}
		if err == nil && part.FileName() == "" {
			err = r.readText(part)
		} else if err == nil {
			err = r.readFile(part)
		}
		if err != nil {
			return damaged(err)
		}
	}
	return tooManyParts()
}

func tooManyParts() error {
	return model.Fail(model.TooLarge, "The form has too many parts. Go back and send it again.")
}

// damaged is the failure of a form that could not be read to its end.
func damaged(err error) error {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok || model.KindOf(err) != "" {
		return err
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return tooSlow()
	}
	return model.Fail(model.BadRequest, "The form arrived damaged. Go back and send it again.")
}

func (r *filesReader) readText(part *multipart.Part) error {
	text, err := io.ReadAll(io.LimitReader(part, r.text+1))
	if err != nil {
		return err
	}
	if r.text -= int64(len(text)); r.text < 0 {
		return tooLarge(MaxForm)
	}
	// A file input without a file comes as an empty text.
	if name := part.FormName(); name != "" && name != model.AttachmentsField {
		r.form.values.Add(name, string(text))
	}
	return nil
}

// readFile receives a file for one of the form's file fields, and skips any other.
func (r *filesReader) readFile(part *multipart.Part) error {
	name := part.FormName()
	field, custom := strings.CutPrefix(name, model.FieldName(""))
	if name == model.AttachmentsField {
		field = ""
	} else if !custom {
		return nil
	}
	in := Incoming{field: field, name: model.CleanFileName(part.FileName())}
	if len(r.files) >= r.rules.MaxFiles(r.team) {
		in.err = model.TooManyFiles(name, r.rules.MaxFiles(r.team))
		if r.files[len(r.files)-1].err == nil { // one message for all of them
			r.files = append(r.files, in)
		}
		return nil
	}
	source := &watched{r: part}
	var err error
	in.file, err = r.kit.Files.Receive(r.ctx, source, r.rules.MaxFile(r.team))
	switch {
	case errors.Is(err, files.ErrTooLarge):
		in.err = model.TooLargeFile(name, in.name, r.rules.MaxFile(r.team))
	case err != nil && source.err != nil:
		return source.err
	case err != nil:
		return r.kit.unavailable(r.ctx, "receive a file", err)
	}
	r.files = append(r.files, in)
	return nil
}

// watched remembers how a source failed, to tell that from a failing disk.
type watched struct {
	r   io.Reader
	err error
}

func (w *watched) Read(p []byte) (int, error) {
	n, err := w.r.Read(p)
	if err != nil && err != io.EOF {
		w.err = err
	}
	return n, err
}

// unavailable is the failure of the store, which the log knows more about.
func (k *Kit) unavailable(ctx context.Context, doing string, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	k.Log.Error("the store of files failed", "doing", doing, "error", err)
	return model.Fail(model.Unavailable, "Files cannot be kept here at the moment. Your text is still here: send it without files, or try again later.")
}

// Stage takes over the files that came for a form: of each the bytes, then the row, so that no row is
// without its bytes. Files that are refused for what they are come back as field errors, and the
// others are kept; a limit, or a store that fails, is an error.
func (k *Kit) Stage(c echo.Context, ws model.Workspace, form db.UploadForm, in Incomings) ([]model.Upload, model.FieldErrors, error) {
	var kept []model.Upload
	var refused model.FieldErrors
	for _, one := range in {
		err := one.err
		if err == nil {
			var upload model.Upload
			if upload, err = k.stage(c.Request().Context(), ws, form, one); err == nil {
				kept = append(kept, upload)
				continue
			}
		}
		failure, ok := model.AsError(err)
		if !ok || failure.Kind != model.Invalid {
			return kept, refused, err
		}
		refused = append(refused, failure.Fields...)
	}
	return kept, refused, nil
}

func (k *Kit) stage(ctx context.Context, ws model.Workspace, form db.UploadForm, in Incoming) (model.Upload, error) {
	file, err := preview.Describe(in.file, in.field, in.name)
	if err != nil {
		return model.Upload{}, k.unavailable(ctx, "look into a file", err)
	}
	// Asked again in the transaction: here to spare the store what will be refused.
	if err := ws.Uploads.CheckUpload(model.UploadName(in.field), in.name, file.Bytes, file.Type, form.Team); err != nil {
		return model.Upload{}, err
	}
	if file, err = preview.Keep(ctx, k.Files, file, in.file); err != nil {
		return model.Upload{}, k.unavailable(ctx, "keep a file", err)
	}
	upload, err := k.DB.AddUpload(ctx, ws.ID, form, file)
	if err != nil {
		preview.Discard(ctx, k.Files, file)
	}
	return upload, err
}

// UploadRefs returns the refs of the waiting files that a form showed.
func (f Form) UploadRefs() []string {
	refs := f.values["upload"]
	return slices.Clone(refs[:min(len(refs), model.MaxFormFiles)])
}

// RemoveUpload returns the ref of the file that a form's button removes, "" for none.
func (f Form) RemoveUpload() string { return f.Raw("remove_upload") }

// UploadLines answers with a line for each file that was kept or refused; 422 where none was kept.
// Without JavaScript nobody comes here: a browser that does is led back to its form, with its files.
func (k *Kit) UploadLines(c echo.Context, url, formKey string, kept []model.Upload, refused model.FieldErrors) error {
	if !WantsFragment(c) {
		return c.Redirect(http.StatusSeeOther, url+"?form="+formKey)
	}
	status := http.StatusOK
	if len(kept) == 0 {
		status = http.StatusUnprocessableEntity
	}
	return k.Fragment(c, status, views.UploadLines{Lines: views.NewUploadLines(url, kept, refused.In(k.Language(c).Say))}, "uploaded")
}

// Removed answers a request that took a file out of a form: its line goes, or the form comes again.
func Removed(c echo.Context, url string) error {
	if WantsFragment(c) {
		return c.HTMLBlob(http.StatusOK, nil)
	}
	return c.Redirect(http.StatusSeeOther, url)
}
