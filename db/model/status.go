package model

// Category is what a status means, whatever a project calls it.
type Category string

// The categories of a status.
const (
	Open    Category = "open"
	Waiting Category = "waiting" // on the reporter
	Closed  Category = "closed"
)

// Status is one entry of a project's list of statuses.
type Status struct {
	ID       StatusID
	Name     string
	Category Category
}

// StandardStatuses are what a new project starts with, in order; the first of a category is what
// the program itself moves a ticket to.
var StandardStatuses = [...]Status{
	{Name: "Open", Category: Open},
	{Name: "In progress", Category: Open},
	{Name: "Waiting on reporter", Category: Waiting},
	{Name: "Resolved", Category: Closed},
	{Name: "Rejected", Category: Closed},
}

// PublicState is the customer-safe word for a status (I5).
type PublicState string

// What a customer may know of a ticket's status.
const (
	WaitingForUs  PublicState = "waiting for us"
	WaitingForYou PublicState = "waiting for you"
	Done          PublicState = "done"
)

// Public returns what a customer sees of a category.
func (c Category) Public() PublicState {
	switch c {
	case Waiting:
		return WaitingForYou
	case Closed:
		return Done
	}
	return WaitingForUs
}

// AfterCustomerReply is the category that a ticket has once a customer answered: nothing waits on
// them any more, and a closed ticket is open again (I7).
const AfterCustomerReply = Open
