package handlers

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"deskbell/db/model"
	"deskbell/views"
)

// components shows every component of the stylesheet on one page, in development.
func (s *server) components(c echo.Context) error {
	return s.Page(c, http.StatusOK, views.Components{
		Desk: views.Desk{Workspace: "Components", Member: "A developer", Portal: "/"},
		Errors: model.FieldErrors{
			{Field: "broken", Message: "Say what to do next."},
			{Field: "textarea-broken", Message: "Write at most 20,000 characters, or attach the text as a file."},
		},
		Choices: []views.Choice{{Value: "question", Label: "Question"}, {Value: "bug", Label: "Bug"}},
		States:  []model.PublicState{model.WaitingForUs, model.WaitingForYou, model.Done},
		Mails: []views.MailLine{
			{State: model.MailWaiting}, {State: model.MailWaiting, Attempts: 3}, {State: model.MailSending},
			{State: model.MailSent}, {State: model.MailFailed}, {State: model.MailHeld},
		},
		Sample:   views.Markdown(componentsSample),
		LongWord: longWord,
	})
}

// longWord has no place to break: it must wrap wherever it stands.
var longWord = strings.Repeat("withoutanybreakpoint", 6)

// componentsSample has each thing that Markdown can make.
var componentsSample = `# A heading

Words with **weight**, *stress*, ~~regret~~, ` + "`code`" + ` and a link: https://example.com/` + longWord + `

- a list
- of two entries
  1. the second
  2. in steps

> What somebody said before.

` + "```\nselect id, title from tickets where workspace_id = 1 and a_rather_long_column_name = 'x' order by id desc;\n```" + `

| Room | Labels printed last month |
| --- | --- |
| Cellar | 12 |
| Attic | 1,204 |

مرحبا، هل يمكنكم المساعدة؟
`
