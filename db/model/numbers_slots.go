package model

import "time"

// Slot is one step of a chart: some days of UTC, with what was counted on them.
type Slot struct {
	From, To       time.Time // first and last day
	Opened, Closed int
	Answers        Histogram // how long first answers took
	Resolutions    Histogram // how long closed tickets took
}

// Slots adds the days up, from the first to the last day, in steps of some days. The steps end with the last
// day, so that the first one may be shorter.
func (n Numbers) Slots(first, last time.Time, days int) []Slot {
	slots := emptySlots(first, last, days)
	at := func(day time.Time) *Slot {
		before := int(last.Sub(day)/(24*time.Hour)) / days
		return &slots[len(slots)-1-before]
	}
	for _, d := range n.Days {
		s := at(d.Day)
		s.Opened, s.Closed = s.Opened+d.Opened, s.Closed+d.Closed
	}
	for _, t := range n.Times {
		s := at(t.Day)
		switch t.Measure {
		case FirstAnswer:
			s.Answers.Add(t.Times)
		case Resolution:
			s.Resolutions.Add(t.Times)
		}
	}
	return slots
}

func emptySlots(first, last time.Time, days int) []Slot {
	all := int(last.Sub(first)/(24*time.Hour)) + 1
	slots := make([]Slot, (all+days-1)/days)
	for i := range slots {
		to := last.AddDate(0, 0, -days*(len(slots)-1-i))
		from := to.AddDate(0, 0, 1-days)
		if from.Before(first) {
			from = first
		}
		slots[i] = Slot{From: from, To: to, Answers: Histogram{}, Resolutions: Histogram{}}
	}
	return slots
}
