package model

import (
	"slices"
	"strings"
	"testing"
)

func TestM2_ASearchIsWordsAndOperators(t *testing.T) {
	for text, want := range map[string]struct {
		words   string
		picks   map[string]string
		unknown string
	}{
		"":                             {},
		"Printer is broken":            {words: "printer is broken"},
		"invoice from:ada":             {words: "invoice", picks: map[string]string{"from": "ada"}},
		`label:"needs info" Import`:    {words: "import", picks: map[string]string{"label": "needs info"}},
		`"label:x"`:                    {picks: map[string]string{"label": "x"}},
		"STATUS:Open type:bug":         {picks: map[string]string{"status": "Open", "type": "bug"}},
		"has:attachment is:unassigned": {picks: map[string]string{"has": "attachment", "is": "unassigned"}},
		"ada@example.org":              {picks: map[string]string{"from": "ada@example.org"}},
		"color:red sky":                {words: "sky", unknown: "color:"},
		"https://example.org/a":        {words: "https example org a"},
		"error: 1,001":                 {words: "error 1 001"},
		`an "open quote`:               {words: "an open quote"},
		"from:":                        {words: "from"},
		"a b c d e f g h i j":          {words: "a b c d e f g h"},
	} {
		q := ParseInboxQuery(text)
		if got := strings.Join(q.Words, " "); got != want.words {
			t.Errorf("%q has the words %q, want %q", text, got, want.words)
		}
		if got := strings.Join(q.Unknown, " "); got != want.unknown {
			t.Errorf("%q has the unknown %q, want %q", text, got, want.unknown)
		}
		if len(q.Picks) != len(want.picks) {
			t.Errorf("%q picks %v, want %v", text, q.Picks, want.picks)
		}
		for operator, value := range want.picks {
			if !slices.Equal(q.Picks[operator], []string{value}) {
				t.Errorf("%q picks %v by %s, want %q", text, q.Picks[operator], operator, value)
			}
		}
	}
}

func TestM2_TheLastWordMayBeUnfinished(t *testing.T) {
	for _, c := range []struct {
		words, endings, unfinished, match string
	}{
		{"", "", "", ``},
		{"label pri", "print printer", "pri", `"label" AND ("pri" OR "print" OR "printer")`},
		{"printer at", "", "", `"printer" AND ("at")`},
		{strings.Repeat("x", 50), "", strings.Repeat("x", 50), `("` + strings.Repeat("x", maxWord) + `")`},
	} {
		words := strings.Fields(c.words)
		if got := Unfinished(words); got != c.unfinished {
			t.Errorf("of %q %q is unfinished, want %q", words, got, c.unfinished)
		}
		if got := MatchWords(words, strings.Fields(c.endings)); got != c.match {
			t.Errorf("%q is %s, want %s", words, got, c.match)
		}
	}
}

func TestM2_ASnippetShowsTheHitAndItsNeighbours(t *testing.T) {
	long := strings.Repeat("before ", 60) + "the **Import** stops <b>here</b> " + strings.Repeat("after ", 60)
	var shown, hit string
	for _, piece := range Snippet(long, []string{"impo"}) {
		shown += piece.Text
		if piece.Hit {
			hit += piece.Text
		}
	}
	if hit != "Import" || !strings.Contains(shown, "stops <b>here</b>") || Chars(shown) > snippetChars+6 {
		t.Errorf("%q with the hit %q", shown, hit)
	}
	if got := Snippet("nothing of it", []string{"word"}); len(got) != 1 || got[0].Hit || got[0].Text != "nothing of it" {
		t.Errorf("a text without the words is %v", got)
	}
	if got := Snippet("", nil); len(got) != 0 {
		t.Errorf("no text is %v", got)
	}
}

func TestM5_NoCellIsAFormula(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "Ada": "Ada", "=1+1": "'=1+1", "+49 30": "'+49 30", "-1": "'-1", "@SUM(A1)": "'@SUM(A1)", "\tx": "'\tx", "\rx": "'\rx", "a=b": "a=b",
	} {
		if got := TableCell(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}

// Whatever is typed, the query is words and our own signs, and a snippet is a part of the text.
func FuzzInboxQuery(f *testing.F) {
	for _, seed := range []string{"", "a b", `from:"x y" "`, "is:open NEAR(a, b) *", "w1 : x AND (", "ﷺ ẞ é", "label:::", "\x00\xff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		q := ParseInboxQuery(text)
		match := MatchWords(q.Words, nil)
		for _, word := range q.Words {
			if word == "" || strings.ContainsAny(word, `"*():^`) {
				t.Fatalf("%q has the word %q", text, word)
			}
		}
		if strings.Count(match, `"`) != 2*len(q.Words) {
			t.Fatalf("%q matches %q", text, match)
		}
		for _, piece := range Snippet(text, q.Words) {
			if piece.Text == "" {
				t.Fatal("an empty piece")
			}
		}
	})
}
