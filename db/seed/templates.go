package seed

import (
	"context"

	"deskbell/db/model"
)

// binding is a template, and where it holds; without a type, in the whole project.
type binding struct {
	Project string
	Type    string
	Name    string
	Fields  []model.Field
}

func (s *seeder) bind(ctx context.Context, ws model.WorkspaceID, b binding) error {
	id, err := s.db.CreateTemplate(ctx, ws, b.Name, b.Fields)
	if err != nil {
		return err
	}
	return s.db.Bind(ctx, ws, b.Project, b.Type, id)
}

func shown(f model.PublicField) model.Field {
	return model.Field{PublicField: f, Visibility: model.Shown}
}

var everyTicket = []model.Field{
	shown(model.PublicField{Key: "order_number", Kind: model.FieldText, Label: "Order number", Placeholder: "AB-1234",
		Help:   "If it is about an order: two capital letters, a hyphen and four digits, like AB-1234.",
		Bounds: model.Bounds{Pattern: "[A-Z]{2}-[0-9]{4}"}}),
}

var bugReport = []model.Field{
	shown(model.PublicField{Key: "version", Kind: model.FieldText, Label: "Version", Required: true,
		Help: "It stands under Settings, at the very bottom.", Bounds: model.Bounds{MaxLength: 40}}),
	shown(model.PublicField{Key: "severity", Kind: model.FieldChoice, Label: "Severity", Required: true,
		Help: "Minor: there is a way around it. Blocker: nothing works.", Bounds: model.Bounds{Choices: []string{"minor", "major", "blocker"}}}),
	shown(model.PublicField{Key: "steps", Kind: model.FieldLongText, Label: "Steps to see it",
		Help: "What you did, one step a line."}),
	{PublicField: model.PublicField{Key: "triage_queue", Kind: model.FieldText, Label: "Triage queue"},
		Visibility: model.Hidden, Default: "triage-queue-7",
		Description: "Which queue of the maintenance rota looks at it first."},
	{PublicField: model.PublicField{Key: "service_tier", Kind: model.FieldText, Label: "Service tier"},
		Visibility: model.ReadOnly, Default: "tier-standard-9",
		Description: "Taken from the contract; decides how fast we must answer."},
}
