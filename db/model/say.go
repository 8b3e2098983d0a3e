package model

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Text is a sentence, or a part of one, for people: in English as it stands, and the key under which
// the catalogues of other languages have it. Places like {0} stand for its arguments, each a string,
// an int, a Decimal, a Day, a Text or a List; a string is what somebody typed, and stays as it is.
type Text struct {
	Key  string
	Args []any
}

// Decimal is a number that is shown with one digit behind the point, or none where that is a zero.
type Decimal float64

// Day is a date without a time.
type Day time.Time

// List is several texts that are named together.
type List []Text

// Say makes a text. Its key is written out where it is called: a test collects them all.
func Say(key string, args ...any) Text { return Text{Key: key, Args: args} }

// AsTyped is what somebody typed, which no language changes.
func AsTyped(words string) Text {
	if words == "" {
		return Text{}
	}
	return Text{Key: "{0}", Args: []any{words}}
}

// Empty says whether there is nothing to say.
func (t Text) Empty() bool { return t.Key == "" }

// Both are two texts, one after the other.
func Both(first, second Text) Text {
	switch {
	case first.Empty():
		return second
	case second.Empty():
		return first
	}
	return Text{Key: "{0} {1}", Args: []any{first, second}}
}

// Named is the list as one text, which ends with "and" and the last of it.
func (l List) Named() Text {
	switch n := len(l); n {
	case 0:
		return Text{}
	case 1:
		return l[0]
	case 2:
		return Say("{0} and {1}", l[0], l[1])
	default:
		rest := Text{Key: "{0}, {1}", Args: []any{l[0], l[1]}}
		for _, one := range l[2 : n-1] {
			rest = Text{Key: "{0}, {1}", Args: []any{rest, one}}
		}
		return Say("{0} and {1}", rest, l[n-1])
	}
}

// String is the text in English.
func (t Text) String() string { return Fill(t.Key, t.Args, inEnglish) }

func inEnglish(arg any) string {
	switch arg := arg.(type) {
	case int:
		return Thousands(arg)
	case Decimal:
		return arg.Digits()
	case Day:
		return time.Time(arg).Format("2 Jan 2006")
	case List:
		return arg.Named().String()
	}
	return fmt.Sprint(arg)
}

// Thousands writes a whole number with commas between its groups.
func Thousands(n int) string {
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return Thousands(n/1000) + fmt.Sprintf(",%03d", n%1000)
}

// Count writes a number with what it counts, for the team's pages, which are in English alone.
func Count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return Thousands(n) + " " + many
}

// Digits writes the number with a point.
func (d Decimal) Digits() string {
	return strings.TrimSuffix(strconv.FormatFloat(float64(d), 'f', 1, 64), ".0")
}

// Fill puts the arguments, each written by a language, into the places of a pattern. A place without
// an argument stays as it is: a script fills it in.
func Fill(pattern string, args []any, write func(any) string) string {
	if len(args) == 0 {
		return pattern
	}
	var out strings.Builder
	for {
		before, rest, found := strings.Cut(pattern, "{")
		out.WriteString(before)
		if !found {
			return out.String()
		}
		number, after, closed := strings.Cut(rest, "}")
		n, err := strconv.Atoi(number)
		if !closed || err != nil || n < 0 || n >= len(args) {
			out.WriteByte('{')
			pattern = rest
			continue
		}
		out.WriteString(write(args[n]))
		pattern = after
	}
}

// Size says a number of bytes for people: "1 byte", "12 KB", "3.4 MB". Its units are powers of 1024,
// as those of the settings, so that a file as large as a limit reads as the limit does.
func Size(bytes int64) Text {
	const step = 1024
	switch {
	case bytes == 1:
		return Say("1 byte")
	case bytes < step:
		return Say("{0} bytes", int(max(bytes, 0)))
	}
	n, units := float64(bytes)/step, []Text{Say("{0} KB"), Say("{0} MB"), Say("{0} GB"), Say("{0} TB"), Say("{0} PB"), Say("{0} EB")}
	for n >= step-0.5 && len(units) > 1 { // what would read "1024 KB" is 1 MB
		n, units = n/step, units[1:]
	}
	if n >= 9.95 {
		n = float64(int64(n + 0.5))
	}
	return Text{Key: units[0].Key, Args: []any{Decimal(n)}}
}

// HumanSize is Size in English.
func HumanSize(bytes int64) string { return Size(bytes).String() }
