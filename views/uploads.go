package views

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"deskbell/db/model"
	"deskbell/views/language"
)

// Uploads is the part of a form that takes files (G1). Without JavaScript they go with the form.
type Uploads struct {
	Name   string // of the input
	Label  string
	Hint   string
	Accept string // what the picker filters by; empty: everything
	Most   int64  // bytes of one file; 0: files are not sent one by one
	URL    string // under which chosen files are uploaded at once
	Keep   bool   // the page shows its waiting files again when the form's key stands in its address
	Off    string // why no files are taken; empty when they are
	Error  string
	Needed bool
	Lines  []UploadLine // that wait for the form
}

// ID is the id of the input.
func (u Uploads) ID() string { return u.Name }

// Optional says whether the form can be sent without a file.
func (u Uploads) Optional() bool { return !u.Needed && u.Off == "" }

// DescribedBy lists the ids of the input's help and error, for aria-describedby.
func (u Uploads) DescribedBy() string {
	return Input{ID: u.ID(), Hint: u.Hint, Error: u.Error}.DescribedBy()
}

// UploadLine is a file that waits for its form, or one that was refused.
type UploadLine struct {
	Ref     string // empty for one that was refused
	Name    string
	Kind    model.Text // a short word for the icon
	Size    int64      // bytes
	Preview string     // URL; empty without one
	Width   int
	Height  int
	Remove  string // URL of its removal, for htmx
	Error   string // why it was refused
}

// UploadLines answers a form that has just sent files, with the part of the form that shows them.
type UploadLines struct{ Lines []UploadLine }

func (UploadLines) template() string { return "portal/intake.html" }

// NewUploads makes the form's part for the files of one field; "" is the form's own.
func NewUploads(in *language.Language, rules model.UploadRules, team bool, url, field string, waiting []model.Upload, errs model.FieldErrors) Uploads {
	name := model.UploadName(field)
	part := Uploads{
		Name: name, Label: in.Text("Attachments"), URL: url, Most: rules.MaxFile(team), Error: errs.Of(name),
		Hint: in.Text("Up to {0} each.", model.Size(rules.MaxFile(team))),
	}
	if !team {
		part.Accept = rules.Types.Accept()
		part.Hint = upperFirst(in.Text("{0}, up to {1} each.", rules.Types.Says(), model.Size(rules.MaxFile(team))))
	}
	for _, u := range waiting {
		if u.Field == field {
			part.Lines = append(part.Lines, uploadLine(url, u))
		}
	}
	return part
}

func upperFirst(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[size:]
}

// NewUploadLines makes the lines of files that were kept, and of those that were refused.
func NewUploadLines(url string, kept []model.Upload, refused model.FieldErrors) []UploadLine {
	var lines []UploadLine
	for _, u := range kept {
		lines = append(lines, uploadLine(url, u))
	}
	for _, e := range refused {
		lines = append(lines, UploadLine{Error: e.Message})
	}
	return lines
}

func uploadLine(url string, u model.Upload) UploadLine {
	line := UploadLine{
		Ref: u.Ref, Name: u.Name, Kind: u.Type.Label(), Size: u.Bytes,
		Width: u.Width, Height: u.Height, Remove: url + "/uploads/remove",
	}
	if u.Width > 0 {
		line.Preview = url + "/uploads/" + u.Ref
	}
	return line
}

// AddUploads gives each file field its part of the form.
func (f Fields) AddUploads(in *language.Language, rules model.UploadRules, url string, waiting []model.Upload, errs model.FieldErrors) {
	for i, field := range f.List {
		if field.Kind != model.FieldFile {
			continue
		}
		part := NewUploads(in, rules, false, url, field.Key, waiting, errs)
		part.Label, part.Needed = field.Label, field.Required
		part.Hint = strings.TrimSpace(field.Help + " " + part.Hint)
		f.List[i].Uploads = part
	}
}

// File is a file of an entry in a conversation.
type File struct {
	Name      string
	Kind      model.Text // a short word for the icon
	Size      int64      // bytes
	URL       string     // empty for one that was removed
	Preview   string     // empty without one
	Width     int
	Height    int
	RemovedAt time.Time
	Remove    string // where it can be removed; empty for whoever may not
}

// PublicFiles are the files of an entry as recipients see them, below the address of their page.
func PublicFiles(url string, list []model.PublicAttachment) []File {
	var files []File
	for _, a := range list {
		files = append(files, newFile(url, a))
	}
	return files
}

// DeskFiles are the files of an entry as the team sees them.
func DeskFiles(url string, list []model.Attachment) []File {
	var files []File
	for _, a := range list {
		file := newFile(url, a.PublicAttachment)
		if file.URL != "" {
			file.Remove = file.URL + "/remove"
		}
		files = append(files, file)
	}
	return files
}

func newFile(url string, a model.PublicAttachment) File {
	file := File{Name: a.Name, Kind: a.Type.Label(), Size: a.Bytes, RemovedAt: a.RemovedAt}
	if !a.RemovedAt.IsZero() {
		return file
	}
	file.URL = url + "/attachments/" + a.Ref
	if a.Width > 0 {
		file.Preview, file.Width, file.Height = file.URL+"/preview", a.Width, a.Height
	}
	return file
}

// messageFiles is an entry of a conversation with its files.
type messageFiles struct {
	Message any
	Files   []File
}

func withFiles(message any, files []File) messageFiles { return messageFiles{message, files} }
