package model

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxFileName bounds a file's name, in characters (Unicode code points).
const MaxFileName = 120

// Megabyte is what "MB" means in settings and on pages, in bytes.
const Megabyte = 1 << 20

const (
	noFileName      = "file" // what a file is called whose name held nothing to show
	maxNameTail     = 16     // the longest last part, in characters, that counts as an extension
	zeroWidthJoiner = '\u200D'
)

// CleanFileName makes any bytes a name that can be shown, stored and offered for download: the last
// element of a path of either kind, valid UTF-8 on one line, at most MaxFileName characters with the
// extension kept, and without what is invisible or reorders text (so that "fdp.exe" cannot be made
// to read "exe.pdf"). Spaces and dots at its ends go. It is "file" when nothing is left. Cleaning a
// clean name changes nothing.
func CleanFileName(raw string) string {
	name := strings.TrimRight(visible(strings.ToValidUTF8(raw, "\uFFFD")), `/\`)
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Join(strings.Fields(name), " ")
	name = shorten(strings.Trim(name, " ."))
	if name == "" {
		return noFileName
	}
	return name
}

// visible drops control, formatting and other invisible characters. White space stays, for Fields;
// a joiner stays between two symbols, where it makes one emoji of them and can hide nothing.
func visible(s string) string {
	var b strings.Builder
	var last rune
	for i, r := range s {
		if r == zeroWidthJoiner {
			next, _ := utf8.DecodeRuneInString(s[i+utf8.RuneLen(r):])
			if !joinable(last) || next == utf8.RuneError || !unicode.Is(unicode.So, next) {
				continue
			}
		} else if invisible(r) {
			continue
		}
		b.WriteRune(r)
		last = r
	}
	return b.String()
}

// joinable says whether an emoji may end with r: a symbol, its skin tone, or the selector of its
// coloured form.
func joinable(r rune) bool {
	return r == '\uFE0F' || unicode.Is(unicode.So, r) || (r >= 0x1F3FB && r <= 0x1F3FF)
}

func invisible(r rune) bool {
	switch {
	case unicode.IsSpace(r):
		return false
	case unicode.Is(unicode.Prepended_Concatenation_Mark, r): // formatting by class, yet drawn
		return false
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point)
}

// shorten cuts a name before its extension.
func shorten(name string) string {
	if utf8.RuneCountInString(name) <= MaxFileName {
		return name
	}
	stem, ext := name, ""
	if dot := strings.LastIndexByte(name, '.'); utf8.RuneCountInString(name[dot+1:]) <= maxNameTail {
		stem, ext = name[:dot], name[dot:]
	}
	room := MaxFileName - utf8.RuneCountInString(ext)
	if r := []rune(stem); len(r) > room {
		stem = string(r[:room])
	}
	return strings.TrimRight(stem, " ."+string(zeroWidthJoiner)) + ext
}

// Disposition is the Content-Disposition of a download under this name, which it cleans first (RFC
// 6266). It holds the whole name percent-encoded (RFC 8187) and, for old programs, an ASCII form in
// which "_" stands for what does not fit.
func Disposition(name string) string {
	name = CleanFileName(name)
	ascii := strings.Map(func(r rune) rune {
		// A percent sign would be decoded by some browsers (RFC 6266, appendix D).
		if r < ' ' || r > '~' || r == '"' || r == '\\' || r == '%' {
			return '_'
		}
		return r
	}, name)
	return `attachment; filename="` + ascii + `"; filename*=UTF-8''` + percentEncode(name)
}

// percentEncode encodes all but the attr-chars of RFC 8187, 3.2.1.
func percentEncode(s string) string {
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		if 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("!#$&+-.^_`|~", c) >= 0 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}
