package views

import (
	"bytes"
	"fmt"
	"html"
	"regexp"
	"strings"
	"sync"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"deskbell/db/model"
)

// Document renders a knowledge article, once, when it is saved: CommonMark with tables, task lists,
// footnotes and links found in plain text. Headings begin below the page's title, skip no level and
// have anchors. HTML is shown as the text it is, pictures become links, and the result is sanitised.
func Document(source string) model.DocumentText {
	kit, raw := documentMarkdown(), []byte(source)
	root := kit.converter.Parser().Parse(text.NewReader(raw))
	made := model.DocumentText{Source: source, Headings: outline(root, raw), Excerpt: excerpt(root, raw)}
	var out bytes.Buffer
	if err := kit.converter.Renderer().Render(&out, raw, root); err != nil {
		// A text that cannot be rendered is still shown, as it was typed.
		made.HTML = "<p>" + html.EscapeString(source) + "</p>"
		return made
	}
	made.HTML = kit.policy.Sanitize(out.String())
	return made
}

var documentMarkdown = sync.OnceValue(func() markdownKit {
	converter := goldmark.New(
		goldmark.WithExtensions(extension.Strikethrough, extension.TaskList,
			extension.NewTable(extension.WithTableCellAlignMethod(extension.TableCellAlignNone)),
			extension.NewFootnote(extension.WithFootnoteIDPrefix("note-"), extension.WithFootnoteBacklinkHTML("&#8617;")),
			extension.NewLinkify(extension.WithLinkifyAllowedProtocols([]string{"http:", "https:", "mailto:"}))),
		goldmark.WithRendererOptions(renderer.WithNodeRenderers(util.Prioritized(documentNodes{}, 1))),
	)
	return markdownKit{converter, documentPolicy()}
})

// documentPolicy lists what may stand in a document: that of a message, and anchors, footnotes and
// links within the site.
func documentPolicy() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "hr", "em", "strong", "del", "code", "pre", "blockquote", "ul", "ol", "li", "div", "sup",
		"span", "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td")
	p.AllowAttrs("start").Matching(regexp.MustCompile(`^[0-9]{1,9}$`)).OnElements("ol")
	p.AllowAttrs("id").Matching(regexp.MustCompile(`^h-[\p{L}\p{N}\p{M}-]+$`)).OnElements("h2", "h3", "h4", "h5", "h6")
	p.AllowAttrs("id").Matching(regexp.MustCompile(`^note-fn(ref)?[0-9]*:[0-9]+$`)).OnElements("li", "sup")
	p.AllowAttrs("role").Matching(regexp.MustCompile(`^(doc-(noteref|backlink|endnotes)|img)$`)).OnElements("a", "div", "span")
	p.AllowAttrs("aria-label").Matching(regexp.MustCompile(`^(done|to do)$`)).OnElements("span")
	p.AllowAttrs("href").OnElements("a")
	p.AllowStandardURLs()
	p.AllowRelativeURLs(true)
	p.AllowURLSchemes("http", "https", "mailto")
	p.RequireNoFollowOnLinks(false)
	p.AddSpaceWhenStrippingTag(true)
	return p
}

// documentNodes renders raw HTML and pictures as messages do, and a task's box as a sign with a name:
// a box that cannot be ticked is no control.
type documentNodes struct{}

func (documentNodes) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(ast.KindRawHTML, rawHTML)
	r.Register(ast.KindHTMLBlock, htmlBlock)
	r.Register(ast.KindImage, image)
	r.Register(east.KindTaskCheckBox, taskBox)
}

func taskBox(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering && node.(*east.TaskCheckBox).IsChecked {
		w.WriteString(`<span role="img" aria-label="done">☑</span> `)
	} else if entering {
		w.WriteString(`<span role="img" aria-label="to do">☐</span> `)
	}
	return ast.WalkContinue, nil
}

// outline gives each heading its level and its anchor, and returns the table of contents.
func outline(root ast.Node, source []byte) []model.Heading {
	var found []*ast.Heading
	highest := 6
	walk(root, func(n ast.Node) {
		if h, ok := n.(*ast.Heading); ok {
			found, highest = append(found, h), min(highest, h.Level)
		}
	})
	list := make([]model.Heading, 0, len(found))
	level, used := 1, map[string]bool{}
	for _, h := range found {
		level = min(h.Level-highest+2, level+1, 6)
		h.Level = level
		words := plainText(h, source)
		id := anchor(words, used)
		h.SetAttributeString("id", []byte(id))
		if words != "" {
			list = append(list, model.Heading{Level: level, ID: id, Text: words})
		}
	}
	return list
}

// anchor makes an id that no other heading of the document has, and nothing else of the page.
func anchor(words string, used map[string]bool) string {
	slug := model.Slug(words)
	if slug == "" {
		slug = "section"
	}
	id := "h-" + slug
	for n := 2; used[id]; n++ {
		id = fmt.Sprintf("h-%s-%d", slug, n)
	}
	used[id] = true
	return id
}

// excerpt returns how a document's text begins, from its first paragraph with words in it.
func excerpt(root ast.Node, source []byte) string {
	for n := root.FirstChild(); n != nil; n = n.NextSibling() {
		if words := plainText(n, source); words != "" && n.Kind() == ast.KindParagraph {
			return shorten(words, model.MaxExcerpt)
		}
	}
	return ""
}

// shorten cuts a text at a word's end.
func shorten(s string, limit int) string {
	if model.Chars(s) <= limit {
		return s
	}
	cut := string([]rune(s)[:limit-1])
	if end := strings.LastIndexByte(cut, ' '); end > len(cut)/2 {
		cut = cut[:end]
	}
	return strings.TrimRight(cut, " ,;:.") + "…"
}

// plainText returns the words below a node, on one line.
func plainText(n ast.Node, source []byte) string {
	var b strings.Builder
	walk(n, func(n ast.Node) {
		switch n := n.(type) {
		case *ast.Text:
			b.Write(util.UnescapePunctuations(n.Segment.Value(source)))
			if n.SoftLineBreak() || n.HardLineBreak() {
				b.WriteByte(' ')
			}
		case *ast.String:
			b.Write(n.Value)
		case *ast.AutoLink:
			b.Write(n.Label(source))
		}
	})
	return strings.Join(strings.Fields(html.UnescapeString(b.String())), " ")
}

func walk(root ast.Node, visit func(ast.Node)) {
	ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			visit(n)
		}
		return ast.WalkContinue, nil // so that Walk returns no error
	})
}
