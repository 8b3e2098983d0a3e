package db

import (
	"context"
	"time"

	"deskbell/db/model"
)

// CustomerPageSize is how many customers a page of their list holds.
const CustomerPageSize = 50

// MostTicketsCounted is where counting a customer's tickets ends: a list needs to know no more.
const MostTicketsCounted = 100

// ListedCustomer is a customer as the settings show them.
type ListedCustomer struct {
	Customer
	CreatedAt      time.Time
	Tickets        int       // that they opened, counted up to MostTicketsCounted
	LastActivityAt time.Time // of those tickets; zero without any
	nameKey        string
}

// CustomerPlace is a place in the list of customers: behind one who was found by their address, or by their
// name. The zero value is the beginning.
type CustomerPlace struct {
	After  model.CustomerID
	ByName bool
}

// CustomerPage is a page of the list.
type CustomerPage struct {
	Customers []ListedCustomer
	Next      CustomerPlace // where the next page begins; zero on the last one
}

const listedCustomerColumns = `
	c.id, c.email, c.name, c.confirmed_at, c.created_at, c.name_key,
	(select count(*) from (
		select 1 from tickets t where t.workspace_id = c.workspace_id and t.reporter_id = c.id limit 100)),
	(select max(t.last_activity_at) from tickets t where t.workspace_id = c.workspace_id and t.reporter_id = c.id)`

func intoListedCustomer(c *ListedCustomer) []any {
	return append(intoCustomer(&c.Customer), at(&c.CreatedAt), &c.nameKey, &c.Tickets, at(&c.LastActivityAt))
}

// ListedCustomer returns a workspace's customer by id, as the list has them.
func (db *DB) ListedCustomer(ctx context.Context, ws model.WorkspaceID, id model.CustomerID) (ListedCustomer, error) {
	return one(db.reader(ctx), intoListedCustomer, `
		select `+listedCustomerColumns+`
		from customers c
		where c.workspace_id = ? and c.id = ? and c.erased_at is null`, ws, id)
}

// Customers returns the customers whose address or name begins with a text, in any case of letters: first
// those by address, then those by name alone, each in order. Of "" that is everybody, by address.
//
// What it costs does not grow with the number of customers: each of the two walks an index, and the second
// passes over those alone who were on a page of the first.
func (db *DB) Customers(ctx context.Context, ws model.WorkspaceID, begins string, from CustomerPlace) (CustomerPage, error) {
	begins = model.Fold(begins)
	from, last, err := db.customerBefore(ctx, ws, from)
	if err != nil {
		return CustomerPage{}, err
	}
	q, end := db.reader(ctx), begins+afterAnyText
	var list []ListedCustomer
	if !from.ByName {
		list, err = all(q, intoListedCustomer, customersByAddress, ws, max(begins, last.address+nextText), end, CustomerPageSize+1)
	}
	byAddress := len(list)
	if err == nil && begins != "" && byAddress <= CustomerPageSize {
		key, email := begins, ""
		if from.ByName && last.nameKey >= begins {
			key, email = last.nameKey, last.address
		}
		var named []ListedCustomer
		named, err = all(q, intoListedCustomer, customersByName, ws, key, email, end, begins, end, CustomerPageSize+1-byAddress)
		list = append(list, named...)
	}
	return customerPage(list, byAddress), err
}

const (
	afterAnyText = "\U0010FFFF" // behind a text: what sorts behind all that begins with it
	nextText     = "\x01"       // behind an address: what sorts right behind it
)

const customersByAddress = `
	select ` + listedCustomerColumns + `
	from customers c
	where c.workspace_id = ? and c.email >= ? and c.email < ? and c.erased_at is null
	order by c.email
	limit ?`

const customersByName = `
	select ` + listedCustomerColumns + `
	from customers c
	where c.workspace_id = ? and c.name_key <> '' and (c.name_key, c.email) > (?, ?) and c.name_key < ? and c.erased_at is null
		and not (c.email >= ? and c.email < ?)
	order by c.name_key, c.email
	limit ?`

// customerBefore reads the customer behind whom a page begins. Behind one who has gone since is the beginning.
func (db *DB) customerBefore(ctx context.Context, ws model.WorkspaceID, from CustomerPlace) (CustomerPlace, ListedCustomer, error) {
	if from.After == 0 {
		return CustomerPlace{}, ListedCustomer{}, nil
	}
	c, err := db.ListedCustomer(ctx, ws, from.After)
	if model.KindOf(err) == model.NotFound {
		return CustomerPlace{}, ListedCustomer{}, nil
	}
	return from, c, err
}

// customerPage cuts a list to a page. The first ones of it were found by their address.
func customerPage(list []ListedCustomer, byAddress int) CustomerPage {
	if len(list) <= CustomerPageSize {
		return CustomerPage{Customers: list}
	}
	list = list[:CustomerPageSize]
	next := CustomerPlace{After: list[len(list)-1].ID, ByName: byAddress < CustomerPageSize}
	return CustomerPage{Customers: list, Next: next}
}

// NameCustomer corrects a customer's name; a longer one than MaxName fails with Invalid. Tickets that are there
// keep the name with which they came. Who has no address keeps a name, which is all that they are known by (E5).
func (db *DB) NameCustomer(ctx context.Context, ws model.WorkspaceID, id model.CustomerID, name string) error {
	if err := model.CheckName(name); err != nil {
		return err
	}
	return db.update(ctx, func(tx *tx) error {
		c, err := customer(tx, ws, id)
		if err == nil && c.Email == "" {
			err = model.NeedsName(name)
		}
		if err != nil {
			return err
		}
		return tx.nameCustomer(ws, id, name)
	})
}
