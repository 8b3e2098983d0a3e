package model

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"regexp/syntax"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The answers of a yes/no field, as forms carry them.
const (
	Yes = "yes"
	No  = "no"
)

// Typed is what was posted for custom fields, by the field's key. Nothing of it is checked.
type Typed map[string][]string

// Bounds of the answers that a form carries for fields which it does not ask at the moment: more than
// anybody types into those of a few other types.
const (
	maxCarried     = 500     // values
	maxCarriedText = 200_000 // characters of all of them
)

// Besides returns what was typed for other fields than those that are asked, so that the form can carry
// it until their type is chosen again (C1). It knows no template: whether a key is one of a field that
// nobody outside may know of makes no difference (C4). What passes the bounds is left out.
func (t Typed) Besides(asked []PublicField) Typed {
	others := maps.Clone(t)
	for _, f := range asked {
		delete(others, f.Key)
	}
	carried, count, size := Typed{}, 0, 0
	for _, key := range slices.Sorted(maps.Keys(others)) {
		if !keyLike.MatchString(key) {
			continue
		}
		for _, value := range others[key] {
			value = CleanText(value)
			n := Chars(value)
			if n == 0 || count == maxCarried || size+n > maxCarriedText {
				continue
			}
			carried[key] = append(carried[key], value)
			count, size = count+1, size+n
		}
	}
	return carried
}

// Answer is what a ticket keeps of one field, as it stood when the ticket was opened.
type Answer struct {
	PublicAnswer
	Key      string
	Internal bool // the program filled it in: no customer ever sees it
}

// PublicAnswer is what a reporter answered.
type PublicAnswer struct {
	Label string
	Kind  FieldKind
	Value string
}

// Text is the answer for people.
func (a PublicAnswer) Text() string { return AnswerText(a.Kind, a.Value) }

// Check returns what is wrong with a cleaned answer as a full sentence, "" when it is right.
func (f PublicField) Check(value string) string {
	if value == "" {
		if f.Required {
			return f.missing()
		}
		return ""
	}
	switch f.Kind {
	case FieldFile: // each file was checked when it came
		return ""
	case FieldNumber:
		return f.checkNumber(value)
	case FieldDate:
		return f.checkDate(value)
	case FieldChoice:
		if !slices.Contains(f.Choices, value) {
			return fmt.Sprintf("Choose one of the entries for “%s”.", f.Label)
		}
	case FieldChoices:
		for choice := range strings.SplitSeq(value, "\n") {
			if !slices.Contains(f.Choices, choice) {
				return fmt.Sprintf("Choose from the entries for “%s” alone.", f.Label)
			}
		}
	case FieldYesNo:
		if value != Yes && value != No {
			return fmt.Sprintf("Answer “%s” with yes or no.", f.Label)
		}
	case FieldEmail:
		if _, ok := CleanAddress(value); !ok {
			return fmt.Sprintf("Enter an email address like name@example.com for “%s”.", f.Label)
		}
		return f.checkText(value)
	case FieldURL:
		if !webAddress(value) {
			return fmt.Sprintf("Enter a web address like https://example.com for “%s”.", f.Label)
		}
		return f.checkText(value)
	default:
		return f.checkText(value)
	}
	return ""
}

// missing asks for an answer in words that fit the kind.
func (f PublicField) missing() string {
	switch f.Kind {
	case FieldChoice:
		return fmt.Sprintf("Choose an entry for “%s”.", f.Label)
	case FieldFile:
		return fmt.Sprintf("Add a file for “%s”: it is needed.", f.Label)
	case FieldChoices:
		return fmt.Sprintf("Choose at least one entry for “%s”.", f.Label)
	case FieldYesNo:
		return fmt.Sprintf("Answer “%s” with yes or no.", f.Label)
	}
	return fmt.Sprintf("Fill in “%s”: it is needed.", f.Label)
}

func (f PublicField) checkText(value string) string {
	n := Chars(value)
	if limit := f.longest(); n > limit {
		return fmt.Sprintf("Shorten “%s” by %s characters: it has %s, and %s are possible.",
			f.Label, Thousands(n-limit), Thousands(n), Thousands(limit))
	}
	if n < f.MinLength {
		return fmt.Sprintf("Write a little more for “%s”: it has %s characters, and %s are needed.",
			f.Label, Thousands(n), Thousands(f.MinLength))
	}
	if f.Pattern == "" {
		return ""
	}
	pattern, err := CompilePattern(f.Pattern)
	if err == nil && pattern.MatchString(value) {
		return ""
	}
	if f.Help != "" {
		return fmt.Sprintf("Check “%s”: it does not have the form that is asked for. %s", f.Label, f.Help)
	}
	return fmt.Sprintf("Check “%s”: it does not have the form that is asked for.", f.Label)
}

// MaxPattern is the length of a pattern, in characters.
const MaxPattern = 200

// maxProgram bounds what a pattern compiles to. RE2 needs time in proportion to that and to the
// answer: `(x{500}){2}` is short to write and slow to run.
const maxProgram = 1000

var errPattern = errors.New("the pattern is too complicated")

// CompilePattern compiles a field's pattern so that it matches a whole answer.
func CompilePattern(pattern string) (*regexp.Regexp, error) {
	tree, err := syntax.Parse(pattern, syntax.Perl) // as it stands: `a)(b` must not slip through
	if err != nil {
		return nil, err
	}
	program, err := syntax.Compile(tree.Simplify())
	if err == nil && len(program.Inst) > maxProgram {
		err = errPattern
	}
	if err != nil {
		return nil, err
	}
	return regexp.Compile(`\A(?:` + pattern + `)\z`)
}

// numberLike is how an answer writes a number: exactly comparable as a float64.
var numberLike = regexp.MustCompile(`\A-?[0-9]{1,12}(\.[0-9]{1,3})?\z`)

// parseNumber reads a decimal number of at most 12 digits before and 3 after the point.
func parseNumber(s string) (float64, bool) {
	if !numberLike.MatchString(s) {
		return 0, false
	}
	n, err := strconv.ParseFloat(s, 64)
	return n, err == nil
}

func (f PublicField) checkNumber(value string) string {
	n, ok := parseNumber(value)
	if !ok {
		return fmt.Sprintf("Write “%s” as a number like 12 or 3.5.", f.Label)
	}
	return outside(f, n, parseNumber)
}

func parseDate(s string) (int64, bool) {
	day, err := time.Parse(time.DateOnly, s)
	return day.Unix(), err == nil
}

func (f PublicField) checkDate(value string) string {
	day, ok := parseDate(value)
	if !ok {
		return fmt.Sprintf("Write “%s” as a date: year, month and day like 2026-11-20.", f.Label)
	}
	return outside(f, day, parseDate)
}

// outside says that a value is out of the field's range. A bound that cannot be read is none.
func outside[T cmp.Ordered](f PublicField, value T, parse func(string) (T, bool)) string {
	least, hasLeast := parse(f.Min)
	greatest, hasGreatest := parse(f.Max)
	if hasLeast && value < least || hasGreatest && value > greatest {
		return fmt.Sprintf("Change “%s”: it is outside of what is possible. %s", f.Label, f.BoundsText())
	}
	return ""
}

// webAddress says whether a text is an absolute http or https URL with a host and no credentials.
func webAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != "" && u.User == nil &&
		!strings.ContainsAny(s, " \"<>\\^`{|}") && hostLike(u.Hostname())
}

// hostLike allows names of other scripts and IPv6 addresses, and refuses what no host can contain.
func hostLike(host string) bool {
	return !strings.HasPrefix(host, ".") && !strings.Contains(host, "..") && !strings.ContainsAny(host, "%/?#@,;!$&'()*+=")
}
