package model

import "time"

// AnswerDraft is what a member has typed at a ticket and not sent. Nobody else ever sees it.
type AnswerDraft struct {
	Note    bool // for an internal note
	Text    string
	SavedAt time.Time
}

// Colleague is another member who is at a ticket just now.
type Colleague struct {
	Name    string
	Writing bool // an answer or a note, within the last minute
}
