package model

import "regexp"

// MaxPublicID is the length of a project's public id, in characters.
const MaxPublicID = 64

var publicID = regexp.MustCompile(`\A[a-z0-9]+(-[a-z0-9]+)*\z`)

// takenPublicIDs are words that mean something else behind /ticket/.
var takenPublicIDs = map[string]bool{"thread": true, "unsubscribe": true}

// CheckPublicID says what is wrong with the part of a form's address that names its project, "" when it is
// right.
func CheckPublicID(id string) string {
	switch {
	case len(id) > MaxPublicID || !publicID.MatchString(id):
		return "Use small letters, digits and single dashes between them, at most 64."
	case takenPublicIDs[id]:
		return "This word is taken by other pages. Choose another one."
	}
	return ""
}
