package web

import (
	"errors"
	"io"
	"net/http"

	"github.com/labstack/echo/v4"

	"deskbell/db/files"
	"deskbell/db/model"
)

// SendStream answers with a file that is written while it is sent, and is never whole anywhere. What fails
// before its first byte is an error as any other; what fails later breaks the connection off, so that no
// browser takes a part for the whole.
func (k *Kit) SendStream(c echo.Context, name, mediaType string, write func(io.Writer) error) error {
	out := &stream{c: c, name: name, mediaType: mediaType}
	out.progress = k.extendWrites(c)
	err := write(out)
	if err == nil || !c.Response().Committed {
		return err
	}
	if c.Request().Context().Err() == nil { // else it was the browser that went
		k.Log.Error("a download broke off", "id", c.Response().Header().Get(echo.HeaderXRequestID), "route", c.Path(), "error", err)
	}
	panic(http.ErrAbortHandler)
}

// stream sends its head with the first byte.
type stream struct {
	progress
	c               echo.Context
	name, mediaType string
}

func (s *stream) Write(b []byte) (int, error) {
	if r := s.c.Response(); !r.Committed {
		header := r.Header()
		header.Set(echo.HeaderContentDisposition, model.Disposition(s.name))
		header.Set(echo.HeaderContentType, s.mediaType)
		header.Set("Content-Security-Policy", filePolicy)
		r.WriteHeader(http.StatusOK)
	}
	s.step()
	return s.c.Response().Write(b)
}

// CopyFile writes the bytes of a stored file. It returns false where they are missing, before it has called
// begin, which returns where they go.
func (k *Kit) CopyFile(c echo.Context, name string, begin func() (io.Writer, error)) (bool, error) {
	file, err := k.Files.Open(c.Request().Context(), name)
	if errors.Is(err, files.ErrMissing) {
		k.Log.Error("the bytes of a file are missing", "file", name)
		return false, nil
	}
	if err != nil {
		return false, k.unreadable(err)
	}
	defer file.Close()
	to, err := begin()
	if err != nil {
		return true, err
	}
	n, err := io.Copy(to, file)
	if err == nil && n != file.Size() {
		err = io.ErrUnexpectedEOF
	}
	return true, err
}
