package model

import (
	"errors"
	"net/mail"
	"net/url"
	"strings"
)

// ParseContact reads where a security problem is reported (RFC 9116, 2.5.3): an email address, or a URI of
// mailto, https or tel. It returns the URI; of an empty text an empty one.
func ParseContact(s string) (string, error) {
	if s == "" {
		return "", nil
	}
	if !strings.Contains(s, ":") {
		s = "mailto:" + s
	}
	u, err := url.Parse(s)
	if err != nil || strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return "", errContact
	}
	address, _, _ := strings.Cut(u.Opaque, "?")
	switch {
	case u.Scheme == "mailto" && bareAddress(address), u.Scheme == "https" && u.Hostname() != "" && u.User == nil, u.Scheme == "tel" && u.Opaque != "":
		return u.String(), nil
	}
	return "", errContact
}

var errContact = errors.New("write an address like security@example.com, or a link like https://example.com/report or tel:+4930123456")

func bareAddress(s string) bool {
	address, err := mail.ParseAddress(s)
	return err == nil && address.Address == s
}
