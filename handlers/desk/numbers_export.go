package desk

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"deskbell/db/model"
)

// ExportNumbers sends the figures of the page of numbers as a table: a figure a line, so that a spreadsheet can
// turn it as it likes. Durations are in minutes.
func (d *Desk) ExportNumbers(c echo.Context) error {
	s, err := d.readNumbers(c)
	if err != nil {
		return err
	}
	name := fmt.Sprintf("numbers-%s.csv", s.to.Format(time.DateOnly))
	return d.SendStream(c, name, "text/csv; charset=utf-8", func(out io.Writer) error {
		table := csv.NewWriter(out)
		errs := []error{table.Write([]string{"Figure", "From", "To", "Of", "Value", "Unit"})}
		for _, line := range s.lines() {
			errs = append(errs, table.Write(line))
		}
		table.Flush()
		return errors.Join(append(errs, table.Error())...)
	})
}

// lines are the figures, those of the charts first.
func (s *numbersState) lines() [][]string {
	var lines [][]string
	add := func(from, to time.Time, figure, of string, value int64, unit string) {
		lines = append(lines, []string{figure, from.Format(time.DateOnly), to.Format(time.DateOnly), model.TableCell(of), strconv.FormatInt(value, 10), unit})
	}
	for _, slot := range s.slots {
		add(slot.From, slot.To, "Opened", "", int64(slot.Opened), "tickets")
		add(slot.From, slot.To, "Closed", "", int64(slot.Closed), "tickets")
		for _, m := range []struct {
			figure string
			times  model.Histogram
		}{{"First answer", slot.Answers}, {"Until closed", slot.Resolutions}} {
			if m.times.Tickets() == 0 {
				continue
			}
			add(slot.From, slot.To, m.figure+", median", "", minutes(m.times.Percentile(50)), "minutes")
			add(slot.From, slot.To, m.figure+", ninetieth percentile", "", minutes(m.times.Percentile(90)), "minutes")
		}
	}
	whole := func(figure, of string, value int64, unit string) { add(s.from, s.to, figure, of, value, unit) }
	for _, t := range s.numbers.Types {
		whole("Opened by type", t.Name, int64(t.Opened), "tickets")
		whole("Closed by type", t.Name, int64(t.Closed), "tickets")
	}
	for _, m := range s.numbers.Members {
		whole("Answers by member", m.Name, int64(m.Answers), "messages")
		whole("Closed by member", m.Name, int64(m.Closed), "tickets")
	}
	whole("Suggestions shown", "", int64(s.numbers.Suggestions.Shown), "forms")
	whole("Suggestions opened", "", int64(s.numbers.Suggestions.Opened), "forms")
	whole("Tickets spared", "", int64(s.numbers.Suggestions.Spared), "forms")
	for _, u := range s.numbers.Storage {
		whole("Storage now", u.Project, u.Bytes, "bytes")
		whole("Files now", u.Project, int64(u.Files), "files")
	}
	return lines
}

// minutes rounds a duration to whole minutes.
func minutes(d time.Duration) int64 { return int64(d.Round(time.Minute) / time.Minute) }
