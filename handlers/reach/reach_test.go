package reach

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"

	"deskbell/db/model"
)

func checker(t *testing.T, handler http.HandlerFunc, addresses ...string) Checker {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	u, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	keys, err := model.NewKeys([]byte(strings.Repeat("k", 32)))
	if err != nil {
		t.Fatal(err)
	}
	return Checker{Keys: keys, Base: model.BaseURL{Scheme: "http", Host: "localhost", Port: u.Port()},
		Resolve: func(context.Context, string) ([]netip.Addr, error) {
			var list []netip.Addr
			for _, a := range addresses {
				list = append(list, netip.MustParseAddr(a))
			}
			return list, nil
		}}
}

func TestA10_AHostPointsHereWhenItHasTheProof(t *testing.T) {
	t.Parallel()
	var c Checker
	answers := map[string]http.HandlerFunc{
		"here.test": func(w http.ResponseWriter, r *http.Request) {
			w.Write([]byte(Proof(c.Keys, "here.test", r.URL.Path[len(Path):])))
		},
		"another.test": func(w http.ResponseWriter, r *http.Request) {
			w.Write([]byte(Proof(c.Keys, "here.test", r.URL.Path[len(Path):])))
		},
		"old.test": func(w http.ResponseWriter, r *http.Request) { w.Write([]byte(Proof(c.Keys, "old.test", "x"))) },
		"elsewhere.com": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://here.test"+r.URL.Path, http.StatusFound)
		},
		"broken.test": func(w http.ResponseWriter, r *http.Request) { panic(http.ErrAbortHandler) },
	}
	c = checker(t, func(w http.ResponseWriter, r *http.Request) { answers[model.HostOf(r.Host)](w, r) }, "127.0.0.1")
	for host, want := range map[string]Outcome{
		"here.test": PointsHere, "another.test": NotHere, "old.test": NotHere, "elsewhere.com": NotHere, "broken.test": NoAnswer,
	} {
		if got := c.Check(t.Context(), host); got.Outcome != want {
			t.Errorf("%s: %v, want %s", host, got, want)
		}
	}
}

// Nothing inside is asked, in whatever spelling, not even when a public address stands beside it.
func TestP_TheServerAsksNothingInsideItsNetwork(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"127.0.0.1", "127.9.9.9", "10.0.0.1", "172.16.3.4", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
		"224.0.0.1", "255.255.255.255", "198.18.0.1", "::1", "::", "fe80::1", "fc00::1", "fd00:ec2::254", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
		"::ffff:169.254.169.254", "64:ff9b::a00:1", "2002:a00:1::", "::127.0.0.1", "fec0::1"} {
		c := checker(t, func(http.ResponseWriter, *http.Request) { t.Errorf("%s was asked", address) }, "1.1.1.1", address)
		c.Base.Host = "desk.example.com"
		if got := c.Check(t.Context(), "trick.test"); got.Outcome != Inside {
			t.Errorf("%s: %v", address, got)
		}
		if got := c.Check(t.Context(), "x.localhost"); got.Outcome != Inside {
			t.Errorf("a name of this machine: %v", got)
		}
	}
}

func TestA10_AHostWithoutAnAddressSaysSo(t *testing.T) {
	t.Parallel()
	c := checker(t, func(http.ResponseWriter, *http.Request) {})
	if got := c.Check(t.Context(), "nowhere.test"); got.Outcome != NoAddress {
		t.Errorf("%v", got)
	}
}
