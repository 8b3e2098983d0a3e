package views

import (
	"time"

	"deskbell/db/model"
)

// SessionList says where somebody is signed in (J3, P4).
type SessionList struct {
	Lines  []SessionLine
	Action string // where to post which one ends; none is all the others
}

// SessionLine is one browser.
type SessionLine struct {
	ID         string
	Browser    string // in plain words; empty where nobody knows
	This       bool   // the one that looks
	CreatedAt  time.Time
	LastSeenAt time.Time
}

// Sessions makes the list, as the browser with the session of this hash sees it.
func Sessions(list []model.Session, this, action string) SessionList {
	all := SessionList{Action: action}
	for _, s := range list {
		all.Lines = append(all.Lines, SessionLine{ID: s.Hash, Browser: s.Browser, This: s.Hash == this, CreatedAt: s.CreatedAt, LastSeenAt: s.LastSeenAt})
	}
	return all
}

// Others says whether there is another browser than this one.
func (l SessionList) Others() bool { return len(l.Lines) > 1 }

// SignedIn lists where a customer is signed in.
type SignedIn struct {
	Frame
	Saved    string // a notice about what was just done
	Sessions SessionList
}

func (SignedIn) template() string { return "portal/sessions.html" }
