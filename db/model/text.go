package model

import (
	"net/mail"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bounds of what people type, in characters (Unicode code points).
const (
	MaxTitle       = 200    // B2
	MaxText        = 20_000 // B2: descriptions and messages
	MaxName        = 100
	MaxProjectName = 80
	MaxIntro       = 500
	MaxAddress     = 254 // RFC 5321, 4.5.3.1.3 less the angle brackets
)

// CleanText makes any bytes a text that can be stored and shown: valid UTF-8, lines ended by "\n",
// no control characters but tab and newline, no white space around it. Invalid bytes become U+FFFD.
func CleanText(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = strings.ReplaceAll(s, "\r\n", "\n")
	s = strings.ReplaceAll(s, "\r", "\n")
	s = strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && unicode.IsControl(r) {
			return -1
		}
		return r
	}, s)
	return strings.TrimSpace(s)
}

// CleanLine is CleanText on one line: every run of white space becomes one space, and characters
// that would reorder the text around it (bidirectional overrides and isolates) go.
func CleanLine(s string) string {
	s = strings.Map(func(r rune) rune {
		if (r >= '\u202A' && r <= '\u202E') || (r >= '\u2066' && r <= '\u2069') {
			return -1
		}
		return r
	}, CleanText(s))
	return strings.Join(strings.Fields(s), " ")
}

// Fold returns a line as it is searched for: in small letters, so that nobody has to know how it is written.
func Fold(s string) string { return strings.ToLower(CleanLine(s)) }

// Chars counts the characters of a text as the bounds of this package do.
func Chars(s string) int { return utf8.RuneCountInString(s) }

// CleanAddress returns the address in the one form in which Deskbell stores it (lower case, no
// name), and false for what is no deliverable ASCII address (RFC 5321; quoted local parts, address
// literals and the domain .invalid are refused).
func CleanAddress(s string) (string, bool) {
	s = strings.TrimSpace(s)
	if len(s) > MaxAddress || strings.ContainsAny(s, "\"<>()[]\\,;: \t\r\n") {
		return "", false
	}
	for _, r := range s {
		if r <= ' ' || r > '~' {
			return "", false
		}
	}
	a, err := mail.ParseAddress(s)
	if err != nil || a.Name != "" || a.Address != s {
		return "", false
	}
	at := strings.LastIndexByte(s, '@')
	local, domain := s[:at], s[at+1:]
	if len(local) > 64 || !domainLike(domain) || Synthetic(strings.ToLower(domain)) {
		return "", false
	}
	return strings.ToLower(s), true
}

// domainLike says whether each label of a host name is made of letters, digits and inner hyphens.
func domainLike(s string) bool {
	for label := range strings.SplitSeq(s, ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		for _, r := range label {
			if r != '-' && (r > 'z' || !unicode.IsLetter(r) && !unicode.IsDigit(r)) {
				return false
			}
		}
	}
	return true
}
