package model

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestArchiveName_EverySystemUnpacksIt(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		"report.pdf":          "report.pdf",
		"../../etc/passwd":    "_._etc_passwd",
		`C:\temp\a.txt`:       "C__temp_a.txt",
		`a<b>c:"d"|e?*.txt`:   "a_b_c__d__e__.txt",
		"CON":                 "_CON",
		"nul.txt":             "_nul.txt",
		"com1.tar.gz":         "_com1.tar.gz",
		"Contact.txt":         "Contact.txt",
		"com.txt":             "com.txt",
		"COM0":                "_COM0",
		"ends with dots. . .": "ends with dots",
		"":                    "file",
		"...":                 "file",
		"?":                   "_",
		"näïve 👩‍👩‍👧.png":     "näïve 👩‍👩‍👧.png",
		"line\nbreak\x00.txt": "line break.txt",
		"fdp.\u202eexe":       "fdp.exe",
	} {
		if got := ArchiveName(raw); got != want {
			t.Errorf("%q becomes %q, want %q", raw, got, want)
		}
	}
	for _, long := range []string{strings.Repeat("界", 120) + ".pdf", strings.Repeat("a", 300), strings.Repeat("a.", 200) + "x", strings.Repeat("a ", 100) + ".txt"} {
		got := ArchiveName(long)
		if len(got) > maxArchiveName+1 || !utf8.ValidString(got) || strings.HasSuffix(got, ".") || strings.HasSuffix(got, " ") {
			t.Errorf("%.20q… becomes %q, %d bytes", long, got, len(got))
		}
		if strings.HasSuffix(long, ".pdf") && !strings.HasSuffix(got, ".pdf") {
			t.Errorf("%q has lost its extension", got)
		}
	}
}

func TestArchiveNames_NoTwoFilesShareAPath(t *testing.T) {
	t.Parallel()
	names := ArchiveNames{}
	for _, c := range []struct{ folder, file, want string }{
		{"files/a", "x.png", "files/a/x.png"},
		{"files/a", "X.PNG", "files/a/X (2).PNG"},
		{"files/a", "x.png", "files/a/x (3).png"},
		{"files/a", "x (2).png", "files/a/x (2) (2).png"},
		{"files/b", "x.png", "files/b/x.png"},
		{"files/a", "noext", "files/a/noext"},
		{"files/a", "noext", "files/a/noext (2)"},
	} {
		if got := names.Add(c.folder, c.file); got != c.want {
			t.Errorf("%s in %s becomes %q, want %q", c.file, c.folder, got, c.want)
		}
	}
}
