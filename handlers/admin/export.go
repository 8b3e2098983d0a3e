package admin

import (
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"deskbell/db/model"
	"deskbell/handlers/web"
	"deskbell/views"
	"deskbell/views/export"
)

const exportURL = "/desk/settings/export"

// Export offers everything that the workspace holds about its tickets (M5).
func (a *Admin) Export(c echo.Context) error {
	settings, err := a.settings(c, "export")
	if err != nil {
		return err
	}
	return a.Page(c, http.StatusOK, views.Export{Settings: settings, Action: exportURL})
}

// ExportWorkspace sends the workspace as JSON Lines. It is written while it is read, so that a large one takes
// no memory.
func (a *Admin) ExportWorkspace(c echo.Context) error {
	ctx, ws := c.Request().Context(), web.Workspace(c)
	about, err := a.exported(c)
	if err != nil {
		return err
	}
	if err := a.DB.NoteExport(ctx, web.Member(c), "workspace exported"); err != nil {
		return err
	}
	name := fmt.Sprintf("deskbell-%s.jsonl", a.Now().Format(time.DateOnly))
	return a.SendStream(c, name, "application/jsonl; charset=utf-8", func(out io.Writer) error {
		lines := export.NewLines(out)
		if err := lines.Workspace(about); err != nil {
			return err
		}
		for last, more := int64(0), true; more; more = last != 0 {
			list, next, err := a.DB.ExportTickets(ctx, ws.ID, last)
			if err != nil {
				return err
			}
			for _, t := range list {
				if err := lines.Ticket(t); err != nil {
					return err
				}
			}
			last = next
		}
		return nil
	})
}

// exported reads what the tickets refer to.
func (a *Admin) exported(c echo.Context) (model.ExportedWorkspace, error) {
	ctx, ws := c.Request().Context(), web.Workspace(c)
	about := model.ExportedWorkspace{Name: ws.Name, MadeAt: a.Now()}
	for _, read := range []func() error{
		func() (err error) { about.Projects, err = a.DB.Projects(ctx, ws.ID); return },
		func() (err error) { about.Members, err = a.DB.Members(ctx, ws.ID); return },
		func() (err error) { about.Labels, err = a.DB.Labels(ctx, ws.ID); return },
	} {
		if err := read(); err != nil {
			return about, err
		}
	}
	return about, nil
}
