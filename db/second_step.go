package db

import (
	"context"
	"time"

	"deskbell/db/model"
)

// SecondStepLife is how long somebody who has typed the password has for the code.
const SecondStepLife = 10 * time.Minute

// secondStepTries is how many codes may be typed for one password.
const secondStepTries = 5

// BeginSecondStep records that a member has typed their password and must type a code. Hash is that of a
// cookie of the browser, next where to go afterwards.
func (db *DB) BeginSecondStep(ctx context.Context, hash string, m model.Member, next string) error {
	return db.update(ctx, func(tx *tx) error {
		_, err := tx.exec(`
			insert into second_steps (hash, workspace_id, member_id, next, expires_at) values (?, ?, ?, ?, ?)`,
			hash, m.WorkspaceID, m.ID, next, millis(tx.now.Add(SecondStepLife)))
		return err
	})
}

// SecondStep is a sign-in that waits for its code.
type SecondStep struct {
	Member model.Member
	Next   string
	Secret string // sealed
	After  int64  // the step of the last code used
	tries  int
}

// SecondStep returns the sign-in that a browser's cookie belongs to; Gone when it has ended, or was tried
// too often.
func (db *DB) SecondStep(ctx context.Context, hash string) (SecondStep, error) {
	return secondStep(db.reader(ctx), hash, db.timeOf(ctx))
}

func secondStep(q querier, hash string, now time.Time) (SecondStep, error) {
	s, err := one(q, func(s *SecondStep) []any {
		return []any{&s.Member.WorkspaceID, &s.Member.ID, &s.Next, &s.Secret, &s.After, &s.tries}
	}, `
		select s.workspace_id, s.member_id, s.next, m.code_secret, m.code_step, s.tries
		from second_steps s join members m on m.workspace_id = s.workspace_id and m.id = s.member_id
		where s.hash = ? and s.expires_at > ? and m.codes_since is not null and m.left_at is null`, hash, millis(now))
	if model.KindOf(err) == model.NotFound || err == nil && s.tries >= secondStepTries {
		err = model.Fail(model.Gone, "This sign-in has ended. Begin again with your password.")
	}
	return s, err
}

// CodeCheck says what a typed code is: the step of a right one (RFC 6238), else the hash that it would
// have as a recovery code.
type CodeCheck func(SecondStep) (step int64, right bool, recovery string)

// UseSecondStep ends a sign-in by a code, which then works no more. A wrong one fails with Invalid and
// counts; after five the sign-in is Gone.
func (db *DB) UseSecondStep(ctx context.Context, hash string, check CodeCheck) (SecondStep, error) {
	var s SecondStep
	var wrong error // outside the transaction: a failing one would not count the try
	err := db.update(ctx, func(tx *tx) (err error) {
		if s, err = secondStep(tx, hash, tx.now); err != nil {
			return err
		}
		used, err := tx.useCode(s, check)
		if err != nil {
			return err
		}
		if !used {
			wrong = model.FieldFail("code", "This code is not right, or has been used. Type the one that your device shows now, or a recovery code.")
			_, err = tx.exec(`update second_steps set tries = tries + 1 where hash = ?`, hash)
			return err
		}
		_, err = tx.exec(`delete from second_steps where workspace_id = ? and member_id = ?`, s.Member.WorkspaceID, s.Member.ID)
		return err
	})
	if err == nil {
		err = wrong
	}
	return s, err
}

// useCode uses a code up and says whether there was one to use.
func (tx *tx) useCode(s SecondStep, check CodeCheck) (bool, error) {
	step, right, recovery := check(s)
	var n int64
	var err error
	if right {
		n, err = tx.exec(`
			update members set code_step = ? where workspace_id = ? and id = ? and code_step < ?`,
			step, s.Member.WorkspaceID, s.Member.ID, step)
	} else {
		n, err = tx.exec(`
			delete from recovery_codes where workspace_id = ? and member_id = ? and hash = ?`,
			s.Member.WorkspaceID, s.Member.ID, recovery)
	}
	return n > 0, err
}
