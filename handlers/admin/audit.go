package admin

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"deskbell/db"
	"deskbell/db/model"
	"deskbell/handlers/web"
	"deskbell/views"
)

const auditURL = "/desk/settings/audit"

// Audit shows the audit log, newest first. The URL is its state: who, about what, from and to which
// day (UTC), and a place to page from.
func (a *Admin) Audit(c echo.Context) error {
	settings, err := a.settings(c, "audit")
	if err != nil {
		return err
	}
	page := views.AuditLog{Settings: settings}
	filter := auditFilter(web.QueryForm(c), &page)
	filter.Below = auditPlace(c.QueryParam("below"))
	ctx, ws := c.Request().Context(), web.Workspace(c).ID
	if page.Who, err = a.auditWho(ctx, ws, page.ByMember); err != nil {
		return err
	}
	list, more, err := a.DB.Audit(ctx, ws, filter)
	if err != nil {
		return err
	}
	for _, l := range list {
		page.Lines = append(page.Lines, views.AuditLine{AuditLine: l, Title: capital(l.What)})
	}
	if filter.Below.ID != 0 {
		page.First = auditAt(page, "")
	}
	if more {
		last := list[len(list)-1]
		page.More = auditAt(page, fmt.Sprintf("%d.%d", last.At.UnixMilli(), last.ID))
	}
	return a.Page(c, http.StatusOK, page)
}

// auditFilter reads the filter. What cannot be meant filters nothing, and is left out of the page's form.
func auditFilter(form web.Form, page *views.AuditLog) db.AuditFilter {
	var filter db.AuditFilter
	if id, err := strconv.ParseInt(form.Line("member"), 10, 64); err == nil && id > 0 {
		filter.Member, page.ByMember = model.MemberID(id), strconv.FormatInt(id, 10)
	}
	page.Subjects = []views.Choice{{Value: "", Label: "Everything"}}
	for _, s := range model.AuditSubjects {
		page.Subjects = append(page.Subjects, views.Choice{Value: string(s.Subject), Label: s.Name})
		if form.Line("about") == string(s.Subject) {
			filter.Subject, page.About = s.Subject, string(s.Subject)
		}
	}
	if day, err := time.Parse(time.DateOnly, form.Line("from")); err == nil {
		filter.From, page.From = day, day.Format(time.DateOnly)
	}
	if day, err := time.Parse(time.DateOnly, form.Line("to")); err == nil {
		filter.Until, page.To = day.AddDate(0, 0, 1), day.Format(time.DateOnly)
	}
	page.Filtered = page.ByMember+page.About+page.From+page.To != ""
	return filter
}

// auditWho lists the team, and whoever has left it when the filter names them.
func (a *Admin) auditWho(ctx context.Context, ws model.WorkspaceID, chosen string) ([]views.Choice, error) {
	team, err := a.DB.Members(ctx, ws)
	list, found := []views.Choice{{Value: "", Label: "Everybody"}}, chosen == ""
	for _, m := range team {
		id := strconv.FormatInt(int64(m.ID), 10)
		list, found = append(list, views.Choice{Value: id, Label: m.Name}), found || id == chosen
	}
	if err != nil || found {
		return list, err
	}
	id, _ := strconv.ParseInt(chosen, 10, 64) // auditFilter has read it
	m, err := a.DB.Member(ctx, ws, model.MemberID(id))
	if model.KindOf(err) == model.NotFound {
		return list, nil
	}
	return append(list, views.Choice{Value: chosen, Label: m.Name + " (left)"}), err
}

// auditPlace reads where a page begins; anything that is no place is the top.
func auditPlace(text string) db.AuditPlace {
	millis, id, _ := strings.Cut(text, ".")
	at, atErr := strconv.ParseInt(millis, 10, 64)
	n, idErr := strconv.ParseInt(id, 10, 64)
	if atErr != nil || idErr != nil || n <= 0 {
		return db.AuditPlace{}
	}
	return db.AuditPlace{At: time.UnixMilli(at), ID: n}
}

func auditAt(page views.AuditLog, below string) string {
	values := url.Values{}
	for name, value := range map[string]string{"member": page.ByMember, "about": page.About, "from": page.From, "to": page.To, "below": below} {
		if value != "" {
			values.Set(name, value)
		}
	}
	if len(values) == 0 {
		return auditURL
	}
	return auditURL + "?" + values.Encode()
}

func capital(text string) string { return strings.ToUpper(text[:1]) + text[1:] }

// ExportAudit sends what the filter finds as a CSV file, and notes that in the log first.
func (a *Admin) ExportAudit(c echo.Context) error {
	posted, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	filter := auditFilter(posted, &views.AuditLog{})
	if err := a.DB.NoteExport(c.Request().Context(), web.Member(c), "audit log exported"); err != nil {
		return err
	}
	name := fmt.Sprintf("audit-%s.csv", a.Now().UTC().Format(time.DateOnly))
	return a.SendStream(c, name, "text/csv; charset=utf-8", func(out io.Writer) error {
		return a.writeAudit(c.Request().Context(), web.Workspace(c).ID, filter, csv.NewWriter(out))
	})
}

// writeAudit writes the log a page at a time, so that a long one needs no memory.
func (a *Admin) writeAudit(ctx context.Context, ws model.WorkspaceID, filter db.AuditFilter, out *csv.Writer) error {
	if err := out.Write([]string{"Time (UTC)", "Who", "What", "About", "Changes"}); err != nil {
		return err
	}
	filter.Limit = 500
	for {
		list, more, err := a.DB.Audit(ctx, ws, filter)
		if err != nil {
			return err
		}
		for _, l := range list {
			if err := out.Write(auditRow(l)); err != nil {
				return err
			}
		}
		if out.Flush(); out.Error() != nil || !more {
			return out.Error()
		}
		last := list[len(list)-1]
		filter.Below = db.AuditPlace{At: last.At, ID: last.ID}
	}
}

func auditRow(l model.AuditLine) []string {
	var changes []string
	for _, change := range l.Changes {
		changes = append(changes, change.String())
	}
	row := []string{l.At.UTC().Format(time.DateTime), l.Actor, capital(l.What), l.Object(), strings.Join(changes, "; ")}
	for i := range row {
		row[i] = model.TableCell(row[i])
	}
	return row
}
