package model

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// AllowedKind is how a workspace chooses the file types that it takes (G5).
type AllowedKind string

// The kinds of the choice, as the settings form names them.
const (
	AllowAll          AllowedKind = "all"
	AllowImages       AllowedKind = "images"
	AllowImagesAndPDF AllowedKind = "images_pdf"
	AllowCustom       AllowedKind = "custom"
)

// AllowedTypes is a workspace's choice. Custom counts for AllowCustom alone, and holds what
// ParseCustomTypes returns.
type AllowedTypes struct {
	Kind   AllowedKind
	Custom []string
}

// Bounds of an admin's own list.
const (
	maxCustomTypes = 50
	maxExtension   = 10  // letters and digits
	maxMediaName   = 127 // each side of the slash; RFC 6838, 4.2
)

// Allows says whether a file of this type is taken (G5). A kind that it does not know takes nothing.
func (a AllowedTypes) Allows(t FileType) bool {
	switch a.Kind {
	case AllowAll:
		return true
	case AllowImages:
		return t.Inline()
	case AllowImagesAndPDF:
		return t.Inline() || t.Media == mediaPDF
	case AllowCustom:
		return slices.ContainsFunc(a.Custom, func(entry string) bool { return entryTakes(entry, t.Media) })
	}
	return false
}

// entryTakes says whether one entry of an admin's list covers a content. "image/*" means what it
// says, SVG too: whoever wants the safe pictures alone chooses AllowImages.
func entryTakes(entry, media string) bool {
	group, anyOf := strings.CutSuffix(entry, "*")
	text := slices.Contains(textKinds, media)
	switch {
	case anyOf:
		return strings.HasPrefix(media, group) || text && group == "text/"
	case strings.Contains(entry, "/"):
		return entry == media || text && slices.Contains(textKinds, entry)
	}
	return slices.Contains(contentOf[entry], media)
}

// Accept is the accept attribute of a file input (G5), empty where all is allowed. Where one
// extension is on the list its twin is named too (jpg and jpeg), as the server takes both.
func (a AllowedTypes) Accept() string {
	switch a.Kind {
	case AllowImages:
		return strings.Join(inlineMedia, ",")
	case AllowImagesAndPDF:
		return strings.Join(inlineMedia, ",") + "," + mediaPDF
	case AllowCustom:
		return strings.Join(a.accepted(), ",")
	}
	return ""
}

func (a AllowedTypes) accepted() []string {
	var list []string
	for _, entry := range a.Custom {
		names := []string{entry}
		if !strings.Contains(entry, "/") {
			names = withTwin(entry)
		}
		for _, name := range names {
			if !slices.Contains(list, name) {
				list = append(list, name)
			}
		}
	}
	return list
}

// twins are extensions of one content that people use for each other.
var twins = [][]string{{"jpg", "jpeg"}, {"tif", "tiff"}, {"htm", "html"}, {"yml", "yaml"}, {"mpg", "mpeg"}, {"mid", "midi"}, {"md", "markdown"}}

// withTwin returns the extension with its dot, and its twin where it has one.
func withTwin(ext string) []string {
	names := []string{"." + ext}
	for _, pair := range twins {
		if i := slices.Index(pair, ext); i >= 0 {
			names = append(names, "."+pair[1-i])
		}
	}
	return names
}

// Says names the allowed types for people, as part of a sentence: "PNG, JPEG, GIF and WebP images".
func (a AllowedTypes) Says() Text {
	switch a.Kind {
	case AllowAll:
		return Say("files of any type")
	case AllowImages:
		return Say("PNG, JPEG, GIF and WebP images")
	case AllowImagesAndPDF:
		return Say("PNG, JPEG, GIF and WebP images, and PDF")
	}
	if len(a.Custom) == 0 {
		return Say("no files")
	}
	words := make(List, len(a.Custom))
	for i, entry := range a.Custom {
		words[i] = entryWord(entry)
	}
	return words.Named()
}

func entryWord(entry string) Text {
	switch entry {
	case "image/*":
		return Say("images")
	case "video/*":
		return Say("videos")
	case "audio/*":
		return Say("sound")
	case "text/*":
		return Say("text")
	}
	if !strings.Contains(entry, "/") {
		entry = strings.ToUpper(entry)
	}
	return AsTyped(entry)
}

// ParseCustomTypes reads an admin's list: extensions ("pdf", ".docx"), media types ("text/csv") and
// groups ("image/*"), between commas, semicolons, spaces or lines. It returns them in lower case and
// each once. An error is Invalid and names the first entry that is wrong.
func ParseCustomTypes(text string) ([]string, error) {
	var list []string
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ';' || unicode.IsSpace(r) }) {
		entry, err := customType(strings.ToLower(word))
		if err != nil {
			return nil, err
		}
		if !slices.Contains(list, entry) {
			list = append(list, entry)
		}
	}
	switch {
	case len(list) == 0:
		return nil, Fail(Invalid, "List at least one type, such as pdf, docx or image/*.")
	case len(list) > maxCustomTypes:
		return nil, Fail(Invalid, fmt.Sprintf("List at most %d types; these are %d. A group such as image/* stands for many.", maxCustomTypes, len(list)))
	}
	return list, nil
}

func customType(word string) (string, error) {
	if word == "*" || word == "*/*" || word == "*.*" {
		return "", Fail(Invalid, fmt.Sprintf("%q would allow everything: choose “all” above the list instead.", word))
	}
	if group, name, isMedia := strings.Cut(word, "/"); isMedia {
		if !mediaName(group) || name != "*" && !mediaName(name) {
			return "", wrongType(word, "is no media type. Write one such as text/csv, or a group such as image/*.")
		}
		if right, ok := mediaAliases[word]; ok {
			word = right
		}
		return word, nil
	}
	ext := strings.TrimPrefix(strings.TrimPrefix(word, "*"), ".")
	switch {
	case !extensionLike(ext):
		return "", wrongType(word, fmt.Sprintf("is no extension. Write up to %d letters and digits, such as pdf or .docx.", maxExtension))
	case contentOf[ext] == nil:
		return "", wrongType(word, "is no extension that can be told by a file's content. Check its spelling, or write a media type such as text/plain.")
	}
	return ext, nil
}

// wrongType shows the beginning of a wrong entry, as people may paste anything into the list.
func wrongType(word, why string) error {
	const shown = 40
	if r := []rune(word); len(r) > shown {
		word = string(r[:shown]) + "…"
	}
	return Fail(Invalid, fmt.Sprintf("“%s” %s", word, why))
}

func extensionLike(s string) bool {
	return s != "" && len(s) <= maxExtension && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789") == ""
}

// mediaName says whether one side of a media type is a restricted name (RFC 6838, 4.2).
func mediaName(s string) bool {
	const alphanumeric = "abcdefghijklmnopqrstuvwxyz0123456789"
	return s != "" && len(s) <= maxMediaName && strings.ContainsRune(alphanumeric, rune(s[0])) &&
		strings.Trim(s, alphanumeric+"!#$&-^_.+") == ""
}

// mediaAliases are other names of contents, and the ones by which they are recognised.
var mediaAliases = map[string]string{
	"image/jpg": "image/jpeg", "image/pjpeg": "image/jpeg", "image/apng": "image/png", "image/svg": "image/svg+xml",
	"application/x-zip-compressed": mediaZIP, "application/x-pdf": mediaPDF, "application/xml": "text/xml",
	"application/javascript": "text/javascript", "application/rtf": "text/rtf", "text/json": "application/json",
	"audio/mp3": "audio/mpeg", "audio/x-wav": "audio/wav", "audio/m4a": "audio/x-m4a", "video/x-matroska": "video/matroska",
	"application/x-rar-compressed": "application/vnd.rar", "application/x-gzip": "application/gzip",
	"text/markdown": mediaText, "text/yaml": mediaText, "application/yaml": mediaText,
}
