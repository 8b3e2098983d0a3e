package handlerstest

import (
	"io"
	"net/http"
)

// discord speaks Discord's OAuth2 and the one call that says who somebody is.
type discord struct {
	provider
	*http.ServeMux
}

func newDiscord() *discord {
	d := &discord{provider: newProvider("Discord"), ServeMux: http.NewServeMux()}
	d.HandleFunc("discord.com/api/oauth2/authorize", func(rw http.ResponseWriter, r *http.Request) {
		d.authorize(rw, r, "email", "identify")
	})
	d.HandleFunc("POST discord.com/api/oauth2/token", d.token)
	d.HandleFunc("GET discord.com/api/users/@me", d.me)
	d.HandleFunc("GET media.discordapp.net/avatars/", d.picture)
	return d
}

func (d *discord) token(rw http.ResponseWriter, r *http.Request) {
	token, given, failure := d.trade(r)
	switch {
	case failure == "invalid_client":
		answerJSON(rw, http.StatusUnauthorized, map[string]any{"error": failure})
	case failure != "":
		answerJSON(rw, http.StatusBadRequest, map[string]any{"error": failure, "error_description": `Invalid "code" in request.`})
	case given.app.Silent:
		<-r.Context().Done()
	case given.app.TokenAnswer != "":
		rw.Header().Set("Content-Type", "application/json")
		io.WriteString(rw, given.app.TokenAnswer)
	default:
		answerJSON(rw, http.StatusOK, map[string]any{
			"access_token": token, "token_type": "Bearer", "expires_in": 604800, "refresh_token": "unused", "scope": given.query.Get("scope"),
		})
	}
}

func (d *discord) me(rw http.ResponseWriter, r *http.Request) {
	given, ok := d.bearer(r)
	if !ok {
		answerJSON(rw, http.StatusUnauthorized, map[string]any{"message": "401: Unauthorized", "code": 0})
		return
	}
	person := given.app.Person
	answer := map[string]any{
		"id": person.ID, "username": "wei.z", "discriminator": "0", "global_name": person.Name, "avatar": nil,
		"email": nil, "verified": person.Email != "" && !person.Unverified, "mfa_enabled": true, "locale": "en-GB",
	}
	if person.Email != "" {
		answer["email"] = person.Email
	}
	if len(person.Avatar) > 0 {
		answer["avatar"] = given.app.ClientID // a hash, at the real one
	}
	if given.app.Profile != nil {
		given.app.Profile(answer)
	}
	answerJSON(rw, http.StatusOK, answer)
}
