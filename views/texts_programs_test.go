package views

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// program is a set of files that say something to customers.
type program struct {
	files string
	// translates says that whatever stands in these files is put into the page's language here: words that
	// are given to none of the sayers stay English.
	translates bool
	// deskOnly is what only members or operators read: whole files, functions, methods by their receiver,
	// variables.
	deskOnly []string
}

var publicPrograms = []program{
	{"../db/model/*.go", false, []string{"audit.go", "base.go", "document.go", "erasure.go", "inbox_query.go", "label.go", "priority.go", "project_part.go", "public_id.go", "saved_reply.go", "saved_view.go", "member.go", "recipient.go", "template_check.go", "template_edit.go", "workspace.go", "FirstMailHold", "inEnglish", "CheckName", "NeedsName",
		"ParseCustomTypes", "customType", "wrongType", "Project.Check", "Retention.Says", "UploadRules.Check", "StandardStatuses"}},
	{"../db/*.go", false, []string{"audit.go", "bulk.go", "codes.go", "db.go", "document.go", "domain.go", "label.go", "mail_probe.go", "member.go", "merge.go", "outbox_page.go", "outbox_send.go", "presence.go", "project_part.go", "project_part_delete.go", "saved_reply.go", "saved_view.go", "ticket_fields.go", "ticket_link.go", "second_step.go", "team.go", "template.go", "live", "tx.setStatus", "tx.assign", "DB.SetWorkspace"}},
	{"../handlers/web/*.go", false, []string{"browser_name.go", "logo.go", "session.go"}},
	{"../handlers/portal/*.go", true, nil},
	{"../handlers/oauth/*.go", false, []string{"OAuth.failed", "itWorks", "withoutSecrets"}},
	{"../handlers/errors.go", false, []string{"deskWays"}},
	{"../handlers/middleware.go", false, nil},
	{"*.go", true, []string{"EraseForm.Label", "admin.go", "audit.go", "customers.go", "desk.go", "document.go", "domains.go", "intake_links.go", "labels.go", "settings.go", "templates.go", "views.go"}},
	{"mail/*.go", true, []string{"team.go"}},
	{"export/*.go", true, []string{"json.go", "export.go"}},
}

// sayers are the functions whose argument, by its place, is a text for people.
var sayers = map[string]int{"Say": 0, "Text": 0, "Markup": 0, "say": 0, "Fail": 1, "FieldFail": 1, "Add": 1, "Spend": 1, "spend": 0}

// textsOfPrograms returns the texts that Go code says to customers, with their files: what it gives to
// one of the sayers, and whatever else looks like a sentence.
func textsOfPrograms(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, p := range publicPrograms {
		files, err := filepath.Glob(p.files)
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %v %v", p.files, files, err)
		}
		for _, file := range files {
			if name := filepath.Base(file); !strings.HasSuffix(name, "_test.go") && !slices.Contains(p.deskOnly, name) {
				r := programReader{t: t, program: p, file: file, found: found, given: map[ast.Expr]bool{}}
				r.read()
			}
		}
	}
	return found
}

// programReader collects what one file says.
type programReader struct {
	t *testing.T
	program
	file  string
	found map[string]string
	given map[ast.Expr]bool // to a sayer
}

func (r *programReader) read() {
	r.t.Helper()
	source, err := os.ReadFile(r.file)
	if err != nil {
		r.t.Fatal(err)
	}
	tree, err := parser.ParseFile(token.NewFileSet(), r.file, source, 0)
	if err != nil {
		r.t.Fatal(err)
	}
	for _, declared := range tree.Decls {
		if !slices.Contains(r.deskOnly, declaredName(declared)) {
			ast.Inspect(declared, r.node)
		}
	}
}

func (r *programReader) node(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.Field: // a struct's tag
		return n.Tag == nil
	case *ast.GenDecl: // who uses a constant says it
		if n.Tok == token.CONST {
			kept := *r
			kept.translates = false
			for _, one := range n.Specs {
				ast.Inspect(one, kept.node)
			}
			return false
		}
	case *ast.CallExpr:
		if at, says := sayers[nameOf(n.Fun)]; says && at < len(n.Args) {
			r.given[n.Args[at]] = true
			r.said(nameOf(n.Fun), n.Args[at])
		}
	case ast.Expr:
		text, ok := written(n)
		if ok && looksSpoken(text) && strings.Contains(strings.TrimSpace(text), " ") {
			r.found[text] = r.file
			if r.translates && !r.given[n] {
				r.t.Errorf("%s: %q stays English: say it in the page's language", r.file, text)
			}
		}
		return !ok // the parts of a sum are no texts of their own
	}
	return true
}

// said takes the text that is given to a sayer. Some functions of other kinds have the name of one: what
// is given to those is one word.
func (r *programReader) said(name string, arg ast.Expr) {
	text, ok := written(arg)
	several := strings.Contains(strings.TrimSpace(text), " ")
	if ok && letter.MatchString(text) && (several || name == "Say" || name != "Add" && looksSpoken(text)) {
		r.found[text] = r.file
	}
}

// declaredName is the name of a function, of a method with that of its receiver, or of a variable.
func declaredName(declared ast.Decl) string {
	switch declared := declared.(type) {
	case *ast.FuncDecl:
		if declared.Recv == nil {
			return declared.Name.Name
		}
		receiver := declared.Recv.List[0].Type
		if pointer, ok := receiver.(*ast.StarExpr); ok {
			receiver = pointer.X
		}
		return nameOf(receiver) + "." + declared.Name.Name
	case *ast.GenDecl:
		if values, ok := declared.Specs[0].(*ast.ValueSpec); ok {
			return values.Names[0].Name
		}
	}
	return ""
}

func nameOf(called ast.Expr) string {
	switch called := called.(type) {
	case *ast.Ident:
		return called.Name
	case *ast.SelectorExpr:
		return called.Sel.Name
	}
	return ""
}

// written returns a text that is written out, in parts perhaps.
func written(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		return text, err == nil && e.Kind == token.STRING
	case *ast.BinaryExpr:
		left, ok := written(e.X)
		right, okRight := written(e.Y)
		return left + right, ok && okRight && e.Op == token.ADD
	}
	return "", false
}
