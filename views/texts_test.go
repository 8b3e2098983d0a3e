package views

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Every text that a customer sees is in every language, and no file has another one. The text of a
// failure says what to put into a file.
func TestEveryPublicTextIsInEveryLanguage(t *testing.T) {
	t.Parallel()
	used := map[string]string{} // key: where
	for key, where := range textsOfTemplates(t) {
		used[key] = where
	}
	for key, where := range textsOfPrograms(t) {
		used[key] = where
	}
	if len(used) < 200 {
		t.Fatalf("only %d texts were found: this test does not read what it should", len(used))
	}
	files, err := filepath.Glob("language/*.json")
	if err != nil || len(files) < 2 {
		t.Fatalf("no languages: %v, %v", files, err)
	}
	for _, file := range files {
		checkLanguage(t, file, used)
	}
}

// languageFile is what this test looks at in a file of views/language.
type languageFile struct {
	Texts map[string]any `json:"texts"`
}

func checkLanguage(t *testing.T, file string, used map[string]string) {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var read languageFile
	if err := json.Unmarshal(content, &read); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	english := filepath.Base(file) == "en.json"
	for _, key := range slices.Sorted(maps.Keys(used)) {
		// A text is English already: its file has only what differs with a number.
		if _, ok := read.Texts[key]; !ok && !english {
			quoted, _ := json.Marshal(key) // a text cannot fail
			t.Errorf("%s lacks a text of %s:\n    %s: \"\",", file, used[key], unescaped(quoted))
		}
	}
	for key, value := range read.Texts {
		if used[key] == "" {
			t.Errorf("%s has a text that is not used: %q", file, key)
		}
		if n := strings.Count(string(content), "\n    "+unescaped(must(json.Marshal(key)))+":"); n != 1 {
			t.Errorf("%s has %q %d times", file, key, n)
		}
		for form, words := range formsOf(t, file, key, value) {
			checkWords(t, file, key, form, words, english)
		}
	}
}

// formsOf returns the words of a text by their form; one without forms is the form "".
func formsOf(t *testing.T, file, key string, value any) map[string]string {
	forms := map[string]string{}
	switch value := value.(type) {
	case string:
		forms[""] = value
	case map[string]any:
		for form, words := range value {
			forms[form], _ = words.(string)
		}
		if forms["other"] == "" {
			t.Errorf("%s: %q has no form for other numbers", file, key)
		}
	}
	return forms
}

var (
	place  = regexp.MustCompile(`\{[0-9]\}`)
	tag    = regexp.MustCompile(`<[^>]*>`)
	letter = regexp.MustCompile(`\pL`)
)

// sameWords are texts that are the same in another language.
var sameWords = []string{"{0} KB", "{0} MB", "{0} GB", "{0} TB", "{0} PB", "{0} EB", "optional", "Name", "Tickets"}

// checkWords wants a translation with the places and the markup of its key. A form for a single number
// may spell that out.
func checkWords(t *testing.T, file, key, form, words string, english bool) {
	t.Helper()
	if !letter.MatchString(words) || !english && words == key && !slices.Contains(sameWords, key) {
		t.Errorf("%s: %q is not translated", file, key)
	}
	want, got := sorted(place.FindAllString(key, -1)), sorted(place.FindAllString(words, -1))
	if !slices.Equal(want, got) && !(form == "one" && len(got) == len(want)-1) {
		t.Errorf("%s: %q has the places %v, and its translation %v", file, key, want, got)
	}
	if want, got := sorted(tag.FindAllString(key, -1)), sorted(tag.FindAllString(words, -1)); !slices.Equal(want, got) {
		t.Errorf("%s: %q has the tags %v, and its translation %v", file, key, want, got)
	}
}

func sorted(list []string) []string { return slices.Compact(slices.Sorted(slices.Values(list))) }

// unescaped is a JSON text as people write it.
func unescaped(quoted []byte) string {
	return strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(string(quoted))
}

func must(quoted []byte, err error) []byte {
	if err != nil {
		panic(err)
	}
	return quoted
}
