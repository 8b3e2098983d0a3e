package views

import "deskbell/db/model"

// SavedReplyList lists the saved replies in the settings (M5).
type SavedReplyList struct {
	Settings
	Replies []SavedReplyLine
	New     string // where one is written
}

// SavedReplyLine is a saved reply in a list.
type SavedReplyLine struct {
	model.SavedReply
	URL string
}

// SavedReplyForm writes a saved reply.
type SavedReplyForm struct {
	Settings
	Action string
	Back   string
	Delete string // URL of the confirmation; empty for a new one
	Reply  model.SavedReply
	Errors model.FieldErrors
}

// Problem is none: the fields say what is wrong.
func (SavedReplyForm) Problem() string { return "" }

// SavedReplyDelete asks before a saved reply is deleted.
type SavedReplyDelete struct {
	Settings
	Name   string
	Action string
	Back   string
}

func (SavedReplyList) template() string   { return "admin/saved_replies.html" }
func (SavedReplyForm) template() string   { return "admin/saved_reply.html" }
func (SavedReplyDelete) template() string { return "admin/saved_reply_delete.html" }

// shownOfReply is how many characters of a saved reply a list shows.
const shownOfReply = 120

// Beginning is as much of the text as a list has room for, on one line.
func (l SavedReplyLine) Beginning() string {
	text := []rune(model.CleanLine(l.Body))
	if len(text) <= shownOfReply {
		return string(text)
	}
	return string(text[:shownOfReply]) + "…"
}
