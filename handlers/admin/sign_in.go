package admin

import (
	"net/http"
	"regexp"

	"github.com/labstack/echo/v4"

	"deskbell/db/model"
	"deskbell/handlers/web"
	"deskbell/views"
)

// signInKinds are what a workspace may take besides email (E1).
var signInKinds = []views.Choice{
	{Value: string(model.Standard), Label: "Email alone"},
	{Value: string(model.Discord), Label: "Email or Discord"},
	{Value: string(model.Slack), Label: "Email or Slack"},
}

// slackTeams are the ids that Slack gives to teams, and to whole organisations.
var slackTeams = regexp.MustCompile(`^[TE][A-Z0-9]{2,30}$`)

// SignIn shows by what people sign in besides email, and what a trial came to.
func (a *Admin) SignIn(c echo.Context) error {
	ws := web.Workspace(c)
	page, err := a.signInForm(c)
	if err != nil {
		return err
	}
	page.Kind, page.SlackTeam, page.ClientID = string(ws.Kind), ws.SlackTeam, ws.SignIn.ClientID
	page.Tried, _ = a.Keys.Unseal(web.TriedScope(ws.ID), c.QueryParam("tried")) // anything else: no notice
	return a.Page(c, http.StatusOK, page)
}

// signInForm is the page without its answers.
func (a *Admin) signInForm(c echo.Context) (views.SignInForm, error) {
	ws := web.Workspace(c)
	settings, err := a.settings(c, "sign-in")
	page := views.SignInForm{
		Settings: settings, Kinds: signInKinds, Provider: ws.Kind.Provider().Label(), HasSecret: ws.SignIn.ClientID != "",
		Addresses: []views.Choice{
			{Value: a.CallbackURL(model.ByDiscord), Label: "Redirect address for Discord"},
			{Value: a.CallbackURL(model.BySlack), Label: "Redirect address for Slack"},
		},
	}
	_, page.Works = a.App(ws)
	_, page.Shared = a.Apps[ws.Kind.Provider()]
	return page, err
}

// SaveSignIn takes the form. A secret is never shown again: an empty one keeps it.
func (a *Admin) SaveSignIn(c echo.Context) error {
	posted, err := web.ReadForm(c)
	if err != nil {
		return err
	}
	ws := web.Workspace(c)
	page, err := a.signInForm(c)
	if err != nil {
		return err
	}
	page.Kind, page.SlackTeam, page.ClientID = posted.Line("kind"), posted.Line("slack_team"), posted.Line("client_id")
	kind := model.WorkspaceKind(page.Kind)
	team, app := a.readSignIn(ws, kind, page, posted.Line("client_secret"), &page.Errors)
	if len(page.Errors) > 0 {
		return a.Page(c, http.StatusUnprocessableEntity, page)
	}
	return a.saved(c, a.DB.SetSignIn(c.Request().Context(), ws.ID, kind, team, app), "Saved.", "/desk/settings/sign-in")
}

// readSignIn checks what was typed, and returns the team and the app as they are kept.
func (a *Admin) readSignIn(ws model.Workspace, kind model.WorkspaceKind, page views.SignInForm, secret string, errs *model.FieldErrors) (string, model.App) {
	team := ""
	switch kind {
	case model.Standard:
		return "", model.App{}
	case model.Discord:
	case model.Slack:
		if team = page.SlackTeam; !slackTeams.MatchString(team) {
			errs.Add("slack_team", "Enter the id of your Slack team, like T0123ABCD.")
		}
	default:
		errs.Add("kind", "Choose one from the list.")
	}
	same := kind == ws.Kind && page.ClientID == ws.SignIn.ClientID
	switch {
	case len(page.ClientID) > model.MaxClientID:
		errs.Add("client_id", "This is too long for a client id. Copy it from the page of your app.")
	case page.ClientID == "" && secret != "":
		errs.Add("client_id", "Enter the client id that belongs to the secret, or leave both empty.")
	case len(secret) > model.MaxClientID:
		errs.Add("client_secret", "This is too long for a client secret. Copy it from the page of your app.")
	case page.ClientID == "":
		return team, model.App{}
	case secret == "" && same:
		return team, ws.SignIn
	case secret == "":
		errs.Add("client_secret", "Enter the client secret that belongs to this client id.")
	}
	return team, model.App{ClientID: page.ClientID, Secret: a.SealSecret(ws.ID, kind.Provider(), secret)}
}
