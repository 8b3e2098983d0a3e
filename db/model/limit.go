package model

import "time"

// Limits are a workspace's limits on the public side (H1).
type Limits struct {
	CreatePer10Minutes  int // tickets from one client
	CreatePerDay        int // tickets from one client
	RepliesPer10Minutes int // replies by one thread link
	UploadMBPerDay      int // megabytes by one thread link
}

// LimitWait returns how long somebody must wait who was here current times in this window and
// before times in the window before it, when the limit is per window; 0 means no wait. Elapsed is
// how old this window is. What lies in the window before counts by the share of it that is less
// than one window ago (a sliding window, to the precision of two counters).
func LimitWait(limit int, per time.Duration, current, before int, elapsed time.Duration) time.Duration {
	used := func(at time.Duration) float64 {
		if at < per {
			return float64(current) + float64(before)*float64(per-at)/float64(per)
		}
		return float64(current) * max(0, float64(2*per-at)/float64(per))
	}
	full := func(at time.Duration) bool { return used(at)+1 > float64(limit) }
	if !full(elapsed) {
		return 0
	}
	if limit < 1 {
		return per
	}
	step := max(per/60, time.Second)
	wait := step
	for full(elapsed+wait) && wait < 2*per {
		wait += step
	}
	return wait
}
