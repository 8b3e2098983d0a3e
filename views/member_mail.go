package views

// MemberMail is what a member gets by mail, as a form.
type MemberMail struct {
	NewTicket bool
	Assigned  bool
	Reopened  bool
	Replies   string
	Choices   []Choice // of replies
	Projects  []HeardProject
}

// HeardProject is a project of whose tickets a member may want to hear.
type HeardProject struct {
	ID    string
	Name  string
	Heard bool
}
