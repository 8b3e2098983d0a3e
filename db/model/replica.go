package model

import "time"

// Replica is how well the copy of the database elsewhere is kept (O7).
type Replica struct {
	Set         bool
	Where       string    // address, without anything secret
	SyncedAt    time.Time // when it last had everything; zero: not since the start
	Problem     string    // why that cannot be told; empty: it can
	FilesFolder string    // where files lie, which no replica has; empty: in a bucket
}

// MaxReplicaAge is how far a replica may lag behind. It is asked to follow within a second; a bucket that
// cannot be reached for a moment is no reason to wake somebody.
const MaxReplicaAge = 2 * time.Minute

// Late says whether the replica does not follow. Since is when this process began: nothing is late before
// it had its time.
func (r Replica) Late(now, since time.Time) bool {
	last := r.SyncedAt
	if last.Before(since) {
		last = since
	}
	return r.Set && now.Sub(last) > MaxReplicaAge
}

// Proof is a restore that was tried and found whole (O7).
type Proof struct {
	At      time.Time
	Source  string        // the replica's address, or "a backup"
	Took    time.Duration // the restore alone
	Tickets int           // that were in it
}

// MaxProofAge is how long a proven restore says something about the next one.
const MaxProofAge = 31 * 24 * time.Hour
