package db

import "deskbell/db/model"

// addAnswers keeps the answers to a ticket's fields.
func (tx *tx) addAnswers(ws model.WorkspaceID, ticket model.TicketID, answers []model.Answer) error {
	for i, a := range answers {
		if _, err := tx.exec(`
			insert into ticket_answers (workspace_id, ticket_id, position, template_id, key, label, kind, value, internal)
			values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			ws, ticket, i, a.Template, a.Key, a.Label, a.Kind, a.Value, a.Internal); err != nil {
			return err
		}
	}
	return nil
}

// answers returns all that a ticket keeps of its custom fields, internal ones too, for the team.
func answers(q querier, ws model.WorkspaceID, ticket model.TicketID) ([]model.Answer, error) {
	into := func(a *model.Answer) []any {
		return []any{&a.Key, &a.Template, &a.Label, &a.Kind, &a.Value, &a.Internal}
	}
	return all(q, into, `
		select key, template_id, label, kind, value, internal
		from ticket_answers
		where workspace_id = ? and ticket_id = ?
		order by position`, ws, ticket)
}

// publicAnswers returns what the reporter answered. It is the one way to the public side (C4).
func publicAnswers(q querier, ws model.WorkspaceID, ticket model.TicketID) ([]model.PublicAnswer, error) {
	into := func(a *model.PublicAnswer) []any { return []any{&a.Label, &a.Kind, &a.Value} }
	return all(q, into, `
		select label, kind, value
		from ticket_answers
		where workspace_id = ? and ticket_id = ? and internal = 0
		order by position`, ws, ticket)
}
