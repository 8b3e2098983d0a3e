package model

// ClosingNoticeDays is how many days before a ticket closes by itself its recipients are told, for a
// workspace that closes tickets after a number of days: three at most, and never more than half the time.
func ClosingNoticeDays(closeAfter int) int { return min(3, closeAfter/2) }
