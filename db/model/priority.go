package model

// Priority says how soon a ticket wants to be looked at, as members see it.
type Priority string

// The priorities, the least first. A new ticket is PriorityNormal.
const (
	PriorityLow    Priority = "low"
	PriorityNormal Priority = "normal"
	PriorityHigh   Priority = "high"
	PriorityUrgent Priority = "urgent"
)

// Priorities lists them, the most urgent first.
var Priorities = []Priority{PriorityUrgent, PriorityHigh, PriorityNormal, PriorityLow}

// Label is the priority's name.
func (p Priority) Label() string {
	switch p {
	case PriorityLow:
		return "Low"
	case PriorityHigh:
		return "High"
	case PriorityUrgent:
		return "Urgent"
	}
	return "Normal"
}

// ParsePriority returns a priority by its key; Invalid for anything else.
func ParsePriority(key string) (Priority, error) {
	for _, p := range Priorities {
		if string(p) == key {
			return p, nil
		}
	}
	return "", Fail(Invalid, "Choose a priority from the list.")
}
