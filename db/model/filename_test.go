package model

import (
	"mime"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestG1_AFileNameIsCleanToShow(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("ä", 200)
	for raw, want := range map[string]string{
		"photo.png":                        "photo.png",
		"/etc/passwd":                      "passwd",
		`C:\Users\me\Report 1.docx`:        "Report 1.docx",
		`../..\mixed/of\both.txt`:          "both.txt",
		"folder/":                          "folder",
		`folder\\//`:                       "folder",
		"":                                 "file",
		"...":                              "file",
		"/":                                "file",
		" . . ":                            "file",
		"\u202e\u200b":                     "file",
		"a/\u202e":                         "a",
		".bashrc":                          "bashrc",
		"  two   spaces .txt. ":            "two spaces .txt",
		"line\r\nSet-Cookie: x.txt":        "line Set-Cookie: x.txt",
		"nul\x00 bell\x07 del\x7f.c":       "nul bell del.c",
		"line\u2028sep\u0085.txt":          "line sep .txt",
		"bad\xff\xfebytes.txt":             "bad\uFFFDbytes.txt",
		"evil\u202Efdp.exe":                "evilfdp.exe",
		"a\u2066b\u2069c\u200e\u061c":      "abc",
		"zero\u200bwidth\ufeff\u2060":      "zerowidth",
		"hangul\u3164filler\u115f":         "hangulfiller",
		"soft\u00adhyphen":                 "softhyphen",
		"a\u200db":                         "ab",
		"family👩\u200d👩\u200d👧.png":        "family👩\u200d👩\u200d👧.png",
		"👩🏽\u200d🚀 ❤️\u200d🔥":              "👩🏽\u200d🚀 ❤️\u200d🔥",
		"👩\u200d":                          "👩",
		"\u200d👩":                          "👩",
		"👩\u200d\u200d👩":                   "👩\u200d👩",
		"👩\u200dexe":                       "👩exe",
		"файл.pdf":                         "файл.pdf",
		"文件 — 報告.xlsx":                     "文件 — 報告.xlsx",
		"مستند.pdf":                        "مستند.pdf",
		"e\u0301te\u0301.txt":              "e\u0301te\u0301.txt",
		`q"u'o;t%41e.txt`:                  `q"u'o;t%41e.txt`,
		long + ".pdf":                      long[:2*116] + ".pdf",
		long:                               long[:2*120],
		long + "." + long:                  long[:2*120],
		strings.Repeat("a ", 100) + ".txt": strings.Repeat("a ", 58)[:115] + ".txt",
		strings.Repeat("x", 120):           strings.Repeat("x", 120),
		strings.Repeat("👩\u200d", 99) + "👩": strings.TrimSuffix(strings.Repeat("👩\u200d", 60), "\u200d"),
	} {
		if got := CleanFileName(raw); got != want {
			t.Errorf("%q: %q, want %q", raw, got, want)
		}
	}
}

func FuzzCleanFileName(f *testing.F) {
	for _, seed := range []string{"photo.png", "../../x", `C:\a\b`, "\u202e.\u200d.", "👩\u200d👩", "\xff\x00\r\n", strings.Repeat("a.", 99), strings.Repeat("👩\u200d", 99)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		name := CleanFileName(raw)
		if name == "" || !utf8.ValidString(name) || utf8.RuneCountInString(name) > MaxFileName {
			t.Errorf("%q became %q", raw, name)
		}
		if strings.ContainsAny(name, "/\\\r\n\x00\u202e\u200b") || strings.Trim(name, ". ") != name {
			t.Errorf("%q became %q", raw, name)
		}
		if again := CleanFileName(name); again != name {
			t.Errorf("%q, cleaned again, is %q", name, again)
		}
	})
}

func TestG7_ADownloadIsNamedAsTheFile(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"photo.png":    `attachment; filename="photo.png"; filename*=UTF-8''photo.png`,
		"naïve €.txt":  `attachment; filename="na_ve _.txt"; filename*=UTF-8''na%C3%AFve%20%E2%82%AC.txt`,
		`a"b\c;d%41'`:  `attachment; filename="c;d_41'"; filename*=UTF-8''c%3Bd%2541%27`,
		`say "hi".txt`: `attachment; filename="say _hi_.txt"; filename*=UTF-8''say%20%22hi%22.txt`,
		"x\r\nY: z":    `attachment; filename="x Y: z"; filename*=UTF-8''x%20Y%3A%20z`,
		"":             `attachment; filename="file"; filename*=UTF-8''file`,
	} {
		if got := Disposition(name); got != want {
			t.Errorf("%q: %s, want %s", name, got, want)
		}
	}
}

func FuzzDisposition(f *testing.F) {
	for _, seed := range []string{"photo.png", "файл.pdf", "報告.xlsx", "مستند.pdf", `q"u'o;t%41e\.txt`, "a\r\nb", "👩\u200d👩.png", "*=UTF-8''x", "\xff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		header := Disposition(name)
		for _, c := range []byte(header) {
			if c < ' ' || c > '~' {
				t.Fatalf("%q gives the byte %#x in %q", name, c, header)
			}
		}
		kind, parameters, err := mime.ParseMediaType(header)
		if err != nil || kind != "attachment" || len(parameters) != 1 || parameters["filename"] != CleanFileName(name) {
			t.Errorf("%q: %q reads as %s %q, %v", name, header, kind, parameters, err)
		}
	})
}

func TestG1_ASizeIsSaidForPeople(t *testing.T) {
	t.Parallel()
	for bytes, want := range map[int64]string{
		-1: "0 bytes", 0: "0 bytes", 1: "1 byte", 2: "2 bytes", 1023: "1,023 bytes",
		1024: "1 KB", 1536: "1.5 KB", 12 * 1024: "12 KB", 10_189: "10 KB",
		1023*1024 + 511: "1023 KB", Megabyte - 1: "1 MB", Megabyte: "1 MB", 3_565_158: "3.4 MB",
		10 * Megabyte: "10 MB", 1023 * Megabyte: "1023 MB", 1024 * Megabyte: "1 GB", 1<<63 - 1: "8 EB",
	} {
		if got := HumanSize(bytes); got != want {
			t.Errorf("%d: %q, want %q", bytes, got, want)
		}
	}
}
