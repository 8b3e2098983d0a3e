package model

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func testKeys(t testing.TB, secret string) Keys {
	t.Helper()
	k, err := NewKeys([]byte(secret))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestP3_ATokenCountsForOnePurposeAndOneKey(t *testing.T) {
	t.Parallel()
	k, other := testKeys(t, strings.Repeat("a", 32)), testKeys(t, strings.Repeat("b", 32))
	id := LinkID(RandomID())
	token := k.Token(ThreadLink, id)
	if got, ok := k.Link(ThreadLink, token); !ok || got != id {
		t.Fatalf("the token gives %q, %v", got, ok)
	}
	if _, ok := k.Link(UnsubscribeLink, token); ok {
		t.Error("a thread's token passes for an unsubscribe token")
	}
	if _, ok := other.Link(ThreadLink, token); ok {
		t.Error("a token of another key passes")
	}
	for i := range len(token) {
		changed := []byte(token)
		changed[i] ^= 1
		if _, ok := k.Link(ThreadLink, Token(changed)); ok {
			t.Errorf("a token with byte %d changed passes", i)
		}
	}
	if _, ok := k.Link(ThreadLink, Token(id)); ok {
		t.Error("what the database holds opens a thread")
	}
}

func FuzzLink(f *testing.F) {
	f.Add("")
	f.Add(strings.Repeat("A", 43))
	f.Fuzz(func(t *testing.T, s string) {
		if _, ok := testKeys(t, strings.Repeat("a", 32)).Link(ThreadLink, Token(s)); ok {
			t.Fatalf("%q opens a thread", s)
		}
	})
}

func TestB9_AFormKeyCountsForItsFormAndItsTime(t *testing.T) {
	t.Parallel()
	k, now := testKeys(t, strings.Repeat("a", 32)), time.Unix(1_800_000_000, 0)
	key := k.FormKey("intake/1/1", now)
	for _, c := range []struct {
		scope string
		at    time.Time
		want  bool
	}{
		{"intake/1/1", now, true}, {"intake/1/1", now.Add(FormKeyLife - time.Second), true},
		{"intake/1/1", now.Add(FormKeyLife), false}, {"intake/1/2", now, false},
	} {
		if got := k.FormKeyValid(c.scope, key, c.at); got != c.want {
			t.Errorf("%s after %v is %v", c.scope, c.at.Sub(now), got)
		}
	}
	stable := k.StableFormKey("reply/x", 7)
	if stable != k.StableFormKey("reply/x", 7) || stable == k.StableFormKey("reply/x", 8) {
		t.Error("a stable key must depend on scope and version alone")
	}
	if !k.StableFormKeyValid("reply/x", stable) || k.StableFormKeyValid("reply/y", stable) {
		t.Error("a stable key must count for its scope alone")
	}
}

func TestSeal_ReadsOnlyWhatItSealed(t *testing.T) {
	t.Parallel()
	k := testKeys(t, strings.Repeat("a", 32))
	sealed := k.Seal("sent", "ada@example.org")
	if text, ok := k.Unseal("sent", sealed); !ok || text != "ada@example.org" {
		t.Fatalf("got %q, %v", text, ok)
	}
	for _, bad := range []string{"", "AAAA", sealed + "A", sealed[1:]} {
		if _, ok := k.Unseal("sent", bad); ok {
			t.Errorf("%q is read", bad)
		}
	}
	if _, ok := k.Unseal("other", sealed); ok {
		t.Error("it is read in another scope")
	}
}

func TestCleanAddress(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"Ada@Example.ORG": "ada@example.org", " a+b@x.io ": "a+b@x.io", "root@localhost": "root@localhost",
		"": "", "ada": "", "@x.io": "", "a@": "", "a b@x.io": "", "a@x..io": "", "a@-x.io": "", "Ada <a@x.io>": "",
		"a@x.io, b@x.io": "", "a@x.io\nBcc: b@x.io": "", `"a b"@x.io`: "", "a@[127.0.0.1]": "", "ä@x.io": "", "a@exämple.io": "",
		strings.Repeat("a", 65) + "@x.io": "", "a@" + strings.Repeat("x.", 130) + "io": "", "a..b@x.io": "",
	} {
		got, ok := CleanAddress(in)
		if got != want || ok != (want != "") {
			t.Errorf("%q gives %q, %v; want %q", in, got, ok, want)
		}
	}
}

func FuzzCleanAddress(f *testing.F) {
	f.Add("ada@example.org")
	f.Add("a@x.io\r\nBcc: b")
	f.Fuzz(func(t *testing.T, s string) {
		got, ok := CleanAddress(s)
		if !ok {
			return
		}
		if strings.ContainsAny(got, " \r\n\t<>,;:\"") || strings.Count(got, "@") != 1 || len(got) > MaxAddress {
			t.Fatalf("%q gives %q", s, got)
		}
		if again, ok := CleanAddress(got); !ok || again != got {
			t.Fatalf("%q changes when it is cleaned again: %q", got, again)
		}
	})
}

func TestCleanText(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"a\r\nb\rc": "a\nb\nc", "\x00a\x1b[31m": "a[31m", "  a  ": "a", "a\tb": "a\tb", "\xff": "\uFFFD", "a\u0085b": "ab",
	} {
		if got := CleanText(in); got != want {
			t.Errorf("%q gives %q, want %q", in, got, want)
		}
	}
	if got := CleanLine("a\n\n b\u202e\tc"); got != "a b c" {
		t.Errorf("a line gives %q", got)
	}
}

func FuzzCleanText(f *testing.F) {
	f.Add("a\r\nb\x00\xff")
	f.Fuzz(func(t *testing.T, s string) {
		for _, got := range []string{CleanText(s), CleanLine(s)} {
			if !utf8.ValidString(got) || strings.ContainsAny(got, "\x00\r\x1b") || strings.TrimSpace(got) != got {
				t.Fatalf("%q gives %q", s, got)
			}
		}
		if strings.Contains(CleanLine(s), "\n") {
			t.Fatalf("%q gives more than one line", s)
		}
	})
}

func TestB2_IntakeBounds(t *testing.T) {
	t.Parallel()
	p := Project{Types: []TicketType{{Key: "bug"}}}
	right := Intake{Email: "a@x.io", Title: "T", Description: "D", Type: "bug"}
	for _, c := range []struct {
		name   string
		change func(*Intake)
		field  string
	}{
		{"right", func(*Intake) {}, ""},
		{"title of 200", func(in *Intake) { in.Title = strings.Repeat("ü", 200) }, ""},
		{"title of 201", func(in *Intake) { in.Title = strings.Repeat("ü", 201) }, "title"},
		{"description of 20,000", func(in *Intake) { in.Description = strings.Repeat("😀", 20_000) }, ""},
		{"description of 20,001", func(in *Intake) { in.Description = strings.Repeat("x", 20_001) }, "description"},
		{"message of 20,001", func(in *Intake) { in.Message = strings.Repeat("x", 20_001) }, "message"},
		{"name of 101", func(in *Intake) { in.Name = strings.Repeat("x", 101) }, "name"},
		{"no address", func(in *Intake) { in.Email = "" }, "email"},
		{"no title", func(in *Intake) { in.Title = "" }, "title"},
		{"no description", func(in *Intake) { in.Description = "" }, "description"},
		{"a type of another project", func(in *Intake) { in.Type = "billing" }, "type"},
	} {
		in := right
		c.change(&in)
		_, checked := in.Check(p, Template{})
		err, ok := AsError(checked)
		switch {
		case c.field == "" && ok:
			t.Errorf("%s: %v", c.name, err)
		case c.field != "" && (!ok || len(err.Fields) != 1 || err.Fields.Of(c.field) == ""):
			t.Errorf("%s: %v, want a message for %s", c.name, err, c.field)
		}
	}
}

func TestH1_LimitWait(t *testing.T) {
	t.Parallel()
	const per = 10 * time.Minute
	now := time.Unix(1_800_000_000, 0)
	ago := func(d time.Duration, n int) Uses { return Uses{At: now.Add(-d), Count: n} }
	for _, c := range []struct {
		name  string
		limit int
		uses  []Uses
		wait  time.Duration
	}{
		{"nothing used", 5, nil, 0},
		{"room", 5, []Uses{ago(time.Minute, 4)}, 0},
		{"full just now", 5, []Uses{ago(0, 5)}, per + 10*time.Second},
		{"full for five minutes", 5, []Uses{ago(5*time.Minute, 5)}, 5*time.Minute + 10*time.Second},
		{"the oldest leaves first", 5, []Uses{ago(9*time.Minute, 1), ago(time.Minute, 4)}, time.Minute + 10*time.Second},
		{"a lowered limit waits for more of them", 2, []Uses{ago(9*time.Minute, 1), ago(8*time.Minute, 1), ago(time.Minute, 1)}, 2*time.Minute + 10*time.Second},
		{"no use at all", 0, nil, per},
	} {
		if got := LimitWait(c.limit, 1, per, c.uses, now); got != c.wait {
			t.Errorf("%s: wait %v, want %v", c.name, got, c.wait)
		}
	}
}

func TestB10_FirstMailHold(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		hour, day, workspace, limit int
		held                        bool
	}{
		{0, 0, 0, 300, false}, {2, 9, 299, 300, false}, {3, 3, 3, 300, true}, {0, 10, 0, 300, true}, {0, 0, 300, 300, true}, {0, 0, 0, 0, true},
	} {
		if got := FirstMailHold(c.hour, c.day, c.workspace, c.limit); (got != "") != c.held {
			t.Errorf("%+v gives %q", c, got)
		}
	}
}

func TestBaseURL(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"http://localhost:8080": "http://help.test:8080", "https://Desk.example.com/": "https://help.test", "https://x:444": "https://help.test:444",
		"": "", "desk.example.com": "", "ftp://x": "", "https://x/path": "", "https://u:p@x": "", "https://x?y": "",
	} {
		b, err := ParseBaseURL(in)
		if err != nil && want != "" || err == nil && b.Origin("help.test") != want {
			t.Errorf("%q gives %q, %v", in, b.Origin("help.test"), err)
		}
	}
	for in, want := range map[string]string{"A.Test:80": "a.test", "[::1]:80": "::1", "a.test.": "a.test", "a.test": "a.test"} {
		if got := HostOf(in); got != want {
			t.Errorf("%q is host %q, want %q", in, got, want)
		}
	}
}
