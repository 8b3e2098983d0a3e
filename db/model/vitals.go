package model

import "time"

// Vitals are what the operations address tells of the database.
type Vitals struct {
	MailWaiting  int           // of all workspaces, in the outbox
	OldestWait   time.Duration // 0: none waits
	StoredFiles  int64         // attachments
	StoredBytes  int64         // of attachments and of uploads that wait
	ProvenAt     time.Time     // when a restore was last tried and found whole; zero: never
	LimitsHit    map[string]int64
	WrittenBytes int64 // of the database's file
	LogBytes     int64 // of its write-ahead log
}

// JobCount says how often a job ran in this process, and how often it failed.
type JobCount struct {
	Job            string
	Runs, Failures int64
}
