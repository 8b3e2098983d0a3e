package views

import (
	"time"

	"deskbell/db/model"
)

// CustomerList lists the people whom the workspace knows, or those who were searched for.
type CustomerList struct {
	Settings
	Query     string
	Customers []CustomerLine
	First     string // URL of the first page; empty on it
	More      string // URL of the next page
}

// CustomerLine is a customer in the list.
type CustomerLine struct {
	Name           string // empty where nobody has said one
	Email          string
	Confirmed      bool // the address is theirs (B10)
	Since          time.Time
	Tickets        string // how many they opened
	LastActivityAt time.Time
	URL            string
	Links          string // URL of their intake links, where one is made
}

// CustomerForm shows a customer, and corrects the name.
type CustomerForm struct {
	Settings
	CustomerLine
	Typed   string // the name, saved or not
	Erase   string // URL of what an erasure would remove
	Errors  model.FieldErrors
	Problem string
}

func (CustomerList) template() string { return "admin/customers.html" }
func (CustomerForm) template() string { return "admin/customer.html" }
