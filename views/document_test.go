package views

import (
	"strings"
	"testing"
	"unicode/utf8"

	"deskbell/db/model"
)

func TestA6_HeadingsBeginBelowTheTitleAndSkipNoLevel(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]string{
		"# One\n\n## Two":                    "2 h-one, 3 h-two",
		"### One\n\n###### Two\n\n### Three": "2 h-one, 3 h-two, 2 h-three",
		"#### Deep\n\n# Top":                 "2 h-deep, 2 h-top",
		"## Same\n\n## Same\n\n## Same 2":    "2 h-same, 2 h-same-2, 2 h-same-2-2",
		"## ?!\n\n## *Größe* & `code`":       "2 h-section, 2 h-größe-code",
		"no heading":                         "",
	} {
		made := Document(source)
		var got []string
		for _, h := range made.Headings {
			got = append(got, string(rune('0'+h.Level))+" "+h.ID)
			if !strings.Contains(made.HTML, `<h`+string(rune('0'+h.Level))+` id="`+h.ID+`">`) {
				t.Errorf("%q: no anchor %s in %s", source, h.ID, made.HTML)
			}
		}
		if strings.Join(got, ", ") != want {
			t.Errorf("%q: %s, want %s", source, strings.Join(got, ", "), want)
		}
	}
}

func TestA6_ADocumentsMarkdown(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]string{
		"|a|b|\n|:-|-:|\n|1|2|":      "<td>2</td>",
		"- [x] a\n- [ ] b":           `<span role="img" aria-label="to do">☐</span> b`,
		"a[^1]\n\n[^1]: note":        `href="#note-fn:1"`,
		"[next](print-labels#h-one)": `<a href="print-labels#h-one">next</a>`,
		"```go\nx < y\n```":          "<pre><code>x &lt; y\n</code></pre>",
		"~~gone~~":                   "<del>gone</del>",
		"<b onclick=x>raw</b>":       "&lt;b onclick=x&gt;raw&lt;/b&gt;",
	} {
		if got := Document(source).HTML; !strings.Contains(got, want) {
			t.Errorf("%q: %s, want %s in it", source, got, want)
		}
	}
}

func TestP1_ADocumentHasNoMarkupOfItsOwn(t *testing.T) {
	t.Parallel()
	for _, source := range []string{
		"<script>alert(1)</script>", "[x](javascript:alert(1))", "[x](data:text/html,y)", "![x](https://e.example/p.png)",
		"# One {#main onclick=x}", "<style>p{}</style>", "<p hx-get=/x style=y>z</p>", "<iframe src=//e.example></iframe>",
	} {
		got := Document(source).HTML
		for _, never := range []string{"<script", "<style", "<iframe", "<img", "javascript:", "data:", `id="main`, "<p hx", "<h1"} {
			if strings.Contains(got, never) {
				t.Errorf("%q: %s has %s", source, got, never)
			}
		}
	}
}

func TestF2_AnExcerptIsShortAndPlain(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]string{
		"":                                      "",
		"# Only a heading":                      "",
		"## H\n\nFirst **bold**\nand `code`.":   "First bold and code.",
		"A &amp; B \\*c\\* <https://e.example>": "A & B *c* https://e.example",
	} {
		if got := Document(source).Excerpt; got != want {
			t.Errorf("%q: %q, want %q", source, got, want)
		}
	}
	long := Document(strings.Repeat("word ", 100)).Excerpt
	if model.Chars(long) > model.MaxExcerpt || !strings.HasSuffix(long, "word…") {
		t.Errorf("a long text begins %q", long)
	}
}

func FuzzDocument(f *testing.F) {
	for _, seed := range []string{"# A\n\n### B", "[^1]\n\n[^1]: note", "- [x] done", "|a|\n|-|", "<script>x</script>", "[x](javascript:1)", "![a](data:x)", "## <b onclick=x>", "www.example.com", strings.Repeat("> ", 100)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, source string) {
		made := Document(source)
		lower := strings.ToLower(made.HTML)
		for _, bad := range []string{"<script", "<img", "<iframe", "<style", "<form", `="javascript:`, `="data:`, " hx-", ` style="`} {
			if i := strings.Index(lower, bad); i >= 0 && strings.LastIndexByte(lower[:i+1], '<') > strings.LastIndexByte(lower[:i+1], '>') {
				t.Errorf("%q gives %q", source, made.HTML)
			}
		}
		if n := utf8.RuneCountInString(made.Excerpt); n > model.MaxExcerpt {
			t.Errorf("%q begins with %d characters", source, n)
		}
	})
}
