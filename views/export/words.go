package export

import "deskbell/db/model"

// About says what a mail told of, in a customer's words.
func About(kind model.MailKind) model.Text {
	switch kind {
	case model.MailFirst:
		return model.Say("confirm your address")
	case model.MailCreated:
		return model.Say("your ticket has arrived")
	case model.MailMessage:
		return model.Say("a new message")
	case model.MailClosed:
		return model.Say("the ticket is done")
	case model.MailAutoClosed:
		return model.Say("the ticket is closed for now")
	case model.MailAdded:
		return model.Say("you were added to the ticket")
	case model.MailLogin:
		return model.Say("login link")
	case model.MailNewLink:
		return model.Say("a new link to the ticket")
	case model.MailLinks:
		return model.Say("the links to your tickets")
	}
	return model.Say("about the ticket")
}

// State says what became of a mail. Why it failed is the team's business.
func State(state model.MailState) model.Text {
	switch state {
	case model.MailSent:
		return model.Say("sent")
	case model.MailFailed, model.MailHeld:
		return model.Say("not sent")
	}
	return model.Say("waiting")
}

// ticketState says where a ticket stands, as its customer sees it.
func ticketState(s model.PublicState) model.Text {
	switch s {
	case model.Done:
		return model.Say("done")
	case model.WaitingForYou:
		return model.Say("waiting for you")
	}
	return model.Say("waiting for us")
}
