package views

import (
	"time"

	"deskbell/db/model"
)

// Numbers is the page of what a team asks about its work.
type Numbers struct {
	Desk
	Periods     []Filter
	Days        string // of the chosen period, for the form
	Project     string // public id; empty: all
	Projects    []Choice
	From, To    time.Time // first and last day
	Flow        FlowChart
	Answers     TimesChart
	Resolutions TimesChart
	Tables      []BarTable
	Export      string // URL
}

// Quiet says whether nothing happened to tickets in the chosen days.
func (n Numbers) Quiet() bool {
	return n.Flow.Most == 0 && n.Answers.Tickets == 0 && n.Resolutions.Tickets == 0
}

// chartHeight is that of a chart in its own units. What stands in them is stretched to the page's width.
const (
	chartHeight = 1000
	slotWidth   = 10
)

// Bar is a bar of a chart, in the chart's units.
type Bar struct{ X, Y, Width, Height int }

// bar stands on a line, or hangs from it for a negative value. What is not nothing can be seen.
func bar(slot, line, value, most, height int) Bar {
	if most == 0 || value == 0 {
		return Bar{X: slot*slotWidth + 1, Y: line, Width: slotWidth - 2}
	}
	tall := max(height*max(value, -value)/most, height/100)
	b := Bar{X: slot*slotWidth + 1, Y: line - tall, Width: slotWidth - 2, Height: tall}
	if value < 0 {
		b.Y = line
	}
	return b
}

// FlowChart has what was opened above a line, and what was closed below it.
type FlowChart struct {
	Slots          []FlowSlot
	Width          int
	Most           int // in one step
	Opened, Closed int // in all
	Axis
}

// Axis is what a chart's steps are.
type Axis struct {
	From, To time.Time // first and last day
	Weekly   bool      // a step has some days
}

func newAxis(slots []model.Slot) Axis {
	last := slots[len(slots)-1]
	return Axis{From: slots[0].From, To: last.To, Weekly: last.From != last.To}
}

// FlowSlot is a step of it.
type FlowSlot struct {
	From, To       time.Time
	Opened, Closed int
	Up, Down       Bar
}

// NewFlowChart draws what was opened and closed. Both sides have one scale.
func NewFlowChart(slots []model.Slot) FlowChart {
	chart := FlowChart{Width: slotWidth * len(slots), Axis: newAxis(slots)}
	for _, s := range slots {
		chart.Most = max(chart.Most, s.Opened, s.Closed)
		chart.Opened, chart.Closed = chart.Opened+s.Opened, chart.Closed+s.Closed
	}
	const half = chartHeight / 2
	for i, s := range slots {
		chart.Slots = append(chart.Slots, FlowSlot{
			From: s.From, To: s.To, Opened: s.Opened, Closed: s.Closed,
			Up: bar(i, half, s.Opened, chart.Most, half), Down: bar(i, half, -s.Closed, chart.Most, half),
		})
	}
	return chart
}

// TimesChart has for each step how long half of the tickets took at the most, before what nine of ten took.
type TimesChart struct {
	ID        string
	Title     string
	Says      string // what is measured
	Slots     []TimesSlot
	Width     int
	Most      string // the longest that is drawn
	Tickets   int
	Median    string
	Ninetieth string
	Axis
}

// TimesSlot is a step of it. Its texts are empty where nothing was measured.
type TimesSlot struct {
	From, To          time.Time
	Tickets           int
	Median, Ninetieth string
	Half, Nine        Bar
}

// NewTimesChart draws one measure.
func NewTimesChart(id, title, says string, slots []model.Slot, measure func(model.Slot) model.Histogram) TimesChart {
	chart := TimesChart{ID: id, Title: title, Says: says, Width: slotWidth * len(slots), Axis: newAxis(slots)}
	whole, most := model.Histogram{}, time.Duration(0)
	for _, s := range slots {
		whole.Add(measure(s))
		most = max(most, measure(s).Percentile(90))
	}
	chart.Tickets, chart.Most = whole.Tickets(), model.Span(most)
	chart.Median, chart.Ninetieth = model.Span(whole.Percentile(50)), model.Span(whole.Percentile(90))
	for i, s := range slots {
		chart.Slots = append(chart.Slots, timesSlot(i, s, measure(s), most))
	}
	return chart
}

func timesSlot(i int, s model.Slot, h model.Histogram, most time.Duration) TimesSlot {
	median, ninetieth := h.Percentile(50), h.Percentile(90)
	draw := func(d time.Duration) Bar {
		return bar(i, chartHeight, int(d/time.Second), int(most/time.Second), chartHeight)
	}
	slot := TimesSlot{From: s.From, To: s.To, Tickets: h.Tickets(), Half: draw(median), Nine: draw(ninetieth)}
	if slot.Tickets > 0 {
		slot.Median, slot.Ninetieth = model.Span(median), model.Span(ninetieth)
	}
	return slot
}

// BarTable is a table whose figures have bars: chart and table in one.
type BarTable struct {
	ID    string
	Title string
	Says  string
	Of    string // what a row is
	Heads []string
	Rows  []BarRow
	None  string // what stands there without a row
}

// BarRow is a row of it.
type BarRow struct {
	Name  string
	Cells []BarCell
}

// BarCell is a figure with a bar. Drawn is its length, in thousandths of the longest of its table; less than
// 0 draws none.
type BarCell struct {
	Head  string // of its column
	Text  string
	Drawn int
}

// NewBarTable measures all figures of a table by one scale, so that its columns compare.
func NewBarTable(t BarTable, names []string, figures [][]int) BarTable {
	most := 1
	for _, row := range figures {
		for _, n := range row {
			most = max(most, n)
		}
	}
	for i, row := range figures {
		line := BarRow{Name: names[i]}
		for j, n := range row {
			line.Cells = append(line.Cells, BarCell{Head: t.Heads[j], Text: model.Thousands(n), Drawn: drawn(int64(n), int64(most))})
		}
		t.Rows = append(t.Rows, line)
	}
	return t
}

func drawn(n, most int64) int {
	if n <= 0 || most <= 0 {
		return 0
	}
	return max(10, int(n*1000/most))
}

// StorageTable says what the files of each project take. Bytes alone are drawn.
func StorageTable(t BarTable, use []model.StorageUse) BarTable {
	var most int64
	for _, u := range use {
		most = max(most, u.Bytes)
	}
	for _, u := range use {
		t.Rows = append(t.Rows, BarRow{Name: u.Project, Cells: []BarCell{
			{Head: t.Heads[0], Text: model.HumanSize(u.Bytes), Drawn: drawn(u.Bytes, most)}, {Head: t.Heads[1], Text: model.Thousands(u.Files), Drawn: -1},
		}})
	}
	return t
}

func (Numbers) template() string { return "desk/numbers.html" }
