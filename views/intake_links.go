package views

import (
	"time"

	"deskbell/db/model"
)

// IntakeLinks lists the links that open a form with a customer filled in (D1), and makes new ones.
type IntakeLinks struct {
	Settings
	Of       string // the customer whose links alone are listed; empty for everybody's
	Links    []IntakeLinkLine
	Projects []Choice
	Answers  IntakeLinkAnswers
	Made     string // the link that was just made; empty without one
	Errors   model.FieldErrors
	Problem  string
}

// IntakeLinkAnswers is what an admin typed for a new link.
type IntakeLinkAnswers struct {
	Email   string
	Name    string
	Project string
	Days    string
}

// IntakeLinkLine is a link in the list.
type IntakeLinkLine struct {
	Email     string
	Name      string
	Project   string
	By        string
	URL       string // empty once it opens nothing any more
	Ended     string // why; empty while it opens the form
	Revoke    string // where to post; empty once there is nothing to revoke
	ExpiresAt time.Time
	UsedAt    time.Time // zero: nobody has opened a ticket by it
}

func (IntakeLinks) template() string { return "admin/intake_links.html" }
