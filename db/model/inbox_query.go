package model

import (
	"slices"
	"strings"
	"unicode"
)

// InboxQuery is what a member typed into the inbox's search: words, and operators that pick tickets.
type InboxQuery struct {
	Words   []string            // each stands in the found text, folded; the last one may be unfinished
	Picks   map[string][]string // by operator: what was typed behind it
	Unknown []string            // operators that there are not
}

// InboxOperators are the operators of a search, as help lists them.
var InboxOperators = []string{"from", "status", "type", "project", "label", "priority", "assignee", "has", "is"}

// Bounds of a typed search.
const (
	maxInboxQuery = 400 // characters that are looked at
	maxInboxWords = 8
)

// ParseInboxQuery reads a search. A value or several words in quotes belong together; an address alone is
// somebody to look for, as behind from:.
func ParseInboxQuery(text string) InboxQuery {
	q := InboxQuery{Picks: map[string][]string{}}
	for _, part := range queryParts(lastChars(CleanLine(text), maxInboxQuery)) {
		operator, value, found := strings.Cut(part, ":")
		operator = strings.ToLower(operator)
		switch {
		case found && slices.Contains(InboxOperators, operator) && value != "":
			q.Picks[operator] = append(q.Picks[operator], value)
		case found && value != "" && isWord(operator) && !strings.HasPrefix(value, "//"):
			q.Unknown = append(q.Unknown, operator+":")
		case !found && strings.Contains(part, "@"):
			q.Picks["from"] = append(q.Picks["from"], part)
		default:
			q.Words = append(q.Words, splitWords(part)...)
		}
	}
	q.Words = q.Words[:min(len(q.Words), maxInboxWords)]
	return q
}

// MatchWords returns words of a search in the query language of FTS5, all of which an entry has; the last one may be
// any of its endings instead. It is made of letters, digits and our own signs.
func MatchWords(words, endings []string) string {
	var terms []string
	for i, word := range words {
		letters := []rune(word)
		term := quoted(string(letters[:min(len(letters), maxWord)]))
		if i == len(words)-1 {
			for _, ending := range endings {
				term += " OR " + quoted(ending)
			}
			term = "(" + term + ")"
		}
		terms = append(terms, term)
	}
	return strings.Join(terms, " AND ")
}

// Unfinished returns the word of a search that may be a part of a longer one, the last; "" where it is too short for
// that.
func Unfinished(words []string) string {
	if len(words) == 0 || Chars(words[len(words)-1]) < MinTerm {
		return ""
	}
	return words[len(words)-1]
}

func quoted(word string) string { return `"` + word + `"` }

func isWord(s string) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool { return !unicode.IsLetter(r) }) < 0
}

// queryParts splits a search at spaces that stand in no quotes; the quotes go.
func queryParts(text string) []string {
	var parts []string
	var part strings.Builder
	quoted := false
	end := func() {
		if part.Len() > 0 {
			parts = append(parts, part.String())
			part.Reset()
		}
	}
	for _, r := range text {
		switch {
		case r == '"':
			quoted = !quoted
		case unicode.IsSpace(r) && !quoted:
			end()
		default:
			part.WriteRune(r)
		}
	}
	end()
	return parts
}

// Piece is a part of a text that was found.
type Piece struct {
	Text string
	Hit  bool // it begins with a word of the search
}

// snippetChars is how long a snippet is, about.
const snippetChars = 160

// Snippet returns the part of a text around the first word of a search that stands in it, in pieces; the
// text's beginning where none does. It is plain text: no markup of it means anything.
func Snippet(text string, words []string) []Piece {
	letters := []rune(CleanLine(strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return ' '
		}
		return r
	}, text)))
	hits := hitsIn(letters, words)
	begin, end := 0, min(len(letters), snippetChars)
	if len(hits) > 0 {
		begin = max(0, hits[0][0]-snippetChars/3)
		end = min(len(letters), begin+snippetChars)
	}
	var pieces []Piece
	add := func(from, to int, hit bool) {
		if from < to {
			pieces = append(pieces, Piece{string(letters[from:to]), hit})
		}
	}
	if begin > 0 {
		pieces = append(pieces, Piece{Text: "… "})
	}
	at := begin
	for _, h := range hits {
		if h[0] >= end {
			break
		}
		add(at, h[0], false)
		add(h[0], min(h[1], end), true)
		at = min(h[1], end)
	}
	add(at, end, false)
	if end < len(letters) {
		pieces = append(pieces, Piece{Text: " …"})
	}
	return pieces
}

// hitsIn returns where words begin that begin with one of the search, with the end of each.
func hitsIn(letters []rune, words []string) [][2]int {
	var hits [][2]int
	inWord := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) }
	for i := 0; i < len(letters); {
		if !inWord(letters[i]) {
			i++
			continue
		}
		end := i
		for end < len(letters) && inWord(letters[end]) {
			end++
		}
		folded := Fold(string(letters[i:end]))
		if slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(folded, Fold(w)) }) {
			hits = append(hits, [2]int{i, end})
		}
		i = end
	}
	return hits
}
