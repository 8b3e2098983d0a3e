package model

// MergePlan is two tickets before one is merged into the other (M5).
type MergePlan struct {
	From, Into             Ticket
	FromPeople, IntoPeople []Recipient
	Strangers              bool // somebody will read what they could not read before
	Messages, Notes        int  // of From, which move
}

// Becomes is the category that Into gets, so that nothing that waited stops to wait; empty: it stays as it is.
func (p MergePlan) Becomes() Category {
	waits := map[Category]int{Closed: 0, Waiting: 1, Open: 2}
	if waits[p.From.Status.Category] > waits[p.Into.Status.Category] {
		return p.From.Status.Category
	}
	return ""
}

// Recipients is how many recipients the merged ticket has.
func (p MergePlan) Recipients() int {
	all := map[CustomerID]bool{}
	for _, r := range append(p.FromPeople[:len(p.FromPeople):len(p.FromPeople)], p.IntoPeople...) {
		all[r.Customer] = true
	}
	return len(all)
}

// Merged is where an entry of a conversation comes from: it was the description of a ticket that was merged.
type Merged struct {
	Number  int64 // 0: it was none
	Title   string
	Answers []Answer
}

// PublicMerged is what recipients may see of Merged: no number, and no internal answer.
type PublicMerged struct {
	Title   string // empty: it was none
	Answers []PublicAnswer
}
