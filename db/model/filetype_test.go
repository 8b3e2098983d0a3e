package model

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestG5_AllowedTypes(t *testing.T) {
	t.Parallel()
	png, pdf, svg := FileType{"image/png", "png"}, FileType{"application/pdf", "pdf"}, FileType{"image/svg+xml", "svg"}
	unknown := FileType{"application/octet-stream", ""}
	for _, c := range []struct {
		types   AllowedTypes
		allowed []FileType
		refused []FileType
		says    string
		accept  string
	}{
		{AllowedTypes{Kind: AllTypes}, []FileType{png, pdf, svg, unknown, {}}, nil, "Any files", ""},
		{AllowedTypes{Kind: ImageTypes}, []FileType{png, {"image/jpeg", "jpg"}, {"image/gif", "gif"}, {"image/webp", "webp"}},
			[]FileType{pdf, svg, unknown, {}, {"image/tiff", "tiff"}, {"image/heic", "heic"}},
			"PNG, JPEG, GIF and WebP images", ".png,.jpg,.jfif,.jpe,.jpeg,.gif,.webp"},
		{AllowedTypes{Kind: ImageAndPDFTypes}, []FileType{png, pdf}, []FileType{svg, unknown, {"application/postscript", "ps"}},
			"PNG, JPEG, GIF and WebP images, and PDF", ".png,.jpg,.jfif,.jpe,.jpeg,.gif,.webp,.pdf"},
		{AllowedTypes{Kind: CustomTypes, Custom: []string{"docx", "image/*", "jpeg"}}, []FileType{png, {"image/jpeg", "jpg"}, {"x/y", "docx"}},
			[]FileType{pdf, svg, unknown}, "Files of the types docx, image/*, jpeg", ".docx,image/*,.jpeg,.jfif,.jpe,.jpg"},
		{AllowedTypes{Kind: CustomTypes}, nil, []FileType{png, unknown, {}}, "Files of the types ", ""},
		{AllowedTypes{}, nil, []FileType{png, unknown, {}}, "Any files", ""},
	} {
		for _, kind := range append(slices.Clone(c.allowed), c.refused...) {
			if got, want := c.types.Allows(kind), slices.Contains(c.allowed, kind); got != want {
				t.Errorf("%+v allows %+v: %v", c.types, kind, got)
			}
		}
		if got := c.types.Says(); got != c.says {
			t.Errorf("%+v says %q", c.types, got)
		}
		if got := c.types.Accept(); got != c.accept {
			t.Errorf("%+v accepts %q", c.types, got)
		}
	}
}

func TestG7_NoTypeThatCanRunIsShownInline(t *testing.T) {
	t.Parallel()
	for media, want := range map[string]bool{
		"image/png": true, "image/jpeg": true, "image/gif": true, "image/webp": true, "image/svg+xml": false, "image/bmp": false,
		"text/html": false, "text/plain": false, "application/pdf": false, "": false, "image/": false, "image/*": false, "IMAGE/PNG": false,
	} {
		if got := (FileType{Media: media}).Inline(); got != want {
			t.Errorf("%q inline: %v", media, got)
		}
	}
}

func TestG1_LabelOfAType(t *testing.T) {
	t.Parallel()
	for ext, want := range map[string]string{"": "FILE", "png": "PNG", "ndjson": "FILE", "xhtml": "XHTML"} {
		if got := (FileType{Ext: ext}).Label(); got != want {
			t.Errorf("%q is labelled %q", ext, got)
		}
	}
}

func TestG5_ParseCustomTypes(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": "", " ,; \n": "", "pdf": "pdf", ".PDF, *.Docx;zip\npng": "pdf docx zip png", "pdf pdf .pdf": "pdf",
		"image/*": "image/*", "Image/SVG+xml": "image/svg+xml", "7z\u00a0mp4\vgz": "7z mp4 gz",
		"application/vnd.openxmlformats-officedocument.wordprocessingml.document": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	} {
		got, err := ParseCustomTypes(text)
		if err != nil || strings.Join(got, " ") != want {
			t.Errorf("%q is read as %q, %v", text, got, err)
		}
	}
}

func TestG5_ParseCustomTypesNamesTheEntryThatIsNone(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"pdf, *": "“*”", "*.*": "“*.*”", "*/*": "“*/*”", ".tar.gz": "“.tar.gz”", "png, Straße": "“Straße”", "image/": "“image/”",
		"image/**": "“image/**”", "/etc": "“/etc”", `"pdf"`: `“"pdf"”`, "pdf,\x00": "“\x00”", "elevenlette": "“elevenlette”",
		strings.Repeat("é", 99): "“" + strings.Repeat("é", 60) + "”", "text/plain,text/html/x": "“text/html/x”",
	} {
		got, err := ParseCustomTypes(text)
		var e *Error
		if !errors.As(err, &e) || e.Kind != Invalid || !strings.Contains(err.Error(), want) || got != nil {
			t.Errorf("%q gives %q, %v", text, got, err)
		}
	}
}

func TestG5_AListOfTypesIsBounded(t *testing.T) {
	t.Parallel()
	var list []string
	for i := range MaxCustomTypes {
		list = append(list, fmt.Sprintf("x%d", i))
	}
	if got, err := ParseCustomTypes(strings.Join(list, " ")); err != nil || len(got) != MaxCustomTypes {
		t.Errorf("%d types: got %d, %v", MaxCustomTypes, len(got), err)
	}
	if _, err := ParseCustomTypes(strings.Join(append(list, "one"), " ")); err == nil || !strings.Contains(err.Error(), "50") {
		t.Errorf("one more: %v", err)
	}
}
