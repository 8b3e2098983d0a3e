// Package reach asks from the outside whether a host name leads to this Deskbell. What it asks is chosen by
// an admin: it must never become a way into the network in which the server stands.
package reach

import (
	"context"
	"crypto/subtle"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"deskbell/db/model"
)

// Path is where a page domain proves that it is one: a random token follows.
const Path = "/.well-known/deskbell/"

// Proof is the answer to a token on a host: only this installation can make it.
func Proof(keys model.Keys, host, token string) string {
	return keys.Proof("page domain", host+"/"+token)
}

const (
	patience  = 8 * time.Second // for all of a check
	maxAnswer = 1 << 10         // bytes
)

// Outcome is what a check found.
type Outcome string

// The outcomes, from the first step that can fail to the last.
const (
	NoAddress  Outcome = "no address"  // no DNS record
	Inside     Outcome = "inside"      // an address of a private network, which is never asked
	NoAnswer   Outcome = "no answer"   // nothing listens, or not in time
	BadTLS     Outcome = "bad tls"     // the certificate is not for this host, or of nobody known
	NotHere    Outcome = "not here"    // something else answers
	PointsHere Outcome = "points here" // as it should be
)

// Result is an outcome with the address that was asked.
type Result struct {
	Outcome Outcome
	Address string // empty where there is none
}

// Checker checks host names.
type Checker struct {
	Keys model.Keys
	Base model.BaseURL // scheme and port of every page domain
	// Resolve finds the addresses of a name; nil: as the system does.
	Resolve func(ctx context.Context, host string) ([]netip.Addr, error)
}

// Check asks a host name for its proof, within 8 seconds and without following a redirect. The name is
// resolved once, and the address that was checked is the one that is asked.
func (c Checker) Check(ctx context.Context, host string) Result {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	addresses, err := c.resolve(ctx, host)
	if err != nil || len(addresses) == 0 {
		return Result{Outcome: NoAddress}
	}
	for _, a := range addresses {
		// Why not skip those: a name with one address inside and one outside is a trick, or a mistake.
		if !c.allowed(a) {
			return Result{Inside, a.String()}
		}
	}
	address := addresses[0]
	return Result{c.ask(ctx, host, address), address.String()}
}

func (c Checker) resolve(ctx context.Context, host string) ([]netip.Addr, error) {
	if c.Base.Loopback() && (host == "localhost" || strings.HasSuffix(host, ".localhost")) {
		return []netip.Addr{netip.AddrFrom4([4]byte{127, 0, 0, 1})}, nil // RFC 6761
	}
	if c.Resolve != nil {
		return c.Resolve(ctx, host)
	}
	return net.DefaultResolver.LookupNetIP(ctx, "ip", host)
}

// notPublic are networks that the standard library does not tell from public ones.
var notPublic = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("198.18.0.0/15"), netip.MustParsePrefix("198.51.100.0/24"),
	netip.MustParsePrefix("203.0.113.0/24"), netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("::/96"), netip.MustParsePrefix("64:ff9b::/96"), netip.MustParsePrefix("64:ff9b:1::/48"),
	netip.MustParsePrefix("100::/64"), netip.MustParsePrefix("2001::/23"), netip.MustParsePrefix("2001:db8::/32"),
	netip.MustParsePrefix("2002::/16"), netip.MustParsePrefix("fec0::/10"),
}

// allowed says whether an address may be asked: a public one; or, on a laptop whose base host is a loopback
// name, one of this machine alone.
func (c Checker) allowed(a netip.Addr) bool {
	a = a.Unmap()
	if a.IsLoopback() {
		return c.Base.Loopback()
	}
	if !a.IsGlobalUnicast() || a.IsPrivate() || a.Zone() != "" {
		return false
	}
	for _, p := range notPublic {
		if p.Contains(a) {
			return false
		}
	}
	return true
}

// ask sends the one request, to the address and under the host's name.
func (c Checker) ask(ctx context.Context, host string, address netip.Addr) Outcome {
	token := model.RandomID()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, c.Base.Origin(host)+Path+token, nil)
	if err != nil {
		return NotHere
	}
	transport := &http.Transport{
		Proxy: nil, DisableKeepAlives: true, MaxResponseHeaderBytes: 16 << 10, TLSHandshakeTimeout: patience,
		DialContext: func(ctx context.Context, network, asked string) (net.Conn, error) {
			_, port, err := net.SplitHostPort(asked)
			if err != nil {
				return nil, fmt.Errorf("dial %s: %w", asked, err)
			}
			return (&net.Dialer{}).DialContext(ctx, network, net.JoinHostPort(address.String(), port))
		},
	}
	client := &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.Do(request)
	if err != nil {
		return failed(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer))
	if err != nil {
		return NoAnswer
	}
	if answer.StatusCode != http.StatusOK || subtle.ConstantTimeCompare(body, []byte(Proof(c.Keys, host, token))) != 1 {
		return NotHere
	}
	return PointsHere
}

func failed(err error) Outcome {
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return BadTLS
	}
	if _, ok := errors.AsType[tls.RecordHeaderError](err); ok {
		return BadTLS
	}
	return NoAnswer
}
