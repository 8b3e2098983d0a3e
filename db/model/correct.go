package model

import (
	"slices"
	"strings"
)

// FieldChange is one answer that a member changed; empty where there was none, or is none any more.
type FieldChange struct {
	Label    string
	From, To string // as people read it, the first characters of a long one
}

// maxChange is how much of an answer stands in a timeline, in characters.
const maxChange = 200

// Correct puts what a member typed into a ticket's answers, and returns what that changed. A member need not
// answer what a reporter has to, and fills hidden and read-only fields in too; files are added elsewhere. An answer
// that the customer could see stays one; what only the team knows stays with it.
func (t Template) Correct(answers []Answer, typed Typed) ([]Answer, []FieldChange, error) {
	now := slices.Clone(answers)
	var changes []FieldChange
	var errs FieldErrors
	for _, f := range t.Fields {
		values, posted := typed[f.Key]
		if f.Kind == FieldFile || !posted && f.Kind != FieldChoices { // of which a form without a tick posts nothing
			continue
		}
		at := slices.IndexFunc(now, func(a Answer) bool { return a.Key == f.Key })
		was := PublicAnswer{Kind: f.Kind}
		if at >= 0 {
			was = now[at].PublicAnswer
		}
		value := f.Clean(values)
		if value == was.Value {
			continue
		}
		if value != "" {
			if wrong := f.Check(value); !wrong.Empty() {
				errs.AddText(f.Name(), wrong)
				continue
			}
		}
		answer := Answer{PublicAnswer: PublicAnswer{Label: f.Label, Kind: f.Kind, Value: value}, Key: f.Key, Template: t.ID, Internal: true}
		switch {
		case at >= 0 && value == "":
			now = slices.Delete(now, at, at+1)
		case at >= 0:
			answer.Internal = now[at].Internal || !f.asked()
			now[at] = answer
		default:
			now = append(now, answer)
		}
		changes = append(changes, FieldChange{Label: f.Label, From: inBrief(was), To: inBrief(answer.PublicAnswer)})
	}
	return now, changes, errs.Err()
}

// inBrief is the beginning of an answer on one line.
func inBrief(a PublicAnswer) string {
	if a.Value == "" {
		return ""
	}
	text := []rune(strings.Join(strings.Fields(a.Text().String()), " "))
	if len(text) > maxChange {
		return string(text[:maxChange-1]) + "…"
	}
	return string(text)
}
