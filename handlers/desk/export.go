package desk

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"deskbell/db"
	"deskbell/db/model"
	"deskbell/handlers/web"
)

// ExportCSV sends the list that a filter picks, whole, as a table (M5).
func (d *Desk) ExportCSV(c echo.Context) error {
	state, err := d.readInbox(c)
	if err != nil {
		return err
	}
	if err := d.DB.NoteExport(c.Request().Context(), web.Member(c), "tickets exported"); err != nil {
		return err
	}
	return d.SendStream(c, d.exportName("csv"), "text/csv; charset=utf-8", func(out io.Writer) error {
		table := csv.NewWriter(out)
		table.Write(exportHead) // its errors show at the flush
		err := d.eachPage(c, state, func(list []db.InboxTicket) error {
			for _, t := range list {
				table.Write(d.exportLine(t))
			}
			table.Flush()
			return table.Error()
		})
		table.Flush()
		return errors.Join(err, table.Error())
	})
}

// ExportJSON sends the same list for programs: one array, a ticket a line.
func (d *Desk) ExportJSON(c echo.Context) error {
	state, err := d.readInbox(c)
	if err != nil {
		return err
	}
	if err := d.DB.NoteExport(c.Request().Context(), web.Member(c), "tickets exported"); err != nil {
		return err
	}
	return d.SendStream(c, d.exportName("json"), echo.MIMEApplicationJSON, func(out io.Writer) error {
		before := "[\n"
		err := d.eachPage(c, state, func(list []db.InboxTicket) error {
			for _, t := range list {
				line, err := json.Marshal(d.exportTicket(t))
				if err == nil {
					_, err = fmt.Fprintf(out, "%s%s", before, line)
				}
				if err != nil {
					return err
				}
				before = ",\n"
			}
			return nil
		})
		if err == nil {
			_, err = io.WriteString(out, strings.TrimSuffix(before, ",\n")+"\n]\n")
		}
		return err
	})
}

func (d *Desk) exportName(ending string) string {
	return fmt.Sprintf("tickets-%s.%s", d.Now().Format(time.DateOnly), ending)
}

// eachPage reads the list that a filter picks, a page of the inbox at a time, so that a long one takes no
// memory.
func (d *Desk) eachPage(c echo.Context, state *inboxState, take func([]db.InboxTicket) error) error {
	for from, more := (db.Cursor{}), true; more; {
		list, err := d.DB.Inbox(c.Request().Context(), web.Workspace(c).ID, state.filter, from, false)
		if err == nil {
			err = take(list.Tickets)
		}
		if err != nil {
			return err
		}
		from, more = below(list)
	}
	return nil
}

// exportedTicket is a line of the list for programs.
type exportedTicket struct {
	Number         int64     `json:"number"`
	Title          string    `json:"title"`
	Project        string    `json:"project"`
	Type           string    `json:"type"`
	Status         string    `json:"status"`
	Category       string    `json:"category"`
	Priority       string    `json:"priority"`
	Assignee       string    `json:"assignee,omitempty"`
	Labels         []string  `json:"labels"`
	Reporter       string    `json:"reporter"`
	Address        string    `json:"address,omitempty"`
	OpenedAt       time.Time `json:"opened_at"`
	LastActivityAt time.Time `json:"last_activity_at"`
	Link           string    `json:"link"`
}

func (d *Desk) exportTicket(t db.InboxTicket) exportedTicket {
	labels := []string{}
	for _, l := range t.Labels {
		labels = append(labels, l.Name)
	}
	return exportedTicket{
		Number: t.Number, Title: t.Title, Project: t.Project, Type: t.Type, Status: t.Status.Name, Category: string(t.Status.Category),
		Priority: string(t.Priority), Assignee: t.Assignee, Labels: labels, Reporter: t.Reporter, Address: t.Email,
		OpenedAt: t.CreatedAt, LastActivityAt: t.LastActivityAt, Link: d.Base.Origin("") + ticketURL(t.Number),
	}
}

var exportHead = []string{
	"Number", "Title", "Project", "Type", "Status", "Priority", "Assignee", "Labels", "Reporter", "Address", "Opened", "Last activity", "Link",
}

// below returns where a list goes on, and whether it does.
func below(list db.InboxPage) (db.Cursor, bool) {
	if list.Older {
		last := list.Tickets[len(list.Tickets)-1]
		return db.Cursor{At: last.LastActivityAt, Number: last.Number}, true
	}
	return list.Further, list.Further != (db.Cursor{})
}

func (d *Desk) exportLine(t db.InboxTicket) []string {
	var labels []string
	for _, l := range t.Labels {
		labels = append(labels, l.Name)
	}
	line := []string{
		fmt.Sprint(t.Number), t.Title, t.Project, t.Type, t.Status.Name, t.Priority.Label(), t.Assignee, strings.Join(labels, ", "),
		t.Reporter, t.Email, t.CreatedAt.Format(time.RFC3339), t.LastActivityAt.Format(time.RFC3339), d.Base.Origin("") + ticketURL(t.Number),
	}
	for i := range line {
		line[i] = model.TableCell(line[i])
	}
	return line
}
