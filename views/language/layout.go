package language

import (
	"strings"
	"time"
)

// layout is a layout of package time around a month, which has names of the language's own.
type layout struct {
	before string
	months *[12]string // nil: the layout has the month as a number
	after  string
}

// newLayout takes a layout apart at its "January" or "Jan".
func newLayout(text string, long, short *[12]string) layout {
	if before, after, found := strings.Cut(text, "January"); found {
		return layout{before, long, after}
	}
	if before, after, found := strings.Cut(text, "Jan"); found {
		return layout{before, short, after}
	}
	return layout{before: text}
}

// write writes a date in UTC.
func (l layout) write(t time.Time) string {
	t = t.UTC()
	var room [64]byte
	text := t.AppendFormat(room[:0], l.before)
	if l.months != nil {
		text = append(text, l.months[t.Month()-1]...)
		text = t.AppendFormat(text, l.after)
	}
	return string(text)
}
