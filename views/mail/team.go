package mail

import (
	"fmt"

	"deskbell/db/model"
)

// teamWords fills in what mail to members says. The team reads English.
func (c *content) teamWords() {
	c.LinkLabel, c.Quoted = "Open the ticket", true
	switch c.Kind {
	case model.MailNewTicket:
		c.Heading = fmt.Sprintf("New ticket #%d", c.Number)
		c.Lead = c.by() + " wrote to " + c.ProjectName + ": " + c.Title
		c.Footer = "You get this mail because you asked to hear of new tickets."
	case model.MailReply:
		c.Heading = fmt.Sprintf("New reply in ticket #%d", c.Number)
		c.Lead = c.by() + " replied to “" + c.Title + "”. Answer in the desk: a reply to this mail reaches nobody."
		c.Footer = "You get this mail because you asked to hear of customers’ replies."
	case model.MailReopened:
		c.Heading = fmt.Sprintf("Ticket #%d is open again", c.Number)
		c.Lead = c.by() + " replied to “" + c.Title + "”, which was closed."
		c.Footer = "You get this mail because the ticket is yours, or because you asked to hear of customers’ replies."
	case model.MailAssigned:
		c.Heading = fmt.Sprintf("Ticket #%d is yours", c.Number)
		c.Lead = c.assignedBy() + " gave you “" + c.Title + "”. It began like this:"
		c.Footer = "You get this mail because you asked to hear of tickets that others give you."
	}
}

// switches leads members to where they choose what they get.
func (w Writer) switches() *Link {
	return &Link{"Choose what you get by mail", w.Base.Origin("") + "/desk/account"}
}

// teamSubject is the subject of mail to members.
func teamSubject(l model.Letter) string {
	switch l.Kind {
	case model.MailReply:
		return fmt.Sprintf("[#%d] Reply: %s", l.Number, l.Title)
	case model.MailReopened:
		return fmt.Sprintf("[#%d] Reopened: %s", l.Number, l.Title)
	case model.MailAssigned:
		return fmt.Sprintf("[#%d] Yours now: %s", l.Number, l.Title)
	}
	return fmt.Sprintf("[#%d] New ticket: %s", l.Number, l.Title)
}

func (c *content) by() string {
	if c.Author == "" {
		return "A customer"
	}
	return c.Author
}

func (c *content) assignedBy() string {
	if c.AssignedBy == "" {
		return "Somebody of your team"
	}
	return c.AssignedBy
}
