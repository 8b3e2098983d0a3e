package export

import "deskbell/db/model"

// About says what a mail told of, in a customer's words.
func About(kind model.MailKind) string {
	switch kind {
	case model.MailFirst:
		return "confirm your address"
	case model.MailCreated:
		return "your ticket has arrived"
	case model.MailMessage:
		return "a new message"
	case model.MailClosed:
		return "the ticket is done"
	case model.MailLogin:
		return "login link"
	case model.MailNewLink:
		return "a new link to the ticket"
	case model.MailLinks:
		return "the links to your tickets"
	}
	return "about the ticket"
}

// State says what became of a mail. Why it failed is the team's business.
func State(state model.MailState) string {
	switch state {
	case model.MailSent:
		return "sent"
	case model.MailFailed, model.MailHeld:
		return "not sent"
	}
	return "waiting"
}
