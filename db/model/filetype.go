package model

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// FileType is what a file contains, as its bytes say.
type FileType struct {
	Media string // without parameters, like "image/png"
	Ext   string // the usual extension, without the dot; empty where there is none
}

// pictures are the types that browsers show and that the server makes previews of.
var pictures = []FileType{{"image/png", "png"}, {"image/jpeg", "jpg"}, {"image/gif", "gif"}, {"image/webp", "webp"}}

// Inline says whether a file is a picture of a safe kind (G7). SVG is none: it can hold script.
func (t FileType) Inline() bool {
	return slices.ContainsFunc(pictures, func(p FileType) bool { return p.Media == t.Media })
}

// Label is a short word for the type, for an icon.
func (t FileType) Label() string {
	if t.Ext == "" || len(t.Ext) > 5 {
		return "FILE"
	}
	return strings.ToUpper(t.Ext)
}

// AllowedKind says which files people outside may send (G5).
type AllowedKind string

// The choices of the setting.
const (
	AllTypes         AllowedKind = "all"
	ImageTypes       AllowedKind = "images"
	ImageAndPDFTypes AllowedKind = "images_pdf"
	CustomTypes      AllowedKind = "custom"
)

// AllowedTypes is the setting of allowed types.
type AllowedTypes struct {
	Kind   AllowedKind
	Custom []string // extensions without dot, media types, or image/* and its like; for CustomTypes
}

var imageEntries = []string{"png", "jpg", "gif", "webp"}

// entries are the extensions and media types that the setting allows; nil: everything.
func (a AllowedTypes) entries() []string {
	switch a.Kind {
	case ImageTypes:
		return imageEntries
	case ImageAndPDFTypes:
		return append(slices.Clone(imageEntries), "pdf")
	case CustomTypes:
		return a.Custom
	}
	return nil
}

// Allows says whether a file of this type may come in.
func (a AllowedTypes) Allows(t FileType) bool {
	if a.Kind == AllTypes {
		return true
	}
	return slices.ContainsFunc(a.entries(), func(entry string) bool { return entryAllows(entry, t) })
}

// aliases are other extensions of the same type.
var aliases = map[string]string{"jpeg": "jpg", "tif": "tiff", "htm": "html", "yml": "yaml", "text": "txt", "mpeg": "mpg"}

// plainTexts are extensions of texts that content cannot tell from any other plain text.
var plainTexts = []string{"txt", "log", "md", "csv", "tsv", "conf", "cfg", "ini", "env", "json", "ndjson", "yaml", "toml",
	"xml", "sql", "eml", "diff", "patch", "py", "go", "rb", "java", "c", "h", "cpp", "ts", "css", "sh", "srt", "vtt"}

func entryAllows(entry string, t FileType) bool {
	if family, ok := strings.CutSuffix(entry, "/*"); ok {
		return strings.HasPrefix(t.Media, family+"/") && t.Media != "image/svg+xml" && !runs(t)
	}
	if strings.Contains(entry, "/") {
		return entry == t.Media
	}
	if canonical(entry) == canonical(t.Ext) {
		return true
	}
	return t.Media == "text/plain" && slices.Contains(plainTexts, canonical(entry))
}

// runs says whether a type of the text family is one that a browser or a shell would run.
func runs(t FileType) bool {
	return slices.Contains([]string{"text/html", "text/javascript", "application/javascript"}, t.Media)
}

func canonical(ext string) string {
	if other, ok := aliases[ext]; ok {
		return other
	}
	return ext
}

// MaxCustomTypes is how many entries a list of types may have.
const MaxCustomTypes = 50

var (
	extensionLike = regexp.MustCompile(`\A[a-z0-9]{1,10}\z`)
	mediaLike     = regexp.MustCompile(`\A[a-z]{1,20}/(\*|[a-z0-9][a-z0-9.+-]{0,80})\z`)
)

// ParseCustomTypes reads a list of types as an admin writes it, with commas, semicolons, spaces or
// lines between the entries. It fails with Invalid and says which entry is none.
func ParseCustomTypes(text string) ([]string, error) {
	var list []string
	for entry := range strings.FieldsFuncSeq(strings.ToLower(text), func(r rune) bool { return strings.ContainsRune(",; \n\r\t", r) }) {
		entry = strings.TrimPrefix(strings.TrimPrefix(entry, "*"), ".")
		if !extensionLike.MatchString(entry) && !mediaLike.MatchString(entry) {
			return nil, Fail(Invalid, fmt.Sprintf("“%.60s” is no file type: write an extension like pdf, or a media type like image/*.", entry))
		}
		if !slices.Contains(list, entry) {
			list = append(list, entry)
		}
	}
	if len(list) > MaxCustomTypes {
		return nil, Fail(Invalid, fmt.Sprintf("Remove types until there are no more than %d.", MaxCustomTypes))
	}
	return list, nil
}

// Accept is the accept attribute of a file input; empty: everything.
func (a AllowedTypes) Accept() string {
	var list []string
	for _, entry := range a.entries() {
		if !strings.Contains(entry, "/") {
			entry = "." + entry
		}
		if list = append(list, entry); entry == ".jpg" {
			list = append(list, ".jpeg")
		}
	}
	return strings.Join(list, ",")
}

// Says names the allowed types for people, to stand at the beginning of a sentence.
func (a AllowedTypes) Says() string {
	switch a.Kind {
	case ImageTypes:
		return "PNG, JPEG, GIF and WebP images"
	case ImageAndPDFTypes:
		return "PNG, JPEG, GIF and WebP images, and PDF"
	case CustomTypes:
		return "Files of the types " + strings.Join(a.Custom, ", ")
	}
	return "Any files"
}
