package web

import (
	"bytes"
	"errors"
	"io"
	"net/http"

	"github.com/labstack/echo/v4"

	"deskbell/db"
	"deskbell/db/files/preview"
	"deskbell/db/model"
)

// logoField is the form's field with the picture.
const logoField = "logo"

// formRoom is what a form takes around its one picture, in bytes.
const formRoom = 16 << 10

// ReadLogo takes the picture of a form and makes a logo of it: nothing of the bytes that were sent is
// kept. What is wrong with the picture fails with Invalid, beside its field.
func ReadLogo(c echo.Context) (db.Logo, error) {
	data, err := readPicture(c)
	if err != nil {
		return db.Logo{}, err
	}
	kind, err := preview.Sniff(bytes.NewReader(data))
	if err != nil || !kind.Inline() {
		return db.Logo{}, wrongLogo("This is no picture that can be shown. Choose a PNG, JPEG, WebP or GIF file.")
	}
	made, err := preview.Logo(c.Request().Context(), bytes.NewReader(data), int64(len(data)))
	if errors.Is(err, preview.ErrNoPreview) {
		return db.Logo{}, wrongLogo("This picture is damaged, or has too many pixels. Choose another one, or save it anew.")
	}
	return db.Logo{PNG: made.Data, Logo: model.Logo{Width: made.Width, Height: made.Height}}, err
}

func wrongLogo(message string) error {
	return model.FieldErrors{{Field: logoField, Message: message}}.Err()
}

func readPicture(c echo.Context) ([]byte, error) {
	r := c.Request()
	err := limitBody(c, model.MaxLogo+formRoom)
	if err == nil {
		err = r.ParseMultipartForm(model.MaxLogo + formRoom)
	}
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		linger(c)
		return nil, tooLargeLogo()
	}
	if errors.Is(err, http.ErrNotMultipart) || errors.Is(err, http.ErrMissingBoundary) {
		return nil, model.Fail(model.BadRequest, "This was not sent as a form. Go back and use the page's own button.")
	}
	if err != nil {
		return nil, damaged(err)
	}
	file, head, err := r.FormFile(logoField)
	switch {
	case errors.Is(err, http.ErrMissingFile) || err == nil && head.Size == 0:
		return nil, wrongLogo("Choose a picture first.")
	case err != nil:
		return nil, damaged(err)
	case head.Size > model.MaxLogo:
		return nil, tooLargeLogo()
	}
	defer file.Close()
	return io.ReadAll(file)
}

func tooLargeLogo() error {
	return wrongLogo("This picture is larger than " + model.HumanSize(model.MaxLogo) + ". Choose a smaller one.")
}
