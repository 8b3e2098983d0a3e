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

// publicPrograms are the files that say something to customers, and what of them only members or
// operators read: whole files, functions, methods by their receiver, variables.
var publicPrograms = []struct {
	files    string
	deskOnly []string
}{
	{"../db/model/*.go", []string{"base.go", "document.go", "template_check.go", "template_edit.go", "FirstMailHold", "inEnglish", "CheckName",
		"ParseCustomTypes", "customType", "wrongType", "Project.Check", "Retention.Says", "UploadRules.Check", "StandardStatuses"}},
	{"../db/*.go", []string{"db.go", "document.go", "member.go", "outbox.go", "template.go", "tx.setStatus", "DB.Assign"}},
	{"../handlers/web/*.go", []string{"session.go"}},
	{"../handlers/portal/*.go", nil},
	{"../handlers/errors.go", []string{"deskWays"}},
	{"../handlers/middleware.go", nil},
	{"*.go", []string{"admin.go", "customers.go", "desk.go", "document.go", "intake_links.go", "settings.go", "templates.go", "views.go"}},
	{"mail/*.go", []string{"team.go"}},
}

// sayers are the functions whose argument, by its place, is a text for people.
var sayers = map[string]int{"Say": 0, "Text": 0, "Markup": 0, "say": 0, "Fail": 1, "FieldFail": 1, "Add": 1}

// textsOfPrograms returns the texts that Go code says to customers: what it gives to one of the sayers,
// and whatever else looks like a sentence.
func textsOfPrograms(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, public := range publicPrograms {
		files, err := filepath.Glob(public.files)
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %v %v", public.files, files, err)
		}
		for _, file := range files {
			if name := filepath.Base(file); !strings.HasSuffix(name, "_test.go") && !slices.Contains(public.deskOnly, name) {
				readProgram(t, file, public.deskOnly, found)
			}
		}
	}
	return found
}

func readProgram(t *testing.T, file string, deskOnly []string, found map[string]string) {
	t.Helper()
	source, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	tree, err := parser.ParseFile(token.NewFileSet(), file, source, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, declared := range tree.Decls {
		if slices.Contains(deskOnly, declaredName(declared)) {
			continue
		}
		ast.Inspect(declared, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.Field: // a struct's tag
				return n.Tag == nil
			case *ast.CallExpr:
				if text, ok := said(n); ok {
					found[text] = file
				}
			case ast.Expr:
				if text, ok := written(n); ok {
					if looksSpoken(text) && strings.Contains(strings.TrimSpace(text), " ") {
						found[text] = file
					}
					return false // the parts of a sum are no texts of their own
				}
			}
			return true
		})
	}
}

// said returns the text that a call says. Some functions of other kinds have the name of a sayer: what
// is given to those is one word.
func said(call *ast.CallExpr) (string, bool) {
	name := nameOf(call.Fun)
	at, says := sayers[name]
	if !says || at >= len(call.Args) {
		return "", false
	}
	text, ok := written(call.Args[at])
	several := strings.Contains(strings.TrimSpace(text), " ")
	return text, ok && letter.MatchString(text) && (several || name == "Say" || name != "Add" && looksSpoken(text))
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
