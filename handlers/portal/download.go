package portal

import (
	"archive/zip"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"deskbell/db"
	"deskbell/db/model"
	"deskbell/handlers/web"
	"deskbell/views/export"
	"deskbell/views/language"
)

// Download sends the signed-in customer what is held about them, as one ZIP file: the files first, so that
// the two documents behind them know which are missing.
func (p *Portal) Download(c echo.Context) error {
	customer, err := p.requireCustomer(c)
	if err != nil {
		return err
	}
	ctx, ws := c.Request().Context(), web.Workspace(c)
	key := fmt.Sprint(customer.ID)
	if err := p.DB.Spend(ctx, "You have downloaded your data several times.",
		db.Count{Scope: "download", Key: key, Limit: 3, Per: time.Hour},
		db.Count{Scope: "download, a day", Key: key, Limit: 10, Per: 24 * time.Hour}); err != nil {
		return err
	}
	held, err := p.DB.HeldData(ctx, ws.ID, customer.ID)
	if err != nil {
		return err
	}
	now := p.Now()
	name := fmt.Sprintf("my data at %s, %s.zip", ws.Name, now.Format(time.DateOnly))
	return p.SendStream(c, name, "application/zip", func(w io.Writer) error {
		d := download{
			Portal: p, c: c, workspace: ws, customer: customer.ID, out: zip.NewWriter(w), names: model.ArchiveNames{}, paths: map[string]string{},
			in:     p.Language(c),
			person: export.Person{HeldData: held, Workspace: ws.Name, MadeAt: now},
		}
		return d.write()
	})
}

// download is a customer's data on its way. What it keeps in memory is a page of tickets or messages, and
// the names of the files, which a ZIP file repeats at its end.
type download struct {
	*Portal
	c         echo.Context
	workspace model.Workspace
	customer  model.CustomerID
	person    export.Person
	out       *zip.Writer
	names     model.ArchiveNames
	in        *language.Language
	paths     map[string]string // of files in the archive, by their ref; empty for a lost one
}

func (d *download) write() error {
	if err := d.addAvatars(); err != nil {
		return err
	}
	if err := d.eachTicket(d.addFiles); err != nil {
		return err
	}
	forPeople := func(w io.Writer) export.Document { return export.HTML(w, d.in) }
	for _, form := range []struct {
		name string
		of   func(io.Writer) export.Document
	}{{"data.json", export.JSON}, {"index.html", forPeople}} {
		w, err := d.out.CreateHeader(&zip.FileHeader{Name: form.name, Method: zip.Deflate, Modified: d.person.MadeAt})
		if err != nil {
			return err
		}
		if err := d.document(form.of(w)); err != nil {
			return err
		}
	}
	return d.out.Close()
}

// eachTicket calls do for each ticket of the customer, a page at a time.
func (d *download) eachTicket(do func(model.HeldTicket) error) error {
	for after := model.TicketID(0); ; {
		page, err := d.DB.HeldTickets(d.c.Request().Context(), d.workspace.ID, d.customer, after)
		if err != nil || len(page) == 0 {
			return err
		}
		for _, t := range page {
			if err := do(t); err != nil {
				return err
			}
		}
		after = page[len(page)-1].ID
	}
}

// addAvatars adds the pictures of sign-ins that last at this moment.
func (d *download) addAvatars() error {
	for _, known := range d.person.Identities {
		path := ""
		if len(known.Avatar) > 0 {
			_, form, _ := strings.Cut(http.DetectContentType(known.Avatar), "/")
			path = d.names.Add("files", "picture of "+known.Provider.Label()+"."+form)
			w, err := d.out.CreateHeader(&zip.FileHeader{Name: path, Method: zip.Store, Modified: d.person.MadeAt})
			if err == nil {
				_, err = w.Write(known.Avatar)
			}
			if err != nil {
				return err
			}
		}
		d.person.Avatars = append(d.person.Avatars, path)
	}
	return nil
}

func (d *download) addFiles(t model.HeldTicket) error {
	list, err := d.DB.HeldFiles(d.c.Request().Context(), d.workspace.ID, d.customer, t)
	for _, f := range list {
		if f.File == "" {
			continue
		}
		if err := d.addFile(t, f); err != nil {
			return err
		}
	}
	return err
}

// addFile adds a file as it is: most are compressed already. One that the store has lost is left out, and the
// documents say so.
func (d *download) addFile(t model.HeldTicket, f model.HeldFile) error {
	d.paths[f.Ref] = ""
	_, err := d.CopyFile(d.c, f.File, func() (io.Writer, error) {
		d.paths[f.Ref] = d.names.Add("files/"+t.OpenedAt.Format(time.DateOnly)+" "+model.ArchiveName(t.Title), f.Name)
		return d.out.CreateHeader(&zip.FileHeader{Name: d.paths[f.Ref], Method: zip.Store, Modified: f.At})
	})
	return err
}

// document writes one of the two forms.
func (d *download) document(doc export.Document) error {
	if err := doc.Begin(d.person); err != nil {
		return err
	}
	if err := d.eachTicket(func(t model.HeldTicket) error { return d.ticket(doc, t) }); err != nil {
		return err
	}
	return doc.End()
}

func (d *download) ticket(doc export.Document, t model.HeldTicket) error {
	ctx := d.c.Request().Context()
	list, err := d.DB.HeldFiles(ctx, d.workspace.ID, d.customer, t)
	if err != nil {
		return err
	}
	files := map[int64][]export.File{}
	for _, f := range list {
		path, seen := d.paths[f.Ref]
		if f.File != "" && !seen {
			continue // it came after the files were added
		}
		files[f.Version] = append(files[f.Version], export.File{Name: f.Name, Path: path, Bytes: f.Bytes, At: f.At, RemovedAt: f.RemovedAt})
	}
	if err := doc.BeginTicket(export.Ticket{HeldTicket: t, Files: files[0]}); err != nil {
		return err
	}
	for after := int64(0); ; {
		page, err := d.DB.HeldMessages(ctx, d.workspace.ID, d.customer, t, after)
		if err != nil {
			return err
		}
		if len(page) == 0 {
			return doc.EndTicket()
		}
		for _, m := range page {
			if err := doc.Message(export.Message{HeldMessage: m, Files: files[m.Version]}); err != nil {
				return err
			}
		}
		after = page[len(page)-1].Version
	}
}
