package model

import (
	"fmt"
	"math"
	"slices"
	"time"
)

// Numbers is what a team asks for about some days of UTC, of one project or of all.
type Numbers struct {
	Days        []DayCount // those with tickets, oldest first
	Times       []TimeCount
	Types       []TypeCount   // most opened first
	Members     []MemberCount // most answers first
	Suggestions SuggestionCount
	Storage     []StorageUse // now, whatever the days
}

// DayCount is how many tickets were opened on a day, and how many were closed on it and are closed still.
type DayCount struct {
	Day            time.Time
	Opened, Closed int
}

// TimeCount is how long tickets took, on the day on which that ended.
type TimeCount struct {
	Day     time.Time
	Measure Measure
	Times   Histogram
}

// Measure is something that takes time.
type Measure string

// The measures: from the opening to the first public answer of the team, and to the last closing.
const (
	FirstAnswer Measure = "answer"
	Resolution  Measure = "resolution"
)

// TypeCount counts the tickets of the types with one name.
type TypeCount struct {
	Name           string
	Opened, Closed int
}

// MemberCount counts a member's public answers, and the tickets that the member closed last.
type MemberCount struct {
	Name            string
	Answers, Closed int
}

// SuggestionCount counts forms: with suggestions, with one that was opened, and of these those that made no
// ticket within a day.
type SuggestionCount struct{ Shown, Opened, Spared int }

// Histogram is how many tickets took how long. Its buckets end a tenth above where they begin, the first a
// minute above nothing.
type Histogram map[time.Duration]int // by the beginning of a bucket

// Add adds what another one has.
func (h Histogram) Add(other Histogram) {
	for from, tickets := range other {
		h[from] += tickets
	}
}

// Tickets is how many were counted.
func (h Histogram) Tickets() (n int) {
	for _, tickets := range h {
		n += tickets
	}
	return n
}

// Percentile returns the duration that at least p percent of the tickets did not exceed (nearest rank), 0 for
// none. It is within 5 % of the exact one from a minute to five years, for it is the geometric middle of a
// bucket; below a minute it says 30 seconds.
func (h Histogram) Percentile(p int) time.Duration {
	rank := (h.Tickets()*p + 99) / 100
	var from []time.Duration
	for at := range h {
		from = append(from, at)
	}
	slices.Sort(from)
	for _, at := range from {
		if rank -= h[at]; rank <= 0 {
			return bucketMiddle(at)
		}
	}
	return 0
}

func bucketMiddle(from time.Duration) time.Duration {
	if from < time.Minute {
		return 30 * time.Second
	}
	return time.Duration(float64(from) * math.Sqrt(1.1))
}

// Span says a duration in words, as exactly as a percentile is known.
func Span(d time.Duration) string {
	switch {
	case d < time.Minute:
		return "under a minute"
	case d < time.Hour:
		return fmt.Sprintf("%d min", d/time.Minute)
	case d < 24*time.Hour:
		return twoUnits(d, time.Hour, "h", 5*time.Minute, time.Minute, "min")
	case d < 10*24*time.Hour:
		return twoUnits(d, 24*time.Hour, "d", time.Hour, time.Hour, "h")
	}
	return fmt.Sprintf("%d days", d.Round(24*time.Hour)/(24*time.Hour))
}

// twoUnits rounds to a step and leaves the smaller unit out where there is none of it.
func twoUnits(d, large time.Duration, largeName string, step, small time.Duration, smallName string) string {
	d = d.Round(step)
	text := fmt.Sprintf("%d %s", d/large, largeName)
	if rest := d % large / small; rest > 0 {
		text += fmt.Sprintf(" %d %s", rest, smallName)
	}
	return text
}
