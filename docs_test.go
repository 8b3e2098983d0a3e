package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var testName = regexp.MustCompile(`\b(?:Test|Fuzz)[A-Z]\w*`)

// What docs/security.md promises is tried by the tests that it names.
func TestP_EachTestOfTheThreatModelExists(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("docs/security.md")
	if err != nil {
		t.Fatal(err)
	}
	named := testName.FindAllString(string(text), -1)
	if len(named) < 50 {
		t.Fatalf("only %d tests are named", len(named))
	}
	there := testFunctions(t)
	for _, name := range named {
		if !there[name] {
			t.Errorf("there is no %s", name)
		}
	}
}

// testFunctions are the names of all functions in the project's test files.
func testFunctions(t *testing.T) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (entry.Name() == "node_modules" || entry.Name() == ".git") {
			return fs.SkipDir
		}
		if !strings.HasSuffix(path, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for _, declared := range file.Decls {
			if f, ok := declared.(*ast.FuncDecl); ok && f.Recv == nil {
				names[f.Name.Name] = true
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// quoted is what stands as code in a text.
var quoted = regexp.MustCompile("`([a-z0-9_/.]+)`")

// Whoever comes new begins with docs/architecture.md: it names every package, and nothing that is gone.
func TestEveryPackageStandsInTheArchitecture(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("docs/architecture.md")
	if err != nil {
		t.Fatal(err)
	}
	named := map[string]bool{}
	table := regexp.MustCompile(`(?m)^\|.*`).FindAllString(string(text), -1)
	for _, found := range quoted.FindAllStringSubmatch(strings.Join(table, "\n"), -1) {
		named[found[1]] = true
	}
	for name := range named {
		_, err := os.Stat(name)
		_, among := os.Stat(filepath.Join("handlers", name))
		if err != nil && among != nil {
			t.Errorf("docs/architecture.md names %s, which is not there", name)
		}
	}
	for _, folder := range packageFolders(t) {
		if !named[folder] {
			t.Errorf("docs/architecture.md does not name %s", folder)
		}
	}
}

// packageFolders are the folders with Go code, and what lies in the root beside its tests.
func packageFolders(t *testing.T) []string {
	t.Helper()
	found := map[string]bool{}
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (entry.Name() == "node_modules" || entry.Name() == ".git") {
			return fs.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		if filepath.Dir(path) == "." {
			found[path] = true
		} else {
			found[filepath.ToSlash(filepath.Dir(path))] = true
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return slices.Sorted(maps.Keys(found))
}
