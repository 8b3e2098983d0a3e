// Package seed fills an empty database with the demo's workspaces (O3). It uses the verbs that
// people's actions use, at times in the past.
package seed

import (
	"bytes"
	"context"
	"embed"
	"fmt"
	"slices"
	"time"

	"deskbell/db"
	"deskbell/db/files"
	"deskbell/db/files/preview"
	"deskbell/db/model"
)

// Password is that of every member of the demo.
const Password = "deskbell-demo"

//go:embed acme.png
var acmeLogo []byte

// attached are the files of the demo's tickets.
//
//go:embed attached
var attached embed.FS

// Render makes what is stored of what people write.
type Render struct {
	Markdown func(string) model.RichText     // a message
	Document func(string) model.DocumentText // a document
	Password func(string) string             // its hash
}

// Demo fills an empty database and its store of files, and leaves any other alone.
func Demo(ctx context.Context, data *db.DB, store files.Store, render Render) error {
	empty, err := data.IsEmpty(ctx)
	if err != nil || !empty {
		return err
	}
	s := &seeder{db: data, store: store, render: render, hash: render.Password(Password), start: data.Now().Add(-6 * 24 * time.Hour)}
	for _, w := range workspaces {
		if err := s.workspace(ctx, w); err != nil {
			return fmt.Errorf("%s: %w", w.New.Name, err)
		}
	}
	return s.sendOldMail(ctx)
}

type seeder struct {
	db     *db.DB
	store  files.Store
	render Render
	hash   string
	start  time.Time
}

func (s *seeder) workspace(ctx context.Context, w workspace) error {
	ctx = db.At(ctx, s.start)
	ws, err := s.db.CreateWorkspace(ctx, w.New)
	if err != nil {
		return err
	}
	if w.Logo != nil {
		if err := s.logo(ctx, ws.ID, w.Logo); err != nil {
			return fmt.Errorf("logo: %w", err)
		}
	}
	for _, p := range w.Projects {
		if _, err := s.db.CreateProject(ctx, ws.ID, p); err != nil {
			return err
		}
	}
	for _, b := range w.Bindings {
		if err := s.bind(ctx, ws.ID, b); err != nil {
			return fmt.Errorf("%s: %w", b.Name, err)
		}
	}
	if w.Documents != "" {
		if err := s.documents(ctx, ws, w.Documents); err != nil {
			return err
		}
	}
	for _, l := range w.Labels {
		if err := s.db.SaveLabel(ctx, ws.ID, l); err != nil {
			return fmt.Errorf("label %s: %w", l.Name, err)
		}
	}
	team := map[string]model.Member{}
	for _, m := range w.Members {
		m.WorkspaceID = ws.ID
		if team[m.Name], err = s.db.CreateMember(ctx, m, s.hash); err != nil {
			return err
		}
	}
	for _, r := range w.Replies {
		if _, err := s.db.SaveReply(ctx, ws.ID, r); err != nil {
			return err
		}
	}
	for _, v := range w.Views {
		if err := s.db.SaveView(ctx, team[v.By], v); err != nil {
			return fmt.Errorf("view %s: %w", v.Name, err)
		}
	}
	for i, t := range w.Tickets {
		if err := s.ticket(ctx, ws, team, t, int64(i+1)); err != nil {
			return fmt.Errorf("ticket %d: %w", i+1, err)
		}
	}
	if err := s.suggestions(ctx, ws, w); err != nil {
		return fmt.Errorf("suggestions: %w", err)
	}
	for _, pair := range w.Related {
		if err := s.db.LinkTickets(db.At(ctx, s.start.Add(132*time.Hour)), team[w.Members[0].Name], pair[0], pair[1]); err != nil {
			return err
		}
	}
	for _, link := range w.Links {
		if _, err := s.db.CreateIntakeLink(ctx, team[w.Members[0].Name], link); err != nil {
			return err
		}
	}
	return s.askErasure(ctx, ws.ID, w.Erasure)
}

// suggestions has forms with suggestions, on the days of the workspace's tickets: of half a document was opened,
// and no ticket came of them.
func (s *seeder) suggestions(ctx context.Context, ws model.Workspace, w workspace) error {
	if w.Documents == "" {
		return nil
	}
	p, err := s.db.Project(ctx, ws.ID, w.Projects[0].PublicID)
	for i := 0; i < 12 && err == nil; i++ {
		ctx, form := db.At(ctx, s.start.Add(time.Duration(i*9)*time.Hour)), fmt.Sprintf("demo-%d", i)
		if err = s.db.SuggestionsShown(ctx, p, form); err == nil && i%2 == 0 {
			err = s.db.SuggestionOpened(ctx, ws.ID, form)
		}
	}
	if err == nil {
		_, err = s.db.SweepSuggestions(db.At(ctx, s.start.Add(5*24*time.Hour)))
	}
	return err
}

// sort sets what an entry says of a ticket's labels and priority.
func (s *seeder) sort(ctx context.Context, by model.Member, number int64, e entry) error {
	if e.Priority != "" {
		if err := s.db.SetPriority(ctx, by, number, e.Priority); err != nil {
			return err
		}
	}
	if len(e.Labels) == 0 {
		return nil
	}
	labels, err := s.db.Labels(ctx, by.WorkspaceID)
	var ids []model.LabelID
	for _, l := range labels {
		if slices.Contains(e.Labels, l.Name) {
			ids = append(ids, l.ID)
		}
	}
	if err != nil {
		return err
	}
	return s.db.SetLabels(ctx, by, number, ids)
}

// askErasure has the customer with an address ask for erasure, two days before the demo begins.
func (s *seeder) askErasure(ctx context.Context, ws model.WorkspaceID, email string) error {
	if email == "" {
		return nil
	}
	found, err := s.db.Customers(ctx, ws, email, db.CustomerPlace{})
	if err != nil {
		return err
	}
	for _, c := range found.Customers {
		if c.Email == email {
			return s.db.AskErasure(db.At(ctx, s.start.Add(4*24*time.Hour)), ws, c.ID)
		}
	}
	return fmt.Errorf("there is no customer %s", email)
}

func (s *seeder) logo(ctx context.Context, ws model.WorkspaceID, picture []byte) error {
	made, err := preview.Logo(ctx, bytes.NewReader(picture), int64(len(picture)))
	if err != nil {
		return err
	}
	return s.db.SetLogo(ctx, ws, db.Logo{PNG: made.Data, Logo: model.Logo{Width: made.Width, Height: made.Height}})
}

func (s *seeder) ticket(ctx context.Context, ws model.Workspace, team map[string]model.Member, t ticket, number int64) error {
	at := s.start.Add(t.After)
	t.Intake.Type = orDefault(t.Intake.Type, "question")
	if err := s.files(db.At(ctx, at), ws, t.Project, 0, fmt.Sprintf("demo-%d", number), t.Files); err != nil {
		return err
	}
	if err := s.db.CreateTicket(db.At(ctx, at), ws, t.Project, db.NewTicket{
		FormKey: fmt.Sprintf("demo-%d", number), Host: ws.PrimaryHost, Intake: t.Intake, Language: t.Language,
		Description: s.render.Markdown(t.Intake.Description), Message: s.render.Markdown(t.Intake.Message),
	}); err != nil {
		return err
	}
	var reader model.Reader
	for i, e := range t.Entries {
		at = at.Add(e.After)
		ctx := db.At(ctx, at)
		reply := db.NewReply{FormKey: fmt.Sprintf("demo-%d-%d", number, i), Text: s.render.Markdown(e.Text)}
		err := s.files(ctx, ws, t.Project, number, reply.FormKey, e.Files)
		if err == nil {
			err = s.sort(ctx, team[e.Member], number, e)
		}
		if err != nil {
			return fmt.Errorf("entry %d: %w", i+1, err)
		}
		switch {
		case e.Member == "":
			if reader, err = s.reader(ctx, ws, reader, number); err == nil {
				err = s.db.AddCustomerReply(ctx, ws, reader, reply)
			}
		case e.Note:
			err = s.db.AddNote(ctx, team[e.Member], number, reply)
		default:
			err = s.db.AddReply(ctx, team[e.Member], number, reply)
		}
		for _, r := range e.Add {
			if err == nil {
				_, _, err = s.db.AddRecipient(ctx, team[e.Member], number, r)
			}
		}
		if err == nil && e.Status != "" {
			err = s.setStatus(ctx, team[e.Member], number, e.Status)
		}
		if err == nil && e.Assign != "" {
			err = s.db.Assign(ctx, team[e.Member], number, team[e.Assign].ID)
		}
		if err != nil {
			return fmt.Errorf("entry %d: %w", i+1, err)
		}
	}
	return nil
}

// files has files wait for a form, of a ticket's entry or, for ticket 0, of the ticket itself.
func (s *seeder) files(ctx context.Context, ws model.Workspace, project string, number int64, formKey string, names []string) error {
	if len(names) == 0 {
		return nil
	}
	form := db.UploadForm{Key: formKey, Team: true}
	if number == 0 {
		p, err := s.db.Project(ctx, ws.ID, project)
		if err != nil {
			return err
		}
		form.Project = p.ID
	} else {
		var err error
		if form.Ticket, err = s.db.TicketID(ctx, ws.ID, number); err != nil {
			return err
		}
	}
	for _, name := range names {
		content, err := attached.ReadFile("attached/" + name)
		if err != nil {
			return err
		}
		file, err := s.keep(ctx, name, content)
		if err != nil {
			return err
		}
		if _, err := s.db.AddUpload(ctx, ws.ID, form, file); err != nil {
			return err
		}
	}
	return nil
}

func (s *seeder) keep(ctx context.Context, name string, content []byte) (model.NewUpload, error) {
	received, err := s.store.Receive(ctx, bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return model.NewUpload{}, err
	}
	defer received.Close()
	file, err := preview.Describe(received, "", name)
	if err != nil {
		return file, err
	}
	return preview.Keep(ctx, s.store, file, received)
}

// sendOldMail marks the mail of the demo's past as sent: nobody is to get it now. The answer to the full
// mailbox was refused.
func (s *seeder) sendOldMail(ctx context.Context) error {
	for {
		mail, err := s.db.ClaimMail(ctx)
		if model.KindOf(err) == model.NotFound {
			return nil
		}
		if err != nil {
			return err
		}
		ctx := db.At(ctx, mail.CreatedAt.Add(time.Minute))
		if mail.To == full && mail.Kind == model.MailMessage {
			err = s.db.MailRefused(ctx, mail, "The mail server refused it: 552 5.2.2 <"+full+">: over quota", true)
		} else {
			err = s.db.MailSent(ctx, mail.ID)
		}
		if err != nil {
			return err
		}
	}
}

// reader returns the reporter as a recipient, once they have opened their link.
func (s *seeder) reader(ctx context.Context, ws model.Workspace, known model.Reader, number int64) (model.Reader, error) {
	if known.Link != "" {
		return known, nil
	}
	link, err := s.db.LinkByForm(ctx, ws.ID, 0, fmt.Sprintf("demo-%d", number))
	if err != nil {
		return known, err
	}
	reader, err := s.db.ReaderByLink(ctx, ws.ID, link)
	if err != nil {
		return reader, err
	}
	return reader, s.db.Confirm(ctx, ws.ID, reader)
}

func (s *seeder) setStatus(ctx context.Context, by model.Member, number int64, name string) error {
	page, err := s.db.TicketPage(ctx, by.WorkspaceID, number)
	if err != nil {
		return err
	}
	for _, status := range page.Statuses {
		if status.Name == name {
			return s.db.SetStatus(ctx, by, number, status.ID)
		}
	}
	return fmt.Errorf("there is no status %q", name)
}

func orDefault(s, fallback string) string {
	if s == "" {
		return fallback
	}
	return s
}
