package model

import (
	"net"
	"net/url"
	"strings"
)

// BaseURL is where the desk is reached: its host is the base host, and its scheme and port are
// those of every page domain.
type BaseURL struct {
	Scheme string // "http" or "https"
	Host   string // lower case, without port
	Port   string // empty for the scheme's own
}

// ParseBaseURL reads an address like "https://desk.example.com". It fails with Invalid for anything
// but a scheme and a host.
func ParseBaseURL(s string) (BaseURL, error) {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" ||
		u.User != nil || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		return BaseURL{}, Fail(Invalid, "Write an address like https://desk.example.com, without a path.")
	}
	return BaseURL{Scheme: u.Scheme, Host: strings.ToLower(u.Hostname()), Port: u.Port()}, nil
}

// Origin returns the origin of a page domain, or of the base host for "": "https://help.example.com".
func (b BaseURL) Origin(host string) string {
	if host == "" {
		host = b.Host
	}
	if b.Port != "" {
		return b.Scheme + "://" + net.JoinHostPort(host, b.Port)
	}
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	return b.Scheme + "://" + host
}

// Secure says whether pages are reached over TLS.
func (b BaseURL) Secure() bool { return b.Scheme == "https" }

// Loopback says whether the base host is a name of this machine alone.
func (b BaseURL) Loopback() bool {
	ip := net.ParseIP(b.Host)
	return b.Host == "localhost" || strings.HasSuffix(b.Host, ".localhost") || ip != nil && ip.IsLoopback()
}

// HostOf returns the lower-case host name of a Host header, without port and final dot.
func HostOf(header string) string {
	host := header
	if h, _, err := net.SplitHostPort(header); err == nil {
		host = h
	}
	return strings.ToLower(strings.TrimSuffix(strings.Trim(host, "[]"), "."))
}
