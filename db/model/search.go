package model

import (
	"strings"
	"unicode"
)

// Bounds of a search, so that no typed text costs more than another (F2).
const (
	MinTerm      = 3   // letters of a word that is searched for
	maxWord      = 40  // letters of a word that are looked at
	maxPrefix    = 6   // letters of the word being typed; the index has each prefix from 3 to 6
	termsPerText = 6   // the last words of each text
	maxTyped     = 400 // the last characters of each text
)

// SearchTerm is one word that documents are searched for.
type SearchTerm struct {
	Word   string
	Prefix bool // the word is still being typed
}

// SuggestionTerms returns the words to look for in what a reporter types, of each text the last ones:
// those of three letters and more, each once, without the small words that every text has. The last
// word of a text counts as unfinished.
func SuggestionTerms(title, description string) []SearchTerm {
	return appendNew(appendNew(nil, termsOf(title), false), termsOf(description), false)
}

// SearchTerms returns the words of a search, as SuggestionTerms does. When it has small words alone,
// those are what is meant.
func SearchTerms(text string) []SearchTerm {
	found := termsOf(text)
	if terms := appendNew(nil, found, false); len(terms) > 0 {
		return terms
	}
	return appendNew(nil, found, true)
}

// termsOf returns the last words of a text, in its order.
func termsOf(text string) []SearchTerm {
	words := splitWords(lastChars(text, maxTyped))
	var terms []SearchTerm
	for i, word := range words {
		if letters := []rune(word); len(letters) >= MinTerm {
			terms = append(terms, SearchTerm{
				Word: string(letters[:min(len(letters), maxWord)]), Prefix: i == len(words)-1,
			})
		}
	}
	return terms
}

// appendNew adds the last few terms that are not in the list yet, small words or the others.
func appendNew(list, found []SearchTerm, small bool) []SearchTerm {
	var kept []SearchTerm
	for _, term := range found {
		if smallWords[term.Word] == small {
			kept = append(kept, term)
		}
	}
	for _, term := range kept[max(0, len(kept)-termsPerText):] {
		if i := indexOfWord(list, term.Word); i >= 0 {
			list[i].Prefix = list[i].Prefix || term.Prefix
			continue
		}
		list = append(list, term)
	}
	return list
}

func indexOfWord(list []SearchTerm, word string) int {
	for i, term := range list {
		if term.Word == word {
			return i
		}
	}
	return -1
}

// splitWords splits a text as the index does: at all that is neither letter nor number. Accents that
// stand apart from their letter fall away, as they do there.
func splitWords(text string) []string {
	text = strings.Map(func(r rune) rune {
		if r >= '\u0300' && r <= '\u036F' {
			return -1
		}
		return unicode.ToLower(r)
	}, text)
	return strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })
}

func lastChars(text string, n int) string {
	letters := []rune(text[max(0, len(text)-4*n):])
	return string(letters[max(0, len(letters)-n):])
}

// Match returns the term in the query language of FTS5: the word, its singular and plural, and all
// that begins as it does when it is still being typed. It is made of letters, digits and our own
// signs, so that no typed text can be a mistake in that language.
//
// A form that the prefix finds anyhow is left out: each word of a query is looked up in every part of the index.
func (t SearchTerm) Match() string {
	var parts []string
	begin := "\x00" // stands in no word
	if t.Prefix {
		letters := []rune(t.Word)
		begin = string(letters[:min(len(letters), maxPrefix)])
		parts = append(parts, `"`+begin+`"*`)
	}
	for _, form := range forms(t.Word) {
		if !strings.HasPrefix(form, begin) {
			parts = append(parts, `"`+form+`"`)
		}
	}
	return "(" + strings.Join(parts, " OR ") + ")"
}

// forms returns a word with its other number, by the rules of English spelling. A form that is no
// word finds nothing and does no harm.
func forms(word string) []string {
	n := len(word)
	switch {
	case n > 4 && strings.HasSuffix(word, "ies"):
		return []string{word, word[:n-3] + "y", word[:n-1]}
	case n > 4 && strings.HasSuffix(word, "es"):
		return []string{word, word[:n-1], word[:n-2]}
	case n > 3 && strings.HasSuffix(word, "s") && !strings.HasSuffix(word, "ss"):
		return []string{word, word[:n-1], word + "es"}
	case n > 3 && strings.HasSuffix(word, "y"):
		return []string{word, word[:n-1] + "ies", word + "s"}
	}
	return []string{word, word + "s", word + "es"}
}

// smallWords stand in every English text and tell documents apart no more than a space does.
var smallWords = setOf(`about after all also and any are because been before but can cannot could did
	does doesn don for from get gets got had has have hello help her here him his how into its just like
	may more much must need not now off one only our out over own please she should some still than thank
	thanks that the their them then there these they this those too two use used using very want was way
	were what when where which while who why will with without would you your`)

func setOf(words string) map[string]bool {
	set := map[string]bool{}
	for word := range strings.FieldsSeq(words) {
		set[word] = true
	}
	return set
}
