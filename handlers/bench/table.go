package main

import (
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"time"
)

// table collects the samples of every task at every number of clients.
type table struct {
	tasks   []task
	clients []int
	cells   map[cell][]sample // a sample a round
}

type cell struct {
	task    string
	clients int
}

func newTable(c config, tasks []task) table {
	return table{tasks: tasks, clients: c.clients, cells: map[cell][]sample{}}
}

func (t table) add(name string, clients int, s sample) {
	at := cell{name, clients}
	t.cells[at] = append(t.cells[at], s)
}

// printMachine says what the figures are of.
func printMachine(out io.Writer, c config) {
	fmt.Fprintf(out, "%d processors, shared by server and clients in one process; %s, %s/%s\n",
		runtime.GOMAXPROCS(0), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	fmt.Fprintf(out, "median of %d rounds of %s each; a ratio is the median of the rounds' ratios\n", c.rounds, c.each)
}

// ratioColumn is the one column of figures that are words too.
const ratioColumn = 6

// print writes the table, as Markdown. Smaller, where it has samples, is the one to compare with.
func (t table) print(out io.Writer, smaller table) {
	rows := [][]string{{"what", "clients", "a second", "p50 ms", "p99 ms", "CPU µs", "ratio"}}
	if smaller.cells != nil {
		rows[0] = append(rows[0], "÷ smallest")
	}
	for _, task := range t.tasks {
		for _, clients := range t.clients {
			samples := t.cells[cell{task.name, clients}]
			row := []string{task.name, fmt.Sprint(clients), fmt.Sprintf("%.0f", median(samples, sample.perSecond)),
				fmt.Sprintf("%.2f", median(samples, func(s sample) float64 { return ms(s.p50) })),
				fmt.Sprintf("%.2f", median(samples, func(s sample) float64 { return ms(s.p99) })),
				fmt.Sprintf("%.0f", median(samples, func(s sample) float64 { return float64(s.cpu) / float64(time.Microsecond) })),
				t.ratios(task, clients, samples)}
			if smaller.cells != nil {
				before := smaller.cells[cell{task.name, clients}]
				row = append(row, fmt.Sprintf("%.2f", median(samples, sample.perSecond)/median(before, sample.perSecond)))
			}
			rows = append(rows, row)
		}
	}
	printRows(out, rows)
}

// ratios compares a task with its references, round by round.
func (t table) ratios(of task, clients int, samples []sample) string {
	var text []string
	for _, name := range of.against {
		reference := t.cells[cell{name, clients}]
		if len(reference) != len(samples) {
			continue // not measured in this run
		}
		ratios := make([]float64, len(samples))
		for i := range samples {
			ratios[i] = samples[i].rate / reference[i].rate
		}
		slices.Sort(ratios)
		short, _, _ := strings.Cut(name, " ")
		text = append(text, ratioText(ratios[len(ratios)/2])+" "+short)
	}
	return strings.Join(text, ", ")
}

// ratioText writes a ratio with two places, a very small one with four.
func ratioText(r float64) string {
	if r < 0.01 {
		return fmt.Sprintf("%.4f", r)
	}
	return fmt.Sprintf("%.2f", r)
}

func (s sample) perSecond() float64 { return s.rate }

func median[T any](samples []T, of func(T) float64) float64 {
	if len(samples) == 0 {
		return 0
	}
	values := make([]float64, len(samples))
	for i, s := range samples {
		values[i] = of(s)
	}
	slices.Sort(values)
	return values[len(values)/2]
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// printRows aligns columns: words to the left, figures to the right.
func printRows(out io.Writer, rows [][]string) {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, text := range row {
			widths[i] = max(widths[i], len([]rune(text)))
		}
	}
	line := func(row []string) {
		for i, text := range row {
			gap := strings.Repeat(" ", widths[i]-len([]rune(text)))
			if i == 0 || i == ratioColumn {
				text += gap
			} else {
				text = gap + text
			}
			fmt.Fprintf(out, "| %s ", text)
		}
		fmt.Fprintln(out, "|")
	}
	line(rows[0])
	rule := make([]string, len(widths))
	for i, width := range widths {
		rule[i] = strings.Repeat("-", width-1) + ":"
		if i == 0 || i == ratioColumn {
			rule[i] = strings.Repeat("-", width)
		}
	}
	line(rule)
	for _, row := range rows[1:] {
		line(row)
	}
}
