package model

import (
	"slices"
	"time"
)

// NewUpload is a file whose bytes are stored, on its way to a row.
type NewUpload struct {
	File   string // under which the bytes lie
	Field  string // key of the custom field that asks for it; empty: none
	Name   string // cleaned
	Type   FileType
	Bytes  int64
	SHA256 string // hexadecimal
	Width  int    // of the preview, in pixels; 0: there is none
	Height int
}

// Upload is a file that waits for its form to be sent.
type Upload struct {
	NewUpload
	Ref string
}

// PublicAttachment is a file of a public entry, as recipients may see it.
type PublicAttachment struct {
	Version   int64 // of the message it belongs to; 0: of the description
	Ref       string
	Name      string
	Type      FileType
	Bytes     int64
	Width     int // of the preview, in pixels; 0: there is none
	Height    int
	RemovedAt time.Time // zero while there are bytes (G6)
}

// Attachment is a file of a ticket as the desk sees it.
type Attachment struct {
	PublicAttachment
	Message MessageID // 0: of the description
}

// StoredFile is what it takes to send a file to somebody who may have it.
type StoredFile struct {
	File       string // under which the bytes lie
	Name       string
	Type       FileType
	Bytes      int64
	SHA256     string
	HasPreview bool
	CreatedAt  time.Time
}

// PreviewSuffix follows the name of a file's bytes in that of its preview's.
const PreviewSuffix = "-p"

// StorageUse is what the files of a project, or of a workspace, take.
type StorageUse struct {
	Project string // its name
	Files   int
	Bytes   int64
}

// RetentionRun is what the last run of a workspace's retention did (G6).
type RetentionRun struct {
	Requested bool      // somebody asked for a run that has not begun
	RanAt     time.Time // zero: never
	Cleaned   int
	Bytes     int64
	LastError string
}

// AddFiles gives each entry of a thread its files.
func (t *PublicThread) AddFiles(files []PublicAttachment) {
	of := map[int64][]PublicAttachment{}
	for _, f := range files {
		of[f.Version] = append(of[f.Version], f)
	}
	t.Files = of[0]
	for i, m := range t.Messages {
		t.Messages[i].Files = of[m.Version]
	}
}

// AttachmentsField is what forms call their files (B2).
const AttachmentsField = "attachments"

// UploadName is what a form calls its files: those of a custom field by the field's name.
func UploadName(field string) string {
	if field == "" {
		return AttachmentsField
	}
	return FieldName(field)
}

// WithFiles returns the answers with the names of the files that wait, as those of the file fields
// that asked for them: what a client posts as a text for such a field counts nothing.
func (in Intake) WithFiles(t Template, files []Upload) Intake {
	filled := Typed{}
	for key, values := range in.Fields {
		filled[key] = values
	}
	for _, f := range t.Fields {
		if f.Kind == FieldFile {
			delete(filled, f.Key)
		}
	}
	for _, u := range files {
		if t.asksFile(u.Field) {
			filled[u.Field] = append(filled[u.Field], u.Name)
		}
	}
	in.Fields = filled
	return in
}

// Takes returns the files that go with a ticket: those of no field, and those of a field that its
// template asks for. Others were chosen for another type.
func (t Template) Takes(files []Upload) []Upload {
	var taken []Upload
	for _, u := range files {
		if u.Field == "" || t.asksFile(u.Field) {
			taken = append(taken, u)
		}
	}
	return taken
}

func (t Template) asksFile(key string) bool {
	for _, f := range t.Fields {
		if f.Key == key && f.Kind == FieldFile && f.asked() {
			return true
		}
	}
	return false
}

// WithoutFiles returns the template as it is asked where files are not taken (I6).
func (t Template) WithoutFiles() Template {
	t.Fields = slices.DeleteFunc(slices.Clone(t.Fields), func(f Field) bool { return f.Kind == FieldFile })
	return t
}
