package views

import (
	"strings"
	"testing"

	"golang.org/x/net/html"
)

func TestI1_MarkdownIsRenderedSafely(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, source, has, hasNot string }{
		{"emphasis", "a **b** _c_", "<strong>b</strong>", ""},
		{"line ends stay", "one\ntwo", "one<br>", ""},
		{"plain links", "see https://example.org/x", `<a href="https://example.org/x"`, ""},
		{"code keeps its characters", "```\n<b>&\n```", "&lt;b&gt;&amp;", "<b>"},
		{"HTML is shown as text", "a <b onclick=x()>c</b>", "&lt;b onclick=x()&gt;", "<b"},
		{"HTML blocks are shown as text", "<script>alert(1)</script>\nafter", "&lt;script&gt;alert(1)&lt;/script&gt;", "<script"},
		{"comments are shown as text", "<!-- hidden -->", "&lt;!-- hidden --&gt;", "<!--"},
		{"script links lead nowhere", "[x](javascript:alert(1))", "x", "javascript:"},
		{"data links lead nowhere", "[x](data:text/html,<b>)", "x", "data:text"},
		{"pictures become links", "![cat](https://evil.test/cat.png)", `<a href="https://evil.test/cat.png"`, "<img"},
		{"headings lie below the page's", "# Big", "<h3>Big</h3>", "<h1"},
		{"relative links lead nowhere", "[x](/desk)", "x", "href"},
		{"htmx attributes are text", `<a hx-get="/x">y</a>`, "&lt;a hx-get", "<a"},
		{"lists", "- a\n- b", "<li>a</li>", ""},
		{"no tables: a small one can be made to swell", "|a|\n|-|\n|b|", "|b|", "<td"},
		{"what is nested too deeply is shown as it was typed", strings.Repeat("> ", 5000) + "<b>", "<pre>&gt; &gt;", "<blockquote"},
	} {
		got := Markdown(c.source).HTML
		if !strings.Contains(got, c.has) || c.hasNot != "" && strings.Contains(got, c.hasNot) {
			t.Errorf("%s: %q gives %q", c.name, c.source, got)
		}
	}
}

// allowed are the elements and attributes that a message can have.
var allowed = map[string][]string{
	"p": nil, "br": nil, "hr": nil, "em": nil, "strong": nil, "del": nil, "code": nil, "pre": nil, "blockquote": nil,
	"ul": nil, "ol": {"start"}, "li": nil, "h1": nil, "h2": nil, "h3": nil, "h4": nil, "h5": nil, "h6": nil,
	"a": {"href", "rel"},
}

func FuzzMarkdown(f *testing.F) {
	for _, seed := range []string{"a **b**", "<script>x</script>", "[x](javascript:1)", "![a](b)", "<a hx-on:click=x>", "```\n<", "|a|\n|-|\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, source string) {
		z := html.NewTokenizer(strings.NewReader(Markdown(source).HTML))
		for kind := z.Next(); kind != html.ErrorToken; kind = z.Next() {
			token := z.Token()
			if kind != html.StartTagToken && kind != html.SelfClosingTagToken {
				continue
			}
			attributes, ok := allowed[token.Data]
			if !ok {
				t.Fatalf("%q gives the element %s", source, token.Data)
			}
			for _, a := range token.Attr {
				if !contains(attributes, a.Key) {
					t.Fatalf("%q gives the attribute %s of %s", source, a.Key, token.Data)
				}
				if a.Key == "href" && !strings.HasPrefix(a.Val, "http:") && !strings.HasPrefix(a.Val, "https:") && !strings.HasPrefix(a.Val, "mailto:") {
					t.Fatalf("%q gives a link to %q", source, a.Val)
				}
			}
		}
	})
}

func contains(list []string, s string) bool {
	for _, item := range list {
		if item == s {
			return true
		}
	}
	return false
}
