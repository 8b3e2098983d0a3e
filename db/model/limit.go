package model

import "time"

// Limits are a workspace's limits on the public side (H1).
type Limits struct {
	CreatePer10Minutes  int // tickets from one client
	CreatePerDay        int // tickets from one client
	RepliesPer10Minutes int // replies by one thread link
	UploadMBPerDay      int // megabytes by one thread link
}

// limitSteps is how many steps a limit's window is counted in: a use leaves the window at most a
// step late, and never early.
const limitSteps = 60

// LimitStep is the step in which uses of a limit are counted together.
func LimitStep(per time.Duration) time.Duration { return per / limitSteps }

// Uses is how often something happened in one step.
type Uses struct {
	At    time.Time // the step's beginning
	Count int
}

// LimitWait returns how long somebody must wait who has made these uses, the oldest first, and wants
// to make so many more at once, when the limit is per window; 0 means no wait. No window of that
// length ever holds more than the limit. What is larger than the limit waits for a whole window.
func LimitWait(limit, more int, per time.Duration, uses []Uses, now time.Time) time.Duration {
	used := more
	for _, u := range uses {
		used += u.Count
	}
	if used <= limit {
		return 0
	}
	for _, u := range uses {
		if used -= u.Count; used <= limit {
			return max(0, u.At.Add(LimitStep(per)+per).Sub(now)) // one that is gone already is no wait
		}
	}
	return per
}
