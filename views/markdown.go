package views

import (
	"bytes"
	"html"
	"net/url"
	"regexp"
	"sync"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/renderer"
	gmhtml "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"deskbell/db/model"
)

// Markdown renders what somebody wrote, once, when it is written: CommonMark with links found in
// plain text and strikethrough. Line ends stay, HTML is shown as the text it is, pictures
// become links, and the result is sanitised.
func Markdown(source string) model.RichText {
	if len(source) > maxRendered {
		return model.RichText{Source: source} // no verb stores it
	}
	kit := markdown()
	parsed := kit.converter.Parser().Parse(text.NewReader([]byte(source)))
	var out bytes.Buffer
	if depth(parsed) > maxDepth || kit.converter.Renderer().Render(&out, []byte(source), parsed) != nil {
		// A text that no honest writer nests so deeply, or that cannot be rendered, is shown as typed.
		return model.RichText{Source: source, HTML: "<pre>" + html.EscapeString(source) + "</pre>"}
	}
	return model.RichText{Source: source, HTML: kit.policy.Sanitize(out.String())}
}

// PlainText is a text of the program's own: one paragraph, as it stands.
func PlainText(words string) model.RichText {
	return model.RichText{Source: words, HTML: "<p>" + html.EscapeString(words) + "</p>"}
}

// depth is how deeply the nodes of a text are nested.
func depth(root ast.Node) int {
	now, deepest := 0, 0
	ast.Walk(root, func(_ ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			now++
			deepest = max(deepest, now)
		} else {
			now--
		}
		return ast.WalkContinue, nil
	})
	return deepest
}

const (
	// maxRendered is more than any text that a verb takes has, in bytes.
	maxRendered = 4 * model.MaxText
	// maxDepth bounds how deeply quotes and lists are nested: browsers give up at some 500, and a
	// text's HTML stays in proportion to it.
	maxDepth = 32
)

type markdownKit struct {
	converter goldmark.Markdown
	policy    *bluemonday.Policy
}

var markdown = sync.OnceValue(func() markdownKit {
	converter := goldmark.New(
		goldmark.WithExtensions(extension.Strikethrough, extension.NewLinkify(
			extension.WithLinkifyAllowedProtocols([]string{"http:", "https:", "mailto:"}))),
		goldmark.WithRendererOptions(gmhtml.WithHardWraps(),
			renderer.WithNodeRenderers(util.Prioritized(plainNodes{}, 1))),
	)
	return markdownKit{converter, messagePolicy()}
})

// messagePolicy lists what may stand in a message: text and its structure, and links to elsewhere.
func messagePolicy() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "hr", "em", "strong", "del", "code", "pre", "blockquote", "ul", "li",
		"h1", "h2", "h3", "h4", "h5", "h6")
	p.AllowAttrs("start").Matching(regexp.MustCompile(`^[0-9]{1,9}$`)).OnElements("ol")
	p.AllowElements("ol")
	p.AllowAttrs("href").OnElements("a")
	p.AllowStandardURLs()
	p.AllowRelativeURLs(false)
	p.AllowURLSchemes("http", "https", "mailto")
	p.AddSpaceWhenStrippingTag(true)
	p.RequireNoFollowOnLinks(true)
	p.RequireNoReferrerOnLinks(true)
	return p
}

// plainNodes renders raw HTML as text, a picture as a link to it (a picture from elsewhere would
// tell its owner who reads), and headings two levels down, below those of the page.
type plainNodes struct{}

func (plainNodes) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(ast.KindRawHTML, rawHTML)
	r.Register(ast.KindHTMLBlock, htmlBlock)
	r.Register(ast.KindImage, image)
	r.Register(ast.KindHeading, heading)
}

func rawHTML(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		segments := node.(*ast.RawHTML).Segments
		for i := range segments.Len() {
			segment := segments.At(i)
			w.Write(util.EscapeHTML(segment.Value(source)))
		}
	}
	return ast.WalkSkipChildren, nil
}

func htmlBlock(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	block := node.(*ast.HTMLBlock)
	if !entering {
		if block.HasClosure() {
			line := block.ClosureLine
			w.Write(util.EscapeHTML(line.Value(source)))
		}
		w.WriteString("</p>\n")
		return ast.WalkContinue, nil
	}
	w.WriteString("<p>")
	lines := block.Lines()
	for i := range lines.Len() {
		line := lines.At(i)
		w.Write(util.EscapeHTML(bytes.TrimRight(line.Value(source), "\n")))
		if i < lines.Len()-1 {
			w.WriteString("<br>\n")
		}
	}
	return ast.WalkContinue, nil
}

func image(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	picture := node.(*ast.Image)
	if !entering {
		w.WriteString("</a>")
		return ast.WalkContinue, nil
	}
	target := string(picture.Destination)
	if _, err := url.Parse(target); err != nil {
		target = ""
	}
	w.WriteString(`<a href="` + html.EscapeString(target) + `">`)
	if node.ChildCount() == 0 {
		w.WriteString(html.EscapeString(target))
	}
	return ast.WalkContinue, nil
}

func heading(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	level := string(rune('0' + min(node.(*ast.Heading).Level+2, 6)))
	if entering {
		w.WriteString("<h" + level + ">")
	} else {
		w.WriteString("</h" + level + ">\n")
	}
	return ast.WalkContinue, nil
}
