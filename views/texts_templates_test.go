package views

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"text/template/parse"

	"golang.org/x/net/html"
)

// publicTemplates are the files that customers see. Some blocks of them are the desk's alone.
var (
	publicTemplates = []string{"portal/*.html", "errors/*.html", "partials/*.html", "layouts/portal.html", "mail/*.html", "mail/*.txt", "export/page.html"}
	deskBlocks      = []string{"mail-state", "document-state"}
	attributeBlocks = []string{"width", "here-new", "here-mine", "attributes", "field-attributes", "suggests"}
)

// spoken are the attributes that people read or hear.
var spoken = []string{"title", "placeholder", "aria-label", "alt", "aria-description"}

// textsOfTemplates returns the texts that public templates say, with their files, and complains of words
// that stand in a template as they are.
func textsOfTemplates(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, pattern := range publicTemplates {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %v %v", pattern, files, err)
		}
		for _, file := range files {
			body, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			trees := map[string]*parse.Tree{}
			tree := parse.New(file)
			tree.Mode = parse.SkipFuncCheck
			if _, err := tree.Parse(string(body), "", "", trees); err != nil {
				t.Fatal(err)
			}
			for name, tree := range trees {
				if !slices.Contains(deskBlocks, name) {
					r := templateReader{t: t, file: file, found: found}
					r.list(tree.Root)
					if !slices.Contains(attributeBlocks, name) {
						r.checkPlain(r.plain.String())
					}
				}
			}
		}
	}
	return found
}

// templateReader collects what one template says.
type templateReader struct {
	t     *testing.T
	file  string
	found map[string]string
	plain strings.Builder // what stands around the actions
}

func (r *templateReader) list(list *parse.ListNode) {
	if list == nil {
		return
	}
	for _, node := range list.Nodes {
		switch node := node.(type) {
		case *parse.TextNode:
			r.plain.Write(node.Text)
		case *parse.ActionNode:
			r.pipe(node.Pipe)
		case *parse.TemplateNode:
			r.pipe(node.Pipe)
		case *parse.IfNode:
			r.branch(&node.BranchNode)
		case *parse.RangeNode:
			r.branch(&node.BranchNode)
		case *parse.WithNode:
			r.branch(&node.BranchNode)
		}
	}
}

func (r *templateReader) branch(node *parse.BranchNode) {
	r.pipe(node.Pipe)
	r.list(node.List)
	r.list(node.ElseList)
}

func (r *templateReader) pipe(pipe *parse.PipeNode) {
	if pipe == nil {
		return
	}
	for _, command := range pipe.Cmds {
		called := ""
		if name, ok := command.Args[0].(*parse.IdentifierNode); ok {
			called = name.Ident
		}
		for i, arg := range command.Args {
			switch arg := arg.(type) {
			case *parse.PipeNode:
				r.pipe(arg)
			case *parse.StringNode:
				r.word(called, i, arg.Text)
			}
		}
		if _, ok := command.Args[min(1, len(command.Args)-1)].(*parse.StringNode); !ok && (called == "t" || called == "markup") {
			r.t.Errorf("%s: the text of %s is not written out, so that no test knows it", r.file, command)
		}
	}
}

// word takes a text that is said, and complains of one that is only passed on.
func (r *templateReader) word(called string, place int, text string) {
	switch {
	case place == 1 && (called == "t" || called == "markup"):
		r.found[text] = r.file
	case called == "eq" || called == "ne":
	case looksSpoken(text):
		r.t.Errorf("%s says %q as it is: write (t %q)", r.file, text, text)
	}
}

// checkPlain complains of words between the actions of a template.
func (r *templateReader) checkPlain(plain string) {
	if filepath.Ext(r.file) == ".txt" {
		r.bare(plain)
		return
	}
	tokens, inside := html.NewTokenizer(strings.NewReader(plain)), ""
	for {
		switch tokens.Next() {
		case html.ErrorToken:
			return
		case html.TextToken:
			switch text := string(tokens.Text()); inside {
			case "style":
			case "noscript":
				r.checkPlain(text)
			default:
				r.bare(text)
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			token := tokens.Token()
			inside = token.Data
			for _, a := range token.Attr {
				if slices.Contains(spoken, a.Key) || a.Key == "value" && token.Data != "input" && token.Data != "option" && token.Data != "button" {
					r.bare(a.Val)
				}
			}
		case html.EndTagToken:
			inside = ""
		}
	}
}

func (r *templateReader) bare(text string) {
	if text = strings.Join(strings.Fields(text), " "); letter.MatchString(text) {
		r.t.Errorf("%s says %q as it is: write {{t %q}}", r.file, text, text)
	}
}

// looksSpoken says whether a text is words for people: it begins with a capital letter, or has several
// words of which the last ends a sentence.
func looksSpoken(text string) bool {
	words := strings.Fields(text)
	if len(words) == 0 || strings.ToUpper(text) == text {
		return false
	}
	first := strings.TrimLeft(text, "“{0123456789} ")
	capital := first != "" && strings.ToUpper(first[:1]) == first[:1] && letter.MatchString(first[:1])
	return capital || len(words) > 1 && strings.HasSuffix(text, ".")
}
