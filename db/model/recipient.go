package model

import "cmp"

// MaxRecipients is how many people one ticket is mailed to.
const MaxRecipients = 50

// Recipient is somebody who is notified about a ticket, as the desk sees them.
type Recipient struct {
	ID         RecipientID
	Customer   CustomerID
	Link       LinkID
	Email      string // empty for somebody who signed in and has none
	Name       string
	Reporter   bool
	AddedBy    string // the member who added them; empty for the reporter
	Subscribed bool
	Confirmed  bool
	MailFailed string // why the newest mail to them was given up; empty where it went
}

// Label is what stands for a recipient: the address, or the name of who signed in and has none (E5).
func (r Recipient) Label() string { return cmp.Or(r.Email, r.Name) }

// NewRecipient is whom a member adds to a ticket, as it was typed.
type NewRecipient struct {
	Email string
	Name  string // optional
}

// Check returns the recipient with the address in its one form, or Invalid with what to mend.
func (n NewRecipient) Check() (NewRecipient, error) {
	var errs FieldErrors
	email, ok := CleanAddress(n.Email)
	switch {
	case n.Email == "":
		errs.Add("email", "Enter the address of whom to add.")
	case !ok:
		errs.Add("email", "Enter an email address like name@example.com.")
	}
	n.Email = email
	boundLength(&errs, "name", "Shorten the name by {0} characters: it has {1}, and {2} are possible.", n.Name, MaxName)
	return n, errs.Err()
}

// MayAddRecipient says whether one more fits among a ticket's recipients.
func MayAddRecipient(have int) error {
	if have >= MaxRecipients {
		return FieldErrors{{Field: "email", Message: "A ticket has at most 50 recipients. Remove somebody first."}}.Err()
	}
	return nil
}

// MayRemoveRecipient refuses to take the reporter's own ticket away from them.
func MayRemoveRecipient(t Ticket, who CustomerID) error {
	if who == t.Reporter {
		return Fail(Conflict, "The reporter stays a recipient: without their link they could not follow their own ticket.")
	}
	return nil
}
