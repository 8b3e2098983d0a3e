package mail

import (
	"fmt"

	"deskbell/db/model"
)

// teamWords fills in what mail to members says. The team reads English.
func (c *content) teamWords() {
	c.LinkLabel, c.Quoted = "Open the ticket", true
	switch c.Kind {
	case model.MailInvitation, model.MailPassword, model.MailPasswordChanged:
		c.accountWords()
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

// accountWords fills in what mail about a member's account says.
func (c *content) accountWords() {
	c.Quoted = false
	c.Footer = "You get this mail because this address signs in to the desk of " + c.Workspace.Name + "."
	switch c.Kind {
	case model.MailInvitation:
		c.Heading, c.LinkLabel = "You are invited", "Choose a password and join"
		c.Lead = c.invitedBy() + " to answer the tickets of " + c.Workspace.Name + ". The link works once, for a week, and is yours alone. If you know nothing of it, do nothing."
		c.Footer = "You get this mail because an admin of " + c.Workspace.Name + " typed this address."
	case model.MailPassword:
		c.Heading, c.LinkLabel = "Choose a new password", "Choose a new password"
		c.Lead = "Somebody asked for a new password with this address. The link works once, for 20 minutes. If it was not you, do nothing: your password stays as it is."
	case model.MailPasswordChanged:
		c.Heading, c.LinkLabel = "Your password was changed", "Sign in"
		c.Lead = "From now on the new one counts, and every browser with the old one is logged out. If it was not you, choose a new password at once by “Forgot your password?” on the sign-in page, and tell an admin of your team."
	}
}

func (c *content) invitedBy() string {
	if c.AddedBy == "" {
		return "You are invited"
	}
	return c.AddedBy + " invites you"
}

// accountLink is where mail about a member's account leads.
func (w Writer) accountLink(l model.Letter) string {
	if l.Kind == model.MailPasswordChanged {
		return w.Base.Origin("") + "/desk/login"
	}
	return w.Base.Origin("") + "/desk/join/" + string(w.Keys.Token(model.MemberLinkToken, l.MemberLink))
}

// switches leads members to where they choose what they get.
func (w Writer) switches() *Link {
	return &Link{"Choose what you get by mail", w.Base.Origin("") + "/desk/account"}
}

// teamSubject is the subject of mail to members.
func teamSubject(l model.Letter) string {
	switch l.Kind {
	case model.MailInvitation:
		return "Join the team of " + l.Workspace.Name
	case model.MailPassword:
		return "Choose a new password for " + l.Workspace.Name
	case model.MailPasswordChanged:
		return "Your password for " + l.Workspace.Name + " was changed"
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
