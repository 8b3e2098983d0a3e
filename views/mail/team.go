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
	case model.MailReopened:
		c.Heading = fmt.Sprintf("Ticket #%d is open again", c.Number)
		c.Lead = c.by() + " replied to “" + c.Title + "”, which was closed."
		c.Footer = "You get this mail because the ticket is assigned to you."
	}
}

// teamSubject is the subject of mail to members.
func teamSubject(l model.Letter) string {
	if l.Kind == model.MailReopened {
		return fmt.Sprintf("[#%d] Reopened: %s", l.Number, l.Title)
	}
	return fmt.Sprintf("[#%d] New ticket: %s", l.Number, l.Title)
}

func (c *content) by() string {
	if c.Author == "" {
		return "A customer"
	}
	return c.Author
}
