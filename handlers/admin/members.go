package admin

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"deskbell/db"
	"deskbell/db/model"
	"deskbell/handlers/web"
	"deskbell/views"
)

const membersURL = "/desk/settings/members"

var roles = []views.Choice{
	{Value: string(model.Agent), Label: "Agent: answers tickets"},
	{Value: string(model.Admin), Label: "Admin: answers tickets and changes settings"},
}

// Members lists the team and the links by which people join it, and takes the wish for a new one.
func (a *Admin) Members(c echo.Context) error {
	page, err := a.members(c)
	if err != nil {
		return err
	}
	page.Answers = views.MemberAnswers{Role: string(model.Agent), Mail: true}
	return a.Page(c, http.StatusOK, page)
}

func (a *Admin) members(c echo.Context) (page views.MemberList, err error) {
	if page.Settings, err = a.settings(c, "members"); err != nil {
		return page, err
	}
	ctx, ws := c.Request().Context(), web.Workspace(c).ID
	page.Roles, page.Mails, page.RequireCodes = roles, !a.NoMailServer, web.Workspace(c).RequireCodes
	team, err := a.DB.Members(ctx, ws)
	if err != nil {
		return page, err
	}
	for _, m := range team {
		page.Members = append(page.Members, memberLine(c, m))
	}
	links, err := a.DB.MemberLinks(ctx, ws)
	made := model.LinkID(c.QueryParam("made"))
	for _, l := range links {
		line := views.MemberLinkLine{Email: l.Email, Name: l.Name, Role: roleName(l.Role), By: l.MadeBy, Reset: l.Member != 0,
			URL: web.JoinURL(a.Base, a.Keys, l.ID), Withdraw: fmt.Sprintf("%s/links/%s/withdraw", membersURL, l.ID), ExpiresAt: l.ExpiresAt}
		if made != "" && l.ID == made {
			page.Made = line
		}
		page.Links = append(page.Links, line)
	}
	return page, err
}

func memberLine(c echo.Context, m model.Member) views.MemberLine {
	return views.MemberLine{Name: m.Name, Email: m.Email, Role: roleName(m.Role), Mail: m.NewTicketMail, Codes: !m.CodesSince.IsZero(), Self: m.ID == web.Member(c).ID, URL: memberURL(m.ID)}
}

func roleName(r model.Role) string {
	if r == model.Admin {
		return "Admin"
	}
	return "Agent"
}

func memberURL(id model.MemberID) string { return fmt.Sprintf("%s/%d", membersURL, id) }

// Invite makes a link by which somebody joins the team.
func (a *Admin) Invite(c echo.Context) error {
	posted, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	page, err := a.members(c)
	if err != nil {
		return err
	}
	typed := views.MemberAnswers{Email: posted.Line("email"), Name: posted.Line("name"), Role: posted.Line("role"), Mail: posted.On("mail")}
	page.Answers = typed
	email, ok := model.CleanAddress(typed.Email)
	if !ok {
		page.Errors.Add("email", "Enter an email address like name@example.com.")
	}
	if failure, ok := model.AsError(model.CheckMemberName(typed.Name)); ok {
		page.Errors = append(page.Errors, failure.Fields...)
	}
	role := model.Role(typed.Role)
	if role != model.Admin && role != model.Agent {
		page.Errors.Add("role", "Choose a role from the list.")
	}
	if len(page.Errors) > 0 {
		return a.Page(c, http.StatusUnprocessableEntity, page)
	}
	by := web.Member(c)
	link := db.MemberLink{ID: model.LinkID(model.RandomID()), Workspace: by.WorkspaceID, Email: email, Name: typed.Name, Role: role, MadeBy: by.Name}
	if typed.Mail && page.Mails {
		link.Mail = model.MailInvitation
	}
	id, err := a.DB.Invite(c.Request().Context(), link)
	if failure, ok := model.AsError(err); ok && failure.Kind == model.Invalid {
		page.Errors = failure.Fields
		return a.Page(c, http.StatusUnprocessableEntity, page)
	}
	if err == nil && link.Mail != "" {
		err = a.Flash(c, "The link is on its way to "+email+".")
	}
	return a.madeLink(c, id, err)
}

// madeLink leads to the list, which shows the link that was made.
func (a *Admin) madeLink(c echo.Context, id model.LinkID, err error) error {
	if err != nil {
		return err
	}
	return web.SeeOther(c, membersURL+"?made="+url.QueryEscape(string(id)))
}

// WithdrawMemberLink ends a link.
func (a *Admin) WithdrawMemberLink(c echo.Context) error {
	err := a.DB.WithdrawMemberLink(c.Request().Context(), web.Workspace(c).ID, model.LinkID(c.Param("link")))
	return a.saved(c, err, "The link is withdrawn.", membersURL)
}

// Member shows a member, with a form for name, role and mail.
func (a *Admin) Member(c echo.Context) error {
	_, page, err := a.memberForm(c)
	if err != nil {
		return err
	}
	return a.Page(c, http.StatusOK, page)
}

func (a *Admin) memberForm(c echo.Context) (m model.Member, page views.MemberForm, err error) {
	ctx, ws := c.Request().Context(), web.Workspace(c).ID
	none := model.Fail(model.NotFound, "There is no such member in your team. They may have left: look among the members.")
	id, err := strconv.ParseInt(c.Param("id"), 10, 64)
	if err != nil {
		return m, page, none
	}
	m, err = a.DB.Member(ctx, ws, model.MemberID(id))
	if err == nil && !m.LeftAt.IsZero() {
		err = none
	}
	if err != nil {
		return m, page, err
	}
	page = views.MemberForm{MemberLine: memberLine(c, m), Roles: roles, Answers: views.MemberAnswers{Name: m.Name, Role: string(m.Role), Mail: m.NewTicketMail}}
	sessions, err := a.DB.Sessions(ctx, model.Session{Workspace: ws, Member: m.ID})
	if err != nil {
		return m, page, err
	}
	page.Sessions = len(sessions)
	page.Settings, err = a.settings(c, "members")
	return m, page, err
}

// SaveMember takes the form.
func (a *Admin) SaveMember(c echo.Context) error {
	m, page, err := a.memberForm(c)
	if err != nil {
		return err
	}
	posted, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	page.Answers = views.MemberAnswers{Name: posted.Line("name"), Role: posted.Line("role"), Mail: posted.On("new_ticket_mail")}
	m.Name, m.Role, m.NewTicketMail = page.Answers.Name, model.Role(page.Answers.Role), page.Answers.Mail
	if m.Role != model.Admin && m.Role != model.Agent {
		err = model.FieldErrors{{Field: "role", Message: "Choose a role from the list."}}.Err()
	} else {
		err = a.DB.ChangeMember(c.Request().Context(), m)
	}
	if failure, ok := model.AsError(err); ok && failure.Kind == model.Invalid {
		page.Errors = failure.Fields
		return a.Page(c, http.StatusUnprocessableEntity, page)
	}
	return a.saved(c, err, "Saved.", page.URL)
}

// ResetPassword makes a link by which a member sets a new password.
func (a *Admin) ResetPassword(c echo.Context) error {
	m, _, err := a.memberForm(c)
	if err != nil {
		return err
	}
	id, err := a.DB.PasswordLink(c.Request().Context(), web.Member(c), m.ID)
	return a.madeLink(c, id, err)
}

// ConfirmRemoveMember says what becomes of what a member has.
func (a *Admin) ConfirmRemoveMember(c echo.Context) error {
	_, page, err := a.memberForm(c)
	if err != nil {
		return err
	}
	return a.Page(c, http.StatusOK, views.MemberRemoval{Settings: page.Settings, MemberLine: page.MemberLine})
}

// RemoveMember takes a member out of the team.
func (a *Admin) RemoveMember(c echo.Context) error {
	m, page, err := a.memberForm(c)
	if err != nil {
		return err
	}
	err = a.DB.RemoveMember(c.Request().Context(), web.Member(c), m.ID)
	if failure, ok := model.AsError(err); ok && failure.Kind == model.Invalid {
		return a.Page(c, http.StatusUnprocessableEntity, views.MemberRemoval{Settings: page.Settings, MemberLine: page.MemberLine, Problem: failure.Fields[0].Message})
	}
	if err == nil && page.Self {
		return web.SeeOther(c, "/desk/login")
	}
	return a.saved(c, err, m.Name+" has left the team.", membersURL)
}
