package language

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/feature/plural"
	xlanguage "golang.org/x/text/language"
)

//go:embed *.json
var files embed.FS

// fallback is the language in which the program itself is written, and the desk.
const fallback = "en"

// English is the language of the desk, and of what no catalogue has.
func English() *Language { return all().byTag[fallback] }

// All returns every language, by name.
func All() []*Language { return all().list }

// Known says whether there is a language with a tag.
func Known(tag string) bool { return all().byTag[tag] != nil }

// Of returns the first of the languages with these tags that there is; English for none.
func Of(tags ...string) *Language {
	for _, tag := range tags {
		if l := all().byTag[tag]; l != nil {
			return l
		}
	}
	return English()
}

// maxAccept is how many bytes of a browser's wishes are looked at.
const maxAccept = 500

// Match returns the language that fits a browser's Accept-Language best, nil where none does.
func Match(accept string) *Language {
	tags, _, err := xlanguage.ParseAcceptLanguage(accept[:min(len(accept), maxAccept)])
	if err != nil || len(tags) == 0 {
		return nil
	}
	_, at, sure := all().matcher.Match(tags...)
	if sure == xlanguage.No {
		return nil
	}
	return all().list[at]
}

type catalogue struct {
	list    []*Language
	byTag   map[string]*Language
	matcher xlanguage.Matcher
}

// all reads the files once. They are part of the program: a broken one stops it at its start, where
// the pages are parsed.
var all = sync.OnceValue(func() catalogue {
	c := catalogue{byTag: map[string]*Language{}}
	entries, err := files.ReadDir(".")
	if err != nil {
		panic(err)
	}
	for _, entry := range entries {
		l, err := read(entry.Name())
		if err != nil {
			panic(fmt.Sprintf("%s: %v", entry.Name(), err))
		}
		c.byTag[l.Tag] = l
	}
	c.list = slices.SortedFunc(maps.Values(c.byTag), func(a, b *Language) int { return strings.Compare(a.Name, b.Name) })
	var tags []xlanguage.Tag
	for _, l := range c.list {
		tags = append(tags, l.tag)
	}
	c.matcher = xlanguage.NewMatcher(tags)
	return c
})

// file is what a language's file has.
type file struct {
	Name        string             `json:"name"`
	Moment      string             `json:"moment"`
	Day         string             `json:"day"`
	ShortDay    string             `json:"short_day"`
	Months      [12]string         `json:"months"`
	ShortMonths [12]string         `json:"short_months"`
	Point       string             `json:"point"`
	Group       string             `json:"group"`
	Texts       map[string]wording `json:"texts"`
}

func read(name string) (*Language, error) {
	content, err := files.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var f file
	decoder := json.NewDecoder(bytes.NewReader(content))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&f); err != nil {
		return nil, err
	}
	tag, err := xlanguage.Parse(strings.TrimSuffix(name, ".json"))
	if err != nil {
		return nil, err
	}
	return &Language{Tag: tag.String(), Name: f.Name, tag: tag, texts: f.Texts, format: format{
		Moment: newLayout(f.Moment, &f.Months, &f.ShortMonths), Day: newLayout(f.Day, &f.Months, &f.ShortMonths),
		ShortDay: newLayout(f.ShortDay, &f.Months, &f.ShortMonths), Point: f.Point, Group: f.Group,
	}}, nil
}

// wording is what a language says for a text: one form, or one for each kind of number that its first
// whole number can be (the Unicode CLDR's plural forms: zero, one, two, few, many, other).
type wording struct {
	Other string
	forms map[plural.Form]string
}

var formNames = map[string]plural.Form{
	"zero": plural.Zero, "one": plural.One, "two": plural.Two, "few": plural.Few, "many": plural.Many, "other": plural.Other,
}

// UnmarshalJSON reads a text, or an object of a text for each form.
func (w *wording) UnmarshalJSON(content []byte) error {
	if len(content) > 0 && content[0] == '"' {
		return json.Unmarshal(content, &w.Other)
	}
	var forms map[string]string
	if err := json.Unmarshal(content, &forms); err != nil {
		return err
	}
	w.forms = map[plural.Form]string{}
	for name, text := range forms {
		form, known := formNames[name]
		if !known {
			return fmt.Errorf("%q is no form of a number", name)
		}
		w.forms[form] = text
	}
	w.Other = forms["other"]
	return nil
}

// of returns the words for some arguments.
func (w wording) of(tag xlanguage.Tag, args []any) string {
	if w.forms == nil {
		return w.Other
	}
	for _, arg := range args {
		if n, whole := arg.(int); whole {
			if text, ok := w.forms[plural.Cardinal.MatchPlural(tag, n, 0, 0, 0, 0)]; ok {
				return text
			}
			break
		}
	}
	return w.Other
}
