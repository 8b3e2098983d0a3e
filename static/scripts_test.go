package static

import (
	"io/fs"
	"regexp"
	"testing"
)

// newer are what a browser of 2020 does not know (Chromium 80, Firefox 74, Safari 13.1): one of the first kind ends
// the whole script that has it, the others the function that calls them.
var newer = regexp.MustCompile(`\|\|=|&&=|\?\?=|\.(?:replaceAll|replaceChildren|at|findLast|toSorted|hasOwn)\(|structuredClone\(|:not\([^()]*,|:is\(|:has\(`)

// Without their scripts pages work too; a script that a browser does not understand says so on its console.
func TestScriptsAskForNothingNewer(t *testing.T) {
	t.Parallel()
	names, err := fs.Glob(files, "*.js")
	if err != nil || len(names) == 0 {
		t.Fatalf("%d scripts, error %v", len(names), err)
	}
	for _, name := range names {
		script, err := fs.ReadFile(files, name)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range newer.FindAll(script, -1) {
			t.Errorf("%s: %s", name, found)
		}
	}
}
