package admin

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"deskbell/db/model"
	"deskbell/handlers/web"
	"deskbell/views"
)

// FirstSteps leads a new team on: where their pages are, and what to do next (O4). What is done is told by how
// things are, not by a list that somebody has to tick.
func (a *Admin) FirstSteps(c echo.Context) error {
	settings, err := a.settings(c, "start")
	if err != nil {
		return err
	}
	ctx, ws := c.Request().Context(), web.Workspace(c)
	done, err := a.DB.FirstSteps(ctx, ws.ID)
	if err != nil {
		return err
	}
	page := views.FirstSteps{Settings: settings, Form: a.Base.Origin(ws.PrimaryHost) + "/", Steps: a.steps(done, a.Replica(ctx))}
	if done.Project != "" {
		page.Form += "ticket/" + done.Project
	}
	for _, s := range page.Steps {
		if s.Done {
			page.Done++
		}
	}
	return a.Page(c, http.StatusOK, page)
}

func (a *Admin) steps(s model.FirstSteps, r model.Replica) []views.FirstStep {
	answer := views.FirstStep{Done: s.Answered, Title: "Answer the sample ticket", URL: "/desk/tickets/1",
		Says: "It came by your own form, from your own address: you get the mail that customers get."}
	if !s.Sample {
		answer.Title, answer.URL, answer.Says = "Answer a ticket", "/desk", "Open one on your public pages, and answer it here."
	}
	return []views.FirstStep{
		answer,
		{Done: !a.NoMailServer, Title: "Let mail out", URL: "/desk/settings/mail",
			Says: "Answers reach customers by mail. Set DESKBELL_SMTP_URL and DESKBELL_MAIL_FROM where Deskbell is started; until then mail waits in the outbox."},
		{Done: !a.Base.Loopback(), Title: "Give the desk its address", URL: "/desk/settings/domains",
			Says: "Mail carries links to it. Set DESKBELL_BASE_URL to the name under which others reach this server."},
		{Done: s.Look, Title: "Make it look like yours", URL: "/desk/settings/workspace", Says: "A logo, a colour and your language on every public page and in every mail."},
		{Done: s.Template, Title: "Ask what you need to know", URL: "/desk/settings/templates", Says: "A template adds questions to the form, for all tickets or for one type."},
		{Done: s.Document, Title: "Answer the first question before it is asked", URL: "/desk/settings/documents",
			Says: "Help documents stand beside the form while somebody types."},
		{Done: s.Colleague, Title: "Bring the others", URL: "/desk/settings/members", Says: "Each member has an account of their own, and chooses which mail they want."},
		{Done: r.Set && r.Problem == "", Title: "Keep a second copy", URL: "/desk/settings/status",
			Says: "A replica follows every write, set by DESKBELL_REPLICA_URL; or “deskbell backup” writes everything into one file."},
	}
}
