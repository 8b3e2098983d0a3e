package db

import (
	"context"
	"time"

	"deskbell/db/model"
)

// LoginLife is how long a login link and its code last (J2).
const LoginLife = 20 * time.Minute

// loginTries is how many codes may be typed for one login (J2).
const loginTries = 5

// AskLogin records that somebody asked for a login link. It looks nobody up, so that it costs the
// same for every address (J1). Browser is the hash of a cookie of the browser that asks, language that
// of its page.
func (db *DB) AskLogin(ctx context.Context, ws model.WorkspaceID, host, email, browser, language string) error {
	return db.update(ctx, func(tx *tx) error {
		if _, err := tx.exec(`
			insert into logins (id, workspace_id, host, email, browser, language, created_at, expires_at)
			values (?, ?, ?, ?, ?, ?, ?, ?)`,
			model.RandomID(), ws, host, email, browser, language, millis(tx.now), millis(tx.now.Add(LoginLife))); err != nil {
			return err
		}
		tx.touched.mail = true
		return nil
	})
}

// HandleLogins finds the customers of up to 100 logins that were asked for, and writes their mail.
// An earlier login of the same address ends.
func (db *DB) HandleLogins(ctx context.Context) error {
	type asked struct {
		id       model.LinkID
		ws       model.WorkspaceID
		email    string
		language string
	}
	return db.update(ctx, func(tx *tx) error {
		list, err := all(tx, func(a *asked) []any { return []any{&a.id, &a.ws, &a.email, &a.language} }, `
			select id, workspace_id, email, language
			from logins
			where handled_at is null
			order by created_at
			limit 100`)
		for _, a := range list {
			if err := tx.handleLogin(a.ws, a.id, a.email, a.language); err != nil {
				return err
			}
		}
		return err
	})
}

func (tx *tx) handleLogin(ws model.WorkspaceID, id model.LinkID, email, language string) error {
	if _, err := tx.exec(`
		update logins set expires_at = ?
		where workspace_id = ? and email = ? and id <> ? and handled_at is not null and expires_at > ?`,
		millis(tx.now), ws, email, id, millis(tx.now)); err != nil {
		return err
	}
	c, err := customerByEmail(tx, ws, email)
	unknown := model.KindOf(err) == model.NotFound
	if err != nil && !unknown {
		return err
	}
	if _, err := tx.exec(`
		update logins set handled_at = ?, customer_id = ? where id = ?`, millis(tx.now), orNull(c.ID), id); err != nil {
		return err
	}
	if unknown {
		return nil
	}
	return tx.mail(ws, newMail{Kind: model.MailLogin, Login: id, To: email, Language: language})
}

// Login is a login that can still be used.
type Login struct {
	ID       model.LinkID
	Customer model.CustomerID
	Email    string
	Browser  string // the hash of the asking browser's cookie
	tries    int
}

func intoLogin(l *Login) []any {
	return []any{&l.ID, opt(&l.Customer), &l.Email, &l.Browser, &l.tries}
}

// Login returns the login of a mailed link without using it up; Gone when it is used, ended or
// was never there.
func (db *DB) Login(ctx context.Context, ws model.WorkspaceID, id model.LinkID) (Login, error) {
	l, err := one(db.reader(ctx), intoLogin, `
		select id, customer_id, email, browser, tries
		from logins
		where workspace_id = ? and id = ? and customer_id is not null and used_at is null and expires_at > ?`,
		ws, id, millis(db.timeOf(ctx)))
	return l, loginGone(err)
}

// UseLogin uses a login up and confirms its customer's address; the second call fails with Gone.
func (db *DB) UseLogin(ctx context.Context, ws model.WorkspaceID, id model.LinkID) (model.CustomerID, error) {
	var who model.CustomerID
	err := db.update(ctx, func(tx *tx) (err error) {
		who, err = tx.useLogin(ws, id)
		return err
	})
	return who, err
}

func (tx *tx) useLogin(ws model.WorkspaceID, id model.LinkID) (model.CustomerID, error) {
	who, err := value[model.CustomerID](tx, `
		update logins set used_at = ?
		where workspace_id = ? and id = ? and customer_id is not null and used_at is null and expires_at > ?
		returning customer_id`, millis(tx.now), ws, id, millis(tx.now))
	if err != nil {
		return 0, loginGone(err)
	}
	_, err = tx.confirm(ws, who)
	return who, err
}

// UseCode uses up the newest login that this browser asked for, when the code is right. A wrong
// code fails with Invalid and counts; after five the login is Gone.
func (db *DB) UseCode(ctx context.Context, ws model.WorkspaceID, browser string, right func(model.LinkID) bool) (model.CustomerID, error) {
	var who model.CustomerID
	var wrong error // outside the transaction: a failing one would not count the try
	err := db.update(ctx, func(tx *tx) error {
		l, err := one(tx, intoLogin, `
			select id, customer_id, email, browser, tries
			from logins
			where workspace_id = ? and browser = ? and used_at is null and expires_at > ?
			order by created_at desc
			limit 1`, ws, browser, millis(tx.now))
		if err == nil && l.tries >= loginTries {
			err = model.Fail(model.NotFound, "It has been tried too often.")
		}
		if err != nil {
			return loginGone(err)
		}
		if !right(l.ID) || l.Customer == 0 {
			wrong = model.FieldFail("code", "This code is not right. Look at the newest mail and try again.")
			_, err := tx.exec(`update logins set tries = tries + 1 where id = ?`, l.ID)
			return err
		}
		who, err = tx.useLogin(ws, l.ID)
		return err
	})
	if err == nil {
		err = wrong
	}
	return who, err
}

func loginGone(err error) error {
	if model.KindOf(err) == model.NotFound {
		return model.Fail(model.Gone, "This login has been used or has ended. Ask for a new one.")
	}
	return err
}
