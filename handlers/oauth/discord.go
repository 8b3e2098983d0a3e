package oauth

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"github.com/markbates/goth/providers/discord"
	"golang.org/x/oauth2"

	"deskbell/db/model"
)

// discordWay signs in with Discord. goth builds the address and reads the person; the code is traded
// here, because goth's own exchange takes neither a client with a time-out nor a PKCE verifier.
type discordWay struct {
	goth   *discord.Provider
	tokens oauth2.Config
	client *http.Client
}

// discordIssuer is how Discord names itself in what it sends back (RFC 9207).
const discordIssuer = "https://discord.com"

func newDiscord(app model.App, callback string, client *http.Client) *discordWay {
	provider := discord.New(app.ClientID, app.Secret, callback, discord.ScopeIdentify, discord.ScopeEmail)
	provider.HTTPClient = client
	return &discordWay{goth: provider, client: client, tokens: oauth2.Config{
		ClientID: app.ClientID, ClientSecret: app.Secret, RedirectURL: callback,
		Endpoint: oauth2.Endpoint{TokenURL: "https://discord.com/api/oauth2/token", AuthStyle: oauth2.AuthStyleInParams},
	}}
}

func (w *discordWay) begin(state string, p proof) (string, error) {
	session, err := w.goth.BeginAuth(state)
	if err != nil {
		return "", err
	}
	to, err := session.GetAuthURL()
	if err != nil {
		return "", err
	}
	return withParams(to, url.Values{
		"code_challenge": {oauth2.S256ChallengeFromVerifier(p.verifier)}, "code_challenge_method": {"S256"},
	})
}

func (w *discordWay) finish(ctx context.Context, answer url.Values, p proof) (model.Profile, string, error) {
	if issuer := answer.Get("iss"); issuer != "" && issuer != discordIssuer {
		return model.Profile{}, "", broken(errors.New("the answer names another issuer"))
	}
	ctx = context.WithValue(ctx, oauth2.HTTPClient, w.client)
	token, err := w.tokens.Exchange(ctx, answer.Get("code"), oauth2.VerifierOption(p.verifier))
	if err != nil {
		return model.Profile{}, "", broken(err)
	}
	var profile model.Profile
	var avatar string
	err = guard(func() error {
		user, err := w.goth.FetchUser(&discord.Session{AccessToken: token.AccessToken})
		// An address that Discord has not verified proves nothing. The name that people see is newer than
		// the user name, and stands in the raw answer alone.
		verified, _ := user.RawData["verified"].(bool)
		name, _ := user.RawData["global_name"].(string)
		if name == "" {
			name = user.Name
		}
		profile = model.Profile{Provider: model.ByDiscord, Subject: user.UserID, Name: name, Email: user.Email, EmailVerified: verified}
		if user.AvatarURL != "" {
			avatar = user.AvatarURL + "?size=128"
		}
		return err
	})
	return profile, avatar, err
}

// withParams adds parameters to an address.
func withParams(to string, more url.Values) (string, error) {
	u, err := url.Parse(to)
	if err != nil {
		return "", err
	}
	q := u.Query()
	for name, values := range more {
		q[name] = values
	}
	u.RawQuery = q.Encode()
	return u.String(), nil
}
