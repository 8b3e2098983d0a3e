// Package language is the catalogue of what customers read, pages and mail, and how each language
// writes dates and numbers. The key of a text is its English; a file here, by the name of its language
// tag, has the words of another language. Adding a language is adding a file.
package language

import (
	"fmt"
	"html/template"
	"strings"
	"time"

	xlanguage "golang.org/x/text/language"

	"deskbell/db/model"
)

// Language is one in which customers read.
type Language struct {
	Tag  string // BCP 47
	Name string // in itself

	tag    xlanguage.Tag
	format format
	texts  map[string]wording
}

// format is how a language writes dates and numbers.
type format struct {
	Moment   layout
	Day      layout
	ShortDay layout
	Point    string // before decimals
	Group    string // between thousands
}

// Text says a text by its English, with its arguments.
func (l *Language) Text(key string, args ...any) string {
	return l.Say(model.Text{Key: key, Args: args})
}

// Say says a text. One that the catalogue does not have stays English.
func (l *Language) Say(t model.Text) string {
	return model.Fill(l.pattern(t.Key, t.Args), t.Args, l.write)
}

// pattern returns the words of a text, with their places.
func (l *Language) pattern(key string, args []any) string {
	if words, ok := l.texts[key]; ok {
		return words.of(l.tag, args)
	}
	return key
}

// write writes an argument of a text.
func (l *Language) write(arg any) string {
	switch arg := arg.(type) {
	case string:
		return arg
	case int:
		return strings.ReplaceAll(model.Thousands(arg), ",", l.format.Group)
	case model.Decimal:
		return strings.Replace(arg.Digits(), ".", l.format.Point, 1)
	case model.Day:
		return l.ShortDay(time.Time(arg))
	case model.Text:
		return l.Say(arg)
	case model.List:
		return l.Say(arg.Named())
	}
	return fmt.Sprint(arg)
}

// Size says a number of bytes.
func (l *Language) Size(bytes int64) string { return l.Say(model.Size(bytes)) }

// Moment writes a date with its time, in UTC.
func (l *Language) Moment(t time.Time) string { return l.format.Moment.write(t) }

// Day writes a date, in UTC.
func (l *Language) Day(t time.Time) string { return l.format.Day.write(t) }

// ShortDay writes a date with a short name of the month, in UTC.
func (l *Language) ShortDay(t time.Time) string { return l.format.ShortDay.write(t) }

// Failure returns a failure in this language.
func (l *Language) Failure(e *model.Error) *model.Error { return e.In(l.Say) }

// Markup says a text that has markup of its own around what stands in its places. What is put there is
// escaped; the text itself is the catalogue's, and a test knows all of its tags.
func (l *Language) Markup(key string, args ...any) template.HTML {
	return template.HTML(model.Fill(l.pattern(key, args), args, func(arg any) string {
		return template.HTMLEscapeString(l.write(arg))
	}))
}
