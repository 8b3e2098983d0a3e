package desk

import (
	"fmt"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"deskbell/db"
	"deskbell/db/model"
	"deskbell/handlers/web"
	"deskbell/views"
)

// Outbox lists the workspace's mail (K4).
func (d *Desk) Outbox(c echo.Context) error {
	frame, err := d.DeskFrame(c, "outbox")
	if err != nil {
		return err
	}
	before, err := strconv.ParseInt(c.QueryParam("before"), 10, 64)
	if err != nil || before < 0 {
		before = 0 // anything that is no place is the top
	}
	list, err := d.DB.Outbox(c.Request().Context(), web.Workspace(c).ID, model.MailID(before))
	if err != nil {
		return err
	}
	page := views.Outbox{Desk: frame, NoServer: d.NoServer}
	for _, m := range list.Mails {
		page.Mails = append(page.Mails, mailLine(m))
	}
	if list.Older != 0 {
		page.Older = fmt.Sprintf("/desk/outbox?before=%d", list.Older)
	}
	return d.Page(c, http.StatusOK, page)
}

// MailPage shows one mail with its links.
func (d *Desk) MailPage(c echo.Context) error {
	id, err := mailID(c)
	if err != nil {
		return err
	}
	row, letter, err := d.DB.OutboxMail(c.Request().Context(), web.Workspace(c).ID, id)
	if err != nil {
		return err
	}
	written, err := d.Mail.Write(letter)
	if err != nil {
		return err
	}
	frame, err := d.DeskFrame(c, "outbox")
	if err != nil {
		return err
	}
	page := views.Mail{Desk: frame, Mail: mailLine(row), Subject: written.Subject, Text: written.Text}
	if row.Kind.Secret() {
		page.Text, written.Links = "Only the person it goes to sees what it says: its link signs them in.", nil
	}
	for _, l := range written.Links {
		page.Links = append(page.Links, views.ProblemLink{Label: l.Label, URL: l.URL})
	}
	if row.State == model.MailFailed && row.Kind != model.MailErased || row.State == model.MailWaiting && row.Attempts > 0 {
		page.Retry = page.Mail.URL + "/retry"
	}
	return d.Page(c, http.StatusOK, page)
}

// RetryMail puts a mail back into the queue.
func (d *Desk) RetryMail(c echo.Context) error {
	id, err := mailID(c)
	if err != nil {
		return err
	}
	if err := d.DB.RetryMail(c.Request().Context(), web.Workspace(c).ID, id); err != nil {
		return err
	}
	if err := d.Flash(c, "The mail is tried again now."); err != nil {
		return err
	}
	return web.SeeOther(c, mailURL(id))
}

func mailID(c echo.Context) (model.MailID, error) {
	id, err := strconv.ParseInt(c.Param("id"), 10, 64)
	if err != nil || id < 1 {
		return 0, model.Fail(model.NotFound, "There is no such mail. The outbox lists what was sent in the last 30 days.")
	}
	return model.MailID(id), nil
}

func mailURL(id model.MailID) string { return fmt.Sprintf("/desk/outbox/%d", id) }

func mailLine(m db.OutboxMail) views.MailLine {
	what := map[model.MailKind]string{
		model.MailFirst: "Confirm your address", model.MailCreated: "Ticket received", model.MailMessage: "New message",
		model.MailClosed: "Ticket done", model.MailNewTicket: "New ticket, to a member",
		model.MailReopened: "Ticket reopened, to a member", model.MailReply: "Customer’s reply, to a member",
		model.MailAssigned: "Ticket assigned, to the member", model.MailLogin: "Login link",
		model.MailAutoClosed: "Ticket closed by itself", model.MailClosingSoon: "Ticket closes soon", model.MailAdded: "Added to a ticket",
		model.MailNewLink: "New link, in place of the old one", model.MailLinks: "Links to their tickets",
		model.MailErased:     "Erased, to the person who was",
		model.MailInvitation: "Invitation to the team", model.MailPassword: "New password", model.MailPasswordChanged: "Password changed",
	}[m.Kind]
	line := views.MailLine{
		URL: mailURL(m.ID), What: what, To: m.To, Ticket: m.Title, State: m.State, StateText: stateText(m),
		Attempts: m.Attempts, LastError: m.LastError, At: m.CreatedAt,
	}
	if m.State == model.MailWaiting && m.Attempts > 0 {
		line.NextTryAt = m.NextTryAt
	}
	return line
}

func stateText(m db.OutboxMail) string {
	switch {
	case m.State == model.MailWaiting && m.Attempts > 0:
		return fmt.Sprintf("is tried again after %d attempts", m.Attempts)
	case m.State == model.MailFailed:
		return "was given up"
	case m.State == model.MailHeld:
		return "was not sent"
	}
	return string(m.State)
}
