package views

import (
	"time"

	"deskbell/db/model"
)

// Codes shows a member's one-time codes, and sets them up.
type Codes struct {
	Desk
	Email    string
	Since    time.Time // zero: codes are off
	Required bool      // by the team
	Secret   string    // that waits for its first code; empty: none does
	Left     int       // recovery codes that are not used
	Errors   model.FieldErrors
	Problem  string
}

// RecoveryCodes shows new recovery codes, once.
type RecoveryCodes struct {
	Desk
	New   bool // codes are on from now
	Codes []string
}

// SecondStep asks for a code after the password.
type SecondStep struct {
	Desk
	Errors model.FieldErrors
}

func (Codes) template() string         { return "desk/codes.html" }
func (RecoveryCodes) template() string { return "desk/recovery_codes.html" }
func (SecondStep) template() string    { return "desk/second_step.html" }
