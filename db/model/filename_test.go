package model

import (
	"mime"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestG7_CleanFileName(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a", 300)
	family := "👩\u200d👩\u200d👧"
	for raw, want := range map[string]string{
		"":                                "file",
		"report.pdf":                      "report.pdf",
		"Straße 7, 東京.pdf":                "Straße 7, 東京.pdf",
		"/etc/passwd":                     "passwd",
		`C:\Users\me\shot.png`:            "shot.png",
		`..\../a/..\b.txt`:                "b.txt",
		"a/":                              "file",
		"..":                              "file",
		".":                               "file",
		"... . .":                         "file",
		".htaccess":                       "htaccess",
		"a.txt. . .":                      "a.txt",
		"  a \t b  .txt ":                 "a b .txt",
		"a\x00b.txt":                      "ab.txt",
		"a\r\nSet-Cookie: x=1.txt":        "aSet-Cookie: x=1.txt",
		"a\u0085\u2028\u2029b":            "ab",
		"a\x7f\x1b[31mb":                  "a[31mb",
		"\u202egnp.exe":                   "gnp.exe",
		"photo\u202egpj.exe":              "photogpj.exe",
		"a\u200e\u2066b\u2069":            "ab",
		"\u200b\ufeffa\u00adb":            "ab",
		"\u3164\u115f\uffa0":              "file",
		"\u2800 \u2800":                   "file",
		"a\u3000b\u00a0c":                 "a b c",
		"a\xff\xfeb.txt":                  "a\ufffdb.txt",
		"\xff":                            "\ufffd",
		family + ".png":                   family + ".png",
		"\u200d.png\u200d":                "png",
		"e\u0301.txt":                     "e\u0301.txt",
		"CON":                             "CON", // whoever saves it renames it
		`<b>"x"</b>.txt`:                  "b>.txt",
		long + ".pdf":                     long[:MaxFileName-4] + ".pdf",
		long:                              long[:MaxFileName],
		"a." + long:                       ("a." + long)[:MaxFileName],
		strings.Repeat("é", 300) + ".jpg": strings.Repeat("é", MaxFileName-4) + ".jpg",
		strings.Repeat("a", MaxFileName-5) + ". " + long[:9] + ".md":    strings.Repeat("a", MaxFileName-5) + ".md",
		strings.Repeat("a", MaxFileName-5) + "👩\u200d👩" + long + ".md":  strings.Repeat("a", MaxFileName-5) + "👩.md",
		strings.Repeat("a", MaxFileName-1) + "👩\u200d👩" + long[:9] + "": strings.Repeat("a", MaxFileName-1) + "👩",
	} {
		if got := CleanFileName(raw); got != want {
			t.Errorf("%q becomes %q, not %q", raw, got, want)
		}
	}
}

// cleanName fails for whatever must not be in a name.
func cleanName(t *testing.T, name string) {
	t.Helper()
	hidden := func(r rune) bool {
		return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) && r != '\u200d' || strings.ContainsRune("/\\\u2028\u2029", r)
	}
	switch n := utf8.RuneCountInString(name); {
	case !utf8.ValidString(name) || n < 1 || n > MaxFileName:
		t.Fatalf("%q has %d characters", name, n)
	case strings.ContainsFunc(name, hidden) || strings.Trim(name, " .\u200d") != name || strings.Contains(name, "  "):
		t.Fatalf("%q is not clean", name)
	case CleanFileName(name) != name:
		t.Fatalf("%q becomes %q when cleaned again", name, CleanFileName(name))
	}
}

var names = []string{"", "a.txt", `C:\x\..\y`, "a\x00\r\n\"b\";%2f'.txt", "\u202egpj.exe", "東京 ☂ שלום العربية ไทย हिन्दी.pdf",
	"👩\u200d👩\u200d👧.png", "\xff\xfe", strings.Repeat("ä. ", 200), strings.Repeat("a", 119) + ". b", "\u3164.\u200d", "100%.txt",
	"a;filename=b", "filename*=UTF-8''x", `\"`, "=?utf-8?q?x?="}

func FuzzCleanFileName(f *testing.F) {
	for _, name := range names {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, raw string) { cleanName(t, CleanFileName(raw)) })
}

// FuzzDisposition also takes names that were never cleaned: a header must hold whatever comes.
func FuzzDisposition(f *testing.F) {
	for _, name := range names {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		for _, name := range []string{raw, CleanFileName(raw)} {
			header := Disposition(name)
			if strings.ContainsFunc(header, func(r rune) bool { return r < ' ' || r > '~' }) {
				t.Fatalf("%q stands in a header", header)
			}
			kind, params, err := mime.ParseMediaType(header)
			if want := strings.ToValidUTF8(name, "\ufffd"); err != nil || kind != "attachment" || len(params) != 1 || params["filename"] != want {
				t.Fatalf("%q is read as %s %q, %v", header, kind, params, err)
			}
		}
	})
}

func TestG7_DispositionForOldClients(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"a b.txt":      `attachment; filename="a b.txt"; filename*=UTF-8''a%20b.txt`,
		`"x"; y=%41\/`: `attachment; filename="_x_; y=_41__"; filename*=UTF-8''%22x%22%3B%20y%3D%2541%5C%2F`,
		"é\r\n.txt":    "attachment; filename=\"___.txt\"; filename*=UTF-8''%C3%A9%0D%0A.txt",
		"*'()@:,":      `attachment; filename="*'()@:,"; filename*=UTF-8''%2A%27%28%29%40%3A%2C`,
	} {
		if got := Disposition(name); got != want {
			t.Errorf("%q gives %s", name, got)
		}
	}
}

func TestHumanSize(t *testing.T) {
	t.Parallel()
	for bytes, want := range map[int64]string{
		0: "0 bytes", 1: "1 byte", 2: "2 bytes", 1023: "1023 bytes", 1024: "1 KB", 1025: "1 KB", 1536: "1.5 KB", 9 << 10: "9 KB",
		10_189: "10 KB", 10 << 10: "10 KB", 1000 << 10: "1 MB", 1<<20 - 1: "1 MB", 1 << 20: "1 MB", 10 << 20: "10 MB", 25 << 20: "25 MB",
		999 << 20: "999 MB", 1 << 30: "1 GB", 5<<30 + 1<<29: "5.5 GB", 1 << 40: "1 TB", 5000 << 40: "5000 TB",
	} {
		if got := HumanSize(bytes); got != want {
			t.Errorf("%d is %s, not %s", bytes, got, want)
		}
	}
}
