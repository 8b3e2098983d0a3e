package desk

import (
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"

	"deskbell/db"
	"deskbell/db/model"
	"deskbell/handlers/web"
	"deskbell/views"
)

// SetupPath returns the path of the one-time setup page of an empty installation (O4).
func SetupPath(keys model.Keys) string { return "/desk/setup/" + keys.StableFormKey("setup", 1) }

// SetupPage asks the first admin for team, project and account.
func (d *Desk) SetupPage(c echo.Context) error {
	if err := d.setupOpen(c); err != nil {
		return err
	}
	return d.Page(c, http.StatusOK, views.Setup{Action: SetupPath(d.Keys), NoMail: d.NoServer, Answers: views.SetupAnswers{Project: "Support", PublicID: "support"}})
}

// Setup makes the workspace with its first project and admin, and signs the admin in.
func (d *Desk) Setup(c echo.Context) error {
	if err := d.setupOpen(c); err != nil {
		return err
	}
	posted, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	page := views.Setup{Action: SetupPath(d.Keys), NoMail: d.NoServer, Answers: views.SetupAnswers{
		Workspace: posted.Line("workspace"), Project: posted.Line("project"), PublicID: posted.Line("public_id"),
		Name: posted.Line("name"), Email: posted.Line("email"),
	}}
	if page.Errors = checkSetup(page.Answers, posted.Raw("password")); len(page.Errors) > 0 {
		return d.Page(c, http.StatusUnprocessableEntity, page)
	}
	email, _ := model.CleanAddress(page.Answers.Email)
	admin, err := d.DB.CreateTeam(c.Request().Context(), db.NewTeam{
		Workspace: db.NewWorkspace{Name: page.Answers.Workspace, Kind: model.Standard},
		Project: db.NewProject{
			PublicID: page.Answers.PublicID, Name: page.Answers.Project, Intake: model.IntakeOpen, DefaultType: "question",
			Types: []model.TicketType{{Key: "question", Name: "Question"}, {Key: "bug", Name: "Problem"}, {Key: "request", Name: "Request"}},
		},
		Admin:    model.Member{Email: email, Name: page.Answers.Name, Role: model.Admin, NewTicketMail: true},
		Password: web.HashPassword(posted.Raw("password")),
	})
	if err != nil {
		return err
	}
	if err := d.SignIn(c, web.DeskSide, model.Session{
		Workspace: admin.WorkspaceID, Member: admin.ID, Flash: "Welcome. Your form is open, and a sample ticket is in your inbox.",
	}); err != nil {
		return err
	}
	if err := d.addSample(c, admin, page.Answers.PublicID); err != nil {
		d.Log.Error("the sample ticket was not made", "error", err) // the team is there without it
	}
	return web.SeeOther(c, "/desk/settings/start")
}

// addSample opens a ticket as a customer would, from the admin's own address.
func (d *Desk) addSample(c echo.Context, admin model.Member, project string) error {
	ctx := c.Request().Context()
	ws, err := d.DB.Workspace(ctx, admin.WorkspaceID)
	if err != nil {
		return err
	}
	const text = "This is a sample ticket: it came by your form as every other one does, from your own address.\n\n" +
		"**Try it:** write an answer below and send it. It reaches you by mail with a private link, as it would reach a customer. " +
		"An *internal note* stays with the team.\n\nResolve the ticket when you have seen enough."
	return d.DB.CreateTicket(ctx, ws, project, db.NewTicket{
		FormKey: model.RandomID(), Host: ws.PrimaryHost, Description: views.Markdown(text),
		Intake: model.Intake{Email: admin.Email, Name: admin.Name, Type: "question", Title: "Sample: how do I answer a ticket?", Description: text},
	})
}

// setupOpen lets the holder of the logged link in while there is no workspace.
func (d *Desk) setupOpen(c echo.Context) error {
	if !d.Keys.StableFormKeyValid("setup", c.Param("token")) {
		return model.Fail(model.NotFound, "There is nothing at this address.")
	}
	empty, err := d.DB.IsEmpty(c.Request().Context())
	if err == nil && !empty {
		err = model.Fail(model.Gone, "Deskbell is set up already. Sign in to the desk.")
	}
	return err
}

func checkSetup(a views.SetupAnswers, password string) model.FieldErrors {
	var errs model.FieldErrors
	for _, f := range []struct {
		field, value, what string
		limit              int
	}{
		{"workspace", a.Workspace, "Enter your team’s name", model.MaxWorkspaceName},
		{"project", a.Project, "Enter what people can write about", 80},
		{"name", a.Name, "Enter your name", 100},
	} {
		if n := model.Chars(f.value); n == 0 || n > f.limit {
			errs.Add(f.field, fmt.Sprintf("%s, in at most %d characters.", f.what, f.limit))
		}
	}
	if err := model.CheckPublicID(a.PublicID); err != "" {
		errs.Add("public_id", err)
	}
	if _, ok := model.CleanAddress(a.Email); !ok {
		errs.Add("email", "Enter an email address like name@example.com.")
	}
	model.CheckPassword(&errs, "password", password)
	return errs
}
