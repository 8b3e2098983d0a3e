package model

import (
	"slices"
	"strings"
)

// FileType is what a file is by its content, whatever its name or its sender says. Media is a media
// type in lower case without parameters; Ext is that type's usual extension, without the dot, empty
// where it has none.
type FileType struct {
	Media string
	Ext   string
}

// The types that rules speak of by name.
const (
	mediaPDF  = "application/pdf"
	mediaText = "text/plain"
)

// inlineMedia are the pictures that pages show (G7), and what "images" allows (G5): each browser
// shows them and the server can make previews of them. HEIC, AVIF, TIFF and the like are left out,
// because neither is true of them; a phone asked for JPEG converts by itself. SVG is a document that
// can hold scripts, and never stands here.
var inlineMedia = []string{"image/png", "image/jpeg", "image/gif", "image/webp"}

// Inline says whether pages may show the file as a picture (G7): the four raster types alone.
func (t FileType) Inline() bool { return slices.Contains(inlineMedia, t.Media) }

// Label is a short word for the file's icon, at most five characters: "PDF", "DOCX", and "FILE" for
// what has no short extension.
func (t FileType) Label() Text {
	if t.Ext == "" || len(t.Ext) > 5 {
		return Say("FILE")
	}
	return AsTyped(strings.ToUpper(t.Ext))
}

// textKinds are the contents that cannot be told from plain text with certainty: a log may look like
// a table, and a note like JSON. Who allows one of them allows all. What a browser or a shell would
// run (HTML, SVG, XML, scripts with a "#!" line) is not among them.
var textKinds = []string{mediaText, "text/csv", "text/tab-separated-values", "application/json", "application/x-ndjson"}

// Extensions lists, in order, the extensions that an admin may allow: those whose content can be
// recognised, or is text.
func Extensions() []string {
	names := make([]string, 0, len(contentOf))
	for ext := range contentOf {
		names = append(names, ext)
	}
	slices.Sort(names)
	return names
}

// MediaTypes returns the contents that a file with this extension may have, the usual one first, and
// nil for an extension that content says nothing about.
func MediaTypes(ext string) []string { return slices.Clone(contentOf[ext]) }

// The containers whose insides lie too deep in a file to be seen at its beginning.
const (
	mediaOLE  = "application/x-ole-storage" // Microsoft Office before 2007
	mediaZIP  = "application/zip"
	openXML   = "application/vnd.openxmlformats-officedocument."
	openDoc   = "application/vnd.oasis.opendocument."
	mediaWord = openXML + "wordprocessingml.document"
	mediaCalc = openXML + "spreadsheetml.sheet"
	mediaShow = openXML + "presentationml.presentation"
)

// contentOf says, for each extension, what content it may stand for.
var contentOf = map[string][]string{
	// Pictures
	"png": {"image/png"}, "apng": {"image/png"}, "jpg": {"image/jpeg"}, "jpeg": {"image/jpeg"}, "gif": {"image/gif"},
	"webp": {"image/webp"}, "bmp": {"image/bmp"}, "tif": {"image/tiff"}, "tiff": {"image/tiff"}, "ico": {"image/x-icon"},
	"heic": {"image/heic", "image/heif", "image/heic-sequence"}, "heif": {"image/heif", "image/heic", "image/heif-sequence"},
	"avif": {"image/avif"}, "jxl": {"image/jxl"}, "svg": {"image/svg+xml"}, "psd": {"image/vnd.adobe.photoshop"},
	"dwg": {"image/vnd.dwg"}, "dxf": {"image/vnd.dxf", mediaText},

	// Documents
	"pdf": {mediaPDF}, "ps": {"application/postscript"}, "eps": {"application/postscript"}, "epub": {"application/epub+zip"},
	"docx": {mediaWord}, "docm": {mediaWord}, "dotx": {mediaWord},
	"xlsx": {mediaCalc}, "xlsm": {mediaCalc}, "xltx": {mediaCalc},
	"pptx": {mediaShow}, "pptm": {mediaShow}, "ppsx": {mediaShow},
	"doc": {"application/msword", mediaOLE}, "xls": {"application/vnd.ms-excel", mediaOLE},
	"ppt": {"application/vnd.ms-powerpoint", mediaOLE}, "msg": {"application/vnd.ms-outlook", mediaOLE},
	"vsdx": {"application/vnd.ms-visio.drawing.main+xml"}, "one": {"application/onenote"},
	"odt": {openDoc + "text"}, "ods": {openDoc + "spreadsheet"}, "odp": {openDoc + "presentation"}, "odg": {openDoc + "graphics"},
	"rtf": {"text/rtf"}, "eml": {"message/rfc822", mediaText}, "ics": {"text/calendar", mediaText}, "vcf": {"text/vcard", mediaText},
	"html": {"text/html", "application/xhtml+xml", mediaText}, "htm": {"text/html", "application/xhtml+xml", mediaText},
	"xml": {"text/xml", mediaText},

	// Text that content cannot tell apart
	"txt": textKinds, "text": textKinds, "log": textKinds, "csv": textKinds, "tsv": textKinds, "md": textKinds, "markdown": textKinds,
	"json": textKinds, "jsonl": textKinds, "ndjson": textKinds, "yaml": textKinds, "yml": textKinds, "toml": textKinds, "ini": textKinds,
	"conf": textKinds, "cfg": textKinds, "properties": textKinds, "env": textKinds, "diff": textKinds, "patch": textKinds,
	"sql": textKinds, "css": textKinds, "tex": textKinds, "srt": {"application/x-subrip", mediaText}, "vtt": {"text/vtt", mediaText},
	"c": textKinds, "h": textKinds, "cpp": textKinds, "cs": textKinds, "go": textKinds, "java": textKinds, "kt": textKinds,
	"rs": textKinds, "swift": textKinds, "ts": textKinds, "tsx": textKinds, "jsx": textKinds, "vue": textKinds, "bat": textKinds, "ps1": textKinds,
	"js": {"text/javascript", mediaText}, "php": {"text/x-php", mediaText}, "py": {"text/x-python", mediaText},
	"rb": {"text/x-ruby", mediaText}, "pl": {"text/x-perl", mediaText}, "lua": {"text/x-lua", mediaText}, "sh": {"text/x-shellscript", mediaText},
	"step": textKinds, "stp": textKinds, "gcode": textKinds, "asc": textKinds, "pem": textKinds,

	// Archives
	"zip": {mediaZIP}, "gz": {"application/gzip"}, "tgz": {"application/gzip"}, "tar": {"application/x-tar"},
	"7z": {"application/x-7z-compressed"}, "rar": {"application/vnd.rar"}, "bz2": {"application/x-bzip2"},
	"xz": {"application/x-xz"}, "zst": {"application/zstd"}, "jar": {"application/java-archive"}, "apk": {"application/vnd.android.package-archive"},

	// Sound and film
	"mp3": {"audio/mpeg"}, "wav": {"audio/wav"}, "flac": {"audio/flac"}, "aac": {"audio/aac"}, "m4a": {"audio/x-m4a", "audio/mp4"},
	"oga": {"audio/ogg"}, "ogv": {"video/ogg"}, "ogg": {"audio/ogg", "video/ogg", "application/ogg"}, "opus": {"audio/ogg"},
	"amr": {"audio/amr"}, "aiff": {"audio/aiff"}, "mid": {"audio/midi"}, "midi": {"audio/midi"},
	"mp4": {"video/mp4"}, "m4v": {"video/x-m4v", "video/mp4"}, "mov": {"video/quicktime"}, "avi": {"video/x-msvideo"},
	"mkv": {"video/matroska"}, "webm": {"video/webm"}, "mpg": {"video/mpeg"}, "mpeg": {"video/mpeg"}, "wmv": {"video/x-ms-asf"},
	"wma": {"video/x-ms-asf"}, "3gp": {"video/3gpp"}, "flv": {"video/x-flv"},

	// The rest
	"exe": {"application/vnd.microsoft.portable-executable"}, "dll": {"application/vnd.microsoft.portable-executable"},
	"msi": {"application/x-ms-installer", mediaOLE}, "deb": {"application/vnd.debian.binary-package"}, "rpm": {"application/x-rpm"},
	"sqlite": {"application/vnd.sqlite3"}, "pcap": {"application/vnd.tcpdump.pcap"}, "parquet": {"application/vnd.apache.parquet"},
	"ttf": {"font/ttf"}, "otf": {"font/otf"}, "woff": {"font/woff"}, "woff2": {"font/woff2"}, "wasm": {"application/wasm"},
	"torrent": {"application/x-bittorrent"}, "p7s": {"application/pkcs7-signature"},
}
