package views

import (
	"html/template"
	"strconv"
	"text/template/parse"

	"deskbell/views/language"
)

// putTexts puts the words of a language into a parsed page: {{t "Send ticket"}} becomes what it says,
// so that rendering looks up only what has arguments.
func putTexts(page *template.Template, in *language.Language) {
	for _, t := range page.Templates() {
		if t.Tree != nil {
			putInto(t.Tree.Root, in)
		}
	}
}

func putInto(list *parse.ListNode, in *language.Language) {
	if list == nil {
		return
	}
	for i, node := range list.Nodes {
		switch node := node.(type) {
		case *parse.ActionNode:
			if words, ok := constant(node.Pipe, in); ok {
				text := template.HTMLEscapeString(words.Text)
				list.Nodes[i] = &parse.TextNode{NodeType: parse.NodeText, Pos: node.Pos, Text: []byte(text)}
				continue
			}
			putIntoPipe(node.Pipe, in)
		case *parse.TemplateNode:
			putIntoPipe(node.Pipe, in)
		case *parse.IfNode:
			putIntoBranch(&node.BranchNode, in)
		case *parse.RangeNode:
			putIntoBranch(&node.BranchNode, in)
		case *parse.WithNode:
			putIntoBranch(&node.BranchNode, in)
		}
	}
}

func putIntoBranch(node *parse.BranchNode, in *language.Language) {
	putIntoPipe(node.Pipe, in)
	putInto(node.List, in)
	putInto(node.ElseList, in)
}

func putIntoPipe(pipe *parse.PipeNode, in *language.Language) {
	if pipe == nil {
		return
	}
	for _, command := range pipe.Cmds {
		for i, arg := range command.Args {
			inner, ok := arg.(*parse.PipeNode)
			if !ok {
				continue
			}
			if words, ok := constant(inner, in); ok {
				command.Args[i] = words
				continue
			}
			putIntoPipe(inner, in)
		}
	}
}

// constant returns what a pipeline of a text without arguments says; false for any other pipeline.
func constant(pipe *parse.PipeNode, in *language.Language) (*parse.StringNode, bool) {
	key, args := textOf(pipe)
	if key == nil || args > 0 {
		return nil, false
	}
	words := key.Copy().(*parse.StringNode)
	words.Text = in.Text(key.Text)
	words.Quoted = strconv.Quote(words.Text)
	return words, true
}

// textOf returns the key of the text that a pipeline says, and how many arguments it has; nil for a
// pipeline that says none.
func textOf(pipe *parse.PipeNode) (key *parse.StringNode, args int) {
	if pipe == nil || len(pipe.Decl) > 0 || len(pipe.Cmds) != 1 || len(pipe.Cmds[0].Args) < 2 {
		return nil, 0
	}
	words := pipe.Cmds[0].Args
	if name, ok := words[0].(*parse.IdentifierNode); !ok || name.Ident != "t" {
		return nil, 0
	}
	key, _ = words[1].(*parse.StringNode)
	return key, len(words) - 2
}
