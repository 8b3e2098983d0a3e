package db

import (
	"context"
	"time"

	"deskbell/db/model"
)

// Customer is a known person of a workspace.
type Customer struct {
	ID          model.CustomerID
	Email       string // empty for somebody who signed in and has none
	Name        string
	ConfirmedAt time.Time // zero: nobody has shown yet that the address is theirs (B10)
	address     string    // as it is stored: a synthetic one stays in this package (E5)
}

func intoCustomer(c *Customer) []any {
	return []any{&c.ID, address{&c.Email, &c.address}, &c.Name, at(&c.ConfirmedAt)}
}

// Customer returns a workspace's customer by id; NotFound for one who is being erased.
func (db *DB) Customer(ctx context.Context, ws model.WorkspaceID, id model.CustomerID) (Customer, error) {
	return customer(db.reader(ctx), ws, id)
}

func customer(q querier, ws model.WorkspaceID, id model.CustomerID) (Customer, error) {
	return one(q, intoCustomer, `
		select id, email, name, confirmed_at
		from customers
		where workspace_id = ? and id = ? and erased_at is null`, ws, id)
}

func customerByEmail(q querier, ws model.WorkspaceID, email string) (Customer, error) {
	return one(q, intoCustomer, `
		select id, email, name, confirmed_at
		from customers
		where workspace_id = ? and email = ?`, ws, email)
}

// enrol returns the customer with this address, made where nobody had it. The name of a customer
// who is known stays: on an open form anybody can type any name beside any address.
func (tx *tx) enrol(ws model.WorkspaceID, email, name string) (Customer, error) {
	c, err := customerByEmail(tx, ws, email)
	if model.KindOf(err) != model.NotFound {
		return c, err
	}
	id, err := tx.insert(`
		insert into customers (workspace_id, email, name, name_key, created_at)
		values (?, ?, ?, ?, ?)`, ws, email, name, model.Fold(name), millis(tx.now))
	return Customer{ID: model.CustomerID(id), Email: shownAddress(email), Name: name, address: email}, err
}

// confirm records that a customer's address is theirs. It returns whether that was news.
func (tx *tx) confirm(ws model.WorkspaceID, id model.CustomerID) (bool, error) {
	n, err := tx.exec(`
		update customers set confirmed_at = ?
		where workspace_id = ? and id = ? and confirmed_at is null`, millis(tx.now), ws, id)
	return n > 0, err
}

// nameCustomer gives a customer another name, by a member's word.
func (tx *tx) nameCustomer(ws model.WorkspaceID, id model.CustomerID, name string) error {
	return must(tx.exec(`
		update customers set name = ?, name_key = ?
		where workspace_id = ? and id = ?`, name, model.Fold(name), ws, id))
}
