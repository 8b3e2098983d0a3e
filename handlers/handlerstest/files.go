package handlerstest

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// Attach is a file of a form.
type Attach struct {
	Field   string // empty: "attachments"
	Name    string // as it stands in the header of the part
	Content string
}

// PostFiles sends a form with files, as a browser without JavaScript does.
func (b *Browser) PostFiles(path string, values url.Values, list ...Attach) Page {
	b.t.Helper()
	body, kind := Multipart(values, list...)
	return b.Do(http.MethodPost, path, bytes.NewReader(body), kind)
}

// StreamFiles is PostFiles without a Content-Length.
func (b *Browser) StreamFiles(path string, values url.Values, list ...Attach) Page {
	b.t.Helper()
	body, kind := Multipart(values, list...)
	return b.Do(http.MethodPost, path, struct{ io.Reader }{bytes.NewReader(body)}, kind)
}

// Upload sends one file as our script does once it is chosen: at once, and for a fragment.
func (b *Browser) Upload(path, formKey string, file Attach) Page {
	b.t.Helper()
	b.Header.Set("HX-Request", "true")
	defer b.Header.Del("HX-Request")
	return b.PostFiles(path, url.Values{"form_key": {formKey}}, file)
}

// Multipart makes the body of a form with files, and its content type.
func Multipart(values url.Values, list ...Attach) ([]byte, string) {
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for _, name := range slices.Sorted(maps.Keys(values)) {
		for _, value := range values[name] {
			w.WriteField(name, value) // writing into memory cannot fail
		}
	}
	for _, file := range list {
		if file.Field == "" {
			file.Field = "attachments"
		}
		part, _ := w.CreatePart(textproto.MIMEHeader{"Content-Type": {"application/octet-stream"},
			"Content-Disposition": {fmt.Sprintf(`form-data; name="%s"; filename="%s"`, file.Field, file.Name)}})
		io.WriteString(part, file.Content)
	}
	w.Close()
	return body.Bytes(), w.FormDataContentType()
}

// Links returns the addresses in a page that begin and end so.
func (p Page) Links(prefix, suffix string) []string {
	var list []string
	for _, found := range regexp.MustCompile(`(?:href|src)="(`+regexp.QuoteMeta(prefix)+`[^"]*)"`).FindAllStringSubmatch(p.Body, -1) {
		if strings.HasSuffix(found[1], suffix) && !slices.Contains(list, found[1]) {
			list = append(list, found[1])
		}
	}
	return list
}
