package model

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestF2_TermsAreFewAndMeaningful(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ title, description, want string }{
		{"", "", ""},
		{"ab c 12 é", "", ""},
		{"abc", "", "abc*"},
		{"How do I move a shelf", "", "move shelf*"},
		{"print labels", "the labels print", "print* labels*"},
		{"move in", "", "move"},
		{"What about the", "", ""},
		{"CAFÉ cafe\u0301s", "", "café cafes*"},
		{`"x" OR title:(a*) NEAR/2 AND -b ^c`, "", "title near"},
		{"one1 two2 three3 four4 five5 six6 seven7 eight8", "", "three3 four4 five5 six6 seven7 eight8*"},
		{strings.Repeat("x", 100), "", strings.Repeat("x", maxWord) + "*"},
		{"مرحبا بالعالم", "", "مرحبا بالعالم*"},
	} {
		var got []string
		for _, term := range SuggestionTerms(test.title, test.description) {
			word := term.Word
			if term.Prefix {
				word += "*"
			}
			got = append(got, word)
		}
		if strings.Join(got, " ") != test.want {
			t.Errorf("%q: %q, want %q", test.title, got, test.want)
		}
	}
}

func TestF4_ASearchForSmallWordsAloneIsForThem(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{"what about the": 3, "what about labels": 1, "a b": 0} {
		if got := SearchTerms(text); len(got) != want {
			t.Errorf("%q: %v, want %d terms", text, got, want)
		}
	}
}

func TestF2_EachTermAsksForSingularAndPlural(t *testing.T) {
	t.Parallel()
	for _, pair := range [][2]string{
		{"label", "labels"}, {"box", "boxes"}, {"country", "countries"}, {"invoice", "invoices"}, {"class", "classes"},
	} {
		for word, other := range map[string]string{pair[0]: pair[1], pair[1]: pair[0]} {
			if match := (SearchTerm{Word: word}).Match(); !strings.Contains(match, `"`+other+`"`) {
				t.Errorf("%s asks for %s, without %s", word, match, other)
			}
		}
	}
}

func TestF2_AnUnfinishedWordAsksForAPrefixThatTheIndexHas(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]string{"abc": `"abc"*`, "abcdef": `"abcdef"*`, "abcdefghi": `"abcdef"*`} {
		if match := (SearchTerm{Word: word, Prefix: true}).Match(); !strings.Contains(match, want) {
			t.Errorf("%s asks for %s, want %s", word, match, want)
		}
	}
}

func TestF2_AnUnfinishedWordAsksForNothingTwice(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]string{"label": `("label"*)`, "countries": `("countr"*)`, "pies": `("pies"* OR "pie")`} {
		if match := (SearchTerm{Word: word, Prefix: true}).Match(); match != want {
			t.Errorf("%s asks for %s, want %s", word, match, want)
		}
	}
}

func TestA6_Slug(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": "", "?!": "", "Print labels": "print-labels", "  What's  new? ": "whats-new", "Größe & Maß": "größe-maß",
		"a/b\\c..d": "a-b-c-d", strings.Repeat("ab ", 60): strings.TrimRight(strings.Repeat("ab-", 60)[:MaxSlug], "-"),
	} {
		if got := Slug(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func FuzzSlug(f *testing.F) {
	for _, text := range []string{"", "Print labels", "İstanbul", "a\u0301-", strings.Repeat("x-", 90), "\xff\x00/.."} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		slug := Slug(text)
		if again := Slug(slug); again != slug {
			t.Errorf("%q: %q becomes %q", text, slug, again)
		}
		if n := utf8.RuneCountInString(slug); n > MaxSlug || strings.ContainsAny(slug, "/?#%. \\") {
			t.Errorf("%q: %q", text, slug)
		}
	})
}
