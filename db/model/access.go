package model

// MayOpen says whether somebody may open a ticket in a project: NotFound for a project that nobody
// may know of, Off for one that takes no tickets (B8), Unauthorized where visitors must sign in
// first (B5).
func MayOpen(ws Workspace, p Project, proven bool) error {
	switch {
	case p.Intake == IntakeHidden:
		return Fail(NotFound, "There is nothing at this address.")
	case p.Intake == IntakeClosed:
		return Fail(Off, "{0} is not taking tickets at the moment.", p.Name)
	case !ws.AnonymousCreation && !proven && !ws.CustomerLogin:
		return Fail(Off, "Tickets are taken here by invitation link alone. Ask the team for one.")
	case !ws.AnonymousCreation && !proven:
		return Fail(Unauthorized, "Sign in with your email address to open a ticket.")
	}
	return nil
}

// MayReply says whether recipients may answer on the thread page (I6).
func MayReply(ws Workspace) error {
	if !ws.PublicReplies {
		return Fail(Off, "Replies are switched off here. Open a new ticket if something is missing.")
	}
	return nil
}

// Bounds of the first mail to one unconfirmed address (B10).
const (
	FirstMailsAnHour = 3
	FirstMailsADay   = 10
)

// FirstMailHold returns why the first mail to an unconfirmed address must not go, "" when it may.
// The counts are those of such mails within the last hour and day to the address, and within the
// last hour from the workspace.
func FirstMailHold(toHour, toDay, fromWorkspace, workspaceLimit int) string {
	switch {
	case toHour >= FirstMailsAnHour:
		return "No mail was sent: this unconfirmed address has had 3 first mails within an hour."
	case toDay >= FirstMailsADay:
		return "No mail was sent: this unconfirmed address has had 10 first mails within a day."
	case fromWorkspace >= workspaceLimit:
		return "No mail was sent: the workspace has used up its first mails to unconfirmed addresses for this hour."
	}
	return ""
}

// Origin returns the host for the links of a ticket: the page domain on which it was opened while
// that still belongs to the workspace, else the primary one, else "" for the base host (A11).
func Origin(openedOn string, stillOurs bool, primary string) string {
	if stillOurs {
		return openedOn
	}
	return primary
}
