package views

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"deskbell/views/language"
)

// Every page and every fragment is correct HTML, by html-validate. What it would only spell otherwise
// is switched off in its settings.
func TestEveryPageIsValid(t *testing.T) {
	t.Parallel()
	v, dir := newViews(t), t.TempDir()
	for i, s := range samples {
		name := fmt.Sprintf("%03d %s", i, strings.ReplaceAll(s.page.template(), "/", " "))
		if !s.part {
			page, err := v.Render(s.page, language.English())
			keep(t, filepath.Join(dir, name), page, err)
		}
		for _, block := range s.fragments {
			part, err := v.Fragment(s.page, language.English(), block)
			keep(t, filepath.Join(dir, name+" "+block+".html"), part, err)
		}
	}
	report := filepath.Join(dir, "report.json") // its standard output is cut off where it ends in a pipe
	said, err := exec.CommandContext(t.Context(), "node", "../node_modules/html-validate/bin/html-validate.mjs",
		"--config", "../.htmlvalidate.json", "--formatter", "json="+report, dir).CombinedOutput()
	out, _ := os.ReadFile(report) // checked below
	var files []struct {
		FilePath string
		Messages []struct {
			RuleID, Message string
			Line            int
		}
		Source string
	}
	if jsonErr := json.Unmarshal(out, &files); jsonErr != nil {
		t.Fatalf("no report of html-validate, which `make test` installs: %v, %v\n%s", err, jsonErr, said)
	}
	for _, file := range files {
		for _, m := range file.Messages {
			line := strings.Split(file.Source, "\n")[max(m.Line-1, 0)]
			t.Errorf("%s: %s (%s)\n  %s", filepath.Base(file.FilePath), m.Message, m.RuleID, strings.TrimSpace(line))
		}
	}
}

func keep(t *testing.T, path string, content []byte, err error) {
	t.Helper()
	if err == nil {
		err = os.WriteFile(path, content, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}
