package handlers_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"deskbell/handlers/handlerstest"
)

var (
	cssComment = regexp.MustCompile(`(?s)/\*.*?\*/`)
	cssBlock   = regexp.MustCompile(`\{[^{}]*\}`)
	cssClass   = regexp.MustCompile(`\.([a-z][a-z0-9_-]*)`)
)

// frameClasses lay out whole pages, or exist for a moment only: a page of components cannot show them.
var frameClasses = []string{
	"page", "page__main", "page__main--wide", "page__main--narrow", "page__footer",
	"intake", "intake--with-suggestions", "intake__suggestions", "form__trap", "message--new", "below",
}

// The style guide is complete: what the stylesheet knows stands on the page of components.
func TestTheComponentsPageShowsEveryClass(t *testing.T) {
	t.Parallel()
	sheet, err := os.ReadFile("../static/app.css")
	if err != nil {
		t.Fatal(err)
	}
	page := handlerstest.Start(t).Visitor("").Get("/desk/components").Status(200)
	shown := map[string]bool{}
	for _, attribute := range regexp.MustCompile(`class="([^"]*)"`).FindAllStringSubmatch(page.Body, -1) {
		for class := range strings.FieldsSeq(attribute[1]) {
			shown[class] = true
		}
	}
	selectors := cssBlock.ReplaceAllString(cssComment.ReplaceAllString(string(sheet), ""), "{}")
	classes := cssClass.FindAllStringSubmatch(selectors, -1)
	if len(classes) < 100 {
		t.Fatalf("found %d classes in the stylesheet: the test does not read it as it should", len(classes))
	}
	for _, class := range classes {
		if !shown[class[1]] && !slices.Contains(frameClasses, class[1]) {
			t.Errorf("the components page does not show .%s", class[1])
		}
	}
}
