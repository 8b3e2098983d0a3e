package model

// SavedViewID names a saved view.
type SavedViewID int64

// SavedView is a filter of the inbox under a name: its owner's, or the whole team's (M2).
type SavedView struct {
	ID     SavedViewID
	Owner  MemberID
	By     string // the owner's name
	Name   string
	Query  string // the parameters of the inbox's URL, encoded
	Shared bool
}

// MaxViewName is how many characters the name of a saved view can have.
const MaxViewName = 60

// maxViewQuery bounds what a view keeps: all that the inbox's form can say is shorter.
const maxViewQuery = 4000

// ChangedBy says whether a member may rename or delete a view: its owner, and an admin where the team has it.
func (v SavedView) ChangedBy(m Member) bool {
	return v.Owner == m.ID || v.Shared && m.Role == Admin
}

// Check returns Invalid with what to mend.
func (v SavedView) Check() error {
	switch n := len([]rune(v.Name)); {
	case n == 0:
		return FieldErrors{{Field: "view_name", Message: "Enter a name for this view."}}.Err()
	case n > MaxViewName:
		return FieldErrors{{Field: "view_name", Message: "Shorten the name to 60 characters."}}.Err()
	case len(v.Query) > maxViewQuery:
		return FieldErrors{{Field: "view_name", Message: "This search is too long to be kept. Shorten it first."}}.Err()
	}
	return nil
}
