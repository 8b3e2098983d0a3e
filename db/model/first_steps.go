package model

// FirstSteps is how far a team has come after the first start (O4).
type FirstSteps struct {
	Project   string // public id of the first form; empty: none takes tickets
	Sample    bool   // there is a ticket #1, which the setup makes as a sample
	Answered  bool   // a ticket has been answered or closed
	Look      bool   // a colour or a logo is set
	Document  bool   // a help document is published
	Template  bool   // a form asks questions of its own
	Colleague bool   // somebody else is in the team
}
