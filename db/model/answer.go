package model

import (
	"cmp"
	"errors"
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
	Template TemplateID // that asked
	Internal bool       // the program filled it in: no customer ever sees it
}

// PublicAnswer is what a reporter answered.
type PublicAnswer struct {
	Label string
	Kind  FieldKind
	Value string
}

// Text is the answer for people.
func (a PublicAnswer) Text() Text { return AnswerText(a.Kind, a.Value) }

// Check returns what is wrong with a cleaned answer as a full sentence, an empty text when it is right.
func (f PublicField) Check(value string) Text {
	if value == "" {
		if f.Required {
			return f.missing()
		}
		return Text{}
	}
	switch f.Kind {
	case FieldFile: // each file was checked when it came
		return Text{}
	case FieldNumber:
		return f.checkNumber(value)
	case FieldDate:
		return f.checkDate(value)
	case FieldChoice:
		if !slices.Contains(f.Choices, value) {
			return Say("Choose one of the entries for “{0}”.", f.Label)
		}
	case FieldChoices:
		for choice := range strings.SplitSeq(value, "\n") {
			if !slices.Contains(f.Choices, choice) {
				return Say("Choose only from the entries for “{0}”.", f.Label)
			}
		}
	case FieldYesNo:
		if value != Yes && value != No {
			return Say("Answer “{0}” with yes or no.", f.Label)
		}
	case FieldEmail:
		if _, ok := CleanAddress(value); !ok {
			return Say("Enter an email address like name@example.com for “{0}”.", f.Label)
		}
		return f.checkText(value)
	case FieldURL:
		if !webAddress(value) {
			return Say("Enter a web address like https://example.com for “{0}”.", f.Label)
		}
		return f.checkText(value)
	default:
		return f.checkText(value)
	}
	return Text{}
}

// missing asks for an answer in words that fit the kind.
func (f PublicField) missing() Text {
	switch f.Kind {
	case FieldChoice:
		return Say("Choose an entry for “{0}”.", f.Label)
	case FieldFile:
		return Say("Add a file for “{0}”: it is needed.", f.Label)
	case FieldChoices:
		return Say("Choose at least one entry for “{0}”.", f.Label)
	case FieldYesNo:
		return Say("Answer “{0}” with yes or no.", f.Label)
	}
	return Say("Fill in “{0}”: it is needed.", f.Label)
}

func (f PublicField) checkText(value string) Text {
	n := Chars(value)
	if limit := f.longest(); n > limit {
		return Say("Shorten “{3}” by {0} characters: it has {1}, and {2} are possible.", n-limit, n, limit, f.Label)
	}
	if n < f.MinLength {
		return Say("Write a little more for “{2}”: it has {0} characters, and {1} are needed.", n, f.MinLength, f.Label)
	}
	if f.Pattern == "" {
		return Text{}
	}
	pattern, err := CompilePattern(f.Pattern)
	if err == nil && pattern.MatchString(value) {
		return Text{}
	}
	return Both(Say("Check “{0}”: it does not have the form that is asked for.", f.Label), AsTyped(f.Help))
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

func (f PublicField) checkNumber(value string) Text {
	n, ok := parseNumber(value)
	if !ok {
		return Say("Write “{0}” as a number like 12 or 3.5.", f.Label)
	}
	return outside(f, n, parseNumber)
}

func parseDate(s string) (int64, bool) {
	day, err := time.Parse(time.DateOnly, s)
	return day.Unix(), err == nil
}

func (f PublicField) checkDate(value string) Text {
	day, ok := parseDate(value)
	if !ok {
		return Say("Write “{0}” as a date: year, month and day like 2026-11-20.", f.Label)
	}
	return outside(f, day, parseDate)
}

// outside says that a value is out of the field's range. A bound that cannot be read is none.
func outside[T cmp.Ordered](f PublicField, value T, parse func(string) (T, bool)) Text {
	least, hasLeast := parse(f.Min)
	greatest, hasGreatest := parse(f.Max)
	if hasLeast && value < least || hasGreatest && value > greatest {
		return Both(Say("Change “{0}”: it is outside of what is possible.", f.Label), f.BoundsText())
	}
	return Text{}
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
