package web

import (
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"deskbell/db/files"
	"deskbell/db/model"
)

// filePolicy keeps what somebody uploaded from doing anything in the portal's origin (G7).
const filePolicy = "default-src 'none'; sandbox; frame-ancestors 'none'"

// SendFile answers with a file to keep: never shown in the browser, whatever it contains (G7). It
// serves ranges, and 304 to who has it.
func (k *Kit) SendFile(c echo.Context, f model.StoredFile) error {
	header := c.Response().Header()
	header.Set(echo.HeaderContentDisposition, model.Disposition(f.Name))
	header.Set(echo.HeaderContentType, downloadType(f.Type))
	return k.sendBytes(c, f.File, f.SHA256, f.CreatedAt)
}

// SendPreview answers with the picture that stands for a file in a page, which the server made.
func (k *Kit) SendPreview(c echo.Context, f model.StoredFile) error {
	if !f.HasPreview {
		return model.Fail(model.NotFound, "There is nothing at this address.")
	}
	c.Response().Header().Set(echo.HeaderContentDisposition, "inline")
	return k.sendBytes(c, f.File+model.PreviewSuffix, f.SHA256+"-p", f.CreatedAt)
}

// downloadType is the media type of a download. What a browser could run has none of its own.
func downloadType(t model.FileType) string {
	if t.Inline() || t.Media == "application/pdf" {
		return t.Media
	}
	return echo.MIMEOctetStream
}

func (k *Kit) sendBytes(c echo.Context, name, tag string, at time.Time) error {
	file, err := k.Files.Open(c.Request().Context(), name)
	if errors.Is(err, files.ErrMissing) {
		k.Log.Error("the bytes of a file are missing", "file", name)
		return model.Fail(model.NotFound, "This file is not there any more. Ask whoever sent it to send it again.")
	}
	if err != nil {
		return k.unreadable(err)
	}
	defer file.Close()
	header := c.Response().Header()
	header.Set("ETag", `"`+tag+`"`)
	header.Set(echo.HeaderCacheControl, "private, no-cache")
	header.Set("Content-Security-Policy", filePolicy)
	if header.Get(echo.HeaderContentType) == "" { // a preview, of our own making
		if err := setPictureType(header, file); err != nil {
			return err
		}
	}
	http.ServeContent(c.Response(), c.Request(), "", at, &outgoing{ReadSeeker: file, progress: k.extendWrites(c)})
	return nil
}

// unreadable notes that the store could not open a file, and says it to people.
func (k *Kit) unreadable(err error) error {
	k.Log.Error("the store of files failed", "doing", "open a file", "error", err)
	return model.Fail(model.Unavailable, "Files cannot be read at the moment. Try again in a few minutes.")
}

func setPictureType(header http.Header, file io.ReadSeeker) error {
	head := make([]byte, 16)
	n, err := io.ReadFull(file, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return err
	}
	header.Set(echo.HeaderContentType, http.DetectContentType(head[:n]))
	_, err = file.Seek(0, io.SeekStart)
	return err
}

// outgoing is a file on its way, which may take its time as long as something goes.
type outgoing struct {
	io.ReadSeeker
	progress
}

func (o *outgoing) Read(b []byte) (int, error) {
	o.step()
	return o.ReadSeeker.Read(b)
}
