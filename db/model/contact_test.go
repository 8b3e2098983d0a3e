package model

import "testing"

func TestP_AContactIsAnAddressThatAProgramCanUse(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"": "", "security@example.com": "mailto:security@example.com", "mailto:a@b.example": "mailto:a@b.example",
		"https://example.com/report": "https://example.com/report", "tel:+49-30-1234": "tel:+49-30-1234",
	} {
		if got, err := ParseContact(in); err != nil || got != want {
			t.Errorf("%q: %q, %v", in, got, err)
		}
	}
	for _, in := range []string{"security", "http://example.com", "https://", "https://a:b@example.com", "mailto:", "mailto:Ann <a@b.example>",
		"javascript:alert(1)", "a@b.example\nExpires: never", "https://example.com/a b", "tel:"} {
		if got, err := ParseContact(in); err == nil {
			t.Errorf("%q is taken as %q", in, got)
		}
	}
}

func FuzzParseContact(f *testing.F) {
	for _, seed := range []string{"", "a@b.example", "mailto:a@b?subject=x", "https://[::1]/%zz", "tel:", "\x00:", "https://a\r\nb"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, in string) {
		got, err := ParseContact(in)
		if err != nil {
			return
		}
		for _, r := range got {
			if r <= ' ' || r > '~' {
				t.Fatalf("%q becomes %q, which breaks a line", in, got)
			}
		}
		if again, err := ParseContact(got); err != nil || again != got {
			t.Fatalf("%q becomes %q and then %q, %v", in, got, again, err)
		}
	})
}
