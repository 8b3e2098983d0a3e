package model

import "time"

// IntakeLink opens one project's form with a customer filled in (D1).
type IntakeLink struct {
	ID        LinkID
	Project   ProjectID
	Customer  CustomerID
	ExpiresAt time.Time
	RevokedAt time.Time // zero: it was not revoked
}

// IntakeLinkLife is how long an intake link lasts unless an admin says otherwise.
const IntakeLinkLife = 30 * 24 * time.Hour

// Opens says whether the link opens this project's form now. Why not goes to the person: Gone for a
// link that ended, Invalid for one of another project (D2).
func (l IntakeLink) Opens(p Project, now time.Time) error {
	switch {
	case l.Project != p.ID:
		return Fail(Invalid, "Your link is for another form and does not count here.")
	case !l.RevokedAt.IsZero():
		return Fail(Gone, "Your link has been withdrawn. Ask the team for a new one.")
	case !now.Before(l.ExpiresAt):
		return Fail(Gone, "Your link has expired. Ask the team for a new one.")
	}
	return nil
}
