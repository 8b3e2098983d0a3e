package desk

import (
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"deskbell/db/model"
	"deskbell/handlers/web"
	"deskbell/views"
)

// memberMail is what a member gets by mail, for the form that changes it.
func (d *Desk) memberMail(c echo.Context, m model.Member) (views.MemberMail, error) {
	ctx := c.Request().Context()
	projects, err := d.DB.Projects(ctx, m.WorkspaceID)
	if err != nil {
		return views.MemberMail{}, err
	}
	quiet, err := d.DB.QuietProjects(ctx, m)
	if err != nil {
		return views.MemberMail{}, err
	}
	var heard []views.HeardProject
	for _, p := range projects {
		heard = append(heard, views.HeardProject{ID: strconv.FormatInt(int64(p.ID), 10), Name: p.Name, Heard: !slices.Contains(quiet, p.ID)})
	}
	return memberMailForm(m, heard), nil
}

// readMemberMail takes the switches into m and projects, and returns the projects that are not ticked.
func readMemberMail(posted web.Form, m *model.Member, projects []views.HeardProject) []model.ProjectID {
	m.NewTicketMail, m.AssignedMail, m.ReopenedMail = posted.On("new_ticket_mail"), posted.On("assigned_mail"), posted.On("reopened_mail")
	m.ReplyMail = model.ReplyMail(posted.Raw("reply_mail"))
	ticked := posted.All("projects")
	var quiet []model.ProjectID
	for i, p := range projects {
		projects[i].Heard = slices.Contains(ticked, p.ID)
		if id, err := strconv.ParseInt(p.ID, 10, 64); err == nil && !projects[i].Heard {
			quiet = append(quiet, model.ProjectID(id))
		}
	}
	return quiet
}

// replyChoices are what a member can choose of customers' replies.
var replyChoices = []views.Choice{
	{Value: string(model.RepliesNone), Label: "None"},
	{Value: string(model.RepliesMine), Label: "In tickets that are yours"},
	{Value: string(model.RepliesUnassigned), Label: "In yours, and in those that are nobody’s"},
	{Value: string(model.RepliesAny), Label: "In every ticket"},
}

// memberMailForm is the form of what a member has chosen.
func memberMailForm(m model.Member, projects []views.HeardProject) views.MemberMail {
	return views.MemberMail{
		NewTicket: m.NewTicketMail, Assigned: m.AssignedMail, Reopened: m.ReopenedMail,
		Replies: string(m.ReplyMail), Choices: replyChoices, Projects: projects,
	}
}
