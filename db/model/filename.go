package model

import (
	"fmt"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxFileName is the length of a file's name, in characters.
const MaxFileName = 120

// CleanFileName returns the name by which a file is shown and downloaded: the last part of a path of
// any system, on one line, without characters that hide or turn others round, "file" where nothing is
// left. It is never the name of anything on our disks.
func CleanFileName(raw string) string {
	raw = strings.ToValidUTF8(raw, "\uFFFD")
	if i := strings.LastIndexAny(raw, `/\`); i >= 0 {
		raw = raw[i+1:]
	}
	name := strings.Map(func(r rune) rune {
		switch {
		case r == '\u200d': // joins the parts of an emoji
			return r
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029':
			return -1
		case unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r): // letters of no width
			return -1
		case unicode.IsSpace(r) || r == '\u2800': // and Braille without dots
			return ' '
		}
		return r
	}, raw)
	name = strings.Trim(strings.Join(strings.Fields(name), " "), " .\u200d")
	if name == "" {
		return "file"
	}
	return shortName(name)
}

// shortName cuts a long name before its extension, which says more than the letters before it.
func shortName(name string) string {
	if utf8.RuneCountInString(name) <= MaxFileName {
		return name
	}
	ext := ""
	if i := strings.LastIndexByte(name, '.'); i > 0 && utf8.RuneCountInString(name[i:]) <= 12 {
		name, ext = name[:i], name[i:]
	}
	runes := []rune(name)
	return strings.TrimRight(string(runes[:min(len(runes), MaxFileName-utf8.RuneCountInString(ext))]), " .\u200d") + ext
}

// Disposition is the Content-Disposition of a download under a name (RFC 6266): in ASCII for old
// clients, and whole (RFC 8187).
func Disposition(name string) string {
	name = strings.ToValidUTF8(name, "\uFFFD")
	ascii := strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' || strings.ContainsRune(`"\%/`, r) {
			return '_'
		}
		return r
	}, name)
	// PathEscape leaves some characters that the RFC wants escaped.
	whole := strings.NewReplacer("'", "%27", "(", "%28", ")", "%29", "*", "%2A", ",", "%2C", ":", "%3A", ";", "%3B",
		"=", "%3D", "@", "%40", "/", "%2F").Replace(url.PathEscape(name))
	return fmt.Sprintf(`attachment; filename="%s"; filename*=UTF-8''%s`, ascii, whole)
}

// HumanSize writes a number of bytes for people; a KB has 1,024 of them, as the settings' MB.
func HumanSize(bytes int64) string {
	switch {
	case bytes == 1:
		return "1 byte"
	case bytes < 1<<10:
		return fmt.Sprintf("%d bytes", bytes)
	}
	units := []string{"KB", "MB", "GB", "TB"}
	value, unit := float64(bytes)/(1<<10), 0
	for value >= 999.5 && unit < len(units)-1 {
		value, unit = value/(1<<10), unit+1
	}
	number := fmt.Sprintf("%.0f", value)
	if value < 9.95 {
		number = strings.TrimSuffix(fmt.Sprintf("%.1f", value), ".0")
	}
	return number + " " + units[unit]
}
