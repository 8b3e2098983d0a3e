package web

import (
	"testing"
	"unicode/utf8"
)

func TestBrowserName(t *testing.T) {
	t.Parallel()
	for agent, want := range map[string]string{
		"Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0":                                                                     "Firefox, Linux",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36":                            "Chrome, Windows",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0":              "Edge, Windows",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15":                      "Safari, macOS",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/142.0.0.0 Mobile/15E148 Safari/604.1": "Chrome, iPhone",
		"Mozilla/5.0 (Linux; Android 15; SM-S931B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36": "Samsung Internet, Android",
		"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36":                             "Chrome, ChromeOS",
		"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 OPR/125.0.0.0":                        "Opera, Linux",
		"Lynx/2.9.0 (Linux)": "Linux", "curl/8.14.1": "", "": "",
	} {
		if got := browserName(agent); got != want {
			t.Errorf("%s\n  is %q, want %q", agent, got, want)
		}
	}
}

func FuzzBrowserName(f *testing.F) {
	for _, seed := range []string{"", "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0", "Edg/", "Chrome/ Safari/", "\xff\x00", "((((("} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, agent string) {
		if name := browserName(agent); len(name) > 100 || !utf8.ValidString(name) {
			t.Errorf("%q is shown as %q", agent, name)
		}
	})
}
