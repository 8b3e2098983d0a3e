package static

import (
	"strings"
	"testing"
)

func TestA1_SheetsAndScriptsLoseWhatBrowsersDoNotNeed(t *testing.T) {
	t.Parallel()
	sheet := "/* Base */\na { color: red }\n\n/* Desk */\n.desk { top: 0 }\n\n/* Prose */\n.prose {\n  top: 1px; /* one */\n}\n"
	if got := string(tight(withoutSections([]byte(sheet), []string{"Desk"}), cssComment)); got != "a { color: red }\n.prose {\ntop: 1px;\n}\n" {
		t.Errorf("the sheet becomes %q", got)
	}
	source := "// What it does.\nlet url = \"http://example.org\"; // stays\n  // goes\n  a();\n"
	if got := string(tight([]byte(source), lineComment)); got != "let url = \"http://example.org\"; // stays\na();\n" {
		t.Errorf("the script becomes %q", got)
	}
}

func TestA1_TheSectionsThatPublicPagesDoWithoutAreThere(t *testing.T) {
	t.Parallel()
	whole, err := files.ReadFile("app.css")
	if err != nil {
		t.Fatal(err)
	}
	for _, title := range deskSections {
		if !strings.Contains(string(whole), "\n/* "+title+" */\n") {
			t.Errorf("the stylesheet has no section %q", title)
		}
	}
	public, err := read(files, portalSheet)
	if err != nil || strings.Contains(string(public), ".desk__bar {") || !strings.Contains(string(public), ".message {") {
		t.Errorf("the portal's sheet has too much or too little (%v)", err)
	}
}
