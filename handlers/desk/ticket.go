package desk

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
	"deskbell/views/language"
)

func ticketURL(number int64) string { return fmt.Sprintf("/desk/tickets/%d", number) }

// Ticket shows a ticket with its conversation, notes, recipients and timeline (M3, M4).
func (d *Desk) Ticket(c echo.Context) error {
	page, err := d.ticketPage(c, c.QueryParam("form"))
	if err != nil {
		return err
	}
	return d.Page(c, http.StatusOK, page)
}

// ticketPage is the page with the answer form of a key, or with a new one where the key is none.
func (d *Desk) ticketPage(c echo.Context, key string) (views.Ticket, error) {
	n, err := number(c)
	if err != nil {
		return views.Ticket{}, err
	}
	// Before what it marks: an entry that arrives meanwhile is news, not lost.
	mark, err := d.DB.TicketMark(c.Request().Context(), web.Member(c), n)
	if err != nil {
		return views.Ticket{}, err
	}
	all, err := d.DB.TicketPage(c.Request().Context(), web.Workspace(c).ID, n)
	if err != nil {
		return views.Ticket{}, err
	}
	frame, err := d.DeskFrame(c, "inbox")
	if err != nil {
		return views.Ticket{}, err
	}
	page := views.Ticket{
		Desk: frame, Ticket: all.Ticket, Answers: all.Answers, Messages: withBounces(all.Messages, all.Events), Attached: all.Files,
		URL: ticketURL(n), FormKey: d.formKey(c, n, key),
		StatusID: fmt.Sprint(all.Ticket.Status.ID), AssigneeID: fmt.Sprint(all.Ticket.Assignee),
		Members:    []views.Choice{{Value: "0", Label: "Nobody"}},
		AfterReply: []views.Choice{{Value: "", Label: "Leave it as it is"}},
	}
	if err := d.putComposer(c, &page, mark); err != nil {
		return page, err
	}
	waiting, err := d.DB.Waiting(c.Request().Context(), web.Workspace(c).ID, page.FormKey)
	if err != nil {
		return page, err
	}
	page.Uploads = views.NewUploads(language.English(), web.Workspace(c).Uploads, true, page.URL, "", waiting, nil)
	page.Uploads.Keep = true
	putLists(&page, n, all)
	return page, nil
}

// putLists puts what a ticket can become, and all that is beside its conversation.
func putLists(page *views.Ticket, n int64, all db.TicketPage) {
	for _, s := range all.Statuses {
		choice := views.Choice{Value: fmt.Sprint(s.ID), Label: s.Name}
		page.Statuses, page.AfterReply = append(page.Statuses, choice), append(page.AfterReply, choice)
	}
	page.Sorting = sorting(all)
	for _, m := range all.Members {
		page.Members = append(page.Members, views.Choice{Value: fmt.Sprint(m.ID), Label: m.Name})
	}
	for _, r := range all.Recipients {
		page.Recipients = append(page.Recipients, recipientLine(n, r))
	}
	for _, e := range all.Events {
		page.Timeline = append(page.Timeline, views.TimelineLine{Text: eventText(e), At: e.At})
	}
	page.Related, page.Others = views.NewOtherTickets(all.Related), views.NewOtherTickets(all.Others)
	page.AllOthers = inboxURL + "?" + url.Values{"status": {"all"}, "q": {"from:" + all.Ticket.ReporterEmail}}.Encode()
	for _, m := range all.Mails {
		page.Mails = append(page.Mails, mailLine(m))
	}
	if all.Newer != 0 {
		page.Newer = ticketURL(all.Newer)
	}
	if all.Older != 0 {
		page.Older = ticketURL(all.Older)
	}
}

// eventText says in words what happened.
func eventText(e model.Event) string {
	nobody := func(name string) string {
		if name == "" {
			return "nobody"
		}
		return name
	}
	switch e.What {
	case model.EventCreated:
		return e.Actor + " opened the ticket"
	case model.EventMessage:
		return e.Actor + " wrote a public message"
	case model.EventNote:
		return e.Actor + " wrote an internal note"
	case model.EventStatus:
		return fmt.Sprintf("%s changed the status from %s to %s", e.Actor, e.From, e.To)
	case model.EventReopened:
		return fmt.Sprintf("%s reopened it by a reply: %s to %s", e.Actor, e.From, e.To)
	case model.EventAssignee:
		return fmt.Sprintf("%s changed the assignee from %s to %s", e.Actor, nobody(e.From), nobody(e.To))
	case model.EventPriority:
		return fmt.Sprintf("%s changed the priority from %s to %s", e.Actor, e.From, e.To)
	case model.EventLabelAdded:
		return fmt.Sprintf("%s added the label %s", e.Actor, e.To)
	case model.EventLabelRemoved:
		return fmt.Sprintf("%s removed the label %s", e.Actor, e.From)
	case model.EventConfirmed:
		return e.Actor + " confirmed the address by opening the link"
	case model.EventUnsubscribed:
		return e.Actor + " unsubscribed"
	case model.EventSubscribed:
		return e.Actor + " subscribed again"
	case model.EventLinkReplaced:
		return e.Actor + " replaced their link"
	case model.EventAutoClosed:
		return fmt.Sprintf("It closed by itself, because the reporter had not answered for long: %s to %s", e.From, e.To)
	case model.EventRecipientAdded:
		return fmt.Sprintf("%s added the recipient %s", e.Actor, e.To)
	case model.EventRecipientRemoved:
		return fmt.Sprintf("%s removed the recipient %s", e.Actor, e.From)
	case model.EventType:
		return fmt.Sprintf("%s changed the type from %s to %s", e.Actor, e.From, e.To)
	case model.EventField:
		return fieldText(e)
	case model.EventLinked:
		return fmt.Sprintf("%s linked the ticket %s", e.Actor, e.To)
	case model.EventUnlinked:
		return fmt.Sprintf("%s unlinked the ticket %s", e.Actor, e.From)
	case model.EventMerged:
		return fmt.Sprintf("%s merged the ticket %s into this one", e.Actor, e.To)
	case model.EventMergedInto:
		return fmt.Sprintf("%s merged it into the ticket %s", e.Actor, e.To)
	case model.EventMailHeld:
		return e.To
	case model.EventAttachmentRemoved:
		return fmt.Sprintf("%s removed the file %s", e.Actor, e.From)
	case model.EventRetention:
		return fmt.Sprintf("%s removed, because the ticket has been closed for long", files(e.To))
	case model.EventMailFailed:
		return fmt.Sprintf("Mail to %s was given up: %s", e.From, e.To)
	}
	return fmt.Sprintf("%s: %s", e.Actor, e.What)
}

// fieldText says what became of an answer; erased ones are nobody's business.
func fieldText(e model.Event) string {
	switch {
	case e.From == "" && e.To == "":
		return fmt.Sprintf("%s changed “%s”", e.Actor, e.About)
	case e.From == "":
		return fmt.Sprintf("%s filled in “%s”: %s", e.Actor, e.About, e.To)
	case e.To == "":
		return fmt.Sprintf("%s cleared “%s”, which was %s", e.Actor, e.About, e.From)
	}
	return fmt.Sprintf("%s changed “%s” from %s to %s", e.Actor, e.About, e.From, e.To)
}

func files(count string) string {
	if count == "1" {
		return "1 file was"
	}
	return count + " files were"
}

// SetStatus takes the status form.
func (d *Desk) SetStatus(c echo.Context) error {
	return d.change(c, "status", "The status is set.", func(n, id int64) error {
		return d.DB.SetStatus(c.Request().Context(), web.Member(c), n, model.StatusID(id))
	})
}

// Assign takes the assignee form; 0 is nobody.
func (d *Desk) Assign(c echo.Context) error {
	return d.change(c, "assignee", "The assignee is set.", func(n, id int64) error {
		return d.DB.Assign(c.Request().Context(), web.Member(c), n, model.MemberID(id))
	})
}

// change applies a form of one select and leads back to the ticket with a notice.
func (d *Desk) change(c echo.Context, field, notice string, do func(number, id int64) error) error {
	n, err := number(c)
	if err != nil {
		return err
	}
	posted, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	id, err := strconv.ParseInt(posted.Raw(field), 10, 64)
	if err != nil || id < 0 {
		return model.FieldErrors{{Field: field, Message: "Choose one from the list."}}.Err()
	}
	if err := do(n, id); err != nil {
		return err
	}
	if err := d.Flash(c, notice); err != nil {
		return err
	}
	return web.SeeOther(c, ticketURL(n))
}
