package handlers_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"deskbell/handlers/handlerstest"
)

// The sheet of public pages lacks sections of the whole one: no public template may name a class that only
// those know.
func TestA1_ThePublicSheetHasEveryClassOfPublicPages(t *testing.T) {
	t.Parallel()
	v := handlerstest.Start(t).Visitor("")
	v.Header.Set("Accept-Encoding", "identity")
	url := regexp.MustCompile(`/static/portal\.\w+\.css`).FindString(v.Get("/ticket/support").Body)
	public := v.Get(url).Status(200).Body
	whole, err := os.ReadFile("../static/app.css")
	if err != nil {
		t.Fatal(err)
	}
	known := func(sheet, class string) bool {
		return regexp.MustCompile(`\.` + regexp.QuoteMeta(class) + `[^\w-]`).MatchString(sheet)
	}
	looked := 0
	for _, class := range classesOfPublicPages(t) {
		if looked++; known(string(whole), class) && !known(public, class) {
			t.Errorf("a public page has the class %q, which the portal's sheet does not know", class)
		}
	}
	if looked < 50 {
		t.Fatalf("found %d classes in the templates: the test does not read them as it should", looked)
	}
}

var classAttribute = regexp.MustCompile(`class="([^"]*)"`)

// deskParts are blocks of shared files that the desk's pages alone show.
var deskParts = regexp.MustCompile(`(?s)\{\{define "(mail-state|document-state)"\}\}.*?\n\n`)

func classesOfPublicPages(t *testing.T) (classes []string) {
	t.Helper()
	for _, pattern := range []string{"portal/*.html", "errors/*.html", "partials/*.html", "layouts/portal.html"} {
		paths, err := filepath.Glob("../views/" + pattern)
		if err != nil || len(paths) == 0 {
			t.Fatalf("no templates at %s (%v)", pattern, err)
		}
		for _, path := range paths {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			for _, attribute := range classAttribute.FindAllSubmatch(deskParts.ReplaceAll(append(text, "\n\n"...), nil), -1) {
				classes = append(classes, strings.Fields(regexp.MustCompile(`\{\{.*?\}\}`).ReplaceAllString(string(attribute[1]), " "))...)
			}
		}
	}
	return classes
}
