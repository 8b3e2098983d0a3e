package desk

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"deskbell/db"
	"deskbell/db/model"
	"deskbell/handlers/web"
)

// ExportCSV sends the list that a filter picks, whole, as a table (M5). It is written while it is read, a page
// of the inbox at a time, so that a long list takes no memory.
func (d *Desk) ExportCSV(c echo.Context) error {
	state, err := d.readInbox(c)
	if err != nil {
		return err
	}
	name := fmt.Sprintf("tickets-%s.csv", d.Now().Format(time.DateOnly))
	return d.SendStream(c, name, "text/csv; charset=utf-8", func(out io.Writer) error {
		table := csv.NewWriter(out)
		table.Write(exportHead) // its errors show at the flush
		for from, more := (db.Cursor{}), true; more; {
			list, err := d.DB.Inbox(c.Request().Context(), web.Workspace(c).ID, state.filter, from, false)
			if err != nil {
				return err
			}
			for _, t := range list.Tickets {
				table.Write(d.exportLine(t))
			}
			if table.Flush(); table.Error() != nil {
				return table.Error()
			}
			from, more = below(list)
		}
		return nil
	})
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
