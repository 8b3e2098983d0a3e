package db

import (
	"context"

	"deskbell/db/model"
)

// KeepIdentity keeps who signed in until the page's host trades the code, whose hash this is (E3). The
// avatar is a picture of our own making, or empty.
func (db *DB) KeepIdentity(ctx context.Context, s SignIn, id model.Identity, avatar []byte, code string) error {
	return db.update(ctx, func(tx *tx) error {
		var picture any
		if len(avatar) > 0 {
			picture = avatar
		}
		_, err := tx.insert(`
			insert into identities (workspace_id, provider, subject, name, email, avatar, host, browser, code, expires_at)
			values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			s.Workspace, id.Provider, id.Subject, id.Name, id.Email, picture, s.Host, s.Browser, code,
			millis(tx.now.Add(model.HandOverLife)))
		return err
	})
}

// TakeIdentity trades a code for an identity, which from now on belongs to a cookie on the page's host. A
// code that was traded, has ended, or belongs to another workspace, host or browser fails with Gone. All
// but the expiry are hashes.
func (db *DB) TakeIdentity(ctx context.Context, ws model.WorkspaceID, host, code, browser, cookie string) error {
	err := db.update(ctx, func(tx *tx) error {
		return must(tx.exec(`
			update identities set code = null, cookie = ?, expires_at = ?
			where workspace_id = ? and host = ? and code = ? and browser = ? and expires_at > ?`,
			cookie, millis(tx.now.Add(model.IdentityLife)), ws, host, code, browser, millis(tx.now)))
	})
	if model.KindOf(err) == model.NotFound {
		err = model.Fail(model.Gone, "This sign-in has ended, or it was begun in another browser. Go back to your form and sign in again: what you typed is still there.")
	}
	return err
}

// Identity returns who is signed in by a cookie on a page host; Gone when nobody is any more.
func (db *DB) Identity(ctx context.Context, ws model.WorkspaceID, host, cookie string) (model.Identity, error) {
	q := db.reader(ctx)
	return identityAt(q, ws, host, cookie, millis(db.timeOf(ctx)))
}

func identity(tx *tx, ws model.WorkspaceID, host, cookie string) (model.Identity, error) {
	return identityAt(tx, ws, host, cookie, millis(tx.now))
}

func identityAt(q querier, ws model.WorkspaceID, host, cookie string, now int64) (model.Identity, error) {
	into := func(i *model.Identity) []any {
		return []any{&i.Provider, &i.Subject, &i.Name, address{shown: &i.Email}, &i.HasAvatar, at(&i.ExpiresAt)}
	}
	// A customer who is known keeps the address that is known of them.
	id, err := one(q, into, `
		select i.provider, i.subject, i.name, iif(i.email = '' or c.email not like '%.invalid', coalesce(c.email, i.email), i.email),
			i.avatar is not null, i.expires_at
		from identities i
		left join customer_identities k on k.workspace_id = i.workspace_id and k.provider = i.provider and k.subject = i.subject
		left join customers c on c.id = k.customer_id
		where i.workspace_id = ? and i.host = ? and i.cookie = ? and i.expires_at > ?`, ws, host, cookie, now)
	if model.KindOf(err) == model.NotFound {
		err = model.Fail(model.Gone, "Your sign-in has ended: it lasts 15 minutes. Go back to your form and sign in again, or use your email address.")
	}
	return id, err
}

// Avatar returns the picture of who is signed in by a cookie, or NotFound.
func (db *DB) Avatar(ctx context.Context, ws model.WorkspaceID, host, cookie string) ([]byte, error) {
	return value[[]byte](db.reader(ctx), `
		select avatar
		from identities
		where workspace_id = ? and host = ? and cookie = ? and expires_at > ? and avatar is not null`,
		ws, host, cookie, millis(db.timeOf(ctx)))
}

// EndIdentity forgets who is signed in by a cookie.
func (db *DB) EndIdentity(ctx context.Context, ws model.WorkspaceID, host, cookie string) error {
	return db.update(ctx, func(tx *tx) error {
		_, err := tx.exec(`delete from identities where workspace_id = ? and host = ? and cookie = ?`, ws, host, cookie)
		return err
	})
}

// identified returns the customer whom an identity means: the same one each time. An address of an
// identity is one that the provider has verified, so that its owner need not open a mail for it (B10).
func (tx *tx) identified(ws model.WorkspaceID, id model.Identity) (Customer, error) {
	c, err := tx.customerOf(ws, id)
	switch {
	case model.KindOf(err) == model.NotFound:
		c, err = tx.enrolIdentity(ws, id)
	case err == nil && c.Email == "" && id.Email != "":
		c, err = tx.giveAddress(ws, id, c)
	}
	if err != nil {
		return c, err
	}
	if _, err := tx.confirm(ws, c.ID); err != nil {
		return c, err
	}
	c.ConfirmedAt = tx.now
	return c, nil
}

func (tx *tx) customerOf(ws model.WorkspaceID, id model.Identity) (Customer, error) {
	return one(tx, intoCustomer, `
		select c.id, c.email, c.name, c.confirmed_at
		from customer_identities k join customers c on c.id = k.customer_id
		where k.workspace_id = ? and k.provider = ? and k.subject = ?`, ws, id.Provider, id.Subject)
}

// enrolIdentity makes an identity that of a customer: of the one who has the address, else of a new one.
func (tx *tx) enrolIdentity(ws model.WorkspaceID, id model.Identity) (Customer, error) {
	email := id.Email
	if email == "" {
		email = id.SyntheticAddress()
	}
	c, err := tx.enrol(ws, email, id.Name)
	if err != nil {
		return c, err
	}
	_, err = tx.exec(`
		insert into customer_identities (workspace_id, provider, subject, customer_id)
		values (?, ?, ?, ?)
		on conflict do update set customer_id = excluded.customer_id`, ws, id.Provider, id.Subject, c.ID)
	return c, err
}

// giveAddress replaces a synthetic address by the one that the provider has now. Where another customer
// has it, that is who they are from now on.
func (tx *tx) giveAddress(ws model.WorkspaceID, id model.Identity, c Customer) (Customer, error) {
	_, err := customerByEmail(tx, ws, id.Email)
	switch {
	case err == nil:
		return tx.enrolIdentity(ws, id)
	case model.KindOf(err) != model.NotFound:
		return c, err
	}
	c.Email, c.address = id.Email, id.Email
	return c, must(tx.exec(`
		update customers set email = ? where workspace_id = ? and id = ?`, id.Email, ws, c.ID))
}
