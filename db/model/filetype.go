package model

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"
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
var aliases = map[string]string{"jpeg": "jpg", "jpe": "jpg", "jfif": "jpg", "tif": "tiff", "htm": "html", "yml": "yaml",
	"text": "txt", "mpeg": "mpg"}

// mediaAliases are other names of the same media type, as some systems say them.
var mediaAliases = map[string]string{"image/jpg": "image/jpeg", "application/xml": "text/xml", "audio/mp3": "audio/mpeg",
	"application/x-zip-compressed": "application/zip"}

// plainTexts are extensions of texts that content cannot tell from any other plain text.
var plainTexts = []string{"txt", "log", "md", "csv", "tsv", "conf", "cfg", "ini", "env", "json", "ndjson", "yaml", "toml",
	"xml", "sql", "eml", "diff", "patch", "py", "go", "rb", "java", "c", "h", "cpp", "ts", "css", "sh", "srt", "vtt"}

// plainMedia are what a plain text may be taken for: a log with commas for a table, a note that begins
// with "From:" for a mail.
var plainMedia = []string{"text/plain", "text/csv", "text/tab-separated-values", "application/json", "application/x-ndjson",
	"message/rfc822", "text/vtt", "application/x-subrip"}

// oleDocuments are extensions of the old container of office programs, whose beginning often does not
// say which of them it holds.
var oleDocuments = []string{"doc", "xls", "ppt", "msg"}

func entryAllows(entry string, t FileType) bool {
	if family, ok := strings.CutSuffix(entry, "/*"); ok {
		return strings.HasPrefix(t.Media, family+"/") && !runs(t)
	}
	if strings.Contains(entry, "/") {
		return canonicalMedia(entry) == canonicalMedia(t.Media) || entry == "text/plain" && slices.Contains(plainMedia, t.Media)
	}
	if canonical(entry) == canonical(t.Ext) {
		return true
	}
	return slices.Contains(plainMedia, t.Media) && slices.Contains(plainTexts, canonical(entry)) ||
		t.Media == "application/x-ole-storage" && slices.Contains(oleDocuments, entry)
}

// runs says whether a type is one that a browser or a shell would run: a whole family never means it.
func runs(t FileType) bool {
	return slices.Contains([]string{"image/svg+xml", "text/html", "application/xhtml+xml", "text/javascript",
		"application/javascript", "text/x-shellscript", "text/x-php"}, t.Media)
}

func canonical(ext string) string {
	if other, ok := aliases[ext]; ok {
		return other
	}
	return ext
}

func canonicalMedia(media string) string {
	if other, ok := mediaAliases[media]; ok {
		return other
	}
	return media
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
	between := func(r rune) bool { return r == ',' || r == ';' || unicode.IsSpace(r) }
	for written := range strings.FieldsFuncSeq(text, between) {
		entry := strings.TrimPrefix(strings.TrimPrefix(strings.ToLower(written), "*"), ".")
		if !extensionLike.MatchString(entry) && !mediaLike.MatchString(entry) {
			return nil, Fail(Invalid, fmt.Sprintf("“%.60s” is no file type: write an extension like pdf, or a media type like image/*.", written))
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
	add := func(entry string) {
		if !slices.Contains(list, entry) {
			list = append(list, entry)
		}
	}
	for _, entry := range a.entries() {
		if strings.Contains(entry, "/") {
			add(entry)
			continue
		}
		add("." + entry)
		for _, other := range slices.Sorted(maps.Keys(aliases)) { // a picker knows them not as the same
			if aliases[other] == canonical(entry) {
				add("." + other)
			}
		}
		add("." + canonical(entry))
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
