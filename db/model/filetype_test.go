package model

import (
	"slices"
	"strings"
	"testing"
)

var (
	pngType    = FileType{"image/png", "png"}
	jpegType   = FileType{"image/jpeg", "jpg"}
	webpType   = FileType{"image/webp", "webp"}
	gifType    = FileType{"image/gif", "gif"}
	svgType    = FileType{"image/svg+xml", "svg"}
	heicType   = FileType{"image/heic", "heic"}
	pdfType    = FileType{"application/pdf", "pdf"}
	textType   = FileType{"text/plain", "txt"}
	csvType    = FileType{"text/csv", "csv"}
	jsonType   = FileType{"application/json", "json"}
	htmlType   = FileType{"text/html", "html"}
	xmlType    = FileType{"text/xml", "xml"}
	scriptType = FileType{"text/x-shellscript", "sh"}
	docxType   = FileType{"application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"}
	zipType    = FileType{"application/zip", "zip"}
	oleType    = FileType{"application/x-ole-storage", ""}
	exeType    = FileType{"application/vnd.microsoft.portable-executable", "exe"}
	bytesType  = FileType{"application/octet-stream", ""}
)

func TestG5_ContentDecidesWhatIsAllowed(t *testing.T) {
	t.Parallel()
	all := []FileType{pngType, jpegType, webpType, gifType, svgType, heicType, pdfType, textType, csvType, jsonType, htmlType,
		xmlType, scriptType, docxType, zipType, oleType, exeType, bytesType}
	images := []FileType{pngType, jpegType, webpType, gifType}
	texts := []FileType{textType, csvType, jsonType}
	for _, test := range []struct {
		name    string
		allowed AllowedTypes
		takes   []FileType // and none of the others
	}{
		{"all", AllowedTypes{Kind: AllowAll}, all},
		{"images", AllowedTypes{Kind: AllowImages}, images},
		{"images and PDF", AllowedTypes{Kind: AllowImagesAndPDF}, append([]FileType{pdfType}, images...)},
		{"a kind that is not known", AllowedTypes{Kind: "everything"}, nil},
		{"no kind", AllowedTypes{}, nil},
		{"an empty list", AllowedTypes{Kind: AllowCustom}, nil},
		{"a list counts for its kind alone", AllowedTypes{Kind: AllowImages, Custom: []string{"exe"}}, images},
		{"txt", custom("txt"), texts},
		{"log", custom("log"), texts},
		{"csv", custom("csv"), texts},
		{"md", custom("md"), texts},
		{"conf", custom("conf"), texts},
		{"json", custom("json"), texts},
		{"text/csv", custom("text/csv"), texts},
		{"text/*", custom("text/*"), []FileType{textType, csvType, jsonType, htmlType, xmlType, scriptType}},
		{"html", custom("html"), []FileType{htmlType, textType}},
		{"htm", custom("htm"), []FileType{htmlType, textType}},
		{"svg", custom("svg"), []FileType{svgType}},
		{"jpg", custom("jpg"), []FileType{jpegType}},
		{"jpeg", custom("jpeg"), []FileType{jpegType}},
		{"image/jpeg", custom("image/jpeg"), []FileType{jpegType}},
		{"image/*", custom("image/*"), []FileType{pngType, jpegType, webpType, gifType, svgType, heicType}},
		{"docx is not every zip", custom("docx"), []FileType{docxType}},
		{"zip is not every office file", custom("zip"), []FileType{zipType}},
		{"doc", custom("doc"), []FileType{oleType}},
		{"pdf and exe", custom("pdf", "exe"), []FileType{pdfType, exeType}},
		{"bytes", custom("application/octet-stream"), []FileType{bytesType}},
	} {
		for _, file := range all {
			if got, want := test.allowed.Allows(file), slices.Contains(test.takes, file); got != want {
				t.Errorf("%s: %s allowed is %t", test.name, file.Media, got)
			}
		}
	}
}

func custom(entries ...string) AllowedTypes {
	return AllowedTypes{Kind: AllowCustom, Custom: entries}
}

func TestG5_AnAdminsListIsReadAsTheyWroteIt(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"pdf, .docx, png, text/csv, image/*": "pdf docx png text/csv image/*",
		"PDF;*.Docx\r\n\tpng":                "pdf docx png",
		"pdf pdf .pdf *.pdf, PDF":            "pdf",
		"image/jpg, image/jpeg":              "image/jpeg",
		" ,, pdf ,":                          "pdf",
		"7z mp3 3gp":                         "7z mp3 3gp",
		"application/vnd.ms-excel":           "application/vnd.ms-excel",
	} {
		got, err := ParseCustomTypes(text)
		if err != nil || strings.Join(got, " ") != want {
			t.Errorf("%q: %q and %v, want %q", text, got, err, want)
		}
	}
}

func TestG5_AWrongEntryIsNamedWithWhatToDo(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                         "List at least one",
		" , ;\n":                   "List at least one",
		"pdf, pfd":                 "“pfd” is no extension that can be told",
		"png, to.much":             "“to.much” is no extension",
		"pdf, abcdefghijk":         "“abcdefghijk” is no extension. Write up to 10",
		"pdf, größe":               "“größe” is no extension",
		".":                        "“.” is no extension",
		"image/":                   "“image/” is no media type",
		"/png":                     "“/png” is no media type",
		"*/png":                    "“*/png” is no media type",
		"a/b/c":                    "“a/b/c” is no media type",
		"image/<x>":                "“image/<x>” is no media type",
		"*":                        "would allow everything",
		"pdf */*":                  "would allow everything",
		strings.Repeat("x", 1000):  "“" + strings.Repeat("x", 40) + "…” is no extension",
		strings.Repeat("ab/c", 99): "“" + strings.Repeat("ab/c", 10) + "…” is no media type",
	} {
		_, err := ParseCustomTypes(text)
		if KindOf(err) != Invalid || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40q: %v, want %q", text, err, want)
		}
	}
}

func TestG5_AListHoldsFiftyTypes(t *testing.T) {
	t.Parallel()
	fifty := strings.Join(Extensions()[:maxCustomTypes], ",")
	if got, err := ParseCustomTypes(fifty); err != nil || len(got) != maxCustomTypes {
		t.Errorf("fifty types: %d and %v", len(got), err)
	}
	if _, err := ParseCustomTypes(fifty + ",image/*"); KindOf(err) != Invalid || !strings.Contains(err.Error(), "these are 51") {
		t.Errorf("51 types: %v", err)
	}
}

func TestG5_TheFormShowsAndFiltersWhatIsAllowed(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		allowed      AllowedTypes
		accept, says string
	}{
		{AllowedTypes{Kind: AllowAll}, "", "files of any type"},
		{AllowedTypes{Kind: AllowImages}, "image/png,image/jpeg,image/gif,image/webp", "PNG, JPEG, GIF and WebP images"},
		{AllowedTypes{Kind: AllowImagesAndPDF}, "image/png,image/jpeg,image/gif,image/webp,application/pdf", "PNG, JPEG, GIF and WebP images, and PDF"},
		{custom("pdf"), ".pdf", "PDF"},
		{custom("pdf", "docx", "image/*"), ".pdf,.docx,image/*", "PDF, DOCX and images"},
		{custom("jpeg", "jpg", "text/csv"), ".jpeg,.jpg,text/csv", "JPEG, JPG and text/csv"},
		{custom("yml", "video/*", "audio/*", "text/*"), ".yml,.yaml,video/*,audio/*,text/*", "YML, videos, sound and text"},
		{custom(), "", "no files"},
	} {
		if got := test.allowed.Accept(); got != test.accept {
			t.Errorf("accept %q, want %q", got, test.accept)
		}
		if got := test.allowed.Says().String(); got != test.says {
			t.Errorf("says %q, want %q", got, test.says)
		}
	}
}

func TestG5_EachKnownExtensionCanBeListedAndTakesItsContent(t *testing.T) {
	t.Parallel()
	for _, ext := range Extensions() {
		list, err := ParseCustomTypes(ext)
		if err != nil {
			t.Errorf("%s: %v", ext, err)
		}
		for _, media := range MediaTypes(ext) {
			if !custom(list...).Allows(FileType{Media: media}) {
				t.Errorf("%s does not take %s", ext, media)
			}
		}
	}
	if MediaTypes("pfd") != nil {
		t.Error("an extension that nobody knows has media types")
	}
}

func TestG7_OnlySafePicturesAreShownInline(t *testing.T) {
	t.Parallel()
	for file, want := range map[FileType]bool{
		pngType: true, jpegType: true, gifType: true, webpType: true,
		svgType: false, heicType: false, pdfType: false, htmlType: false, textType: false, bytesType: false, {}: false,
	} {
		if file.Inline() != want {
			t.Errorf("%q inline is %t", file.Media, !want)
		}
	}
}

func TestG1_AnIconHasAShortWord(t *testing.T) {
	t.Parallel()
	for file, want := range map[FileType]string{
		pdfType: "PDF", zipType: "ZIP", textType: "TXT", docxType: "DOCX", bytesType: "FILE", oleType: "FILE",
		{"application/vnd.apache.parquet", "parquet"}: "FILE",
	} {
		if got := file.Label().String(); got != want {
			t.Errorf("%s: %q, want %q", file.Media, got, want)
		}
	}
}

func FuzzParseCustomTypes(f *testing.F) {
	for _, seed := range []string{"pdf, .docx, png, text/csv, image/*", "*", "a/b/c", "größe \x00 \xff", "İ.ß"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		list, err := ParseCustomTypes(text)
		if err != nil {
			if KindOf(err) != Invalid {
				t.Fatalf("%q: %v", text, err)
			}
			return
		}
		again, err := ParseCustomTypes(strings.Join(list, "\n"))
		if err != nil || !slices.Equal(again, list) {
			t.Errorf("%q, read again: %q and %v", list, again, err)
		}
		if accept := custom(list...).Accept(); strings.Trim(accept, "abcdefghijklmnopqrstuvwxyz0123456789.,/*!#$&-^_+") != "" {
			t.Errorf("accept is %q", accept)
		}
	})
}
