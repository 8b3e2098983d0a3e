package desk

import (
	"slices"

	"deskbell/db/model"
	"deskbell/views"
)

// withBounces puts what the mail server refused among a ticket's entries, as internal notes of the
// program. Why not stored as notes: the timeline has the words already, and is never changed.
func withBounces(messages []model.Message, events []model.Event) []model.Message {
	for i, e := range events {
		if e.What != model.EventMailFailed {
			continue
		}
		after := slices.IndexFunc(messages, func(m model.Message) bool { return m.At.After(e.At) })
		if after < 0 {
			after = len(messages)
		}
		messages = slices.Insert(messages, after, model.Message{
			ID: model.MessageID(-1 - i), Note: true, Author: "Deskbell", HTML: views.PlainText(eventText(e)).HTML, At: e.At,
		})
	}
	return messages
}
