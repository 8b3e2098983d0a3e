package model

import "time"

// JobRuns says how the jobs of this process are.
type JobRuns struct {
	Stepped time.Time // when what is due was last done; zero: not yet
	Swept   time.Time // when what has ended was last removed; zero: not yet
	Failing []FailingJob
}

// FailingJob is a job whose last try failed.
type FailingJob struct {
	Job   string
	Since time.Time
}
